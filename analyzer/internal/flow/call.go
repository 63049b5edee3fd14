package flow

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/model"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
)

// call returns the states after a call, one per exit of the callee that moves
// locks differently.
func (w *walker) call(st *state, instr ssa.CallInstruction, c *ssa.CallCommon) []*state {
	if w.trace {
		w.rec.traceAt(instr, st)
	}
	if e := modelled(c); e != nil {
		return w.model(st, instr, c, e)
	}
	st = w.handOver(st, c)
	ts := w.targets(c, instr)
	if len(ts) == 0 || ts[0].dynamic {
		method := ""
		if c.IsInvoke() && c.Method.Exported() {
			method = c.Method.Name()
		}
		fromParam := (!c.IsInvoke() || method != "") && w.callParam(st, instr, c.Value, method, nil)
		if len(ts) == 0 || fromParam && len(ts) > 1 {
			return []*state{w.unknownCall(st, c)}
		}
	}
	for _, t := range ts {
		w.rec.context(w, st, instr, t)
	}
	if len(ts) == 1 {
		return w.apply(st, instr, ts[0], nil)
	}
	w.several = true
	for _, t := range ts {
		w.apply(st, instr, t, nil)
		st = w.releasesOf(st, t, false)
	}
	w.several = false
	return []*state{st}
}

func (w *walker) model(st *state, instr ssa.CallInstruction, c *ssa.CallCommon, e *model.Effect) []*state {
	if e.Op != model.None {
		return w.operate(st, instr, c, e.Op)
	}
	for _, i := range e.Calls {
		if i < len(c.Args) {
			st = w.callFunc(st, instr, c.Args[i])
		}
	}
	for _, m := range e.Methods {
		if m.Arg < len(c.Args) {
			w.callMethods(st, instr, c.Args[m.Arg], m.Names)
		}
	}
	if e.Formats != nil {
		w.format(st, instr, c, e.Formats)
	}
	if e.NoReturn {
		if instr.Parent() == w.fn && w.running == nil && isGoexit(c) {
			for _, s := range w.runDefersAt(st, instr) {
				w.rec.keep.exit(w, s, instr, nil, false)
			}
		}
		return nil
	}
	return []*state{st}
}

// handOver marks the locks loose that a function literal given to the callee releases:
// nobody here knows whether the callee calls it, as the body of a range over a
// function that unlocks and returns.
func (w *walker) handOver(st *state, c *ssa.CallCommon) *state {
	if len(st.held) == 0 {
		return st
	}
	for _, arg := range c.Args {
		mc, ok := arg.(*ssa.MakeClosure)
		if !ok {
			continue
		}
		t := target{fn: mc.Fn.(*ssa.Function), free: mc.Bindings, conf: 100}
		s := w.env.Summary(t.fn)
		if s == nil {
			continue
		}
		for _, x := range s.Exits {
			for _, r := range x.Released {
				p := w.subst(st, t, r.Path)
				for i, h := range st.held {
					if !h.Loose && h.Path.MaySame(p) {
						n := st.clone()
						n.held = slices.Clone(n.held)
						n.held[i].Loose = true
						st = n
					}
				}
			}
		}
	}
	return st
}

// spawn is a go statement. The locks held do not enter the goroutine, but one that it
// releases is handed to it.
func (w *walker) spawn(st *state, instr *ssa.Go) *state {
	if len(st.held) == 0 || modelled(instr.Common()) != nil {
		return st
	}
	for _, t := range w.targets(instr.Common(), instr) {
		st = w.releasesOf(st, t, false)
		st = w.handed(st, t)
	}
	return st
}

// handed returns st without the locks that a goroutine gives back first, even if it takes them again: from then on they
// are not held by who has started it.
func (w *walker) handed(st *state, t target) *state {
	s := w.env.Summary(t.fn)
	if s == nil {
		return st
	}
	for i := range s.Events {
		for _, r := range s.Events[i].Released {
			l := summary.Lock{Path: w.subst(st, t, r.Path), Mode: r.Mode}
			if slices.ContainsFunc(st.held, func(h held) bool { return h.Path.Same(l.Path) }) {
				st = w.release(st, l, nil)
			}
		}
	}
	return st
}

