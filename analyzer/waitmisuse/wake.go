package waitmisuse

import (
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
)

// canceled is the state of a waiter that tests whether a context is done.
const canceled = "context"

// A condWait is a Wait in a loop, and what the loop tests.
type condWait struct {
	op
	cond  object
	state map[key]bool
}

// missedWakes reports functions that set what a waiter tests and wake it, and have nothing to do with any lock: the waiter can
// test before and wait after.
func (p *program) missedWakes() []misuse {
	waits := p.condWaits()
	if len(waits) == 0 {
		return nil
	}
	locking := p.lockers()
	out := p.missedCancels(waits, locking)
	p.all(effects.Signal, func(o op) {
		if !locking[o.Fn] && !p.kept[o.Fn] {
			if m, ok := p.missedWake(o, waits); ok {
				out = append(out, m)
			}
		}
	})
	return out
}

func (p *program) condWaits() []condWait {
	var out []condWait
	p.all(effects.CondWait, func(o op) {
		a, g := of(o.Fn), o.Fn.Graph()
		w := condWait{o, p.object(a, o.recv), map[key]bool{}}
		for b := range o.Fn.Blocks {
			if g.Loop[b] && g.Comp[b] == g.Comp[o.instr().Block] {
				for k := range p.tests(a, int32(b)) {
					w.state[k] = true
				}
			}
		}
		if len(w.state) > 0 {
			out = append(out, w)
		}
	})
	return out
}

// on reports whether it is the Cond that is waited for.
func (w *condWait) on(cond object) bool {
	c := w.cond.InField()
	return w.cond.same(cond) || c != "" && c == cond.InField()
}

// lockers finds the functions that may lock or unlock anything, and those that one of them calls or refers to: the lock of a Cond
// may be held in any of them.
func (p *program) lockers() map[*effects.Func]bool {
	direct := map[*effects.Func]bool{}
	var up func(fn *effects.Func)
	up = func(fn *effects.Func) {
		if !direct[fn] {
			direct[fn] = true
			for _, site := range p.sites[fn] {
				up(site.Fn)
			}
		}
	}
	for _, fn := range p.funcs {
		each(fn, func(v V) {
			if !direct[fn] && p.mayLock(fn, v) {
				up(fn)
			}
		})
	}
	apart := p.apart()
	all := map[*effects.Func]bool{}
	var down func(fn *effects.Func)
	down = func(fn *effects.Func) {
		if !all[fn] {
			all[fn] = true
			for _, to := range p.refs[fn] {
				if !apart[to] || len(p.sites[to]) > 0 {
					down(to)
				}
			}
		}
	}
	for fn := range direct {
		down(fn)
	}
	return all
}

// apart returns the functions that run in a goroutine of their own, which begins without locks.
func (p *program) apart() map[*effects.Func]bool {
	apart := map[*effects.Func]bool{}
	for _, s := range p.starts {
		apart[s.to.Fn] = true
	}
	p.canceling(func(_ point, _ key, t *activation) { apart[t.Fn] = true })
	return apart
}

func (p *program) missedWake(o op, waits []condWait) (m misuse, ok bool) {
	fn, a := o.Fn, of(o.Fn)
	cond := p.object(a, o.recv)
	for _, w := range waits {
		if !w.on(cond) {
			continue
		}
		each(fn, func(v V) {
			addr := stored(fn.At(v))
			if ok || addr == 0 || !fn.Reaches(v, o.V, nil) {
				return
			}
			to := p.object(a, addr)
			if k := stateOf(to); k == (key{}) || !w.state[k] || to.InField() != "" && to.Kind == ident.Alloc && !to.FollowsPointer() {
				return // or the object was made here
			}
			m = misuse{kind: missWake, at: o.point, op: o.point, other: w.point, obj: cond, state: to.InField(), all: true, confidence: 75}
			if fn.Exported && len(p.sites[fn]) == 0 && !p.apart()[fn] {
				m.confidence = 65 // a caller elsewhere may lock, if it can
			}
			m.notes = []note{{point{fn, v}, "sets it"}, {w.point, "waits for it"}}
			ok = true
		})
	}
	return m, ok
}

// stored returns the address that an instruction stores to, plainly or by sync/atomic.
func stored(in *effects.Instr) V {
	if in.Op == effects.Store || in.Op == effects.Atomic && in.How == effects.AtOnce && !strings.HasPrefix(in.Sym, "Load") {
		return in.Args[0]
	}
	return 0
}

// canceling calls f for the functions in view, and the methods of Conds, that are called when a context is done: where that is said,
// and what stands for the context.
func (p *program) canceling(f func(at point, ctx key, t *activation)) {
	for _, fn := range p.funcs {
		a := of(fn)
		each(fn, func(v V) {
			in := fn.At(v)
			if in.Op != effects.Known || in.How != effects.AtOnce || len(in.Args) == 0 {
				return
			}
			if t := fn.At(in.Args[0]).Type; t == nil || t.Sync != effects.Context {
				return
			}
			for _, c := range fn.Callbacks[v] {
				if t := p.function(a, c.Arg, nil, a); t != nil && c.Started {
					f(point{fn, v}, p.contextKey(a, in.Args[0]), t)
				}
			}
		})
	}
}

// missedCancels reports what wakes, without a lock, a waiter that tests whether a context is done: a function that is called when the
// context is, or a goroutine that waits for that.
func (p *program) missedCancels(waits []condWait, locking map[*effects.Func]bool) []misuse {
	var out []misuse
	report := func(at, wake point, cond object, ctx key, text string) {
		for _, w := range waits {
			if w.state[ctx] && w.on(cond) {
				out = append(out, misuse{
					kind: missWake, at: wake, op: wake, other: w.point, obj: cond, state: canceled,
					all: true, confidence: 80, notes: []note{{at, text}, {w.point, "waits"}},
				})
				return
			}
		}
	}
	p.canceling(func(at point, ctx key, t *activation) {
		for _, o := range p.opsOf(t.Fn) {
			if o.kind != effects.Signal || locking[t.Fn] {
				continue
			}
			wake := o.point
			if t.Fn.Wrapper { // a method value
				wake = at
			}
			report(at, wake, p.object(t, o.recv), ctx, "has it called when the context is done")
		}
	})
	for _, s := range p.starts {
		fn := s.to.Fn
		if locking[fn] {
			continue
		}
		each(fn, func(v V) {
			if fn.Op(v) != effects.Recv {
				return
			}
			ctx, ok := p.contextOf(s.to, fn.At(v).Args[0], "Done")
			for _, o := range p.opsOf(fn) {
				if ok && o.kind == effects.Signal && fn.Reaches(v, o.V, nil) {
					report(point{fn, v}, o.point, p.object(s.to, o.recv), ctx, "waits for the context")
				}
			}
		})
	}
	return out
}
