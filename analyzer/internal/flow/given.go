package flow

import (
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// A Condition is that a boolean value is true, or that a value equals a constant.
type Condition struct {
	Value  ssa.Value
	Equals string // the constant; "" for a boolean value
}

// ConditionOf returns the condition that a branch tests, and whether it holds if the branch is taken or not.
func ConditionOf(v ssa.Value, taken bool) (c Condition, holds bool) {
	for {
		switch x := v.(type) {
		case *ssa.UnOp:
			if x.Op == token.NOT {
				v, taken = x.X, !taken
				continue
			}
		case *ssa.BinOp:
			if k, ok := x.Y.(*ssa.Const); ok && (x.Op == token.EQL || x.Op == token.NEQ) {
				return Condition{x.X, "=" + k.String()}, taken == (x.Op == token.EQL)
			}
		}
		return Condition{v, ""}, taken
	}
}

// possible returns the values that a phi can have where an instruction runs: without those that come
// in by an edge which is taken only if a condition does not hold that is known to hold at the instruction.
func possible(phi *ssa.Phi, at ssa.Instruction) []ssa.Value {
	if !phi.Block().Dominates(at.Block()) {
		return phi.Edges
	}
	known := given(at.Block(), nil)
	var out []ssa.Value
	for i, p := range phi.Block().Preds {
		if !contradicts(given(p, phi.Block()), known, phi.Block()) {
			out = append(out, phi.Edges[i])
		}
	}
	return out
}

// Given returns the conditions that hold whenever a block runs.
func Given(b *ssa.BasicBlock) map[Condition]bool { return given(b, nil) }

// given returns the conditions that hold whenever a block runs, and if to is not nil goes on there: those of the
// branches that dominate it.
func given(b, to *ssa.BasicBlock) map[Condition]bool {
	known := map[Condition]bool{}
	if br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If); ok && to != nil && b.Succs[0] != b.Succs[1] {
		c, holds := ConditionOf(br.Cond, b.Succs[0] == to)
		known[c] = holds
	}
	for at := b; at.Idom() != nil; at = at.Idom() {
		d := at.Idom()
		br, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
		if !ok || d.Succs[0] == d.Succs[1] {
			continue
		}
		for i, s := range d.Succs {
			if len(s.Preds) != 1 || !s.Dominates(b) {
				continue
			}
			c, holds := ConditionOf(br.Cond, i == 0)
			if _, nearer := known[c]; !nearer {
				known[c] = holds
			}
		}
	}
	return known
}

// contradicts reports whether two sets of conditions cannot both be true, of which the first is that of a way into a
// block: the values are computed before the block, and so are the same at both.
func contradicts(a, b map[Condition]bool, block *ssa.BasicBlock) bool {
	for c, holds := range a {
		other, ok := b[c]
		if !ok || other == holds {
			continue
		}
		if in, ok := c.Value.(ssa.Instruction); !ok || in.Block() != block && in.Block().Dominates(block) {
			return true
		}
	}
	return false
}