// unknownCall is the call of a function value of which nothing is known. If an earlier
// call returned a function and left a lock held, it is taken to be what
// releases that, as in unlock := l.acquire(); defer unlock().
func (w *walker) unknownCall(st *state, c *ssa.CallCommon) *state {
	if c.IsInvoke() || len(c.Args) > 0 {
		return st
	}
	returnsFunc := func(h held) bool {
		call, ok := h.instr.(*ssa.Call)
		return ok && modelled(call.Common()) == nil && anyResult(call, isFunc)
	}
	if !slices.ContainsFunc(st.held, returnsFunc) {
		return st
	}
	n := st.clone()
	n.held = slices.DeleteFunc(slices.Clone(n.held), returnsFunc)
	return n
}

func anyResult(instr ssa.CallInstruction, f func(types.Type) bool) bool {
	for v := range instr.Common().Signature().Results().Variables() {
		if f(v.Type()) {
			return true
		}
	}
	return false
}

func isFunc(t types.Type) bool {
	_, ok := t.Underlying().(*types.Signature)
	return ok
}

// carriesKey reports whether a result may be the object that releases what the call
// left locked, such as a transaction.
func carriesKey(t types.Type) bool {
	if types.Identical(t, types.Universe.Lookup("error").Type()) {
		return false
	}
	switch t.Underlying().(type) {
	case *types.Basic, *types.Signature:
		return false
	}
	return true
}

// callFunc calls a function value in place. Of what the function does to locks only
// releases count: sync.Once and the like call it once, or not at all.
func (w *walker) callFunc(st *state, instr ssa.CallInstruction, v ssa.Value) *state {
	t, ok := w.function(v, 0)
	if !ok {
		w.callParam(st, instr, v, "", nil)
		return st
	}
	t.args = make([]ssa.Value, len(t.fn.Params))
	w.rec.escape(t.fn)
	w.apply(st, instr, t, nil)
	return w.releasesOf(st, t, true)
}

// releasesOf returns st without the locks that a function releases on some exit. What
// is not held here may be the caller's, if callers asks for it and w.fn does not
// lock the class itself.
func (w *walker) releasesOf(st *state, t target, callers bool) *state {
	s := w.env.Summary(t.fn)
	if s == nil || len(st.held) == 0 && !callers {
		return st
	}
	for _, x := range s.Exits {
		for _, r := range x.Released {
			l := summary.Lock{Path: w.subst(st, t, r.Path), Mode: r.Mode}
			if callers && !w.info.locks[l.Path.Class] || slices.ContainsFunc(st.held, func(h held) bool {
				return h.Path.MaySame(l.Path)
			}) {
				st = w.release(st, l, nil)
			}
		}
	}
	return st
}

// callParam notes that a parameter or captured variable, or a method of it, is
// called; it reports whether v is one.
func (w *walker) callParam(st *state, instr ssa.CallInstruction, v ssa.Value, method string, via *summary.Event) bool {
	if v == nil {
		return false
	}
	p := w.path(st, v)
	if p.Kind != ident.Param && p.Kind != ident.Free || p.Steps != "" && p.Steps != "^" {
		return false
	}
	ev := summary.Event{Kind: summary.CallParam, Method: method, Lock: summary.Lock{Path: p}, Conf: 100, Always: true, Chain: w.here(instr)}
	var inner []summary.Held
	var released []summary.Lock
	if via != nil {
		ev.Chain = via.Chain.Push(w.env.Frame(instr))
		ev.Conf, ev.Always = via.Conf, via.Always
		inner, released = via.Inner, via.Released
	}
	w.rec.event(w, st, instr, ev, inner, released)
	return true
}

func compact(states ...*state) []*state {
	return slices.DeleteFunc(states, func(s *state) bool { return s == nil })
}
