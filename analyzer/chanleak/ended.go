package chanleak

import (
	"fmt"
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/analyzer/internal/waits"
)

// ended reports waits of the function that makes a channel for a goroutine that can end without doing its half.
func (s *scene) ended() []leak {
	for _, op := range s.o.Ops {
		if op.Fn == s.home && op.Waits() && s.alone(op) && !op.Deferred() {
			if l, ok := s.deserted(op); ok {
				return []leak{l}
			}
		}
	}
	return nil
}

// deserted judges one wait.
func (s *scene) deserted(op waits.Op) (leak, bool) {
	loop := s.home.Graph().Loop[op.At().Block]
	ends := s.ends(op, op.Kind == waits.Recv && loop && s.drains(op))
	t, ok := s.only(ends)
	switch {
	case !ok, s.again(t), !s.home.Reaches(t.start.V, op.V, nil), op.Kind == waits.Send && s.o.Size != 0, s.conditional(op):
		return leak{}, false
	case op.Kind == waits.Recv && loop && !s.drains(op):
		return leak{}, false
	}
	find := s.newSearch(t.fn)
	for _, e := range ends {
		if e.Fn == t.fn {
			find.stop(e.V, e.Case)
		}
	}
	for v := range s.by(t.fn, ends) {
		if t.fn.At(v).Op.Calls() || t.fn.At(v).How == effects.Deferred {
			find.stops[v] = true
		}
	}
	s.certain(find, op)
	p := find.from(0)
	if p == nil {
		return leak{}, false
	}
	return s.wordDeserted(t, op, ends[0], p), true
}

// only returns the goroutine that alone can end a wait.
func (s *scene) only(ends []waits.Op) (t thread, ok bool) {
	for _, x := range s.threads {
		if len(ends) > 0 && !slices.ContainsFunc(ends, func(e waits.Op) bool { return !x.funcs[e.Fn] || s.own[e.Fn] }) {
			t, ok = x, true
		}
	}
	n := 0
	for _, x := range s.threads {
		if slices.ContainsFunc(ends, func(e waits.Op) bool { return x.funcs[e.Fn] }) {
			n++
		}
	}
	return t, ok && n == 1
}

// conditional reports whether home comes to an operation only if something says so that goroutines may change.
func (s *scene) conditional(op waits.Op) bool {
	found := false
	s.home.Branches(op.At().Block, func(cond V, _ bool) { found = found || s.shared(cond, 0) })
	return found
}

// shared reports whether a value of home was read from what its goroutines can write.
func (s *scene) shared(v V, depth int) bool {
	in := s.home.At(v)
	if in.Op == effects.Load && s.home.Op(in.Args[0]) == effects.Alloc {
		c := s.view(s.home).Cell(in.Args[0])
		return c == nil || c.Escapes
	}
	if s.changing(s.home, v, depth) {
		return true
	}
	return depth < 6 && !in.Op.Calls() && slices.ContainsFunc(in.Args, func(a V) bool { return a != 0 && s.shared(a, depth+1) })
}

// certain lets no way of a goroutine take a branch by what others may change, and pass what comes only when home is past its wait.
func (s *scene) certain(find *search, wait waits.Op) {
	for b := range find.fn.Blocks {
		br := find.fn.At(find.fn.Blocks[b].Last)
		if br.Op == effects.If && s.changing(find.fn, br.Args[0], 0) {
			find.stops[find.fn.Blocks[b].Last] = true
		}
	}
	for e, a := range find.arms {
		if s.later(find.fn, find.fn.At(a.sel).Args[2*(a.which-1)], wait) {
			find.edges[e] = true
		}
	}
	for v := find.fn.First; int(v) < len(find.fn.Code); v++ {
		switch in := find.fn.At(v); in.Op {
		case effects.Wait, effects.CondWait:
			find.stops[v] = true
		case effects.Recv, effects.Send:
			if s.later(find.fn, in.Args[0], wait) {
				find.stops[v] = true
			}
		}
	}
}

// later reports whether home does its half of what happens on a channel behind its wait, or may.
func (s *scene) later(fn *effects.Func, ch V, wait waits.Op) bool {
	objs, _ := s.m.Of(fn, ch)
	return slices.ContainsFunc(objs, func(o *waits.Object) bool {
		return (!o.Context || o.Complete) && slices.ContainsFunc(o.Ops, func(by waits.Op) bool {
			if by.Kind == waits.Recv || s.below[by.Fn] && !s.own[by.Fn] {
				return false
			}
			if !s.own[by.Fn] {
				return o.Made.Fn == s.home // at what time is not known
			}
			return by.Fn != s.home || by.Deferred() || s.home.Reaches(wait.V, by.V, nil)
		})
	})
}

// wordDeserted makes a finding.
func (s *scene) wordDeserted(t thread, op, end waits.Op, p *path) leak {
	l := leak{kind: "deserted", at: op.Spot, what: s.name(op)}
	who := report.Func(t.fn.Name, s.Path)
	does := map[waits.Kind]string{waits.Send: "sends on it", waits.Recv: "receives from it", waits.Close: "closes it"}[end.Kind]
	noun := map[waits.Kind]string{waits.Send: "send on", waits.Recv: "receive from"}[op.Kind]
	l.message = fmt.Sprintf("%s %s can block forever: the goroutine that alone %s can %s before", noun, l.what, does, s.exit(t.fn, p.end))
	l.steps = append(l.steps, s.step(s.o.Made, "makes "+l.what), s.step(t.start, "starts "+who+" in a goroutine"))
	l.steps = append(l.steps, s.passed(t.fn, p)...)
	l.steps = append(l.steps, s.step(end.Spot, does+" on another way"))
	l.inTest(s.home)
	return l
}
