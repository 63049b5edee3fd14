package waitmisuse

import (
	"fmt"
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
)

// total judges a Wait of a local WaitGroup by the sum of all that was counted before.
func (p *program) total(o op, w object) (misuse, bool) {
	fn, a := o.Fn, of(o.Fn)
	c := &counter{activation: a, p: p, w: w, start: func(a *activation, v V) tally {
		t := p.callee(a, v)
		switch {
		case t == nil:
			return other
		case !p.touches(t.Fn, w):
			return only(0)
		}
		sum := p.counter(t, w).total()
		n, exact := sum.exact()
		if _, adds := p.first(t, w, effects.Add); !exact || n > 0 || adds {
			return other
		}
		return sum
	}}
	n, ok := c.at(c.run(), o.V).exact()
	if !ok || n == 0 {
		return misuse{}, false
	}
	m := misuse{kind: tooFew, at: o.point, op: o.point, excess: max(n, -n), all: true, confidence: 90}
	if n < 0 {
		m.kind = tooMany
	}
	for _, add := range p.opsOf(fn) {
		if add.kind != effects.Add {
			continue
		}
		if n < 0 && fn.Reaches(o.V, add.V, nil) {
			return misuse{}, false // the goroutines may call the rest of their Dones behind that
		}
		if p.object(a, add.recv).same(w) && fn.Reaches(add.V, o.V, nil) {
			m.notes = append(m.notes, note{add.point, fmt.Sprintf("calls Add(%d)", add.n)})
		}
	}
	if n < 0 && len(m.notes) == 0 {
		m.confidence = 50 // Add must be somewhere
	}
	for _, s := range p.starts {
		if s.at.Fn == fn && fn.Reaches(s.at.V, o.V, nil) {
			if k, ok := c.effect(s.at.V).exact(); ok && k < 0 {
				m.notes = append(m.notes, note{s.at, fmt.Sprintf("starts a goroutine that calls Done %s", times(-k))})
			}
		}
	}
	return m, true
}

// unended judges a Wait of a local WaitGroup for which nobody calls Done, whatever is called how often.
func (p *program) unended(o op, w object) (misuse, bool) {
	fn, a := o.Fn, of(o.Fn)
	c := &counter{activation: a, p: p, w: w}
	if c.mayEnd() {
		return misuse{}, false
	}
	for _, add := range p.opsOf(fn) {
		if add.kind == effects.Add && p.object(a, add.recv).same(w) && fn.Reaches(add.V, o.V, nil) {
			m := misuse{kind: noDone, at: o.point, op: o.point, other: add.point, obj: w, all: true, confidence: 90}
			m.notes = []note{{add.point, "calls Add"}}
			return m, true
		}
	}
	return misuse{}, false
}

// mayEnd reports whether the function, or what it calls and starts, may call Done, or lets somebody else do so.
func (c *counter) mayEnd() (may bool) {
	each(c.Fn, func(v V) {
		in := c.Fn.At(v)
		o := opOf(c.Fn, v)
		switch {
		case may:
		case o.kind == effects.Done || o.kind == effects.Add && o.n == 0 && c.Fn.At(o.arg).Sym != "len": // it may be negative
			may = c.p.object(c.activation, o.recv).like(c.w)
		case in.Op == effects.Call || in.Op == effects.Closure:
			t := c.p.callee(c.activation, v)
			if in.Op == effects.Closure {
				t = c.p.enter(resolve.Target{Fn: in.Fn, Free: in.Args}, c.activation, c.activation)
			}
			if t != nil {
				next := &counter{activation: t, p: c.p, w: c.w, depth: c.depth + 1}
				may = c.p.touches(t.Fn, c.w) && (c.depth >= maxCalls || next.mayEnd())
				break
			}
			fallthrough
		default:
			may = o.kind == effects.None && slices.ContainsFunc(c.p.handsOut(c.activation, v), c.isGroup)
		}
	})
	return may
}

func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return fmt.Sprintf("%d times", n)
}
