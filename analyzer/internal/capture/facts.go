package capture

import (
	"go/constant"
	"go/types"
	"hash/maphash"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
)

// A fact is what is known of a condition on a path.
type fact struct {
	flow.Condition
	holds bool
}

// maxFacts bounds what is remembered of a path.
const maxFacts = 16

// facts are what is known at one point of a path.
type facts []fact

func (fs facts) value(c flow.Condition) (holds, ok bool) {
	if k, isConst := c.Value.(*ssa.Const); isConst && c.Equals == "" && k.Value != nil {
		return constant.BoolVal(k.Value), true
	}
	for _, f := range fs {
		if f.Condition == c {
			return f.holds, true
		}
	}
	return false, false
}

func (fs facts) with(c flow.Condition, holds bool) facts {
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
		if in, ok := f.Value.(ssa.Instruction); !ok || in.Block() != to {
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
		c, holds := flow.ConditionOf(phi.Edges[i], true)
		if old, ok := fs.value(c); ok {
			out = append(out, fact{flow.Condition{Value: phi}, old == holds})
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
				c, holds := flow.ConditionOf(br.Cond, i == 0)
				fs = fs.with(c, holds)
			}
		}
	}
	return fs
}
