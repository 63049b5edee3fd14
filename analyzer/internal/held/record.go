package held

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// A recorder collects what the walk sees, however often it sees it.
type recorder struct {
	events   map[eventID]*summary.Event
	edges    map[edgeID]*Edge
	doubles  map[doubleID]*Double
	free     map[doubleID]bool // seen without the lock held
	writers  map[V]*Writer
	exits    map[string]*summary.Exit
	contexts map[contextID]*Context
	escaped  map[*effects.Func]bool
	trace    map[V]*HeldAt
	keep     keeping
	locks    map[V]*Locks
	waits    map[V][]summary.Held
	freshRes uint64 // results that are new objects at every return so far
	lentRes  uint64 // the same, or new objects that are only lent
	returned bool
}

type eventID struct {
	instr V
	key   summary.EventKey // without Cond
}

type edgeID struct {
	instr            V
	from, to         string
	fromMode, toMode lockgraph.Mode
	link             string
}

type doubleID struct {
	instr V
	path  ident.Path
	mode  lockgraph.Mode
	leaf  lockgraph.Frame
}

type contextID struct {
	instr  V
	callee *effects.Func
}

func (r *recorder) init() {
	*r = recorder{
		events: map[eventID]*summary.Event{}, edges: map[edgeID]*Edge{}, doubles: map[doubleID]*Double{},
		free: map[doubleID]bool{}, writers: map[V]*Writer{}, exits: map[string]*summary.Exit{},
		contexts: map[contextID]*Context{}, escaped: map[*effects.Func]bool{}, trace: map[V]*HeldAt{},
		locks: map[V]*Locks{}, waits: map[V][]summary.Held{}, freshRes: ^uint64(0), lentRes: ^uint64(0),
	}
	r.keep.init()
}

// An acquisition is one lock being taken, here or below a call.
type acquisition struct {
	lock     summary.Lock
	chain    *summary.Chain
	inner    []summary.Held // held below
	outer    int            // so many of inner come first into view here
	released []summary.Lock // released below before
	cond     []summary.Lit
	always   bool
	conf     int
	wait     bool // by Cond.Wait, which had the lock before
	callee   bool // a callee takes it
	guess    bool // only if another program makes a call reach that
}

// acquire records what an acquisition means in state st.
func (w *walker) acquire(st *state, instr V, a acquisition) *state {
	again := false
	id := doubleID{instr, a.lock.Path, a.lock.Mode, a.chain.Last()}
	for i, h := range st.held {
		if h.Loose || a.releases(h.Path) {
			continue
		}
		if h.Path.Same(a.lock.Path) {
			again = true
			w.double(st, h, instr, a, id)
			continue
		}
		w.addEdge(st, h.Held, i, instr, a)
	}
	for i, h := range a.inner[:a.outer] {
		if h.Path.Same(a.lock.Path) {
			again = true
			w.double(st, held{h, instr}, instr, a, id)
			continue
		}
		w.addEdge(st, h, len(st.held)+i, instr, a)
	}
	if again {
		return st
	}
	w.rec.free[id] = true
	if w.Fresh(a.lock.Path, instr) {
		return st
	}
	if !a.callee && a.lock.Mode == lockgraph.Write && a.lock.Path.Class != "" && !a.wait {
		w.writer(st, instr, a)
	}
	ev := summary.Event{Kind: summary.Acquire, Lock: a.lock, Always: a.always && !a.guess, Conf: a.conf, Guess: a.guess, Chain: a.chain, Cond: a.cond}
	w.rec.event(w, st, instr, ev, a.inner, a.released)
	return st
}

// releases reports whether a lock of the caller's is released below before the
// acquisition, as far as can be told.
func (a *acquisition) releases(p ident.Path) bool {
	return slices.ContainsFunc(a.released, func(r summary.Lock) bool {
		return r.Path.MaySame(p)
	})
}

func (w *walker) double(st *state, h held, instr V, a acquisition, id doubleID) {
	d := &Double{
		Held: h.Held, Mode: a.lock.Mode, Path: a.lock.Path, Chain: a.chain, Always: a.always, Conf: a.conf,
		Fn: w.fn, Instr: instr, First: h.instr, Correlated: w.follows(h.instr, instr),
	}
	for _, g := range st.held {
		if g.Must && g.Path != h.Path && g.Path.Class != "" {
			d.Others = append(d.Others, g.Held)
		}
	}
	d.Guess = a.guess
	if len(a.cond) > 0 || a.guess {
		d.Always = false
	}
	if old := w.rec.doubles[id]; old != nil {
		if cmp.Or(
			-cmp.Compare(b2i(d.Held.Must), b2i(old.Held.Must)),
			cmp.Compare(d.Held.Mode, old.Held.Mode),
			cmp.Compare(d.Held.Chain.Len, old.Held.Chain.Len),
			summary.CompareChains(d.Held.Chain, old.Held.Chain)) >= 0 {
			return
		}
	}
	w.rec.doubles[id] = d
}

