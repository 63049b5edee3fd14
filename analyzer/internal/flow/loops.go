package flow

import "golang.org/x/tools/go/ssa"

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
