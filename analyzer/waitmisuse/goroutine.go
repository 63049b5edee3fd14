package waitmisuse

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// counts reports goroutines that do not call Done as often as they are counted, and Waits of which it is certain that the
// counter is not zero.
func (p *program) counts() []misuse {
	var out []misuse
	wrong := map[key]bool{} // WaitGroups with a finding: their totals say it again
	for _, s := range p.starts {
		for _, w := range p.groupsOf(s.to) {
			if !outside(w, s) {
				continue
			}
			if ms := p.goroutine(s, w); len(ms) > 0 {
				out = append(out, ms...)
				wrong[w.key()] = true
			}
		}
	}
	out = append(out, p.doneInGo()...)
	p.all(effects.Wait, func(o op) {
		w := p.object(of(o.Fn), o.recv)
		if w.local() && w.in == o.Fn && !wrong[w.key()] && o.instr().How == effects.AtOnce {
			m, ok := p.total(o, w)
			if !ok {
				m, ok = p.unended(o, w)
			}
			if ok {
				out = append(out, m)
			}
		}
	})
	return out
}

// groupsOf returns the WaitGroups whose Done a started goroutine calls itself.
func (p *program) groupsOf(a *activation) []object {
	var out []object
	p.eachOp(a, 0, func(o op, e *activation) {
		if o.kind == effects.Done {
			if w := p.object(e, o.recv); !slices.ContainsFunc(out, w.same) {
				out = append(out, w)
			}
		}
	})
	return out
}

// outside reports whether the starter, or a function around it, knows a WaitGroup as the goroutine does: it is not
// declared, or picked from others, in the goroutine.
func outside(w object, s start) bool {
	for fn := s.at.Fn; fn != nil; fn = fn.Parent {
		if w.in == fn {
			return true
		}
	}
	return w.in == nil
}

// counter returns a counter of w in a goroutine: what it starts itself does nothing to w, or nobody knows.
func (p *program) counter(a *activation, w object) *counter {
	return &counter{activation: a, p: p, w: w, start: func(a *activation, v V) tally {
		if t := p.callee(a, v); t != nil && !p.touches(t.Fn, w) {
			return only(0)
		}
		return other
	}}
}

// goroutine compares the Dones of one goroutine with how often it is counted.
func (p *program) goroutine(s start, w object) []misuse {
	done, ok := p.first(s.to, w, effects.Done)
	if _, adds := p.first(s.to, w, effects.Add); !ok || adds {
		return nil
	}
	c := p.counter(s.to, w)
	in := c.run()
	settled := false // some return has exactly the one Done
	var rets []V
	s.to.Fn.Returns(func(ret V) {
		if n, ok := c.at(in, ret).exact(); ok && n == -1 {
			settled = true
		}
		rets = append(rets, ret)
	})
	add, given := p.counted(s, w)
	given = given && !p.stray(w)
	var out []misuse
	for _, ret := range rets {
		m := misuse{at: point{s.to.Fn, ret}, op: done.point, obj: w}
		if add != nil {
			m.other = add.point
			m.notes = append(m.notes, note{add.point, "calls Add"})
		}
		m.notes = append(m.notes, note{s.at, "starts the goroutine"})
		switch t := c.at(in, ret); {
		case t&other != 0 || t == 0:
			continue
		case t == only(0) && (given || settled):
			m.kind, m.all, m.confidence = lostDone, true, weight(given, 90, 50)
		case t != only(0) && t.has(0) && t.has(-1):
			m.kind, m.confidence = lostDone, weight(given, 45, 30)
		case t.below(-1) && given:
			if m.at.V = c.second(in); m.at.V == 0 {
				continue
			}
			m.kind, m.all, m.confidence = twoDones, true, 90
			m.notes = append(m.notes, note{done.point, "calls Done already"})
		default:
			continue
		}
		if m.kind == lostDone {
			m.notes = append(m.notes, note{done.point, "calls Done on another path"})
		}
		out = append(out, m)
	}
	return out
}

func weight(sure bool, yes, no int) int {
	if sure {
		return yes
	}
	return no
}

// second returns an instruction that calls Done when it has been called on every path already, one that is not deferred if
// there is one; 0 if there is none.
func (c *counter) second(in []tally) (found V) {
	each(c.Fn, func(v V) {
		if op := c.Fn.At(v); found == 0 && op.Op.Calls() && op.How != effects.Started {
			if t := c.effect(v); t.below(0) && c.at(in, v).below(0) || t.below(-1) {
				found = v
			}
		}
	})
	return found
}

// stray reports whether a function that no go statement starts calls Done or gives the WaitGroup away, and may do so
// for a goroutine that does not.
func (p *program) stray(w object) bool {
	if p.own == nil {
		p.own = map[*effects.Func]bool{}
		for _, s := range p.starts {
			p.own[s.at.Fn] = true // by the sum of the starter
			p.eachOp(s.to, 0, func(o op, _ *activation) { p.own[o.Fn] = true })
		}
	}
	return slices.ContainsFunc(p.funcs, func(fn *effects.Func) bool {
		if p.own[fn] {
			return false
		}
		a, found := of(fn), false
		like := func(v V) bool { return isWaitGroup(fn.At(v).Type) && p.object(a, v).like(w) }
		for _, o := range p.opsOf(fn) {
			found = found || o.kind == effects.Done && like(o.recv)
		}
		each(fn, func(v V) { found = found || slices.ContainsFunc(p.handsOut(a, v), like) })
		return found
	})
}

// doneInGo reports functions given to WaitGroup.Go that call Done of the same WaitGroup, as Go does when they return.
func (p *program) doneInGo() []misuse {
	var out []misuse
	p.all(effects.Start, func(o op) {
		a := of(o.Fn)
		t := p.function(a, o.arg, nil, a)
		if t == nil {
			return
		}
		w := p.object(a, o.recv)
		done, ok := p.first(t, w, effects.Done)
		if _, adds := p.first(t, w, effects.Add); !ok || adds || !p.counter(t, w).total().below(0) {
			return
		}
		if t.Fn.Wrapper { // a method value
			done.point = o.point
		}
		m := misuse{kind: doneInGo, at: done.point, op: done.point, other: o.point, obj: w, all: true, confidence: 90}
		p.all(effects.Add, func(add op) {
			if p.object(of(add.Fn), add.recv).like(w) {
				m.confidence = 50 // which counts it once more
			}
		})
		m.notes = []note{{o.point, "calls Go"}}
		out = append(out, m)
	})
	return out
}
