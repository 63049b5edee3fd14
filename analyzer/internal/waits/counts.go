package waits

import (
	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
)

// counts reports goroutines that do not call Done as often as they are counted, and Waits
// of which it is certain that the counter is not zero.
func (p *program) counts() []Misuse {
	var out []Misuse
	wrong := map[any]bool{} // WaitGroups with a finding: their totals say it again
	for _, s := range p.starts {
		for _, w := range p.groupsOf(s.target, nil) {
			if !outside(w, s) {
				continue
			}
			if ms := p.goroutine(s, w); len(ms) > 0 {
				out = append(out, ms...)
				wrong[groupKey(w)] = true
			}
		}
	}
	out = append(out, p.doneInGo()...)
	for _, fn := range p.fns {
		for _, o := range p.ops[fn] {
			if o.kind != opWait {
				continue
			}
			w := p.place(o.recv, nil)
			a, ok := w.root.(*ssa.Alloc)
			if !ok || !w.local() || a.Parent() != fn || wrong[groupKey(w)] {
				continue
			}
			if m, ok := p.waitTotal(fn, o, w); ok {
				out = append(out, m)
			}
		}
	}
	return out
}

// groupsOf returns the WaitGroups whose Done a started goroutine calls itself, as the
// starter names them, where outer holds for it.
func (p *program) groupsOf(t target, outer env) []place {
	var out []place
	p.eachOp(t, p.env(t, outer), 0, func(o op, e env) {
		if o.kind != opDone {
			return
		}
		w := p.place(o.recv, e)
		for _, old := range out {
			if old.same(w) {
				return
			}
		}
		out = append(out, w)
	})
	return out
}

// eachOp calls f for the operations of a function and of those it calls.
func (p *program) eachOp(t target, e env, depth int, f func(op, env)) {
	for _, o := range p.ops[t.fn] {
		f(o, e)
	}
	if depth >= 2 {
		return
	}
	flow.EachInstr(t.fn, func(instr ssa.Instruction) {
		switch instr.(type) {
		case *ssa.Call, *ssa.Defer:
			c := instr.(ssa.CallInstruction).Common()
			if u := p.target(c.Value, c); u.fn != nil && u.fn != t.fn && len(p.touched[u.fn]) > 0 {
				p.eachOp(u, p.env(u, e), depth+1, f)
			}
		}
	})
}

// opaqueStart is what a go statement in a goroutine does to w: nothing, or nobody knows.
func (p *program) opaqueStart(w place) func(*ssa.Go, env) tally {
	return func(g *ssa.Go, _ env) tally {
		t := p.target(g.Call.Value, &g.Call)
		if t.fn != nil && !p.touches(t.fn, w) {
			return only(0)
		}
		return other
	}
}

// goroutine compares the Dones of one goroutine with how often it is counted.
func (p *program) goroutine(s start, w place) []Misuse {
	own := p.env(s.target, nil)
	c := &counter{p: p, w: w, env: own, start: p.opaqueStart(w)}
	in := c.run(s.fn)
	var rets []*ssa.Return
	var at []tally
	settled := false // some return has exactly the one Done
	returns(s.fn, func(ret *ssa.Return) {
		if t := c.at(in, ret); t != 0 {
			rets, at = append(rets, ret), append(at, t)
			n, ok := t.exact()
			settled = settled || ok && n == -1
		}
	})
	add, given := p.counted(s, w)
	given = given && !p.stray(w)
	done := p.opIn(s.fn, w, own, opDone)
	if done == nil || p.opIn(s.fn, w, own, opAdd) != nil {
		return nil
	}
	var out []Misuse
	for i, ret := range rets {
		t := at[i]
		if t&other != 0 {
			continue
		}
		m := Misuse{Fn: s.fn, At: ret, Op: done.instr, Class: w.class}
		m.Notes = []Note{{s.at, "starts the goroutine"}}
		if add != nil {
			m.Other = add.instr
			m.Notes = append([]Note{{add.instr, "calls Add"}}, m.Notes...)
		}
		n, exact := t.exact()
		switch {
		case exact && n == 0:
			m.Kind, m.All = LostDone, true
			m.Confidence = 50
			if given {
				m.Confidence = 90
			} else if !settled {
				continue
			}
		case t.has(0) && t.has(-1):
			m.Kind, m.Confidence = LostDone, 30
			if given {
				m.Confidence = 45
			}
		case t.below(-1) && given:
			second := p.second(c, in, s.fn)
			if second == nil {
				continue
			}
			m.Kind, m.At, m.All, m.Confidence = TwoDones, second, true, 90
		default:
			continue
		}
		if m.Kind == LostDone {
			m.Notes = append(m.Notes, Note{done.instr, "calls Done on another path"})
		} else {
			m.Notes = append(m.Notes, Note{done.instr, "calls Done already"})
		}
		out = append(out, m)
	}
	return out
}

// stray reports whether a function that no go statement starts calls Done or gives the WaitGroup away, and may do so
// for a goroutine that does not.
func (p *program) stray(w place) bool {
	if p.within == nil {
		p.within = map[*ssa.Function]bool{}
		for _, s := range p.starts {
			p.within[s.at.Parent()] = true // by the sum of the starter
			p.eachOp(s.target, nil, 0, func(o op, _ env) { p.within[o.instr.Parent()] = true })
		}
	}
	for _, fn := range p.fns {
		if p.within[fn] {
			continue
		}
		found := false
		for _, o := range p.ops[fn] {
			found = found || o.kind == opDone && p.place(o.recv, nil).like(w)
		}
		flow.EachInstr(fn, func(instr ssa.Instruction) {
			for _, v := range p.handsOut(instr) {
				found = found || p.place(v, nil).like(w)
			}
		})
		if found {
			return true
		}
	}
	return false
}

// opIn returns the first operation of a kind on w in fn or in a function that it calls.
func (p *program) opIn(fn *ssa.Function, w place, e env, kind opKind) *op {
	var first *op
	p.eachOp(target{fn: fn}, e, 0, func(o op, e env) {
		if first == nil && o.kind == kind && p.place(o.recv, e).same(w) {
			first = &o
		}
	})
	return first
}

// second returns an instruction of fn that calls Done when it has been called on every
// path already, one that is not deferred if there is one.
func (p *program) second(c *counter, in []tally, fn *ssa.Function) ssa.Instruction {
	var found ssa.Instruction
	flow.EachInstr(fn, func(instr ssa.Instruction) {
		call, ok := instr.(ssa.CallInstruction)
		if !ok || found != nil {
			return
		}
		if t := c.call(call); t.below(0) && c.at(in, instr).below(0) {
			found = instr
		} else if t.below(-1) {
			found = instr
		}
	})
	return found
}
