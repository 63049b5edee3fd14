package sharedvar

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/held"
	"github.com/lockcheck/lockcheck/analyzer/internal/objects"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
	"github.com/lockcheck/lockcheck/analyzer/internal/threads"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// input is what the search needs to know.
type input struct {
	threads *threads.Model
	facts   *resolve.Facts
	// locks returns the locks at an instruction, nil if none are known.
	locks func(fn *effects.Func, v effects.V) *held.Locks
	// entry returns the locks that all callers of a function hold.
	entry func(fn *effects.Func) []lockgraph.Gate

	loading map[*effects.Unit]bool // see loads
}

// Who comes to the accesses if it is not told by one function.
const (
	callers = threads.Self + 1 + iota // to the second: whoever calls an exported function
	finders                           // to both: whoever calls exported functions that find the object in one home
)

// A race is an object on which two accesses race.
type race struct {
	of         *objects.Object
	who        threads.Who
	x, y       side         // x is by the goroutine that is started first
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
	threads.Requests:  {80, "two requests must come at the same time"},
	threads.Always:    {90, "order that lies in values is not seen"},
}

var (
	ownLocks = weight{45, "both come after a call that, by its name, takes a lock"}
	atomics  = weight{50, "it is used atomically, too"}
	chosen   = weight{55, "a type decides whether it comes so far"}
	twoMaps  = weight{50, "it may hold another object by then"}
)

// A finder looks for races in one function and its literals.
type finder struct {
	in    *input
	scope *threads.Scope
}

// races returns the races on what a declared function and its literals have and share with goroutines that they start, the
// surest one of each object and goroutine; and what goroutines do that go on when the function returns.
func races(in *input, top *effects.Func, entered func(*effects.Func)) (out []race, more []lasting) {
	if !in.threads.Starts(top) {
		return nil, nil
	}
	f := &finder{in, in.threads.Scope(top)}
	f.scope.Entered(entered)
	if !f.scope.Starts() {
		return nil, nil
	}
	for _, o := range objects.Of(f.scope, in.facts) {
		out = append(out, f.races(o)...)
		if !top.Test {
			more = append(more, f.remain(o)...)
		}
	}
	return out, more
}

// maxSites bounds the accesses of an object that are compared with each other.
const maxSites = 100

// A side is one access, and one of the ways by which the function that has the object leads there.
type side struct {
	*objects.Access
	threads.Point
}

// A target is what is reported once: a part of an object, and the goroutine.
type target struct {
	start *threads.Run
	part  objects.Place
}

// races returns the races on one object.
func (f *finder) races(o *objects.Object) []race {
	if o.Copied || len(o.Sites) > maxSites || !slices.ContainsFunc(o.Sites, func(a *objects.Access) bool { return a.Write }) {
		return nil
	}
	started := false
	sides := make([][]side, len(o.Sites))
	for i, a := range o.Sites {
		for _, way := range o.Ways(f.scope, a) {
			s := side{a, threads.Point{Spot: a.Spot, Way: way, When: a.When}}
			if !f.scope.Possible(s.Point) {
				continue
			}
			sides[i] = append(sides[i], s)
			started = started || s.Start(0) >= 0
		}
	}
	if !started {
		return nil
	}
	best := map[target]*race{}
	for i, a := range o.Sites {
		for j, b := range o.Sites[i:] {
			if !a.Write && !b.Write || !a.Place.Overlaps(b.Place) {
				continue
			}
			for _, x := range sides[i] {
				for _, y := range sides[i+j] {
					f.consider(o, x, y, best)
				}
			}
		}
	}
	var out []race
	for _, r := range best {
		if shadowed(r, best) {
			continue
		}
		r.own = f.owns(r)
		out = append(out, *r)
	}
	slices.SortFunc(out, func(a, b race) int {
		return cmp.Or(compare(a.start.Site, b.start.Site), compare(a.x.Access.Spot, b.x.Access.Spot), compare(a.y.Access.Spot, b.y.Access.Spot), cmp.Compare(a.x.Place, b.x.Place))
	})
	return out
}

// shadowed reports whether what leads to the place of a race is raced on by the same goroutine: that is the cause.
func shadowed(r *race, all map[target]*race) bool {
	for _, o := range all {
		if o.start == r.start && len(o.x.Place) < len(r.x.Place) && o.confidence.percent >= r.confidence.percent && strings.HasPrefix(string(r.x.Place), string(o.x.Place)) {
			return true
		}
	}
	return false
}

// compare orders places in source.
func compare(a, b threads.Spot) int {
	p, q := a.Pos(), b.Pos()
	return cmp.Or(cmp.Compare(p.File, q.File), cmp.Compare(p.Line, q.Line), cmp.Compare(p.Col, q.Col), cmp.Compare(a.V, b.V))
}

// consider notes the race of two sides if it is the surest of its goroutine.
func (f *finder) consider(o *objects.Object, x, y side, best map[target]*race) {
	if f.locked(x, y) {
		return
	}
	k := threads.Common(x.Point, y.Point)
	m := f.scope.Meet(x.Point, y.Point, o.Made)
	if m.Chance == threads.Never {
		return
	}
	if m.YFirst {
		x, y = y, x
	}
	if m.Who == threads.Self {
		k = 0
	}
	r := &race{of: o, who: m.Who, x: x, y: y, start: x.Way[x.Start(k)], confidence: f.weigh(o, x, y, m.Chance)}
	if s := y.Start(k); s >= 0 {
		r.other = y.Way[s]
	}
	part := x.Place.Part()
	if m.Who == threads.Sibling && r.other != nil && compare(r.other.Site, r.start.Site) < 0 {
		if old := best[target{r.other, part}]; old != nil && old.confidence.percent >= r.confidence.percent && old.other == r.start {
			return
		}
	}
	if old := best[target{r.start, part}]; old == nil || better(r, old) {
		best[target{r.start, part}] = r
	}
}

// weigh returns the confidence in a race.
func (f *finder) weigh(o *objects.Object, x, y side, chance threads.Chance) weight {
	w := weights[chance]
	if takes(x) && takes(y) {
		w = w.or(ownLocks)
	}
	if o.IsAtomic(x.Place) || o.IsAtomic(y.Place) {
		w = w.or(atomics)
	}
	if f.scope.Chosen(x.Point) || f.scope.Chosen(y.Point) {
		w = w.or(chosen)
	}
	if x.Loose || y.Loose || o.Sets > 1 && x.Place.Behind() {
		w = w.or(twoMaps)
	}
	return w
}

// better prefers the surer race, then one of two writes, then one with the parent, then the first.
func better(a, b *race) bool {
	return cmp.Or(
		cmp.Compare(a.confidence.percent, b.confidence.percent),
		cmp.Compare(b2i(a.x.Write)+b2i(a.y.Write), b2i(b.x.Write)+b2i(b.y.Write)),
		-cmp.Compare(a.who, b.who),
		-cmp.Compare(len(a.x.Way)+len(a.y.Way), len(b.x.Way)+len(b.y.Way)),
	) > 0
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
