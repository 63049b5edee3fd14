package threads

import (
	"cmp"
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// A fact is what is known of a condition on a path.
type fact struct {
	effects.Condition
	holds bool
}

// maxFacts bounds what is remembered of a path.
const maxFacts = 16

// facts are what is known at one point of a path, in order.
type facts []fact

func (fs facts) value(fn *effects.Func, t effects.Condition) (holds, ok bool) {
	if k := fn.At(t.Value); k.Op == effects.Const && t.Equals == "" {
		return k.Sym == "true", true
	}
	for _, f := range fs {
		if f.Condition == t {
			return f.holds, true
		}
	}
	return false, false
}

func (fs facts) with(fn *effects.Func, t effects.Condition, holds bool) facts {
	if _, ok := fs.value(fn, t); ok || len(fs) >= maxFacts {
		return fs
	}
	i, _ := slices.BinarySearchFunc(fs, t, func(f fact, t effects.Condition) int {
		return cmp.Or(cmp.Compare(f.Value, t.Value), cmp.Compare(f.Equals, t.Equals))
	})
	return slices.Insert(slices.Clone(fs), i, fact{t, holds})
}

// and returns the facts with others.
func (fs facts) and(fn *effects.Func, more facts) facts {
	for _, f := range more {
		fs = fs.with(fn, f.Condition, f.holds)
	}
	return fs
}

// enter returns the facts after an edge: what the block computes anew is forgotten, and its
// phis are what comes in by the edge.
func (fs facts) enter(fn *effects.Func, from, to int32) facts {
	var out facts
	for _, f := range fs {
		if fn.At(f.Value).Block != to {
			out = append(out, f)
		}
	}
	b := &fn.Blocks[to]
	i := slices.Index(b.Preds, from)
	for v := b.First; i >= 0 && fn.Op(v) == effects.Phi; v++ {
		phi := fn.At(v)
		if phi.Type == nil || phi.Type.Kind != effects.Bool {
			continue
		}
		t, holds := fn.ConditionOf(phi.Args[i], true)
		if old, ok := fs.value(fn, t); ok {
			out = out.with(fn, effects.Condition{Value: v}, old == holds)
		}
	}
	return out
}

// factsAt returns the conditions that hold whenever a block runs, unless what they test is computed anew in between.
func factsAt(fn *effects.Func, b int32) facts {
	var fs facts
	fn.Branches(b, func(cond effects.V, taken bool) {
		t, holds := fn.ConditionOf(cond, taken)
		fs = fs.with(fn, t, holds)
	})
	return fs
}
