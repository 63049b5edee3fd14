package threads

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
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
	if holds, ok := constant(fn, t); ok {
		return holds, true
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

// constant tells a condition that constants decide, also those of variables that are set once, before they are read.
func constant(fn *effects.Func, t effects.Condition) (holds, ok bool) {
	if in := fn.At(t.Value); in.Op == effects.Compare && t.Equals == "" {
		x, isX := constantOf(fn, in.Args[0])
		y, isY := constantOf(fn, in.Args[1])
		a, errA := strconv.ParseInt(x, 10, 64)
		b, errB := strconv.ParseInt(y, 10, 64)
		if !isX || !isY || errA != nil || errB != nil {
			return false, false
		}
		switch in.Sym {
		case "<":
			return a < b, true
		case "<=":
			return a <= b, true
		case ">":
			return a > b, true
		case ">=":
			return a >= b, true
		}
		return false, false
	}
	c, ok := constantOf(fn, t.Value)
	if t.Equals == "" {
		return c == "true", ok
	}
	return "="+c == t.Equals, ok
}

// constantOf returns the constant that a value is.
func constantOf(fn *effects.Func, v effects.V) (string, bool) {
	if in := fn.At(v); in.Op == effects.Load {
		if fn, v = setOnce(fn, in.Args[0], v); v == 0 {
			return "", false
		}
	}
	in := fn.At(v)
	return in.Sym, in.Op == effects.Const
}

// setOnce returns the only value that a variable is set to, and where, if that is before an instruction of the function, or before the literal
// is made that the function is; 0 if it is not so.
func setOnce(fn *effects.Func, addr, at effects.V) (*effects.Func, effects.V) {
	for fn.Op(addr) == effects.Free {
		made := fn.MadeAt()
		if addr = resolve.Binding(fn, addr); addr == 0 || len(made) != 1 {
			return fn, 0
		}
		fn, at = fn.Parent, made[0]
	}
	if fn.Op(addr) != effects.Alloc {
		return fn, 0
	}
	v := resolve.CellOf(fn, addr).Single()
	if v == 0 {
		return fn, 0
	}
	for _, u := range fn.Uses(addr) {
		if in := fn.At(u); in.Op == effects.Store && in.Args[0] == addr && fn.Before(u, at) {
			return fn, v
		}
	}
	return fn, 0
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
