package waits

import (
	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
)

// onceResets reports functions given to Once.Do that replace that Once, so that it can run again: Do has not returned
// yet. If the Once itself is overwritten, Do unlocks what is not locked any more; if it is a pointer to it, others
// read the pointer for their own Do at the same time.
func (p *program) onceResets() []Misuse {
	var out []Misuse
	for _, fn := range p.fns {
		for _, o := range p.ops[fn] {
			if o.kind != opOnceDo {
				continue
			}
			w, t := p.place(o.recv, nil), p.target(o.arg, nil)
			if t.fn == nil || w.root == nil {
				continue
			}
			e := p.env(t, nil)
			flow.EachInstr(t.fn, func(instr ssa.Instruction) {
				st, ok := instr.(*ssa.Store)
				if !ok {
					return
				}
				m := Misuse{Kind: ResetOnce, Fn: t.fn, At: st, Op: o.instr, Class: w.class, Confidence: 90}
				to := p.place(st.Addr, e)
				switch {
				case to.same(w):
				case to.root == w.root && to.steps+"^" == w.steps:
					m.Pointer = true
				default:
					return
				}
				m.Notes = []Note{{o.instr, "runs the function once"}}
				out = append(out, m)
			})
		}
	}
	return out
}
