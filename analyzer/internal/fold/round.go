package fold

import (
	"slices"
	"strconv"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// rounds takes the way back out of loops that count and have one round only:
//
//	for i := 0; i < 1; i++ { ... }
func rounds(fn *effects.Func) (changed bool) {
	for b := range fn.Blocks {
		if h, ok := headOf(fn, int32(b)); ok && h.once(fn) {
			h.leave(fn)
			changed = true
		}
	}
	return changed
}

// A head is where a loop tests whether there is another round.
type head struct {
	block, latch, exit int32
	counter, cond      effects.V
	back               int // the latch among the predecessors
}

// headOf returns what a block is the head of: it ends with a test, has a counter, and one way leads back to it.
func headOf(fn *effects.Func, b int32) (h head, ok bool) {
	block := &fn.Blocks[b]
	test := fn.At(block.Last)
	if test.Op != effects.If || len(block.Preds) != 2 || block.Succs[0] == block.Succs[1] {
		return h, false
	}
	h = head{block: b, exit: block.Succs[1], cond: test.Args[0], back: -1}
	for i, p := range block.Preds {
		if p == b || fn.Graph().Dominates(b, p) {
			h.latch, h.back = p, i
		}
	}
	if h.back < 0 || fn.At(fn.Blocks[h.latch].Last).Op != effects.Jump {
		return h, false
	}
	cmp := fn.At(h.cond)
	if cmp.Op != effects.Compare || cmp.Sym != "<" || fn.Op(cmp.Args[0]) != effects.Phi {
		return h, false
	}
	h.counter = cmp.Args[0]
	return h, fn.At(h.counter).Block == b
}

// once reports whether the test fails after the first round, and what the head has is of no use behind the loop.
func (h *head) once(fn *effects.Func) bool {
	phi := fn.At(h.counter)
	first, limit := phi.Args[1-h.back], fn.At(h.cond).Args[1]
	next := fn.At(phi.Args[h.back])
	if fn.Op(first) != effects.Const || fn.Op(limit) != effects.Const || next.Op != effects.Opaque || next.Sym != "+" || len(next.Args) != 2 || next.Args[0] != h.counter {
		return false
	}
	from, err1 := strconv.Atoi(fn.At(first).Sym)
	to, err2 := strconv.Atoi(fn.At(limit).Sym)
	if err1 != nil || err2 != nil || to-from != 1 {
		return false
	}
	exit := &fn.Blocks[h.exit]
	for v := exit.First; v <= exit.Last; v++ {
		if fn.Op(v) == effects.Phi {
			return false
		}
	}
	for v := fn.Blocks[h.block].First; v < fn.Blocks[h.block].Last; v++ {
		for _, u := range fn.Uses(v) {
			if at := fn.At(u).Block; at != h.block && !(fn.Graph().Dominates(h.block, at) && fn.Reaches(u, h.counter, nil)) {
				return false
			}
		}
	}
	return true
}

// leave leads the way back out of the loop.
func (h *head) leave(fn *effects.Func) {
	fn.Blocks[h.latch].Succs = []int32{h.exit}
	exit := &fn.Blocks[h.exit]
	exit.Preds = append(slices.Clone(exit.Preds), h.latch)
	cut(fn, h.latch, h.block, 0)
	fn.Renew()
}
