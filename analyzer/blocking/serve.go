package blocking

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
	"github.com/lockcheck/lockcheck/analyzer/internal/waits"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// A way is how a goroutine, or code that is not in view, comes to an end.
type way struct {
	waits.Way
	exit bool // it is the end of the function in which the last call is
}

// ways returns all ways to an end; ok is false if there may be more.
func (c *checker) ways(e end) (out []way, ok bool) {
	if e.exit != nil {
		return []way{{waits.Way{Start: e.at, Spots: []waits.Spot{{Fn: e.exit}}}, true}}, true
	}
	ws, ok := c.m.Ways(e.at)
	for _, w := range ws {
		out = append(out, way{w, false})
	}
	return out, ok
}

// An acquisition is a lock that an instruction takes, by itself or below.
type acquisition struct {
	at     V
	lock   summary.Lock
	always bool // whenever it is done
	loop   bool // below, in a loop
	chain  *summary.Chain
}

// acquisitions returns the locks that a function takes, with those that it calls.
func (c *checker) acquisitions(fn *effects.Func) []acquisition {
	as, ok := c.taken[fn]
	if ok {
		return as
	}
	c.taken[fn] = nil // if it calls itself
	f := c.view(fn)
	for v := fn.First; int(v) < len(fn.Code); v++ {
		in := fn.At(v)
		switch {
		case in.How == effects.Started:
		case in.Op == effects.Acquire:
			mode := lockgraph.Write
			if in.Flags&effects.Shared != 0 {
				mode = lockgraph.Read
			}
			as = append(as, acquisition{at: v, lock: summary.Lock{Path: f.Path(nil, in.Args[0]), Mode: mode}, always: true, chain: summary.Of([]lockgraph.Frame{c.Engine.Step(fn, v)})})
		case in.Op == effects.Call, in.Op == effects.Invoke:
			as = append(as, c.takenBelow(fn, v)...)
		}
	}
	c.taken[fn] = as
	return as
}

// takenBelow returns the locks that a call takes.
func (c *checker) takenBelow(fn *effects.Func, v V) []acquisition {
	var as []acquisition
	f := c.view(fn)
	ts := f.Targets(v)
	known := map[*effects.Func]bool{}
	for _, t := range ts {
		known[t.Fn] = true
		for _, a := range c.eventsOf(fn, v, f.Summary(t), len(ts) == 1, func(p ident.Path) ident.Path { return f.Subst(nil, t, p) }) {
			a.loop = t.Fn != nil && c.loops(t.Fn, a.lock.Path.Class)
			as = append(as, a)
		}
	}
	for _, to := range c.m.Callees(waits.Spot{Fn: fn, V: v}) {
		if !known[to] {
			as = append(as, c.eventsOf(fn, v, c.Engine.Sums[to.ID], false, ident.Path.Forget)...)
		}
	}
	return as
}

// loops reports whether a function takes a lock of a class in a loop, by itself or below.
func (c *checker) loops(fn *effects.Func, class string) bool {
	return len(fn.Blocks) > 0 && slices.ContainsFunc(c.acquisitions(fn), func(a acquisition) bool {
		return a.lock.Path.Class == class && (a.loop || fn.Graph().Loop[fn.At(a.at).Block])
	})
}

func (c *checker) eventsOf(fn *effects.Func, v V, s *summary.Func, one bool, here func(ident.Path) ident.Path) []acquisition {
	if s == nil {
		return nil
	}
	var as []acquisition
	for _, ev := range s.Events {
		if ev.Guess {
			continue
		}
		if ev.Kind == summary.Acquire && ev.Lock.Path.Class != "" || ev.Kind == summary.Acquire && here(ev.Lock.Path).Class != "" {
			lock := summary.Lock{Path: here(ev.Lock.Path), Mode: ev.Lock.Mode}
			as = append(as, acquisition{at: v, lock: lock, always: one && ev.Always, chain: ev.Chain.Push(c.Engine.Step(fn, v))})
		}
	}
	return as
}

// A block is where a goroutine that could end a wait stops first.
type block struct {
	end  end
	way  way
	acq  acquisition
	sure bool   // the lock is certainly the same
	via  *block // who takes the lock, if it is another one for whom this goroutine waits first
	wait V      // by which it does
}

// actor returns the function that would end the wait.
func (b *block) actor() *effects.Func { return b.way.Spots[len(b.way.Spots)-1].Fn }

// stops returns where a way to an end takes a lock first, or may stand in front of it at any time: see model.go.
func (c *checker) stops(w wait, own []way, h hold, e end, way way) (best block, ok bool) {
	outer := false // a call on the way is in a loop
	for i, s := range way.Spots {
		last := i == len(way.Spots)-1
		for _, a := range c.acquisitions(s.Fn) {
			if a.lock.Path.Class != h.Path.Class || a.at == s.V && s.V != 0 || a.lock.Mode == lockgraph.Read && h.Mode == lockgraph.Read {
				continue
			}
			if !c.inFront(s, a, e.once, last && way.exit, way.Goroutine(), outer) || c.over(own, s.Fn, a.at) || c.counted(w, s, a.at) {
				continue
			}
			sure := c.same(w, h, e, way, i, a)
			if !ok || sure && !best.sure {
				best, ok = block{end: e, way: way, acq: a, sure: sure}, true
			}
		}
		if via, at, found := c.waitsFirst(w, own, h, e, way, s, last); found && !ok {
			best, ok = block{end: e, way: way, acq: via.acq, sure: via.sure, via: &via, wait: at}, true
		}
		outer = outer || s.V != 0 && s.Fn.Graph().Loop[s.At().Block]
	}
	return best, ok
}

