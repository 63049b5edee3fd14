package threads

import (
	"cmp"
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// A test is a condition: that a value is true, or equals a constant.
type test struct {
	v      effects.V
	equals string // "" if it is true
}

// testOf returns the test that a branch on a value makes, and whether it holds where the branch is taken, or not.
func testOf(fn *effects.Func, v effects.V, taken bool) (t test, holds bool) {
	for {
		switch in := fn.At(v); in.Op {
		case effects.Not:
			v, taken = in.Args[0], !taken
			continue
		case effects.Compare:
			if k := fn.At(in.Args[1]); k.Op == effects.Const && (in.Sym == "==" || in.Sym == "!=") {
				return test{in.Args[0], "=" + k.Sym}, taken == (in.Sym == "==")
			}
		}
		return test{v, ""}, taken
	}
}

// A fact is what is known of a test on a path.
type fact struct {
	test
	holds bool
}

// maxFacts bounds what is remembered of a path.
const maxFacts = 16

// facts are what is known at one point of a path, in order.
type facts []fact

func (fs facts) value(fn *effects.Func, t test) (holds, ok bool) {
	if k := fn.At(t.v); k.Op == effects.Const && t.equals == "" {
		return k.Sym == "true", true
	}
	for _, f := range fs {
		if f.test == t {
			return f.holds, true
		}
	}
	return false, false
}

func (fs facts) with(fn *effects.Func, t test, holds bool) facts {
	if _, ok := fs.value(fn, t); ok || len(fs) >= maxFacts {
		return fs
	}
	i, _ := slices.BinarySearchFunc(fs, t, func(f fact, t test) int {
		return cmp.Or(cmp.Compare(f.v, t.v), cmp.Compare(f.equals, t.equals))
	})
	return slices.Insert(slices.Clone(fs), i, fact{t, holds})
}

// enter returns the facts after an edge: what the block computes anew is forgotten, and its
// phis are what comes in by the edge.
func (fs facts) enter(fn *effects.Func, from, to int32) facts {
	var out facts
	for _, f := range fs {
		if fn.At(f.v).Block != to {
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
		t, holds := testOf(fn, phi.Args[i], true)
		if old, ok := fs.value(fn, t); ok {
			out = out.with(fn, test{v: v}, old == holds)
		}
	}
	return out
}

// branches calls visit for the conditions of the branches that dominate a block, nearest first, and tells on which side it is.
func branches(fn *effects.Func, b int32, visit func(cond effects.V, taken bool)) {
	g := fn.Graph()
	for d := g.Idom(b); d >= 0; d = g.Idom(d) {
		br, succs := fn.At(fn.Blocks[d].Last), fn.Blocks[d].Succs
		if br.Op != effects.If || succs[0] == succs[1] {
			continue
		}
		for i, to := range succs {
			if len(fn.Blocks[to].Preds) == 1 && g.Dominates(to, b) {
				visit(br.Args[0], i == 0)
			}
		}
	}
}

// factsAt returns the conditions that hold whenever a block runs, unless what they test is computed anew in between.
func factsAt(fn *effects.Func, b int32) facts {
	var fs facts
	branches(fn, b, func(cond effects.V, taken bool) {
		t, holds := testOf(fn, cond, taken)
		fs = fs.with(fn, t, holds)
	})
	return fs
}
