package waitmisuse

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// counted returns the Add that counts a started goroutine, nil if there is none in the starter, and whether it is certain that it
// counts one, exactly.
func (p *program) counted(s start, w object) (add *op, once bool) {
	fn, a := s.at.Fn, of(s.at.Fn)
	var adds, waits []op
	for _, o := range p.opsOf(fn) {
		switch {
		case !p.object(a, o.recv).same(w):
		case o.kind == effects.Add:
			adds = append(adds, o)
			if add == nil || fn.Reaches(o.V, s.at.V, nil) {
				add = &o
			}
		case o.kind == effects.Wait && o.instr().How == effects.AtOnce:
			waits = append(waits, o)
		}
	}
	if add == nil {
		return nil, false
	}
	c := &counter{activation: a, p: p, w: w, start: func(a *activation, v V) tally {
		t := p.callee(a, v)
		switch {
		case t == nil:
			return other
		case !p.touches(t.Fn, w):
			return only(0)
		case slices.ContainsFunc(p.groupsOf(t), w.same):
			return only(-1)
		}
		return other
	}}
	in := c.run()
	ends, even := 0, true
	check := func(v V) {
		if fn.Reaches(s.at.V, v, nil) {
			ends++
			even = even && c.at(in, v) == only(0)
		}
	}
	fn.Returns(check)
	for _, o := range waits {
		check(o.V)
	}
	if ends > 0 && even {
		return add, true
	}
	return add, len(adds) == 1 && p.perRound(s, *add, w)
}

// perRound reports whether Add(n), in front of a loop that runs n times, counts the one goroutine that each round of it
// starts.
func (p *program) perRound(s start, add op, w object) bool {
	fn := s.at.Fn
	g, body := fn.Graph(), s.at.instr().Block
	comp := g.Comp[body]
	if !g.Loop[body] || g.Comp[add.instr().Block] == comp || !fn.Before(add.V, s.at.V) {
		return false
	}
	for _, t := range p.starts {
		if t.at.V != s.at.V && t.at.Fn == fn && p.touches(t.to.Fn, w) {
			return false
		}
	}
	for b, block := range fn.Blocks {
		if g.Comp[b] != comp || len(block.Succs) != 2 || g.Comp[block.Succs[0]] == g.Comp[block.Succs[1]] || !g.Dominates(int32(b), body) {
			continue
		}
		cond := fn.At(fn.At(block.Last).Args[0])
		if cond.Op == effects.Compare && (p.sameNumber(fn, cond.Args[0], add.arg) || p.sameNumber(fn, cond.Args[1], add.arg)) {
			return true
		}
	}
	return false
}

// sameNumber reports whether two values are one number: one value, one constant, or the length of one value.
func (p *program) sameNumber(fn *effects.Func, v, w V) bool {
	f := p.view(fn)
	v, w = f.Content(v), f.Content(w)
	if v == w {
		return true
	}
	x, y := fn.At(v), fn.At(w)
	switch {
	case x.Op == effects.Const && y.Op == effects.Const:
		return x.Sym == y.Sym
	case x.Op == effects.Builtin && y.Op == effects.Builtin:
		return x.Sym == "len" && y.Sym == "len" && f.Content(x.Args[0]) == f.Content(y.Args[0])
	}
	return false
}
