package waits

import (
	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
)

// counted returns the Add that counts a started goroutine, and whether it is certain that it counts
// one, exactly.
func (p *program) counted(s start, w place) (add *op, once bool) {
	fn := s.at.Parent()
	adds := 0
	for _, o := range p.ops[fn] {
		if o.kind == opAdd && p.place(o.recv, nil).same(w) {
			adds++
			if add == nil || reaches(o.instr, s.at, nil) {
				add = &o
			}
		}
	}
	if add == nil {
		return nil, false
	}
	c := &counter{p: p, w: w, start: func(g *ssa.Go, e env) tally {
		t := p.target(g.Call.Value, &g.Call)
		if t.fn == nil {
			return other
		}
		if !p.touches(t.fn, w) {
			return only(0)
		}
		for _, v := range p.groupsOf(t, e) {
			if v.same(w) {
				return only(-1)
			}
		}
		return other
	}}
	in := c.run(fn)
	ends, even := 0, true
	check := func(instr ssa.Instruction) {
		if !reaches(s.at, instr, nil) {
			return
		}
		ends++
		if n, ok := c.at(in, instr).exact(); !ok || n != 0 {
			even = false
		}
	}
	returns(fn, func(ret *ssa.Return) { check(ret) })
	for _, o := range p.ops[fn] {
		if call, ok := o.instr.(*ssa.Call); ok && o.kind == opWait && p.place(o.recv, nil).same(w) {
			check(call)
		}
	}
	if ends > 0 && even {
		return add, true
	}
	return add, adds == 1 && p.perRound(s, add, w)
}

// perRound reports whether Add(n), in front of a loop that runs n times, counts the one
// goroutine that each round of it starts.
func (p *program) perRound(s start, add *op, w place) bool {
	l := p.loop(s.at.Parent())
	comp := l.comp[s.at.Block().Index]
	if !p.inLoop(s.at) || l.comp[add.instr.Block().Index] == comp || !flow.Before(add.instr, s.at) {
		return false
	}
	for _, t := range p.starts {
		if t.at != s.at && t.at.Parent() == s.at.Parent() && p.touches(t.fn, w) {
			return false
		}
	}
	for _, b := range s.at.Parent().Blocks {
		if l.comp[b.Index] != comp || len(b.Succs) != 2 || l.comp[b.Succs[0].Index] == l.comp[b.Succs[1].Index] || !b.Dominates(s.at.Block()) {
			continue
		}
		cond, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If).Cond.(*ssa.BinOp)
		if ok && (sameNumber(cond.X, add.arg) || sameNumber(cond.Y, add.arg)) {
			return true
		}
	}
	return false
}

// sameNumber reports whether two values are one number: one value, one constant, or the
// length of one value.
func sameNumber(a, b ssa.Value) bool {
	if a == b {
		return true
	}
	if x, ok := a.(*ssa.Const); ok {
		y, ok := b.(*ssa.Const)
		return ok && x.Value != nil && y.Value != nil && x.Value.ExactString() == y.Value.ExactString()
	}
	x, y := lengthOf(a), lengthOf(b)
	return x != nil && x == y
}

func lengthOf(v ssa.Value) ssa.Value {
	call, ok := v.(*ssa.Call)
	if !ok {
		return nil
	}
	if b, ok := call.Call.Value.(*ssa.Builtin); !ok || b.Name() != "len" {
		return nil
	}
	return call.Call.Args[0]
}
