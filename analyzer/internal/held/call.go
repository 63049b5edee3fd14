package held

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
)

// call returns the states after a call, one per exit of the callee that moves
// locks differently.
func (w *walker) call(st *state, at V, in *effects.Instr) []*state {
	if w.trace {
		w.rec.traceAt(at, st)
	}
	switch in.Op {
	case effects.Acquire, effects.TryAcquire, effects.Release:
		return w.operate(st, at, in)
	case effects.CondWait:
		return []*state{w.wait(st, at, in.Args[0])}
	case effects.Call, effects.Invoke:
	default:
		return w.known(st, at, in)
	}
	st = w.handOver(st, in)
	ts := w.Targets(at)
	if len(ts) == 0 || ts[0].Dynamic {
		method := ""
		if in.Op == effects.Invoke && in.Flags&effects.Exported != 0 {
			method = in.Sym
		}
		if in.Op == effects.Call {
			w.callField(st, at, in.Args[0])
		}
		fromParam := (in.Op != effects.Invoke || method != "") && w.callParam(st, at, in.Args[0], method, nil)
		if len(ts) == 0 {
			w.guess(st, at)
		}
		if len(ts) == 0 || fromParam && len(ts) > 1 && w.told(in.Args[0]) {
			return []*state{w.unknownCall(st, at, in)}
		}
	}
	for _, t := range ts {
		w.rec.context(w, st, at, t)
	}
	if ts[0].Dynamic && in.Op == effects.Call { // who has called it may not know whose lock it is that this releases
		st = w.unknownCall(st, at, in)
	}
	if len(ts) == 1 {
		return w.apply(st, at, ts[0], nil)
	}
	w.several = true
	for _, t := range ts {
		w.apply(st, at, t, nil)
		st = w.releasesOf(st, t, false)
	}
	w.several = false
	return []*state{st}
}

// known is a call of which the model tells what it does: it calls functions that it is given, and methods of operands, and it
// may not return.
func (w *walker) known(st *state, at V, in *effects.Instr) []*state {
	for _, c := range w.Callbacks[at] {
		switch {
		case c.Started:
		case c.Method == "":
			st = w.callFunc(st, at, c.Arg)
		case c.Fn != nil || c.Key != "":
			w.apply(st, at, method(c), nil)
		}
	}
	if in.Flags&effects.NoReturn != 0 {
		if in.Sym == goexit && w.running == 0 {
			for _, s := range w.runDefersAt(st, at) {
				w.rec.keep.exit(w, s, at, nil, false)
			}
		}
		return nil
	}
	return []*state{st}
}

// goexit is the call that ends a goroutine.
const goexit = "runtime.Goexit"

// method returns the target of a method that is called back.
func method(c effects.Callback) resolve.Target {
	t := resolve.Target{Fn: c.Fn, Pkg: c.Pkg, Key: c.Key, Conf: 100, Args: []V{c.Recv}}
	if c.Fn != nil {
		t.Args = padded(c.Recv, c.Fn)
	}
	return t
}

// padded returns the arguments of a method call of which only the receiver is known.
func padded(recv V, fn *effects.Func) []V {
	args := make([]V, max(1, len(fn.Params)))
	args[0] = recv
	return args
}

// handOver marks the locks loose that a function literal given to the callee releases:
// nobody here knows whether the callee calls it, as the body of a range over a
// function that unlocks and returns.
func (w *walker) handOver(st *state, in *effects.Instr) *state {
	if len(st.held) == 0 {
		return st
	}
	args := in.Args
	if in.Op == effects.Invoke || in.Flags&effects.Dynamic != 0 {
		args = args[1:]
	}
	for _, arg := range args {
		lit := w.At(arg)
		if lit.Op != effects.Closure || lit.Fn == nil {
			continue
		}
		t := resolve.Target{Fn: lit.Fn, Free: lit.Args, Conf: 100}
		s := w.Summary(t)
		if s == nil {
			continue
		}
		for _, x := range s.Exits {
			for _, r := range x.Released {
				st = loosen(st, w.subst(st, t, r.Path))
			}
		}
	}
	return st
}

// loosen marks the locks that may be at p as held loosely.
func loosen(st *state, p ident.Path) *state {
	for i, h := range st.held {
		if !h.Loose && h.Path.MaySame(p) {
			n := st.clone()
			n.held = slices.Clone(n.held)
			n.held[i].Loose = true
			st = n
		}
	}
	return st
}

// spawn is a go statement. The locks held do not enter the goroutine, but one that it
// releases is handed to it.
func (w *walker) spawn(st *state, at V, in *effects.Instr) *state {
	if len(st.held) == 0 || in.Op != effects.Call && in.Op != effects.Invoke {
		return st
	}
	for _, t := range w.Targets(at) {
		st = w.releasesOf(st, t, false)
		st = w.handed(st, t)
	}
	return st
}

// handed returns st without the locks that a goroutine gives back first, even if it takes them again: from then on they
// are not held by who has started it.
func (w *walker) handed(st *state, t resolve.Target) *state {
	s := w.Summary(t)
	if s == nil {
		return st
	}
	for i := range s.Events {
		for _, r := range s.Events[i].Released {
			l := summary.Lock{Path: w.subst(st, t, r.Path), Mode: r.Mode}
			if slices.ContainsFunc(st.held, func(h held) bool { return h.Path.Same(l.Path) }) {
				st = w.release(st, l, 0)
			}
		}
	}
	return st
}