// follows reports whether b comes after a without a condition of its own: a is on
// every path to b, and if they are one, the loop closes only after it.
func (w *walker) follows(a, b V) bool {
	if a == 0 || b == 0 {
		return false
	}
	if a != b {
		return w.Before(a, b)
	}
	g, at := w.Graph(), w.At(a).Block
	for l := range w.Blocks {
		latch := int32(l)
		for _, head := range w.Blocks[l].Succs {
			if g.Dominates(head, latch) && g.Dominates(head, at) && g.Comp[latch] == g.Comp[at] && !g.Dominates(at, latch) {
				return false
			}
		}
	}
	return true
}

func (w *walker) addEdge(st *state, h summary.Held, hi int, instr V, a acquisition) {
	if a.guess {
		return // the order of two objects: nobody has shown that there are such
	}
	from, to := h.Path, a.lock.Path
	if from.Class == "" || to.Class == "" || w.Fresh(from, instr) || w.Fresh(to, instr) || w.Unordered(from, to, instr) {
		return
	}
	link := ""
	if from.Class == to.Class {
		if from.Distinct(to) || !a.wait && h.Mode == lockgraph.Read && a.lock.Mode == lockgraph.Read {
			return
		}
		if link = relation(from, to); link == "" && w.anyOrder(from, to) {
			link = lockgraph.AnyOrder
		}
		if link == "" {
			return
		}
	}
	e := &Edge{From: h, To: summary.Held{Lock: a.lock, Must: true, Chain: a.chain}, Conf: a.conf, Fn: w.fn, Instr: instr,
		FromParam: paramOf(from), ToParam: paramOf(to), Released: st.rel}
	e.Link = link
	if !h.Must {
		e.Conf /= 2
	}
	if h.Leak {
		e.Conf = e.Conf * leakFactor / 100
	}
	gate := func(g summary.Held) {
		if g.Must && !g.Loose && g.Path.Class != "" && g.Path.Class != from.Class && g.Path.Class != to.Class && !a.releases(g.Path) {
			g.Chain = nil
			e.Gates = append(e.Gates, g)
		}
	}
	for i, g := range st.held {
		if i != hi {
			gate(g.Held)
		}
	}
	for i, g := range a.inner {
		if len(st.held)+i != hi {
			gate(g)
		}
	}
	id := edgeID{instr, from.Class, to.Class, h.Mode, a.lock.Mode, link}
	if old := w.rec.edges[id]; old != nil && !betterEdge(e, old) {
		return
	}
	w.rec.edges[id] = e
}

// leakFactor lowers an order that exists only since a lock was forgotten on some path:
// the forgotten unlock is the bug.
const leakFactor = 30

func betterEdge(e, old *Edge) bool {
	return cmp.Or(
		cmp.Compare(len(e.Gates), len(old.Gates)),
		-cmp.Compare(e.Conf, old.Conf),
		cmp.Compare(e.From.Chain.Len+e.To.Chain.Len, old.From.Chain.Len+old.To.Chain.Len),
		summary.CompareChains(e.To.Chain, old.To.Chain),
		summary.CompareChains(e.From.Chain, old.From.Chain)) < 0
}

// relation returns how two instances of one class are related: "+x" if the
// second is reached through x from the first, "-x" the other way round.
func relation(from, to ident.Path) string {
	f, ok1 := from.Owner()
	t, ok2 := to.Owner()
	if !ok1 || !ok2 {
		return ""
	}
	if way, ok := f.Leads(t); ok {
		return "+" + way
	}
	if way, ok := t.Leads(f); ok {
		return "-" + way
	}
	return ""
}

func paramOf(p ident.Path) int {
	if p.Kind == ident.Param && !p.FollowsPointer() {
		return p.Index()
	}
	return -1
}

func (w *walker) writer(st *state, instr V, a acquisition) {
	wr := &Writer{Lock: a.lock.Path, Chain: a.chain, Fn: w.fn}
	for _, h := range st.held {
		if h.Must {
			wr.Held = append(wr.Held, h.Held)
		}
	}
	if old := w.rec.writers[instr]; old == nil || len(wr.Held) < len(old.Held) {
		w.rec.writers[instr] = wr
	}
}

