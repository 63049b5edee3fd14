package flow

import (
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/model"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
)

// A Join is an instruction at which a function waits for another goroutine: Wait of a WaitGroup or the like, or
// a receive from a channel.
type Join struct {
	Instr ssa.Instruction
	Class string // of the WaitGroup or channel
}

// A Signal is an instruction by which a function tells others that it has come so far: Done of a WaitGroup, close of a
// channel, a send.
type Signal struct {
	Instr  ssa.Instruction
	Class  string // of the WaitGroup or channel
	Closes bool   // it closes the channel
}

// Joins calls wait for the joins of a function, and tell for its signals.
func (s *Scanned) Joins(wait func(Join), tell func(Signal)) {
	w := s.w
	class := func(v ssa.Value) string {
		if u, ok := v.(*ssa.UnOp); ok && u.Op == token.MUL {
			v = u.X
		}
		return w.path(v).Class
	}
	for _, b := range w.fn.Blocks {
		for _, instr := range b.Instrs {
			switch x := instr.(type) {
			case *ssa.UnOp:
				if x.Op == token.ARROW {
					wait(Join{x, class(x.X)})
				}
			case *ssa.Select:
				for i, st := range x.States {
					if st.Dir == types.RecvOnly {
						if first := caseOf(x, i); first != nil {
							wait(Join{first, class(st.Chan)})
						}
					} else {
						tell(Signal{x, class(st.Chan), false})
					}
				}
			case *ssa.Send:
				tell(Signal{x, class(x.Chan), false})
			case ssa.CallInstruction:
				c := x.Common()
				if bi, ok := c.Value.(*ssa.Builtin); ok && bi.Name() == "close" {
					tell(Signal{x, class(c.Args[0]), true})
					continue
				}
				callee := c.StaticCallee()
				if callee == nil || callee.Signature.Recv() == nil || len(c.Args) == 0 {
					continue
				}
				switch callee.Name() {
				case "Wait":
					if _, ok := x.(*ssa.Call); ok {
						wait(Join{x, class(c.Args[0])})
					}
				case "Done":
					tell(Signal{x, class(c.Args[0]), false})
				}
			}
		}
	}
}

// caseOf returns the first instruction of what a select does in its i-th case, nil if others lead there, too.
func caseOf(sel *ssa.Select, i int) ssa.Instruction {
	for _, ref := range *sel.Referrers() {
		index, ok := ref.(*ssa.Extract)
		if !ok || index.Index != 0 {
			continue
		}
		for _, use := range *index.Referrers() {
			test, ok := use.(*ssa.BinOp)
			if !ok || test.Op != token.EQL {
				continue
			}
			k, ok := test.Y.(*ssa.Const)
			if !ok || k.Value == nil {
				continue
			}
			if n, exact := constant.Int64Val(k.Value); !exact || n != int64(i) {
				continue
			}
			for _, br := range *test.Referrers() {
				if cond, ok := br.(*ssa.If); ok {
					if to := cond.Block().Succs[0]; len(to.Preds) == 1 {
						return to.Instrs[0]
					}
				}
			}
		}
	}
	if len(sel.States) == 1 && sel.Blocking {
		return sel
	}
	return nil
}

// A Take is an instruction that certainly takes a lock, itself or below a call.
type Take struct {
	Instr ssa.Instruction
	Class string
}

// Takes calls f for the locks that a function takes.
func (s *Scanned) Takes(f func(Take)) {
	w := s.w
	for _, b := range w.fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			if e := modelled(call.Common()); e != nil {
				if (e.Op == model.Lock || e.Op == model.RLock) && !call.Call.IsInvoke() {
					f(Take{call, w.path(call.Call.Args[0]).Class})
				}
				continue
			}
			ts := w.targets(call.Common(), call)
			if len(ts) != 1 {
				continue
			}
			if sum := w.env.Summary(ts[0].fn); sum != nil {
				for _, ev := range sum.Events {
					if ev.Kind == summary.Acquire && ev.Always {
						f(Take{call, ev.Lock.Path.Class})
					}
				}
			}
		}
	}
}
