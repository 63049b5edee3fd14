package capture

import (
	"go/constant"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
)

// loopsOf returns the natural loops of a function.
func (f *family) loopsOf(fn *ssa.Function) []flow.Loop {
	ls, ok := f.loops[fn]
	if !ok {
		ls = flow.Loops(fn)
		f.loops[fn] = ls
	}
	return ls
}

// cuts are the places in a function where it waits for a goroutine.
type cuts struct {
	instrs map[ssa.Instruction]bool
	edges  map[[2]*ssa.BasicBlock]bool // to the cases of a select, and out of loops
	defers bool                        // a deferred call waits
	again  ssa.Instruction
}

// cutsOf returns the joins of fn with a goroutine that gives some signals. A loop that joins is taken to
// run at least once, unless it holds one of the two ends of the path.
func (f *family) cutsOf(fn *ssa.Function, signals []op, weak bool, from, to ssa.Instruction) *cuts {
	c := &cuts{instrs: map[ssa.Instruction]bool{}, edges: map[[2]*ssa.BasicBlock]bool{}}
	flow.EachInstr(fn, func(instr ssa.Instruction) {
		ops := f.opsOf(instr)
		if len(ops) == 0 {
			return
		}
		if sel, ok := instr.(*ssa.Select); ok {
			n := 0
			for i := range ops {
				if !ops[i].wait || !heard(signals, &ops[i]) {
					continue
				}
				n++
				if br := caseBranch(sel, ops[i].state); br != nil && br.Block().Succs[0] != br.Block().Succs[1] {
					c.edges[[2]*ssa.BasicBlock{br.Block(), br.Block().Succs[0]}] = true
					f.bar(c, br.Block(), from, to)
				}
			}
			if n == len(sel.States) && sel.Blocking {
				c.instrs[sel] = true
			}
			return
		}
		if !matched(signals, ops, weak) {
			return
		}
		if _, ok := instr.(*ssa.Defer); ok {
			c.defers = true
			return
		}
		c.instrs[instr] = true
		f.bar(c, instr.Block(), from, to)
	})
	for _, l := range f.loopsOf(fn) {
		fill, ok := f.fills(l)
		if !ok || from != nil && l.Body[from.Block()] || !heard(signals, &op{at: fill.at, wait: true, fills: true}) {
			continue
		}
		for _, e := range fill.exits {
			c.edges[e] = true
		}
	}
	return c
}

// bar makes the loops around a join impassable where they end by their condition.
func (f *family) bar(c *cuts, join *ssa.BasicBlock, from, to ssa.Instruction) {
	for _, l := range f.loopsOf(join.Parent()) {
		if !l.Body[join] || from != nil && l.Body[from.Block()] || to != nil && l.Body[to.Block()] {
			continue
		}
		for _, s := range l.Header.Succs {
			if !l.Body[s] {
				c.edges[[2]*ssa.BasicBlock{l.Header, s}] = true
			}
		}
		for _, e := range l.PassedBy() {
			c.edges[e] = true
		}
	}
}

// caseBranch returns the branch that is taken if a select has chosen a case.
func caseBranch(sel *ssa.Select, state int) *ssa.If {
	for _, ref := range *sel.Referrers() {
		ex, ok := ref.(*ssa.Extract)
		if !ok || ex.Index != 0 {
			continue
		}
		for _, use := range *ex.Referrers() {
			test, ok := use.(*ssa.BinOp)
			if !ok || test.Op != token.EQL {
				continue
			}
			k, ok := test.Y.(*ssa.Const)
			if !ok || k.Value == nil || !constant.Compare(k.Value, token.EQL, constant.MakeInt64(int64(state))) {
				continue
			}
			for _, user := range *test.Referrers() {
				if br, ok := user.(*ssa.If); ok {
					return br
				}
			}
		}
	}
	return nil
}

// maxSteps bounds one search, and maxSearch all those of one function with its literals; what they leave open counts as
// not reached.
const (
	maxSteps  = 2000
	maxSearch = 40_000
)

// reaches reports whether control can get from one instruction, nil being the start of the function,
// to another without a cut, on a path whose conditions agree with each other.
func (f *family) reaches(fn *ssa.Function, from, to ssa.Instruction, c *cuts) bool {
	if c == nil {
		c = &cuts{}
	}
	type place struct {
		b     *ssa.BasicBlock
		i     int
		known facts
	}
	start := place{fn.Blocks[0], 0, nil}
	if from != nil {
		start = place{from.Block(), slices.Index(from.Block().Instrs, from) + 1, factsAt(from.Block())}
	}
	type visit struct {
		b     *ssa.BasicBlock
		known uint64
	}
	seen := map[visit]bool{}
	work := []place{start}
next:
	for steps := 0; len(work) > 0 && steps < maxSteps && f.steps < maxSearch; steps++ {
		f.steps++
		p := work[len(work)-1]
		work = work[:len(work)-1]
		if p.i == 0 {
			at := visit{p.b, p.known.hash()}
			if seen[at] {
				continue
			}
			seen[at] = true
		}
		for _, instr := range p.b.Instrs[p.i:] {
			if instr == to {
				return true
			}
			if instr == c.again || c.instrs[instr] {
				continue next
			}
			if _, ok := instr.(*ssa.RunDefers); ok && c.defers {
				continue next
			}
		}
		br, _ := p.b.Instrs[len(p.b.Instrs)-1].(*ssa.If)
		for i, s := range p.b.Succs {
			if c.edges[[2]*ssa.BasicBlock{p.b, s}] || flow.Endless(p.b, i) {
				continue
			}
			known := p.known
			if br != nil && p.b.Succs[0] != p.b.Succs[1] {
				cond, holds := flow.ConditionOf(br.Cond, i == 0)
				if old, ok := known.value(cond); ok && old != holds {
					continue
				}
				known = known.with(cond, holds)
			}
			work = append(work, place{s, 0, known.enter(p.b, s)})
		}
	}
	return false
}

// waitsBefore returns the waits that every path to an instruction passes.
func (f *family) waitsBefore(instr ssa.Instruction) []op {
	var out []op
	flow.EachInstr(instr.Parent(), func(in ssa.Instruction) {
		ops := f.opsOf(in)
		if len(ops) == 0 || in == instr {
			return
		}
		if _, ok := in.(*ssa.Defer); ok {
			return
		}
		if sel, ok := in.(*ssa.Select); ok {
			for _, o := range ops {
				br := caseBranch(sel, o.state)
				if !o.wait || br == nil {
					continue
				}
				if b := br.Block().Succs[0]; len(b.Preds) == 1 && b.Dominates(instr.Block()) {
					out = append(out, o)
				}
			}
			return
		}
		if flow.Before(in, instr) {
			for _, o := range ops {
				if o.wait && !o.weak && !o.all {
					out = append(out, o)
				}
			}
		}
	})
	return out
}
