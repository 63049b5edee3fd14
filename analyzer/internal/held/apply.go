package held

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// A callsite is one call of one target.
type callsite struct {
	at     V
	target resolve.Target
	frame  lockgraph.Frame

	// The event that leads to the call if it is not the function itself that makes it: a callee calls the
	// function it was given.
	via *summary.Event
}

// apply applies the summary of a target. via is the event that leads to the call
// if it is not w.fn itself that makes it: a callee calling the function it was given.
func (w *walker) apply(st *state, at V, t resolve.Target, via *summary.Event) []*state {
	s := w.Summary(t)
	if s == nil {
		return []*state{st}
	}
	c := &callsite{at, t, Frame(w.fn, at), via}
	for i := range s.Events {
		w.applyEvent(st, c, &s.Events[i])
	}
	if via != nil {
		return []*state{st}
	}
	if !s.Returns() && !s.Truncated {
		return nil
	}
	if !s.Moves() {
		return []*state{st}
	}
	var outs []*state
	for _, x := range s.Exits {
		if o := w.applyExit(st, c, x); o != nil {
			outs = append(outs, o)
		}
	}
	return outs
}

func (w *walker) applyEvent(st *state, c *callsite, e *summary.Event) {
	cond, ok := w.conditions(st, c.target, e.Cond)
	if !ok {
		return
	}
	a := acquisition{cond: cond, always: e.Always, conf: e.Conf * c.target.Conf / 100, callee: c.target.Fn != nil || c.target.Key != "", guess: w.guessing || e.Guess, chain: e.Chain}
	if a.chain.Len > 1 && c.target.Fn != nil && c.target.Fn.Wrapper {
		a.chain = a.chain.Next // wrappers are not shown
	}
	if v := c.via; v != nil {
		// The frames from here to the call of the function, then those inside it.
		for _, f := range slices.Backward(v.Chain.Frames()) {
			a.chain = a.chain.Push(f)
		}
		a.inner, a.released = slices.Clone(v.Inner), slices.Clone(v.Released)
		a.outer = len(a.inner)
		a.conf, a.always = a.conf*v.Conf/100, a.always && v.Always
		a.guess = a.guess || v.Guess
	}
	a.chain = a.chain.Push(c.frame)
	for _, h := range e.Inner {
		h = w.substHeld(st, c.target, h)
		if h.Chain != nil {
			h.Chain = h.Chain.Push(c.frame)
		}
		a.inner = append(a.inner, h)
	}
	for _, r := range e.Released {
		a.released = append(a.released, summary.Lock{Path: w.subst(st, c.target, r.Path), Mode: r.Mode})
	}
	if e.Kind == summary.CallParam {
		w.applyCallParam(st, c.at, c.target, summary.Event{Method: e.Method, Inner: a.inner, Released: a.released, Conf: a.conf, Always: a.always, Guess: a.guess, Chain: a.chain}, e.Lock.Path)
		return
	}
	a.lock = summary.Lock{Path: w.subst(st, c.target, e.Lock.Path), Mode: e.Lock.Mode}
	if a.lock.Path.Read {
		a.lock.Mode, a.lock.Path.Read = lockgraph.Read, false
	}
	w.acquire(st, c.at, a)
}

// applyExit applies one way in which the callee returns; nil if it cannot.
func (w *walker) applyExit(st *state, c *callsite, x summary.Exit) *state {
	if _, ok := w.conditions(st, c.target, x.Cond); !ok {
		return nil
	}
	for _, l := range x.Cond {
		if m, known, ok := w.substLit(st, c.target, l); ok && !known {
			m.Val = l.Val
			if st = assumeConsistent(st, m); st == nil {
				return nil
			}
		}
	}
	for _, r := range x.Released {
		st = w.release(st, summary.Lock{Path: w.subst(st, c.target, r.Path), Mode: r.Mode}, c.at)
	}
	in := w.At(c.at)
	for _, h := range x.Acquired {
		p, viaResult := w.resultPath(c.at, h.Path)
		if !viaResult {
			p = w.subst(st, c.target, h.Path)
		}
		if p.Kind == ident.Unknown {
			continue
		}
		l := summary.Lock{Path: p, Mode: h.Mode}
		if p.Read {
			l.Mode, l.Path.Read = lockgraph.Read, false
		}
		loose := h.Loose || !viaResult && anyResult(in, carriesKey)
		if loose && !h.Loose {
			w.rec.keep.keys[c.at] = true
		}
		st = w.hold(w.settle(st), c.at, summary.Held{Lock: l, Loose: loose, Must: h.Must, Leak: h.Leak, Chain: h.Chain.Push(c.frame)})
	}
	for _, r := range x.Rets {
		v := w.resultValue(c.at, r.Result)
		if v == 0 {
			continue
		}
		lit := summary.Lit{Path: resolve.Opaque(v, ""), Val: r.Val}
		if r.Nil {
			lit.Op = "==nil"
		}
		if st = assumeConsistent(st, lit); st == nil {
			return nil
		}
	}
	return st
}

// resultPath expresses a path rooted at a result of the callee.
func (w *walker) resultPath(at V, p ident.Path) (ident.Path, bool) {
	if p.Kind != ident.Result {
		return p, false
	}
	v := w.resultValue(at, p.Index())
	if v == 0 {
		return p.Forget(), true
	}
	return resolve.Opaque(v, "").Extend(p), true
}

// resultValue returns the value of a call's i-th result, 0 if it is not used.
func (w *walker) resultValue(at V, i int) V {
	in := w.At(at)
	if in.How != effects.AtOnce || in.Type == nil {
		return 0
	}
	if in.Type.Kind != effects.Tuple {
		return at
	}
	for _, u := range w.Uses(at) {
		if e := w.At(u); e.Op == effects.Extract && int(e.Index) == i {
			return u
		}
	}
	return 0
}