// unknownCall is the call of a function value of which nothing is known. If an earlier
// call returned a function and left a lock held, it is taken to be what
// releases that, as in unlock := l.acquire(); defer unlock().
func (w *walker) unknownCall(st *state, at V, in *effects.Instr) *state {
	if in.Op == effects.Invoke || len(in.Args) > 1 {
		return st
	}
	releases := func(h held) bool {
		call := w.At(h.instr)
		return (call.Op == effects.Call && call.How == effects.AtOnce || call.Op == effects.Invoke) && anyResult(call, isFunc) && w.mayBeResult(in.Args[0], h.instr)
	}
	if !slices.ContainsFunc(st.held, releases) {
		return st
	}
	for _, h := range st.held {
		if releases(h) {
			w.rec.keep.released(h.instr, at)
		}
	}
	n := st.clone()
	n.held = slices.DeleteFunc(slices.Clone(n.held), releases)
	return n
}

// mayBeResult reports whether a function value may be one that a call has returned: it is not if it was there before.
func (w *walker) mayBeResult(v, call V) bool {
	switch in := w.At(v); in.Op {
	case effects.Param, effects.FuncOf, effects.Closure:
		return false
	case effects.Call, effects.Invoke:
		return v == call
	case effects.Extract:
		return in.Args[0] == call
	}
	return true
}

// anyResult reports whether f is true of the type of a result of a call.
func anyResult(in *effects.Instr, f func(*effects.Type) bool) bool {
	if in.Type == nil {
		return false
	}
	if in.Type.Kind == effects.Tuple {
		return slices.ContainsFunc(in.Type.Results, f)
	}
	return f(in.Type)
}

func isFunc(t *effects.Type) bool { return t.Kind == effects.Signature }

// carriesKey reports whether a result may be the object that releases what the call
// left locked, such as a transaction.
func carriesKey(t *effects.Type) bool {
	if t.Error {
		return false
	}
	switch t.Kind {
	case effects.Other, effects.Bool, effects.String, effects.Unsafe, effects.Signature:
		return false
	}
	return true
}

// callFunc calls a function value in place. Of what the function does to locks only
// releases count: sync.Once and the like call it once, or not at all.
func (w *walker) callFunc(st *state, at V, v V) *state {
	t, ok := w.Function(v)
	if !ok {
		w.callParam(st, at, v, "", nil)
		return st
	}
	if t.Fn != nil {
		t.Args = make([]V, len(t.Fn.Params))
		w.rec.escape(t.Fn)
	}
	w.apply(st, at, t, nil)
	return w.releasesOf(st, t, true)
}

// releasesOf returns st without the locks that a function releases on some exit. What
// is not held here may be the caller's, if callers asks for it and w.fn does not
// lock the class itself.
func (w *walker) releasesOf(st *state, t resolve.Target, callers bool) *state {
	s := w.Summary(t)
	if s == nil || len(st.held) == 0 && !callers {
		return st
	}
	for _, x := range s.Exits {
		for _, r := range x.Released {
			l := summary.Lock{Path: w.subst(st, t, r.Path), Mode: r.Mode}
			if callers && !w.Locks[l.Path.Class] || slices.ContainsFunc(st.held, func(h held) bool {
				return h.Path.MaySame(l.Path)
			}) {
				st = w.release(st, l, 0)
			}
		}
	}
	return st
}

// callParam notes that a parameter or captured variable, or a method of it, is
// called; it reports whether v is one.
func (w *walker) callParam(st *state, at V, v V, method string, via *summary.Event) bool {
	if v == 0 {
		return false
	}
	p := w.path(st, v)
	if !p.IsRoot() {
		return false
	}
	w.noteCall(st, at, p, method, via)
	return true
}

// guess applies what a call reaches only if other programs make it.
func (w *walker) guess(st *state, at V) {
	w.guessing = true
	for _, t := range w.Guesses(at) {
		w.apply(st, at, t, nil)
	}
	w.guessing = false
}

// told reports whether all callers tell what a parameter or captured variable holds, of which v is the content.
func (w *walker) told(v V) bool {
	if w.Facts.Told == nil {
		return true
	}
	v = w.Content(w.Unbox(v))
	if w.Op(v) == effects.Load {
		v = w.At(v).Args[0]
	}
	return w.Facts.Told(w.fn, v)
}

// callField notes that a function is called which a field of a parameter holds.
func (w *walker) callField(st *state, at V, v V) {
	if p := w.path(st, v); p.Kind == ident.Param {
		if _, rest, ok := p.FirstField(); ok && rest.Len() == 0 {
			w.noteCall(st, at, p, "", nil)
		}
	}
}

// noteCall is the event that what a path leads to is called.
func (w *walker) noteCall(st *state, at V, p ident.Path, method string, via *summary.Event) {
	ev := summary.Event{Kind: summary.CallParam, Method: method, Lock: summary.Lock{Path: p}, Conf: 100, Always: true, Chain: w.here(at)}
	var inner []summary.Held
	var released []summary.Lock
	if via != nil {
		ev.Chain = via.Chain.Push(Frame(w.fn, at))
		ev.Conf, ev.Always, ev.Guess = via.Conf, via.Always, via.Guess
		inner, released = via.Inner, via.Released
	}
	w.rec.event(w, st, at, ev, inner, released)
}

func compact(states ...*state) []*state {
	return slices.DeleteFunc(states, func(s *state) bool { return s == nil })
}
