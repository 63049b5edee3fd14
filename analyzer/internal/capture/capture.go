package capture

import (
	"cmp"
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/held"
	"github.com/lockcheck/lockcheck/analyzer/internal/threads"
)

// Input is what the analysis of a function needs to know.
type Input struct {
	Threads *threads.Model
	// Locks returns the locks at an instruction, nil if none are known.
	Locks func(fn *effects.Func, v effects.V) *held.Locks
}

// A Race is a variable on which two accesses race.
type Race struct {
	In         *effects.Func // that declares
	Var        effects.V     // the variable
	Kind       threads.Who
	X, Y       *Access      // X is by the goroutine that is started first
	Start      *threads.Run // of the goroutine of X
	Other      *threads.Run // of the goroutine of Y, if it is one
	Chance     threads.Chance
	Confidence int
	Own        effects.V // assignment by X's function which could declare a variable of its own, see own; 0 if there is none
}

// Name returns the name of the variable.
func (r *Race) Name() string { return r.In.At(r.Var).Sym }

// Confidence in what is not certain.
var confidence = [...]int{
	threads.Never: 0, threads.Perhaps: 45, threads.Served: 45, threads.Elsewhere: 50, threads.Timed: 50, threads.Requests: 65, threads.Always: 90,
}

// A finder looks for races in one function and its literals.
type finder struct {
	in    *Input
	scope *threads.Scope
}

// Find returns the races on the variables that a declared function and its literals declare, the surest
// one of each variable and goroutine.
func Find(in *Input, top *effects.Func) []Race {
	if len(top.Literals) == 0 {
		return nil
	}
	f := &finder{in, in.Threads.Scope(top)}
	if !f.scope.Starts() {
		return nil
	}
	var out []Race
	for _, fn := range f.scope.Members {
		for _, v := range variables(fn) {
			out = append(out, f.races(v)...)
		}
	}
	return out
}

// maxSites bounds the accesses of a variable that are compared with each other.
const maxSites = 100

// A side is one access, and one of the ways by which the function that declares the variable leads there.
type side struct {
	*Access
	threads.Point
}

// races returns the races on one variable.
func (f *finder) races(v *variable) []Race {
	if v.copied || len(v.sites) > maxSites || !slices.ContainsFunc(v.sites, func(a *Access) bool { return a.Write }) {
		return nil
	}
	started := false
	sides := make([][]side, len(v.sites))
	for i, a := range v.sites {
		for _, way := range f.scope.Ways(v.in, a.Fn) {
			s := side{a, threads.Point{Spot: a.Spot, Way: way, When: a.when}}
			sides[i] = append(sides[i], s)
			started = started || s.Start(0) >= 0
		}
	}
	if !started {
		return nil
	}
	best := map[*threads.Run]*Race{}
	for i, a := range v.sites {
		for j, b := range v.sites[i:] {
			if !a.Write && !b.Write || !overlap(a.Place, b.Place) {
				continue
			}
			for _, x := range sides[i] {
				for _, y := range sides[i+j] {
					f.consider(v, x, y, best)
				}
			}
		}
	}
	var out []Race
	for _, r := range best {
		r.Own = f.own(v, r)
		out = append(out, *r)
	}
	slices.SortFunc(out, func(a, b Race) int {
		return cmp.Or(before(a.Start.Site.Pos(), b.Start.Site.Pos()), before(a.X.Pos(), b.X.Pos()))
	})
	return out
}

// before compares two positions in one function.
func before(a, b effects.Pos) int {
	return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col))
}

// consider notes the race of two sides if it is the surest of its goroutine.
func (f *finder) consider(v *variable, x, y side, best map[*threads.Run]*Race) {
	k := threads.Common(x.Point, y.Point)
	if f.locked(x, y, k) {
		return
	}
	m := f.scope.Meet(x.Point, y.Point, v.alloc)
	if m.Chance == threads.Never {
		return
	}
	if m.YFirst {
		x, y = y, x
	}
	if m.Who == threads.Self {
		k = 0
	}
	r := &Race{In: v.in, Var: v.alloc, Kind: m.Who, X: x.Access, Y: y.Access, Chance: m.Chance, Start: x.Way[x.Start(k)]}
	if s := y.Start(k); s >= 0 {
		r.Other = y.Way[s]
	}
	r.Confidence = f.weigh(v, x, y, m.Chance)
	if m.Who == threads.Sibling && r.Other != nil && before(r.Other.Site.Pos(), r.Start.Site.Pos()) < 0 {
		if old := best[r.Other]; old != nil && old.Confidence >= r.Confidence && old.Other == r.Start {
			return
		}
	}
	if old := best[r.Start]; old == nil || better(r, old) {
		best[r.Start] = r
	}
}

// weigh returns the confidence in a race.
func (f *finder) weigh(v *variable, x, y side, chance threads.Chance) int {
	c := confidence[chance]
	if takes(x) && takes(y) {
		c = min(c, confidence[threads.Perhaps])
	}
	if v.atomic || holdsContent(x.Place) && v.sets > 1 { // perhaps of two maps
		c = min(c, confidence[threads.Elsewhere])
	}
	return c
}

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
