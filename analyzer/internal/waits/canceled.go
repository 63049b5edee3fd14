package waits

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
)

// Canceled is the [Misuse].State of a waiter that tests whether a context is done.
const Canceled = "context"

// A canceled stands, in the state that a waiter tests, for whether the context at a place is
// done.
type canceled struct {
	root  ssa.Value
	steps string
}

// canceledKey returns the context whose method of that name a call is of.
func (p *program) canceledKey(c *ssa.CallCommon, method string) (canceled, bool) {
	if !c.IsInvoke() || c.Method.Name() != method || !isContext(c.Value.Type()) {
		return canceled{}, false
	}
	pl := p.place(c.Value, nil)
	return canceled{pl.root, pl.steps}, true
}

func isContext(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "context" && n.Obj().Name() == "Context"
}

// missedCancels reports what wakes, without a lock, a waiter that tests whether a context is done: a
// function given to context.AfterFunc, or a goroutine that waits for Done.
func (p *program) missedCancels(waits []condWait, locking map[*ssa.Function]bool) []Misuse {
	var out []Misuse
	report := func(at ssa.Instruction, op ssa.CallInstruction, cond place, ctx canceled, text string) {
		for _, w := range waits {
			if !w.state[ctx] || !w.cond.same(cond) && (w.cond.class == "" || w.cond.class != cond.class) {
				continue
			}
			out = append(out, Misuse{
				Kind: MissWake, Fn: at.Parent(), At: op, Op: op, Other: w.op.instr, Class: cond.class, State: Canceled,
				All: true, Confidence: 80, Notes: []Note{{at, text}, {w.op.instr, "waits"}},
			})
			return
		}
	}
	for _, fn := range p.fns {
		flow.EachInstr(fn, func(instr ssa.Instruction) {
			call, ok := instr.(*ssa.Call)
			if !ok {
				return
			}
			if name, ok := calleeIn(&call.Call, "context"); ok && name == "AfterFunc" {
				pl := p.place(call.Call.Args[0], nil)
				ctx := canceled{pl.root, pl.steps}
				if cond, ok := boundWake(call.Call.Args[1]); ok {
					report(call, call, p.place(cond, nil), ctx, "has it called when the context is done")
				} else if t := p.target(call.Call.Args[1], nil); t.fn != nil && !locking[t.fn] {
					for _, o := range p.ops[t.fn] {
						if o.kind == opWake {
							report(call, o.instr, p.place(o.recv, p.env(t, nil)), ctx, "has it called when the context is done")
						}
					}
				}
			}
		})
	}
	for _, s := range p.starts {
		if locking[s.fn] {
			continue
		}
		flow.EachInstr(s.fn, func(instr ssa.Instruction) {
			recv, ok := instr.(*ssa.UnOp)
			if !ok || recv.Op != token.ARROW {
				return
			}
			call, ok := recv.X.(*ssa.Call)
			if !ok {
				return
			}
			ctx, ok := p.canceledKey(&call.Call, "Done")
			if !ok {
				return
			}
			for _, o := range p.ops[s.fn] {
				if o.kind == opWake && reaches(recv, o.instr, nil) {
					report(recv, o.instr, p.place(o.recv, nil), ctx, "waits for the context")
				}
			}
		})
	}
	return out
}

// boundWake returns the Cond of the method value c.Signal or c.Broadcast.
func boundWake(v ssa.Value) (ssa.Value, bool) {
	for {
		ct, ok := v.(*ssa.ChangeType)
		if !ok {
			break
		}
		v = ct.X
	}
	mc, ok := v.(*ssa.MakeClosure)
	if !ok || len(mc.Bindings) != 1 {
		return nil, false
	}
	o, ok := mc.Fn.(*ssa.Function).Object().(*types.Func)
	if !ok || mc.Fn.(*ssa.Function).Synthetic == "" {
		return nil, false
	}
	typ, name := methodOf(o)
	return mc.Bindings[0], typ == "Cond" && (name == "Signal" || name == "Broadcast")
}
