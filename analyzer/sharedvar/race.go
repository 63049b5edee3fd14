package sharedvar

import (
	"cmp"
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/held"
	"github.com/lockcheck/lockcheck/analyzer/internal/threads"
)

// input is what the search needs to know.
type input struct {
	threads *threads.Model
	// locks returns the locks at an instruction, nil if none are known.
	locks func(fn *effects.Func, v effects.V) *held.Locks
}

// A race is a variable on which two accesses race.
type race struct {
	in         *effects.Func // that declares
	alloc      effects.V     // the variable
	who        threads.Who
	x, y       *access      // x is by the goroutine that is started first
	start      *threads.Run // of the goroutine of x
	other      *threads.Run // of the goroutine of y, if it is one
	confidence weight
	own        effects.V // assignment by the function of x which could declare a variable of its own, see owns; 0 if there is none
}

// A weight is the confidence in a race, and what speaks against it.
type weight struct {
	percent int
	why     string
}

func (w weight) or(o weight) weight {
	if o.percent < w.percent {
		return o
	}
	return w
}

var weights = [...]weight{
	threads.Perhaps:   {45, "something between the two may wait for the goroutine"},
	threads.Served:    {45, "a request must come in time"},
	threads.Elsewhere: {50, "the goroutine waits for something that is not seen"},
	threads.Timed:     {50, "a timer must run out in time"},
	threads.Requests:  {65, "two requests must come at the same time"},
	threads.Always:    {90, "order that lies in values is not seen"},
}

var (
	ownLocks = weight{45, "both come after a call that, by its name, takes a lock"}
	atomics  = weight{50, "it is used atomically, too"}
	twoMaps  = weight{50, "it may hold another map"}
)

// A finder looks for races in one function and its literals.
type finder struct {
	in    *input
	scope *threads.Scope
}

// races returns the races on the variables that a declared function and its literals declare, the surest
// one of each variable and goroutine.
func races(in *input, top *effects.Func) []race {
	if len(top.Literals) == 0 {
		return nil
	}
	f := &finder{in, in.threads.Scope(top)}
	if !f.scope.Starts() {
		return nil
	}
	var out []race
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
	*access
	threads.Point
}

// races returns the races on one variable.
func (f *finder) races(v *variable) []race {
	if v.copied || len(v.sites) > maxSites || !slices.ContainsFunc(v.sites, func(a *access) bool { return a.write }) {
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
	best := map[*threads.Run]*race{}
	for i, a := range v.sites {
		for j, b := range v.sites[i:] {
			if !a.write && !b.write || !overlap(a.place, b.place) {
				continue
			}
			for _, x := range sides[i] {
				for _, y := range sides[i+j] {
					f.consider(v, x, y, best)
				}
			}
		}
	}
	var out []race
	for _, r := range best {
		r.own = f.owns(v, r)
		out = append(out, *r)
	}
	slices.SortFunc(out, func(a, b race) int {
		return cmp.Or(before(a.start.Site.Pos(), b.start.Site.Pos()), before(a.x.Pos(), b.x.Pos()), before(a.y.Pos(), b.y.Pos()))
	})
	return out
}

// before compares two positions in one function.
func before(a, b effects.Pos) int {
	return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col))
}

// consider notes the race of two sides if it is the surest of its goroutine.
func (f *finder) consider(v *variable, x, y side, best map[*threads.Run]*race) {
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
	r := &race{in: v.in, alloc: v.alloc, who: m.Who, x: x.access, y: y.access, start: x.Way[x.Start(k)], confidence: weigh(v, x, y, m.Chance)}
	if s := y.Start(k); s >= 0 {
		r.other = y.Way[s]
	}
	if m.Who == threads.Sibling && r.other != nil && before(r.other.Site.Pos(), r.start.Site.Pos()) < 0 {
		if old := best[r.other]; old != nil && old.confidence.percent >= r.confidence.percent && old.other == r.start {
			return
		}
	}
	if old := best[r.start]; old == nil || better(r, old) {
		best[r.start] = r
	}
}

// weigh returns the confidence in a race.
func weigh(v *variable, x, y side, chance threads.Chance) weight {
	w := weights[chance]
	if takes(x) && takes(y) {
		w = w.or(ownLocks)
	}
	if v.atomic {
		w = w.or(atomics)
	}
	if holdsContent(x.place) && v.sets > 1 {
		w = w.or(twoMaps)
	}
	return w
}

// better prefers the surer race, then one of two writes, then one with the parent, then the first.
func better(a, b *race) bool {
	return cmp.Or(
		cmp.Compare(a.confidence.percent, b.confidence.percent),
		cmp.Compare(b2i(a.x.write)+b2i(a.y.write), b2i(b.x.write)+b2i(b.y.write)),
		-cmp.Compare(a.who, b.who),
	) > 0
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
