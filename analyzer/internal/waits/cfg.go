package waits

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A loops tells which blocks of a function lie on a cycle.
type loops struct {
	comp   []int  // strongly connected component, by block
	cyclic []bool // by block: its component is a cycle
	tests  []bool // by block: its component has a branch
}

// loop returns the cycles of fn, by the components of its blocks (Tarjan 1972).
func (p *program) loop(fn *ssa.Function) *loops {
	l := p.loops[fn]
	if l == nil {
		l = findLoops(fn)
		p.loops[fn] = l
	}
	return l
}

func findLoops(fn *ssa.Function) *loops {
	n := len(fn.Blocks)
	l := &loops{comp: make([]int, n), cyclic: make([]bool, n), tests: make([]bool, n)}
	num, low := make([]int, n), make([]int, n)
	var stack []int
	count, comps := 0, 0
	var visit func(v int)
	visit = func(v int) {
		count++
		num[v], low[v] = count, count
		stack = append(stack, v)
		for _, s := range fn.Blocks[v].Succs {
			if num[s.Index] == 0 {
				visit(s.Index)
				low[v] = min(low[v], low[s.Index])
			} else if l.comp[s.Index] == 0 {
				low[v] = min(low[v], num[s.Index])
			}
		}
		if low[v] != num[v] {
			return
		}
		comps++
		i := slices.Index(stack, v)
		members := stack[i:]
		stack = stack[:i]
		cyclic, tests := len(members) > 1, false
		for _, m := range members {
			l.comp[m] = comps
			b := fn.Blocks[m]
			cyclic = cyclic || slices.Contains(b.Succs, b)
			tests = tests || len(b.Succs) > 1
		}
		for _, m := range members {
			l.cyclic[m], l.tests[m] = cyclic, tests
		}
	}
	for v := range n {
		if num[v] == 0 {
			visit(v)
		}
	}
	return l
}

// inLoop reports whether an instruction may run more than once in one call.
func (p *program) inLoop(instr ssa.Instruction) bool {
	return p.loop(instr.Parent()).cyclic[instr.Block().Index]
}

// reaches reports whether control can get from behind one instruction to another of the
// same function, without an instruction for which stop holds.
func reaches(from, to ssa.Instruction, stop func(ssa.Instruction) bool) bool {
	if from.Parent() != to.Parent() {
		return false
	}
	// scan reports whether to was met, and whether the end of the block was.
	scan := func(instrs []ssa.Instruction) (met, end bool) {
		for _, instr := range instrs {
			if instr == to {
				return true, false
			}
			if stop != nil && stop(instr) {
				return false, false
			}
		}
		return false, true
	}
	b := from.Block()
	met, end := scan(b.Instrs[slices.Index(b.Instrs, from)+1:])
	if met || !end {
		return met
	}
	seen := map[*ssa.BasicBlock]bool{}
	work := slices.Clone(b.Succs)
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[b] {
			continue
		}
		seen[b] = true
		met, end := scan(b.Instrs)
		if met {
			return true
		}
		if end {
			work = append(work, b.Succs...)
		}
	}
	return false
}

// returns calls f for the returns of fn.
func returns(fn *ssa.Function, f func(*ssa.Return)) {
	for _, b := range fn.Blocks {
		if b == fn.Recover || len(b.Instrs) == 0 {
			continue
		}
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			f(ret)
		}
	}
}
