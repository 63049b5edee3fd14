package waitmisuse

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
)

// lateAdds reports the Adds in goroutines that they count: Wait can return before.
func (p *program) lateAdds() []misuse {
	var out []misuse
	for _, s := range p.starts {
		p.eachOp(s.to, 0, func(o op, e *activation) {
			if o.kind != effects.Add {
				return
			}
			w := p.object(e, o.recv)
			if !outside(w, s) || p.early(s, w) || p.counting(s, o, w) || !p.unready(s.to, o) {
				return
			}
			m := misuse{kind: lateAdd, at: o.point, op: o.point, start: s.at, obj: w}
			class := w.InField()
			if class == "" && w.Kind == ident.Alloc {
				m.other, m.confidence = p.localWait(s, w)
			} else if class != "" && slices.ContainsFunc(p.groupsOf(s.to), w.same) {
				m.other, m.confidence = p.farWait(s, class)
			}
			if m.confidence > 0 {
				m.notes = []note{{s.at, "starts the goroutine"}, {m.other, "waits"}}
				out = append(out, m)
			}
		})
	}
	return out
}

// adds reports whether an operation counts w up, or may do so.
func (p *program) adds(o op, w object) bool {
	return (o.kind == effects.Add || o.kind == effects.Start) && p.object(of(o.Fn), o.recv).like(w)
}

// early reports whether the starter, or a function around it, may count the goroutine, too: then what it adds is for
// others, and the counter is not zero.
func (p *program) early(s start, w object) bool {
	fn, found := s.at.Fn, false
	for _, o := range p.opsOf(fn) {
		found = found || p.adds(o, w) && fn.Reaches(o.V, s.at.V, nil)
	}
	// Calls of the starter that may do the same.
	each(fn, func(v V) {
		if found || fn.At(v).How != effects.AtOnce {
			return
		}
		if t := p.callee(of(fn), v); t != nil && p.touches(t.Fn, w) && fn.Reaches(v, s.at.V, nil) {
			found = true
		}
	})
	for out := fn.Parent; out != nil; out = out.Parent {
		found = found || slices.ContainsFunc(p.opsOf(out), func(o op) bool { return p.adds(o, w) })
	}
	return found
}

// counting reports whether the goroutine may have counted itself before: then this Add is for others, and the other one may be
// late.
func (p *program) counting(s start, o op, w object) bool {
	return slices.ContainsFunc(p.opsOf(s.to.Fn), func(a op) bool {
		return a.kind == effects.Add && a.V != o.V && p.object(s.to, a.recv).same(w) && (o.Fn != a.Fn || a.Fn.Reaches(a.V, o.V, nil))
	})
}

// unready reports whether nothing in the goroutine may have waited for another, or have told it something, when it gets to
// the Add.
func (p *program) unready(a *activation, o op) bool {
	if !p.clear(o.point) {
		return false
	}
	if o.Fn == a.Fn {
		return true
	}
	calls, ok := 0, true
	each(a.Fn, func(v V) {
		if t := p.callee(a, v); t != nil && t.Fn == o.Fn && a.Fn.At(v).How == effects.AtOnce {
			calls++
			ok = ok && p.clear(point{a.Fn, v})
		}
	})
	return calls > 0 && ok
}

// clear reports whether no way from the start of a function to an instruction synchronizes.
func (p *program) clear(to point) bool {
	clear := true
	each(to.Fn, func(v V) {
		clear = clear && (v == to.V || !p.syncs(to.Fn, v) || !to.Fn.Reaches(v, to.V, nil))
	})
	return clear
}

// unsynced reports whether control can get from one instruction to another of a function and synchronize nowhere in between. A loop that
// synchronizes in each round is taken to have one.
func (p *program) unsynced(fn *effects.Func, from, to V) bool {
	heads := map[int32]bool{}
	for _, l := range fn.Loops() {
		each(fn, func(v V) {
			if l.Has(v) && p.syncs(fn, v) && l.EachRound(fn.At(v).Block) && !l.Has(from) {
				heads[l.Header] = true
			}
		})
	}
	found := false
	fn.Follow(from, func(v V) bool {
		found = found || v == to
		return !found && !p.syncs(fn, v) && !heads[fn.At(v).Block]
	})
	return found
}

// localWait returns the Wait that the starter, or a goroutine that it starts behind, gets to without having had to wait for
// the new goroutine; the confidence is 0 if there is none or somebody else may count.
func (p *program) localWait(s start, w object) (point, int) {
	apart := map[*effects.Func]bool{}
	for _, t := range p.starts {
		apart[t.to.Fn] = true
	}
	for _, fn := range p.funcs {
		for _, o := range p.opsOf(fn) {
			if (o.kind == effects.Add || o.kind == effects.Start) && !apart[fn] && p.object(of(fn), o.recv).same(w) {
				return point{}, 0
			}
		}
	}
	fn := s.at.Fn
	for _, o := range p.opsOf(fn) {
		if o.kind == effects.Wait && o.instr().How == effects.AtOnce && p.object(of(fn), o.recv).same(w) && p.unsynced(fn, s.at.V, o.V) {
			return o.point, 90
		}
	}
	for _, t := range p.starts {
		if t.at.Fn != fn || !p.unsynced(fn, s.at.V, t.at.V) {
			continue
		}
		for _, o := range p.opsOf(t.to.Fn) {
			if o.kind == effects.Wait && p.object(t.to, o.recv).same(w) && p.clear(o.point) {
				return o.point, 85
			}
		}
	}
	return point{}, 0
}

// farWait returns a Wait for the WaitGroup in a field or package variable; the confidence is 0 if there is none.
func (p *program) farWait(s start, class string) (wait point, confidence int) {
	in := func(o op) bool { return p.object(of(o.Fn), o.recv).InField() == class }
	p.all(effects.Wait, func(o op) {
		if confidence == 0 && in(o) {
			wait, confidence = o.point, 70
		}
	})
	if confidence == 0 {
		return wait, 0
	}
	// Who else counts? If only goroutines like this one do, nothing keeps the counter up.
	self := map[*effects.Func]bool{}
	for _, t := range p.starts {
		if slices.ContainsFunc(p.groupsOf(t.to), func(v object) bool { return v.InField() == class }) {
			self[t.to.Fn] = true
		}
	}
	alone := true
	for _, kind := range []effects.Op{effects.Add, effects.Start} {
		p.all(kind, func(o op) { alone = alone && (self[o.Fn] || !in(o)) })
	}
	// Does the starter wait for something behind, or is the function called in place as well?
	fn := s.at.Fn
	fn.Returns(func(ret V) {
		alone = alone && (p.unsynced(fn, s.at.V, ret) || !fn.Reaches(s.at.V, ret, nil))
	})
	if !alone || len(p.sites[s.to.Fn]) > 0 {
		return wait, 45
	}
	return wait, confidence
}
