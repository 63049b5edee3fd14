package flow

import (
	"go/constant"
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// A Loop is a natural loop: the blocks from which a back edge to its header can be reached.
type Loop struct {
	Header *ssa.BasicBlock
	Body   map[*ssa.BasicBlock]bool
}

// Loops returns the natural loops of a function, one for each back edge.
func Loops(fn *ssa.Function) []Loop {
	var out []Loop
	for _, b := range fn.Blocks {
		for _, s := range b.Succs {
			if !s.Dominates(b) {
				continue
			}
			l := Loop{s, map[*ssa.BasicBlock]bool{s: true}}
			work := []*ssa.BasicBlock{b}
			for len(work) > 0 {
				b := work[len(work)-1]
				work = work[:len(work)-1]
				if !l.Body[b] {
					l.Body[b] = true
					work = append(work, b.Preds...)
				}
			}
			out = append(out, l)
		}
	}
	return out
}

// PassedBy returns the edges by which control passes by a loop over a number, since that is 0: it tests the number in
// front of the first round, and behind each.
func (l Loop) PassedBy() [][2]*ssa.BasicBlock {
	var out [][2]*ssa.BasicBlock
	for _, latch := range l.Header.Preds {
		again, ok := Below(latch)
		if !ok || !l.Body[latch] || latch.Succs[0] != l.Header {
			continue
		}
		for _, p := range l.Header.Preds {
			if first, ok := Below(p); ok && !l.Body[p] && p.Succs[0] == l.Header && isZero(first.X) && first.Y == again.Y {
				out = append(out, [2]*ssa.BasicBlock{p, p.Succs[1]})
			}
		}
	}
	return out
}

// Below returns the comparison x < y by which a block ends.
func Below(b *ssa.BasicBlock) (*ssa.BinOp, bool) {
	br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok {
		return nil, false
	}
	test, ok := br.Cond.(*ssa.BinOp)
	return test, ok && test.Op == token.LSS
}

func isZero(v ssa.Value) bool {
	k, ok := v.(*ssa.Const)
	return ok && k.Value != nil && k.Value.Kind() == constant.Int && constant.Sign(k.Value) == 0
}
