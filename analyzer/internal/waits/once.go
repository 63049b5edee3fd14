package waits

import (
	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
)

// selfOnces reports functions given to Once.Do, or to sync.OnceFunc and its like, that get to the same Do.
func (p *program) selfOnces() []Misuse {
	var out []Misuse
	for _, fn := range p.fns {
		for _, o := range p.ops[fn] {
			if o.kind == opOnceDo {
				if m, ok := p.selfOnce(fn, o); ok {
					out = append(out, m)
				}
			}
		}
		flow.EachInstr(fn, func(instr ssa.Instruction) {
			if st, ok := instr.(*ssa.Store); ok {
				if m, ok := p.selfOnceFunc(fn, st); ok {
					out = append(out, m)
				}
			}
		})
	}
	return out
}

// A trail is a chain of calls from the function that runs once.
type trail struct {
	calls []ssa.CallInstruction
	sure  bool // each is made on every path
}

// maxTrails bounds the calls that are followed from one function.
const maxTrails = 2000

func (p *program) selfOnce(fn *ssa.Function, o op) (Misuse, bool) {
	w := p.place(o.recv, nil)
	t := p.target(o.arg, nil)
	if t.fn == nil || w.root == nil {
		return Misuse{}, false
	}
	tr, ok := p.findOnce(t, maker(w), func(call ssa.CallInstruction, e env) bool {
		again := opOf(call)
		return again.kind == opOnceDo && p.place(again.recv, e).same(w)
	})
	if !ok {
		return Misuse{}, false
	}
	return onceMisuse(fn, o.instr, w.class, tr), true
}

// selfOnceFunc judges x = sync.OnceFunc(f), where x is a variable that gets no other value.
func (p *program) selfOnceFunc(fn *ssa.Function, st *ssa.Store) (Misuse, bool) {
	call, ok := st.Val.(*ssa.Call)
	if !ok {
		return Misuse{}, false
	}
	name, ok := calleeIn(&call.Call, "sync")
	if !ok || !onceFuncs[name] {
		return Misuse{}, false
	}
	a, ok := st.Addr.(*ssa.Alloc)
	if !ok || p.onlyValue(a) != call {
		return Misuse{}, false
	}
	t := p.target(call.Call.Args[0], nil)
	if t.fn == nil {
		return Misuse{}, false
	}
	tr, ok := p.findOnce(t, a.Parent(), func(c ssa.CallInstruction, _ env) bool {
		u, ok := c.Common().Value.(*ssa.UnOp)
		return ok && p.onlyValue(u.X) == call
	})
	if !ok {
		return Misuse{}, false
	}
	return onceMisuse(fn, call, "", tr), true
}

func onceMisuse(fn *ssa.Function, do ssa.CallInstruction, class string, tr trail) Misuse {
	m := Misuse{Kind: SelfOnce, Fn: fn, At: tr.calls[0], Op: do, Other: tr.calls[len(tr.calls)-1], Class: class, All: tr.sure}
	m.Confidence = 55
	if tr.sure {
		m.Confidence = 95
	}
	m.Notes = []Note{{do, "runs the function once"}}
	for _, c := range tr.calls[:len(tr.calls)-1] {
		m.Notes = append(m.Notes, Note{c, "calls on"})
	}
	return m
}

// maker returns the function whose every call has another object at a place; nil if there is none.
func maker(w place) *ssa.Function {
	if _, ok := w.root.(*ssa.Parameter); ok {
		return nil
	}
	return w.root.Parent()
}

// findOnce returns the shortest chain of calls from t to one that is wanted, not through
// the function not.
func (p *program) findOnce(t target, not *ssa.Function, want func(ssa.CallInstruction, env) bool) (trail, bool) {
	type item struct {
		t  target
		e  env
		tr trail
	}
	type visit struct {
		fn   *ssa.Function
		root place // of the receiver, or the first argument
	}
	seen := map[visit]bool{}
	work := []item{{t, p.env(t, nil), trail{sure: true}}}
	for steps := 0; len(work) > 0 && steps < maxTrails; steps++ {
		it := work[0]
		work = work[1:]
		v := visit{fn: it.t.fn}
		if len(it.t.fn.Params) > 0 {
			v.root = it.e[it.t.fn.Params[0]]
		}
		if seen[v] || len(it.tr.calls) > maxChain {
			continue
		}
		seen[v] = true
		for _, b := range it.t.fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(ssa.CallInstruction)
				if !ok {
					continue
				}
				if _, ok := call.(*ssa.Go); ok {
					continue
				}
				tr := trail{append(it.tr.calls[:len(it.tr.calls):len(it.tr.calls)], call), it.tr.sure && everyPath(call)}
				if want(call, it.e) {
					return tr, true
				}
				c := call.Common()
				next := p.target(c.Value, c)
				if o := opOf(call); o.kind == opOnceDo { // another Once: what it is given runs now
					next = p.target(o.arg, nil)
					tr.sure = false
				}
				if next.fn != nil && next.fn != not {
					work = append(work, item{next, p.env(next, it.e), tr})
				}
			}
		}
	}
	return trail{}, false
}

// everyPath reports whether every return of its function is behind an instruction.
func everyPath(instr ssa.Instruction) bool {
	all := true
	returns(instr.Parent(), func(ret *ssa.Return) {
		all = all && flow.Before(instr, ret)
	})
	return all
}
