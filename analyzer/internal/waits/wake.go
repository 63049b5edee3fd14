package waits

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
)

// missedWakes reports functions that set what a waiter tests and wake it, and have
// nothing to do with any lock: the waiter can test before and wait after.
func (p *program) missedWakes() []Misuse {
	var out []Misuse
	waits := p.condWaits()
	if len(waits) == 0 {
		return nil
	}
	locking := p.lockers()
	out = append(out, p.missedCancels(waits, locking)...)
	for _, fn := range p.fns {
		for _, o := range p.ops[fn] {
			if o.kind != opWake {
				continue
			}
			if m, ok := p.missedWake(fn, o, waits, locking); ok {
				out = append(out, m)
			}
		}
	}
	return out
}

// A condWait is a Wait in a loop, and what the loop tests.
type condWait struct {
	op    op
	cond  place
	state map[any]bool
}

func (p *program) condWaits() []condWait {
	var out []condWait
	for _, fn := range p.fns {
		for _, o := range p.ops[fn] {
			if o.kind != opCondWait {
				continue
			}
			l := p.loop(fn)
			comp := l.comp[o.instr.Block().Index]
			w := condWait{o, p.place(o.recv, nil), map[any]bool{}}
			for _, b := range fn.Blocks {
				if l.comp[b.Index] != comp || !l.cyclic[b.Index] {
					continue
				}
				if br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If); ok {
					p.state(br.Cond, w.state, 0)
				}
			}
			if len(w.state) > 0 {
				out = append(out, w)
			}
		}
	}
	return out
}

// lockers finds the functions that may lock or unlock anything, and those that one of them calls or refers
// to: the lock of a Cond may be held in any of them.
func (p *program) lockers() map[*ssa.Function]bool {
	direct := map[*ssa.Function]bool{}
	var up func(fn *ssa.Function)
	up = func(fn *ssa.Function) {
		if direct[fn] {
			return
		}
		direct[fn] = true
		for _, site := range p.sites[fn] {
			up(site.Parent())
		}
	}
	for _, fn := range p.fns {
		flow.EachInstr(fn, func(instr ssa.Instruction) {
			if call, ok := instr.(ssa.CallInstruction); ok && p.mayLock(call) {
				up(fn)
			}
		})
	}
	apart := p.apart()
	all := map[*ssa.Function]bool{}
	var down func(fn *ssa.Function)
	down = func(fn *ssa.Function) {
		if all[fn] {
			return
		}
		all[fn] = true
		for _, to := range p.refs[fn] {
			if !apart[to] || len(p.sites[to]) > 0 {
				down(to)
			}
		}
	}
	for _, fn := range p.fns {
		if direct[fn] {
			down(fn)
		}
	}
	return all
}

// apart returns the functions that run in a goroutine of their own.
func (p *program) apart() map[*ssa.Function]bool {
	apart := map[*ssa.Function]bool{}
	for _, s := range p.starts {
		apart[s.fn] = true
	}
	for _, fn := range p.fns {
		flow.EachInstr(fn, func(instr ssa.Instruction) {
			if call, ok := instr.(*ssa.Call); ok {
				if name, ok := calleeIn(&call.Call, "context"); ok && name == "AfterFunc" {
					if t := p.target(call.Call.Args[1], nil); t.fn != nil {
						apart[t.fn] = true
					}
				}
			}
		})
	}
	return apart
}

func (p *program) missedWake(fn *ssa.Function, o op, waits []condWait, locking map[*ssa.Function]bool) (Misuse, bool) {
	if locking[fn] || p.valued[fn] {
		return Misuse{}, false
	}
	cond := p.place(o.recv, nil)
	for _, w := range waits {
		if !w.cond.same(cond) && (w.cond.class == "" || w.cond.class != cond.class) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				addr := stored(instr)
				if addr == nil || !reaches(instr, o.instr, nil) {
					continue
				}
				pl := p.place(addr, nil)
				k := stateKey(pl)
				if k == nil || !w.state[k] || sameOwnerMade(pl) {
					continue
				}
				m := Misuse{Kind: MissWake, Fn: fn, At: o.instr, Op: o.instr, Other: w.op.instr, Class: cond.class, State: pl.class, All: true, Confidence: 75}
				if exportedAlone(fn) && len(p.sites[fn]) == 0 && !p.startsIt(fn) {
					m.Confidence = 65 // a caller elsewhere may lock, if it can
				}
				m.Notes = []Note{{instr, "sets it"}, {w.op.instr, "waits for it"}}
				return m, true
			}
		}
	}
	return Misuse{}, false
}

// startsIt reports whether fn runs in a goroutine of its own, which begins without locks.
func (p *program) startsIt(fn *ssa.Function) bool {
	for _, s := range p.starts {
		if s.fn == fn {
			return true
		}
	}
	return false
}

func exportedAlone(fn *ssa.Function) bool {
	o, ok := fn.Object().(*types.Func)
	return ok && o.Exported()
}

// sameOwnerMade reports whether the object was made by the function that stores to it.
func sameOwnerMade(pl place) bool {
	_, ok := pl.root.(*ssa.Alloc)
	return ok && pl.class != "" && !strings.Contains(pl.steps, "^")
}

// stored returns the address that an instruction stores to, plainly or by sync/atomic.
func stored(instr ssa.Instruction) ssa.Value {
	switch instr := instr.(type) {
	case *ssa.Store:
		return instr.Addr
	case *ssa.Call:
		name, ok := calleeIn(&instr.Call, "sync/atomic")
		if ok && len(instr.Call.Args) > 0 {
			for _, prefix := range []string{"Store", "Swap", "CompareAndSwap", "Add"} {
				if strings.HasPrefix(name, prefix) {
					return instr.Call.Args[0]
				}
			}
		}
	}
	return nil
}