// event records an event for the callers of w.fn.
func (r *recorder) event(w *walker, st *state, instr V, ev summary.Event, inner []summary.Held, released []summary.Lock) {
	ev.Lock.Path = export(ev.Lock.Path)
	if ev.Lock.Path.Kind == ident.Unknown && ev.Lock.Path.Class == "" {
		return
	}
	ev.Inner = nil
	addInner := func(h summary.Held) {
		if h.Loose || !h.Must && ev.Kind == summary.Acquire || len(ev.Inner) >= maxHeld {
			return
		}
		if ev.Kind == summary.Acquire {
			h.Chain = nil
		}
		h.Path = export(h.Path)
		if h.Path.Kind != ident.Unknown || h.Path.Class != "" {
			ev.Inner = append(ev.Inner, h)
		}
	}
	for _, h := range st.held {
		addInner(h.Held)
	}
	for _, h := range inner {
		addInner(h)
	}
	ev.Released = nil
	for _, l := range slices.Concat(st.rel, released) {
		l.Path = export(l.Path)
		if !slices.Contains(ev.Released, l) && (l.Path.Kind != ident.Unknown || l.Path.Class != "") {
			ev.Released = append(ev.Released, l)
		}
	}
	slices.SortFunc(ev.Released, summary.Lock.Compare)
	if len(st.lits)+len(ev.Cond) > 0 {
		cond := exported(slices.Concat(st.lits, ev.Cond))
		slices.SortFunc(cond, summary.Lit.Compare)
		ev.Cond = slices.Compact(cond)
	}
	id := eventID{instr, (&summary.Event{Kind: ev.Kind, Method: ev.Method, Lock: ev.Lock, Released: ev.Released}).Key()}
	old := r.events[id]
	if old == nil {
		r.events[id] = &ev
		return
	}
	both := slices.DeleteFunc(slices.Clone(old.Cond), func(l summary.Lit) bool { return !slices.Contains(ev.Cond, l) })
	if ev.Better(old) {
		*old = ev
	}
	old.Cond = both
}

// export returns a path as callers can express it.
func export(p ident.Path) ident.Path {
	switch p.Kind {
	case ident.Param, ident.Free, ident.Global:
		return p.Generalize()
	}
	return p.Forget()
}

// exit records a return in state st.
func (r *recorder) exit(w *walker, st *state, ret V) {
	results := w.At(ret).Args
	var x summary.Exit
	for _, h := range st.held {
		if h.Loose {
			continue
		}
		p := h.Path
		if p.Kind == ident.Value || p.Kind == ident.Alloc {
			p = w.viaResult(st, ret, p)
		} else {
			p = p.Generalize()
		}
		if p.Kind == ident.Unknown || w.Fresh(h.Path, ret) && p.Kind != ident.Result {
			continue
		}
		if !p.Exact() && w.unlocks(p.Class) {
			continue // a loop that unlocks what another loop locked
		}
		x.Acquired = append(x.Acquired, summary.Held{Lock: summary.Lock{Path: p, Mode: h.Mode}, Must: h.Must, Leak: h.Leak, Loose: remembered(st, h.Path), Chain: h.Chain})
	}
	for _, l := range st.rel {
		if l.Path = export(l.Path); l.Path.Kind != ident.Unknown {
			x.Released = append(x.Released, l)
		}
	}
	x.Cond = exported(st.lits)
	for i, v := range results {
		if lit, ok := w.resultLit(st, i, v); ok {
			x.Rets = append(x.Rets, lit)
		}
		r.freshResult(w, i, v, ret)
	}
	r.returned = true
	if !slices.ContainsFunc(results, func(v V) bool { return w.returnsFunc(v) }) { // or it is what unlocks
		r.keep.exit(w, st, ret, x.Rets, slices.ContainsFunc(x.Acquired, func(h summary.Held) bool { return h.Path.Kind == ident.Result }))
	}
	var key strings.Builder
	for _, h := range x.Acquired {
		writePath(&key, h.Path)
		key.WriteByte('0' + byte(h.Mode))
	}
	key.WriteByte('#')
	for _, l := range x.Released {
		writePath(&key, l.Path)
	}
	old := r.exits[key.String()]
	if old == nil {
		r.exits[key.String()] = &x
		return
	}
	old.Rets = slices.DeleteFunc(old.Rets, func(l summary.RetLit) bool { return !slices.Contains(x.Rets, l) })
	old.Cond = slices.DeleteFunc(old.Cond, func(l summary.Lit) bool { return !slices.Contains(x.Cond, l) })
	for i, h := range x.Acquired {
		if h.Must {
			old.Acquired[i].Must = true
		}
	}
}

// unlocks reports whether w.fn itself, or a function literal in it, has an unlock of
// the class.
func (w *walker) unlocks(class string) bool { return w.Unlocks[class] }

