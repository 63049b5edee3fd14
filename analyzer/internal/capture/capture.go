package capture

import (
	"cmp"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/held"
)

// Input is what the analysis of a function needs to know.
type Input struct {
	// Locks returns the locks at an instruction, nil if none are known.
	Locks func(fn *ssa.Function, instr ssa.Instruction) *held.Locks
	// InTest reports whether a function is declared in a test file.
	InTest func(*ssa.Function) bool
}

// A RaceKind tells who races.
type RaceKind uint8

const (
	Parent  RaceKind = iota // a goroutine, and the function that has started it
	Sibling                 // two goroutines
	Self                    // goroutines that the same place starts
)

// A Race is a variable on which two accesses race.
type Race struct {
	Var        *ssa.Alloc
	Kind       RaceKind
	X, Y       *Access // X is by the goroutine that is started first
	Start      *Run    // of the goroutine of X
	Other      *Run    // of the goroutine of Y, if it is one
	Confidence int
	Own        token.Pos // of an assignment by the goroutine which could declare a variable of its own, see own
}

// Find returns the races on the variables that a declared function and its literals declare, the surest
// one of each variable and goroutine.
func Find(in *Input, top *ssa.Function) []Race {
	if len(top.AnonFuncs) == 0 {
		return nil
	}
	f := newFamily(in, top)
	if !f.starts() {
		return nil
	}
	var out []Race
	for _, fn := range f.members {
		for _, v := range f.variables(fn) {
			out = append(out, f.races(v)...)
		}
	}
	return out
}

// starts reports whether a literal of the family is started.
func (f *family) starts() bool {
	for _, rs := range f.runs {
		if slices.ContainsFunc(rs, func(r *Run) bool { return r.Kind.Starts() }) {
			return true
		}
	}
	return false
}

// maxSites bounds the accesses of a variable that are compared with each other.
const maxSites = 100

// races returns the races on one variable.
func (f *family) races(v *variable) []Race {
	written := slices.ContainsFunc(v.sites, func(a *Access) bool { return a.Write && a.Fn != v.in })
	if v.copied || len(v.sites) > maxSites || !written && !slices.ContainsFunc(v.sites, func(a *Access) bool { return a.Write }) {
		return nil
	}
	started := false
	for _, a := range v.sites {
		a.ctx = f.contexts(a.Fn, v.in)
		started = started || slices.ContainsFunc(a.ctx, func(c context) bool { return side{a, c}.start(0) >= 0 })
	}
	if !started {
		return nil
	}
	best := map[*Run]Race{}
	for i, a := range v.sites {
		for _, b := range v.sites[i:] {
			if !a.Write && !b.Write || !overlap(a.Place, b.Place) {
				continue
			}
			for _, ca := range a.ctx {
				for _, cb := range b.ctx {
					f.consider(v, side{a, ca}, side{b, cb}, best)
				}
			}
		}
	}
	var out []Race
	for _, r := range best {
		r.Own = f.own(v, &r)
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b Race) int {
		return cmp.Or(cmp.Compare(a.Start.Site.Pos(), b.Start.Site.Pos()), cmp.Compare(a.X.Instr.Pos(), b.X.Instr.Pos()))
	})
	return out
}

// consider notes the race of two sides if it is the surest of its goroutine.
func (f *family) consider(v *variable, a, b side, best map[*Run]Race) {
	conf, x, kind := f.pair(v, a, b)
	if conf == 0 {
		return
	}
	y := b
	if x.Access == b.Access && sameContext(x.c, b.c) {
		y = a
	}
	r := Race{Var: v.alloc, Kind: kind, X: x.Access, Y: y.Access, Confidence: conf}
	k := 0
	for kind != Self && k < len(x.c) && k < len(y.c) && x.c[k] == y.c[k] {
		k++
	}
	r.Start = x.c[x.start(k)]
	if s := y.start(k); s >= 0 {
		r.Other = y.c[s]
	}
	if v.atomic {
		r.Confidence = min(r.Confidence, elsewhere)
	}
	if content := len(x.Place) > 1 && x.Place[len(x.Place)-2:] == "[]"; content && len(f.cells[v.alloc]) > 1 {
		r.Confidence = min(r.Confidence, elsewhere) // perhaps of two maps
	}
	if kind == Sibling && r.Other != nil && r.Other.Site.Pos() < r.Start.Site.Pos() && best[r.Other] != (Race{}) {
		if old := best[r.Other]; old.Confidence >= r.Confidence && old.Other == r.Start {
			return
		}
	}
	if old, ok := best[r.Start]; !ok || better(&r, &old) {
		best[r.Start] = r
	}
}

func sameContext(a, b context) bool { return slices.Equal(a, b) }

// better prefers the surer race, then one of two writes, then one with the parent, then the first.
func better(a, b *Race) bool {
	return cmp.Or(
		cmp.Compare(a.Confidence, b.Confidence),
		cmp.Compare(b2i(a.X.Write)+b2i(a.Y.Write), b2i(b.X.Write)+b2i(b.Y.Write)),
		-cmp.Compare(a.Kind, b.Kind),
	) > 0
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
