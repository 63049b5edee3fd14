package waits

import (
	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
)

// lateAdds reports the Adds in goroutines that they count: Wait can return before.
func (p *program) lateAdds() []Misuse {
	var out []Misuse
	for _, s := range p.starts {
		p.eachOp(s.target, p.env(s.target, nil), 0, func(o op, e env) {
			if o.kind != opAdd {
				return
			}
			w := p.place(o.recv, e)
			if !outside(w, s) || p.early(s, w) || p.counting(s, o, w) || !p.unready(s.fn, o) {
				return
			}
			m := Misuse{Kind: LateAdd, Fn: o.instr.Parent(), At: o.instr, Op: o.instr, Start: s.at, Class: w.class}
			m.Notes = []Note{{s.at, "starts the goroutine"}}
			var wait ssa.Instruction
			if _, ok := w.root.(*ssa.Alloc); ok && w.class == "" {
				wait, m.Confidence = p.localWait(s, w)
			} else if w.class != "" && p.selfCounted(s, w) {
				wait, m.Confidence = p.farWait(s, w)
			}
			if wait == nil {
				return
			}
			m.Other = wait
			m.Notes = append(m.Notes, Note{wait, "waits"})
			out = append(out, m)
		})
	}
	return out
}

// early reports whether the starter, or a function around it, may count the goroutine, too: then
// what it adds is for others, and the counter is not zero.
func (p *program) early(s start, w place) bool {
	fn := s.at.Parent()
	for _, o := range p.ops[fn] {
		if (o.kind == opAdd || o.kind == opGo) && p.place(o.recv, nil).like(w) {
			if o.instr.Parent() != fn || reaches(o.instr, s.at, nil) {
				return true
			}
		}
	}
	// Calls of the starter that may do the same.
	found := false
	flow.EachInstr(fn, func(instr ssa.Instruction) {
		call, ok := instr.(*ssa.Call)
		if !ok || found || opOf(call).kind != opNone {
			return
		}
		if t := p.target(call.Call.Value, &call.Call); t.fn != nil && p.touches(t.fn, w) && reaches(call, s.at, nil) {
			found = true
		}
	})
	for out := fn.Parent(); out != nil && !found; out = out.Parent() {
		for _, o := range p.ops[out] {
			found = found || (o.kind == opAdd || o.kind == opGo) && p.place(o.recv, nil).like(w)
		}
	}
	return found
}

// counting reports whether the goroutine may have counted itself before: then this Add is for others,
// and the other one may be late.
func (p *program) counting(s start, o op, w place) bool {
	e := p.env(s.target, nil)
	for _, a := range p.ops[s.fn] {
		if a.kind != opAdd || a.instr == o.instr || !p.place(a.recv, e).same(w) {
			continue
		}
		if o.instr.Parent() != s.fn || reaches(a.instr, o.instr, nil) {
			return true
		}
	}
	return false
}

// unready reports whether nothing in the goroutine may have waited for another, or have
// told it something, when it gets to the Add.
func (p *program) unready(fn *ssa.Function, o op) bool {
	if in := o.instr.Parent(); in != fn {
		// The call that leads there is not known here: all in front of it counts.
		if p.syncing[in] && !p.clear(in, o.instr) {
			return false
		}
		calls, ok := 0, true
		flow.EachInstr(fn, func(instr ssa.Instruction) {
			c, isCall := instr.(*ssa.Call)
			if isCall && p.target(c.Call.Value, &c.Call).fn == in {
				calls++
				ok = ok && p.clear(fn, c)
			}
		})
		return calls > 0 && ok
	}
	return p.clear(fn, o.instr)
}

// clear reports whether no way from the start of fn to an instruction synchronizes.
func (p *program) clear(fn *ssa.Function, to ssa.Instruction) bool {
	clear := true
	flow.EachInstr(fn, func(instr ssa.Instruction) {
		if clear && instr != to && p.syncs(instr) && reaches(instr, to, nil) {
			clear = false
		}
	})
	return clear
}

// localWait returns the Wait that the starter, or a goroutine that it starts behind, gets to
// without having had to wait for the new goroutine; nil if there is none or somebody else
// may count.
func (p *program) localWait(s start, w place) (ssa.Instruction, int) {
	started := map[*ssa.Function]bool{}
	for _, t := range p.starts {
		started[t.fn] = true
	}
	for _, fn := range p.fns {
		for _, o := range p.ops[fn] {
			if (o.kind == opAdd || o.kind == opGo) && !started[fn] && p.place(o.recv, nil).same(w) {
				return nil, 0
			}
		}
	}
	fn := s.at.Parent()
	stop := func(instr ssa.Instruction) bool { return p.syncs(instr) }
	for _, o := range p.ops[fn] {
		if _, ok := o.instr.(*ssa.Call); ok && o.kind == opWait && p.place(o.recv, nil).same(w) && reaches(s.at, o.instr, stop) {
			return o.instr, 90
		}
	}
	for _, t := range p.starts {
		if t.at.Parent() != fn || !reaches(s.at, t.at, stop) {
			continue
		}
		for _, o := range p.ops[t.fn] {
			if o.kind == opWait && p.place(o.recv, p.env(t.target, nil)).same(w) && p.clear(t.fn, o.instr) {
				return o.instr, 85
			}
		}
	}
	return nil, 0
}

// outside reports whether the starter, or a function around it, knows a WaitGroup as the
// goroutine does: it is not declared, or picked from others, in the goroutine.
func outside(w place, s start) bool {
	if w.root.Parent() == nil {
		return true
	}
	for fn := s.at.Parent(); fn != nil; fn = fn.Parent() {
		if w.root.Parent() == fn {
			return true
		}
	}
	return false
}

// selfCounted reports whether the goroutine itself calls Done of w.
func (p *program) selfCounted(s start, w place) bool {
	for _, v := range p.groupsOf(s.target, nil) {
		if v.same(w) {
			return true
		}
	}
	return false
}

// farWait returns a Wait for the WaitGroup in a field or package variable.
func (p *program) farWait(s start, w place) (ssa.Instruction, int) {
	var wait ssa.Instruction
	for _, fn := range p.fns {
		for _, o := range p.ops[fn] {
			if o.kind == opWait && wait == nil && p.place(o.recv, nil).class == w.class {
				wait = o.instr
			}
		}
	}
	if wait == nil {
		return nil, 0
	}
	confidence := 70
	// Who else counts? If only goroutines like this one do, nothing keeps the counter up.
	self := map[*ssa.Function]bool{}
	for _, t := range p.starts {
		for _, v := range p.groupsOf(t.target, nil) {
			if v.class == w.class {
				self[t.fn] = true
			}
		}
	}
	for _, fn := range p.fns {
		for _, o := range p.ops[fn] {
			if (o.kind == opAdd || o.kind == opGo) && p.place(o.recv, nil).class == w.class && !self[fn] {
				confidence = 45
			}
		}
	}
	// Does the starter wait for something behind, or is the function called in place as well?
	if confidence > 45 {
		returns(s.at.Parent(), func(ret *ssa.Return) {
			if !reaches(s.at, ret, p.syncs) && reaches(s.at, ret, nil) {
				confidence = 45
			}
		})
		if len(p.sites[s.fn]) > 0 {
			confidence = 45
		}
	}
	return wait, confidence
}
