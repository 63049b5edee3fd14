package capture

import (
	"go/constant"
	"go/token"
	"go/types"
	"hash/maphash"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A condition is that a boolean value is true, or that a value equals a constant.
type condition struct {
	v  ssa.Value
	eq string // the constant; "" for a boolean value
}

// A fact is what is known of a condition on a path.
type fact struct {
	condition
	holds bool
}

// maxFacts bounds what is remembered of a path.
const maxFacts = 16

// facts are what is known at one point of a path.
type facts []fact

// factOf returns the condition that a branch tests, and whether it holds if the branch is taken or not.
func factOf(v ssa.Value, taken bool) (condition, bool) {
	for {
		switch x := v.(type) {
		case *ssa.UnOp:
			if x.Op == token.NOT {
				v, taken = x.X, !taken
				continue
			}
		case *ssa.BinOp:
			if k, ok := x.Y.(*ssa.Const); ok && (x.Op == token.EQL || x.Op == token.NEQ) {
				return condition{x.X, "=" + k.String()}, taken == (x.Op == token.EQL)
			}
		}
		return condition{v, ""}, taken
	}
}

func (fs facts) value(c condition) (holds, ok bool) {
	if k, isConst := c.v.(*ssa.Const); isConst && c.eq == "" && k.Value != nil {
		return constant.BoolVal(k.Value), true
	}
	for _, f := range fs {
		if f.condition == c {
			return f.holds, true
		}
	}
	return false, false
}

func (fs facts) with(c condition, holds bool) facts {
	if _, ok := fs.value(c); ok || len(fs) >= maxFacts {
		return fs
	}
	return append(slices.Clone(fs), fact{c, holds})
}

// enter returns the facts after an edge: what the block computes anew is forgotten, and its
// phis are what comes in by the edge.
func (fs facts) enter(from, to *ssa.BasicBlock) facts {
	var out facts
	for _, f := range fs {
		if in, ok := f.v.(ssa.Instruction); !ok || in.Block() != to {
			out = append(out, f)
		}
	}
	i := slices.Index(to.Preds, from)
	for _, instr := range to.Instrs {
		phi, ok := instr.(*ssa.Phi)
		if !ok {
			break
		}
		if !isBool(phi) || i < 0 {
			continue
		}
		c, holds := factOf(phi.Edges[i], true)
		if old, ok := fs.value(c); ok {
			out = append(out, fact{condition{phi, ""}, old == holds})
		}
	}
	return out
}

var seed = maphash.MakeSeed()

// hash returns a number that is the same for equal facts, in any order.
func (fs facts) hash() uint64 {
	var h uint64
	for _, f := range fs {
		h ^= maphash.Comparable(seed, f)
	}
	return h
}

func isBool(v ssa.Value) bool {
	b, ok := v.Type().Underlying().(*types.Basic)
	return ok && b.Info()&types.IsBoolean != 0
}

// factsAt returns the conditions that hold whenever a block runs: those of the branches that dominate it, unless
// what they test is computed anew in between.
func factsAt(b *ssa.BasicBlock) facts {
	var fs facts
	for at := b; at.Idom() != nil; at = at.Idom() {
		d := at.Idom()
		br, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
		if !ok || d.Succs[0] == d.Succs[1] {
			continue
		}
		for i, s := range d.Succs {
			if len(s.Preds) == 1 && s.Dominates(b) {
				c, holds := factOf(br.Cond, i == 0)
				fs = fs.with(c, holds)
			}
		}
	}
	return fs
}