// viaResult expresses a path through a result that is returned.
func (w *walker) viaResult(st *state, ret V, p ident.Path) ident.Path {
	for i, v := range w.At(ret).Args {
		if !w.Refers(v) {
			continue
		}
		if q, ok := p.Via(w.path(st, v), ident.Result, i); ok {
			return q.Generalize()
		}
	}
	return ident.Path{}
}

func (w *walker) resultLit(st *state, i int, v V) (summary.RetLit, bool) {
	if w.Op(v) == effects.Const {
		if b, ok := w.BoolConst(v); ok {
			return summary.RetLit{Result: i, Val: b}, true
		}
		return summary.RetLit{Result: i, Nil: true, Val: true}, w.IsNil(v)
	}
	if w.Bool(v) {
		if lit, known, ok := w.condition(st, v); ok {
			if known {
				return summary.RetLit{Result: i, Val: lit.Val}, true
			}
			if val, known := st.lookup(lit); known {
				return summary.RetLit{Result: i, Val: val == lit.Val}, true
			}
		}
		return summary.RetLit{}, false
	}
	if !w.Refers(v) {
		return summary.RetLit{}, false
	}
	if w.NeverNil(v) {
		return summary.RetLit{Result: i, Nil: true, Val: false}, true
	}
	if val, known := st.lookup(summary.Lit{Path: w.path(st, v), Op: "==nil"}); known {
		return summary.RetLit{Result: i, Nil: true, Val: val}, true
	}
	return summary.RetLit{}, false
}

// returnsFunc reports whether a value is a function that is certainly there: it may be what unlocks.
func (w *walker) returnsFunc(v V) bool { return isFunc(w.At(v).Type) && w.NeverNil(v) }

func (r *recorder) freshResult(w *walker, i int, v V, ret V) {
	if i >= 64 {
		return
	}
	if w.IsNil(v) {
		return
	}
	v = w.Content(w.Unbox(v))
	if !w.Refers(v) || !w.MadeOrLent(v) || !w.AtMostLent(v, ret) {
		r.freshRes &^= 1 << i
		r.lentRes &^= 1 << i
	} else if !w.Made(v) || w.PublishedBefore(v, ret) {
		r.freshRes &^= 1 << i
	}
}

// context records the locks held at a call of a function.
func (r *recorder) context(w *walker, st *state, instr V, t resolve.Target) {
	if t.Fn == nil {
		return
	}
	id := contextID{instr, t.Fn}
	var hs []summary.Held
	for _, h := range st.held {
		if h.Must && !h.Loose && h.Path.Class != "" {
			h.Chain = nil
			hs = append(hs, h.Held)
		}
	}
	now := &Context{Site: instr, Callee: t.Fn, Held: hs, Released: st.rel, Passed: w.passed(t, instr)}
	for i, a := range t.Args {
		if a = w.Content(a); a == 0 || i >= 64 || !w.Refers(a) || !w.MadeOrLent(a) {
			continue
		}
		if w.Made(a) && !w.PublishedBefore(a, instr) {
			now.Fresh |= 1 << i
		}
		if w.AtMostLent(a, instr) {
			now.Lent |= 1 << i
		}
	}
	old := r.contexts[id]
	if old == nil {
		r.contexts[id] = now
		return
	}
	old.Held = slices.DeleteFunc(old.Held, func(h summary.Held) bool {
		return !slices.ContainsFunc(hs, func(g summary.Held) bool { return g.Lock == h.Lock })
	})
	old.Fresh &= now.Fresh
	old.Lent &= now.Lent
	for _, l := range st.rel {
		if !slices.Contains(old.Released, l) {
			old.Released = append(slices.Clone(old.Released), l)
		}
	}
}

// passed returns the parameters of this function that a call is given and that this function has not published before.
func (w *walker) passed(t resolve.Target, at V) []Passed {
	var out []Passed
	for i, a := range t.Args {
		p := w.Content(a)
		k := w.ParamIndex(p)
		if i >= 64 || k < 0 || k >= 64 || !w.Refers(p) || !w.AtMostLent(p, at) {
			continue
		}
		out = append(out, Passed{i, k, w.PublishedBefore(p, at)})
	}
	return out
}

// escape notes that a function is called by someone other than its call sites tell.
func (r *recorder) escape(fn *effects.Func) { r.escaped[fn] = true }

func (r *recorder) traceAt(instr V, st *state) {
	t := r.trace[instr]
	if t == nil {
		t = &HeldAt{Instr: instr}
		r.trace[instr] = t
	}
	var hs []summary.Held
	for _, h := range st.held {
		hs = append(hs, h.Held)
	}
	for _, s := range t.States {
		if slices.EqualFunc(s, hs, func(a, b summary.Held) bool { return a.Lock == b.Lock && a.Must == b.Must }) {
			return
		}
	}
	t.States = append(t.States, hs)
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
