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
	w.rec.freshRes, w.rec.lentRes = ^uint64(0), ^uint64(0)
	w.Returns(func(ret V) {
		for i, v := range w.At(ret).Args {
			w.rec.freshResult(w, i, v, ret)
		}
		w.rec.returned = true
	})
	s := &summary.Func{
		Exits: []summary.Exit{{}}, Wires: w.Wires(),
		Stores: capped(slices.Sorted(maps.Keys(w.Stores)), summary.MaxStores),
	}
	w.tellNew(s)
	return s
}

// tellNew notes which results are new objects at every return, or only lent, and which parameters are published.
func (w *walker) tellNew(s *summary.Func) {
	s.Publishes, s.Lends = w.PublishedParams()
	if w.rec.returned {
		all := uint64(1)<<min(len(w.Results), 63) - 1
		s.Fresh, s.Lent = w.rec.freshRes&all, w.rec.lentRes&all
	}
}
