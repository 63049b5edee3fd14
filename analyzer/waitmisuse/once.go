package waitmisuse

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
)

// makesOnce reports whether an instruction makes a function that calls another only once.
func makesOnce(in *effects.Instr) bool {
	if in.Class != "sync" || in.How != effects.AtOnce {
		return false
	}
	return in.Sym == "sync.OnceFunc" || in.Sym == "sync.OnceValue" || in.Sym == "sync.OnceValues"
}

// selfOnces reports functions given to Once.Do, or to sync.OnceFunc and its like, that get to the same Do.
func (p *program) selfOnces() []misuse {
	var out []misuse
	for _, fn := range p.funcs {
		a := of(fn)
		for _, o := range p.opsOf(fn) {
			if o.kind != effects.Once {
				continue
			}
			w := p.object(a, o.recv)
			m, ok := p.selfOnce(o.point, o.arg, w, func(v V, e *activation) bool {
				again := opOf(e.Fn, v)
				return again.kind == effects.Once && p.object(e, again.recv).same(w)
			})
			if ok {
				out = append(out, m)
			}
		}
		each(fn, func(v V) {
			in := fn.At(v)
			if !makesOnce(in) {
				return
			}
			w := p.object(a, v)
			m, ok := p.selfOnce(point{fn, v}, in.Args[0], w, func(v V, e *activation) bool {
				again := e.Fn.At(v)
				return again.Op == effects.Call && again.Flags&effects.Dynamic != 0 && p.object(e, again.Args[0]).same(w)
			})
			if ok {
				out = append(out, m)
			}
		})
	}
	return out
}

// selfOnce judges a function that runs once since do; again tells which call then never returns.
func (p *program) selfOnce(do point, arg V, w object, again func(V, *activation) bool) (misuse, bool) {
	a := of(do.Fn)
	t := p.function(a, arg, nil, a)
	if t == nil {
		return misuse{}, false
	}
	maker := w.in // each of its calls has another object
	if w.Kind == ident.Param {
		maker = nil
	}
	tr, ok := p.search(t, maker, again)
	if !ok {
		return misuse{}, false
	}
	last := len(tr.calls) - 1
	m := misuse{kind: selfOnce, at: tr.calls[0], op: do, other: tr.calls[last], obj: w, all: tr.sure, confidence: weight(tr.sure, 95, 55)}
	m.notes = []note{{do, "runs the function once"}}
	for _, c := range tr.calls[:last] {
		m.notes = append(m.notes, note{c, "calls on"})
	}
	if next := p.callee(t, m.at.V); next != nil {
		m.callee = next.Fn.Name
	}
	return m, true
}

// A trail is a chain of calls from the function that runs once.
type trail struct {
	calls []point
	sure  bool // each is made on every path
}

// maxTrails bounds the calls that are followed from one function.
const maxTrails = 2000

// search returns the shortest chain of calls from a function to one that is wanted, not through the function not.
func (p *program) search(from *activation, not *effects.Func, wanted func(V, *activation) bool) (found trail, ok bool) {
	type item struct {
		*activation
		trail
	}
	type visit struct {
		fn    *effects.Func
		first object // of the receiver, or the first argument
	}
	seen := map[visit]bool{}
	work := []item{{from, trail{sure: true}}}
	for steps := 0; len(work) > 0 && !ok && steps < maxTrails; steps++ {
		it := work[0]
		work = work[1:]
		here := visit{fn: it.Fn}
		if len(it.Fn.Params) > 0 {
			here.first = p.object(it.activation, it.Fn.Params[0])
		}
		if seen[here] || len(it.calls) > maxChain {
			continue
		}
		seen[here] = true
		each(it.Fn, func(v V) {
			in := it.Fn.At(v)
			if ok || !in.Op.Calls() || in.How == effects.Started {
				return
			}
			tr := trail{append(slices.Clip(it.calls), point{it.Fn, v}), it.sure && it.Fn.EveryReturn(in.Block)}
			if wanted(v, it.activation) {
				found, ok = tr, true
				return
			}
			if next := p.callee(it.activation, v); next != nil && next.Fn != not {
				work = append(work, item{next, tr})
			}
			tr.sure = false
			for _, c := range it.Fn.Callbacks[v] { // what another Once is given runs now
				if next := p.function(it.activation, c.Arg, nil, it.activation); next != nil && c.Method == "" && !c.Started && next.Fn != not {
					work = append(work, item{next, tr})
				}
			}
		})
	}
	return found, ok
}

// onceResets reports functions given to Once.Do that replace that Once, so that it can run again: Do has not returned yet. If the
// Once itself is overwritten, Do unlocks what is not locked any more; if it is a pointer to it, others read the pointer for
// their own Do at the same time.
func (p *program) onceResets() []misuse {
	var out []misuse
	p.all(effects.Once, func(o op) {
		a := of(o.Fn)
		t := p.function(a, o.arg, nil, a)
		if t == nil {
			return
		}
		w := p.object(a, o.recv)
		pointer, byPointer := w.Undo()
		each(t.Fn, func(v V) {
			if t.Fn.Op(v) != effects.Store {
				return
			}
			to := p.object(t, t.Fn.At(v).Args[0])
			replaces := byPointer && to.same(object{w.in, pointer})
			if replaces || to.same(w) {
				out = append(out, misuse{
					kind: resetOnce, at: point{t.Fn, v}, op: o.point, obj: w, replaces: replaces, confidence: 90,
					notes: []note{{o.point, "runs the function once"}},
				})
			}
		})
	})
	return out
}
