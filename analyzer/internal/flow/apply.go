package flow

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// apply applies the summary of a target. via is the event that leads to the call
// if it is not w.fn itself that makes it: a callee calling the function it was given.
func (w *walker) apply(st *state, instr ssa.CallInstruction, t target, via *summary.Event) []*state {
	s := w.env.Summary(t.fn)
	if s == nil {
		return []*state{st}
	}
	site := callSite{instr, t, w.env.Frame(instr)}
	for i := range s.Events {
		w.applyEvent(st, site, &s.Events[i], via)
	}
	if via != nil || !s.Returns() && !s.Truncated {
		if via != nil {
			return []*state{st}
		}
		return nil
	}
	if !s.Moves() {
		return []*state{st}
	}
	var outs []*state
	for _, x := range s.Exits {
		if o := w.applyExit(st, site, x); o != nil {
			outs = append(outs, o)
		}
	}
	return outs
}

// A callSite is a call, one of the functions that it reaches, and the step of a witness that it is.
type callSite struct {
	instr ssa.CallInstruction
	t     target
	frame lockgraph.Frame
}

// applyEvent applies one event of the callee.
func (w *walker) applyEvent(st *state, site callSite, e, via *summary.Event) {
	instr, t, frame := site.instr, site.t, site.frame
	var inner []summary.Held    // held by the callee in between
	var released []summary.Lock // and released by it
	if via != nil {
		inner, released = via.Inner, via.Released
	}
	cond, ok := w.conditions(st, t, e.Cond)
	if !ok {
		return
	}
	chain := e.Chain
	if chain.Len > 1 && isWrapper(t.fn) {
		chain = chain.Next // wrappers are not shown
	}
	if via != nil {
		// The frames from here to the call of the function, then those inside it.
		for _, f := range slices.Backward(via.Chain.Frames()) {
			chain = chain.Push(f)
		}
	}
	chain = chain.Push(frame)
	in := slices.Clone(inner)
	for _, h := range e.Inner {
		h = w.substHeld(st, t, h)
		if h.Chain != nil {
			h.Chain = h.Chain.Push(frame)
		}
		in = append(in, h)
	}
	rel := slices.Clone(released)
	for _, r := range e.Released {
		rel = append(rel, summary.Lock{Path: w.subst(st, t, r.Path), Mode: r.Mode})
	}
	conf := e.Conf * t.conf / 100
	always := e.Always
	if via != nil {
		conf, always = conf*via.Conf/100, always && via.Always
	}
	if e.Kind == summary.CallParam {
		w.applyCallParam(st, instr, t, summary.Event{Method: e.Method, Inner: in, Released: rel, Conf: conf, Always: always, Chain: chain}, e.Lock.Path)
		return
	}
	lock := summary.Lock{Path: w.subst(st, t, e.Lock.Path), Mode: e.Lock.Mode}
	if lock.Path.Read {
		lock.Mode, lock.Path.Read = lockgraph.Read, false
	}
	w.acquire(st, instr, acquisition{lock: lock, chain: chain, inner: in, outer: len(inner), released: rel, cond: cond, always: always, conf: conf, callee: t.fn})
}

// applyExit applies one way in which the callee returns; nil if it cannot.
func (w *walker) applyExit(st *state, site callSite, x summary.Exit) *state {
	instr, t, frame := site.instr, site.t, site.frame
	if _, ok := w.conditions(st, t, x.Cond); !ok {
		return nil
	}
	for _, l := range x.Cond {
		if m, known, ok := w.substLit(st, t, l); ok && !known {
			m.Val = l.Val
			if st = assumeConsistent(st, m); st == nil {
				return nil
			}
		}
	}
	for _, r := range x.Released {
		st = w.release(st, summary.Lock{Path: w.subst(st, t, r.Path), Mode: r.Mode}, instr)
	}
	for _, h := range x.Acquired {
		p, viaResult := w.resultPath(instr, h.Path)
		if !viaResult {
			p = w.subst(st, t, h.Path)
		}
		if p.Kind == ident.Unknown {
			continue
		}
		l := summary.Lock{Path: p, Mode: h.Mode}
		if p.Read {
			l.Mode, l.Path.Read = lockgraph.Read, false
		}
		loose := h.Loose || !viaResult && anyResult(instr, carriesKey)
		st = w.hold(w.settle(st), instr, summary.Held{Lock: l, Loose: loose, Must: h.Must, Leak: h.Leak, Chain: h.Chain.Push(frame)})
	}
	for _, r := range x.Rets {
		v := resultValue(instr, r.Result)
		if v == nil {
			continue
		}
		lit := summary.Lit{Path: opaque(v, ""), Val: r.Val}
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
func (w *walker) resultPath(instr ssa.CallInstruction, p ident.Path) (ident.Path, bool) {
	if p.Kind != ident.Result {
		return p, false
	}
	v := resultValue(instr, p.Index())
	if v == nil {
		return p.Forget(), true
	}
	return opaque(v, "").Extend(p), true
}

// resultValue returns the value of a call's i-th result, nil if it is not used.
func resultValue(instr ssa.CallInstruction, i int) ssa.Value {
	call, ok := instr.(*ssa.Call)
	if !ok {
		return nil
	}
	if call.Call.Signature().Results().Len() == 1 {
		return call
	}
	for _, ref := range *call.Referrers() {
		if e, ok := ref.(*ssa.Extract); ok && e.Index == i {
			return e
		}
	}
	return nil
}
