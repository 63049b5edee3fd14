package held

import (
	"maps"
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
)

// Light summarizes a function that has nothing to do with locks: what it makes
// visible, which results are new objects, and which fields it stores to.
// No path is walked.
func Light(facts *resolve.Facts, fn *effects.Func) *summary.Func {
	w := &walker{Func: resolve.New(facts, fn), fn: fn}
	w.rec.freshRes = ^uint64(0)
	w.Returns(func(ret V) {
		for i, v := range w.At(ret).Args {
			w.rec.freshResult(w, i, v, ret)
		}
		w.rec.returned = true
	})
	return &summary.Func{
		Exits: []summary.Exit{{}}, Publishes: w.PublishedParams(), Fresh: w.fresh(), Wires: w.Wires(),
		Stores: capped(slices.Sorted(maps.Keys(w.Stores)), summary.MaxStores),
	}
}

// fresh returns which results are new objects at every return.
func (w *walker) fresh() uint64 {
	if !w.rec.returned {
		return 0
	}
	return w.rec.freshRes & (1<<min(len(w.Results), 63) - 1)
}