// waitsFirst returns who takes the lock for whom a goroutine waits, whichever way it goes by a call: with the lock held, that wait does not end, either.
func (c *checker) waitsFirst(w wait, own []way, h hold, e end, way way, s waits.Spot, last bool) (block, V, bool) {
	if h.depth > 0 {
		return block{}, 0, false
	}
	for _, by := range c.byFn[s.Fn] {
		a := acquisition{at: by.at.V, always: true}
		if by.at == w.at || by.at == s || !c.inFront(s, a, e.once, last && way.exit, false, false) || c.over(own, s.Fn, a.at) {
			continue
		}
		below := h
		below.depth, below.on = 1, make([]ident.Path, len(by.on))
		if bs, ok := c.allStop(by, below); ok && !slices.ContainsFunc(bs, func(b block) bool { return !b.sure }) {
			return bs[0], by.at.V, true
		}
	}
	return block{}, 0, false
}

// inFront reports whether whoever goes by a call, or to an end, takes a lock before, by an instruction of the same function: always, or, if
// it is a goroutine that goes round in a loop, again and again.
func (c *checker) inFront(s waits.Spot, a acquisition, once, exit, goroutine, outer bool) bool {
	fn := s.Fn
	in := fn.At(a.at)
	late := exit || s.At().How == effects.Deferred // it happens when the function ends
	if late {
		switch {
		case in.How == effects.Deferred && !exit && !fn.Before(s.V, a.at):
			return false // which runs later
		case a.always && fn.EveryReturn(in.Block):
			return true
		}
		return goroutine && once && (a.loop || fn.Graph().Loop[in.Block])
	}
	if in.How == effects.Deferred {
		return false
	}
	if a.always && fn.Before(a.at, s.V) {
		return true
	}
	if !goroutine {
		return false
	}
	before, after := fn.Reaches(a.at, s.V, nil), fn.Reaches(s.V, a.at, nil)
	if once && before && (a.loop || fn.Graph().Loop[in.Block]) {
		return true
	}
	return before && after || outer && (before || after)
}

// same reports whether the lock that an end needs, in the i-th function on the way to it, is certainly the one that is held.
func (c *checker) same(w wait, h hold, e end, way way, i int, a acquisition) bool {
	if h.Path.Kind == ident.Global && a.lock.Path.Same(h.Path) {
		return true
	}
	afn, ap := c.outermost(way.Spots[i].Fn, a.lock.Path)
	known := func(fn *effects.Func, p ident.Path) bool {
		fn, p = c.outermost(fn, p)
		return fn == afn && p.Same(ap) && (w.made == nil || inside(w.made, fn)) && (w.made != nil || w.class != "")
	}
	if known(h.fn, h.Path) || h.start.Fn != nil && known(h.start.Fn, c.up(h.start, h.fn, h.Path)) {
		return true
	}
	on := c.place(e.at.Fn, e.on)
	held := relation(h.Path, h.on[e.of])
	if e.exit != nil { // the WaitGroup is known where the goroutine is started
		return held != "" && alike(held, relation(c.atStart(e, a.lock.Path), c.place(e.at.Fn, e.at.At().Args[0])))
	}
	for k := len(way.Spots) - 1; k > i; k-- {
		on = c.up(way.Spots[k-1], way.Spots[k].Fn, on)
	}
	if held == "" {
		return false
	}
	lock := a.lock.Path
	for k := i; ; k-- { // what they have in common may be seen further up only
		if r := relation(lock, on); r != "" || k < 0 {
			return alike(r, held)
		}
		switch {
		case k > 0:
			lock, on = c.up(way.Spots[k-1], way.Spots[k].Fn, lock), c.up(way.Spots[k-1], way.Spots[k].Fn, on)
		case way.Goroutine():
			lock, on = c.up(way.Start, way.Spots[0].Fn, lock), c.up(way.Start, way.Spots[0].Fn, on)
		}
	}
}

// atStart returns a path of the function that WaitGroup.Go starts in terms of the function that calls Go.
func (c *checker) atStart(e end, p ident.Path) ident.Path {
	f := c.view(e.at.Fn)
	for _, cb := range e.at.Fn.Callbacks[e.at.V] {
		if t, ok := f.Function(cb.Arg); ok && t.Fn == e.exit {
			return f.Subst(nil, t, p)
		}
	}
	return ident.Path{}
}

// inside reports whether a function is another one, or a literal in it.
func inside(fn, outer *effects.Func) bool {
	for ; fn != nil; fn = fn.Parent {
		if fn == outer {
			return true
		}
	}
	return false
}
