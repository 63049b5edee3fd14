package held

import (
	"cmp"
	"maps"
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
)

// result puts what was recorded in order.
func (w *walker) result(truncated bool) *Result {
	r := &Result{Fn: w.fn, Summary: &summary.Func{
		Events: w.events(), Exits: w.exits(), Wires: w.Wires(),
		Stores: capped(slices.Sorted(maps.Keys(w.Stores)), summary.MaxStores), Truncated: truncated,
	}}
	w.tellNew(r.Summary)
	if truncated && len(r.Summary.Exits) == 0 {
		r.Summary.Exits = []summary.Exit{{}}
	}
	for _, id := range slices.SortedFunc(maps.Keys(w.rec.edges), compareEdgeIDs) {
		r.Edges = append(r.Edges, *w.rec.edges[id])
	}
	for id, d := range w.rec.doubles {
		d.All = !w.rec.free[id]
		r.Doubles = append(r.Doubles, *d)
	}
	slices.SortFunc(r.Doubles, func(a, b Double) int {
		return cmp.Or(cmp.Compare(a.Instr, b.Instr), cmp.Compare(a.Mode, b.Mode),
			cmp.Compare(a.Path.Ref, b.Path.Ref), cmp.Compare(a.Path.Steps, b.Path.Steps),
			summary.CompareChains(a.Chain, b.Chain))
	})
	r.Keeps, r.Slips, r.Freed = w.keeps(), w.slips(), w.rec.keep.freed
	for _, first := range slices.Sorted(maps.Keys(r.Freed)) {
		if in := w.At(first); in.Op == effects.Call && in.Fn != nil {
			r.Relieved = append(r.Relieved, in.Fn)
		}
	}
	if w.recordLocks {
		r.Locks, r.Waits = w.rec.locks, w.rec.waits
		r.Taken = map[V]ident.Path{}
		for _, places := range []map[V]ident.Path{w.rec.keep.own, w.rec.keep.borrows, w.rec.keep.tries} {
			maps.Copy(r.Taken, places)
		}
	}
	for _, instr := range slices.Sorted(maps.Keys(w.rec.writers)) {
		r.Writers = append(r.Writers, *w.rec.writers[instr])
	}
	for _, c := range w.rec.contexts {
		r.Contexts = append(r.Contexts, *c)
	}
	for fn := range w.rec.escaped {
		r.Contexts = append(r.Contexts, Context{Callee: fn})
	}
	slices.SortFunc(r.Contexts, func(a, b Context) int {
		if a.Site == 0 || b.Site == 0 {
			return cmp.Or(cmp.Compare(b2i(a.Site == 0), b2i(b.Site == 0)), cmp.Compare(a.Callee.ID, b.Callee.ID))
		}
		return cmp.Or(cmp.Compare(a.Site, b.Site), cmp.Compare(a.Callee.ID, b.Callee.ID))
	})
	for _, instr := range slices.Sorted(maps.Keys(w.rec.trace)) {
		r.Trace = append(r.Trace, *w.rec.trace[instr])
	}
	return r
}

func compareEdgeIDs(a, b edgeID) int {
	return cmp.Or(cmp.Compare(a.instr, b.instr), cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to),
		cmp.Compare(a.fromMode, b.fromMode), cmp.Compare(a.toMode, b.toMode), cmp.Compare(a.link, b.link))
}

// events merges the events of all instructions by what callers can tell apart and
// keeps the best of each.
func (w *walker) events() []summary.Event {
	best := map[summary.EventKey]*summary.Event{}
	always := map[int32]bool{}
	for id, ev := range w.rec.events {
		if ev.Always && len(ev.Cond) == 0 {
			b := w.At(id.instr).Block
			every, known := always[b]
			if !known {
				every = w.EveryReturn(b)
				always[b] = every
			}
			ev.Always = every
		} else {
			ev.Always = false
		}
		key := ev.Key()
		if old := best[key]; old == nil || ev.Better(old) {
			best[key] = ev
		}
	}
	evs := make([]summary.Event, 0, len(best))
	for _, key := range slices.SortedFunc(maps.Keys(best), summary.EventKey.Compare) {
		evs = append(evs, *best[key])
	}
	if len(evs) > summary.MaxEvents {
		slices.SortStableFunc(evs, func(a, b summary.Event) int { return cmp.Compare(a.Chain.Len, b.Chain.Len) })
		evs = evs[:summary.MaxEvents]
	}
	return evs
}

// exits returns the ways to return. Of a way that does nothing and one that locks or
// unlocks all elements of something, the first is the loop that ran zero
// times: it is dropped.
func (w *walker) exits() []summary.Exit {
	var xs []summary.Exit
	many := false
	for _, key := range slices.Sorted(maps.Keys(w.rec.exits)) {
		x := w.rec.exits[key]
		xs = append(xs, *x)
		for _, h := range x.Acquired {
			many = many || !h.Path.Exact()
		}
		for _, l := range x.Released {
			many = many || !l.Path.Exact()
		}
	}
	if many {
		xs = slices.DeleteFunc(xs, func(x summary.Exit) bool { return len(x.Acquired) == 0 && len(x.Released) == 0 && len(xs) > 1 })
	}
	w.markLeaks(xs)
	if len(xs) > summary.MaxExits {
		return []summary.Exit{{}} // too many to tell apart: taken as balanced
	}
	if len(xs) == 1 && len(xs[0].Acquired) == 0 && len(xs[0].Released) == 0 {
		xs[0].Cond, xs[0].Rets = nil, nil
	}
	return xs
}

// markLeaks marks the locks that look forgotten: the function releases locks of the
// class itself on other paths, and no result tells the caller that this path kept
// it. Success, true and a value that is not nil are taken for telling.
func (w *walker) markLeaks(xs []summary.Exit) {
	for i := range xs {
		told := tells(w.fn, xs[i].Rets)
		for k := range xs[i].Acquired {
			h := &xs[i].Acquired[k]
			h.Leak = h.Leak || !told && w.unlocks(h.Path.Class)
		}
	}
}

func isError(fn *effects.Func, result int) bool {
	return result < len(fn.Results) && fn.Results[result].Error
}

func capped[T any](s []T, n int) []T {
	if len(s) > n {
		return s[:n]
	}
	return s
}
