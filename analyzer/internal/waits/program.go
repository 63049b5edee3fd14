package waits

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
)

// A program is the functions of one package, and what is known of all of them.
type program struct {
	mayLock func(ssa.CallInstruction) bool // see Check

	fns    []*ssa.Function
	index  map[*ssa.Function]bool
	makers map[*ssa.Function]*ssa.MakeClosure // where a literal becomes a value
	cells  map[*ssa.Alloc]ssa.Value           // see onlyValue
	ops    map[*ssa.Function][]op             // in source order
	sites  map[*ssa.Function][]ssa.CallInstruction
	starts []start // go statements
	valued map[*ssa.Function]bool
	refs   map[*ssa.Function][]*ssa.Function // functions that one refers to
	users  map[*ssa.Function][]*ssa.Function

	touched map[*ssa.Function]map[any]bool // see touches
	syncing map[*ssa.Function]bool         // see synchronizes
	loops   map[*ssa.Function]*loops
	within  map[*ssa.Function]bool // see stray
}

// A start is a go statement whose function is known.
type start struct {
	at *ssa.Go
	target
}

// A target is a function that a call reaches and what it is given, receiver first.
type target struct {
	fn   *ssa.Function
	args []ssa.Value
}

// env returns what the parameters of the target stand for, where outer holds for the caller.
func (p *program) env(t target, outer env) env {
	e := env{}
	for k, v := range outer {
		e[k] = v
	}
	for i, param := range t.fn.Params {
		if i < len(t.args) {
			e[param] = p.place(t.args[i], outer)
		}
	}
	return e
}

// newProgram returns nil if the functions have none of the operations.
func newProgram(fns []*ssa.Function, mayLock func(ssa.CallInstruction) bool) *program {
	p := &program{
		mayLock: mayLock,
		index:   map[*ssa.Function]bool{}, makers: map[*ssa.Function]*ssa.MakeClosure{}, cells: map[*ssa.Alloc]ssa.Value{},
		ops: map[*ssa.Function][]op{}, sites: map[*ssa.Function][]ssa.CallInstruction{}, valued: map[*ssa.Function]bool{},
		refs: map[*ssa.Function][]*ssa.Function{}, users: map[*ssa.Function][]*ssa.Function{}, loops: map[*ssa.Function]*loops{},
	}
	for _, fn := range fns {
		p.fns = append(p.fns, fn)
		p.index[fn] = true
		flow.EachInstr(fn, func(instr ssa.Instruction) {
			if o := opOf(instr); o.kind != opNone {
				p.ops[fn] = append(p.ops[fn], o)
			}
		})
	}
	if len(p.ops) == 0 {
		return nil
	}
	for _, fn := range fns {
		flow.EachInstr(fn, func(instr ssa.Instruction) {
			if mc, ok := instr.(*ssa.MakeClosure); ok {
				if lit := mc.Fn.(*ssa.Function); p.index[lit] && lit.Synthetic == "" {
					p.makers[lit] = mc
				}
			}
		})
	}
	for _, fn := range fns {
		p.link(fn)
	}
	p.touch()
	p.synchronize()
	return p
}

// link notes whom fn calls, starts and refers to.
func (p *program) link(fn *ssa.Function) {
	refer := func(to *ssa.Function) {
		if p.index[to] {
			p.refs[fn] = append(p.refs[fn], to)
			p.users[to] = append(p.users[to], fn)
		}
	}
	flow.EachInstr(fn, func(instr ssa.Instruction) {
		var called *ssa.Function
		if call, ok := instr.(ssa.CallInstruction); ok {
			if t := p.target(call.Common().Value, call.Common()); t.fn != nil {
				called = t.fn
				refer(called)
				if g, ok := call.(*ssa.Go); ok {
					p.starts = append(p.starts, start{g, t})
				} else {
					p.sites[called] = append(p.sites[called], call)
				}
			}
		}
		for _, o := range instr.Operands(nil) {
			f, ok := (*o).(*ssa.Function)
			if !ok {
				continue
			}
			f = declared(f)
			refer(f)
			if mc, ok := instr.(*ssa.MakeClosure); ok {
				if !calledOnly(mc) {
					p.valued[f] = true
				}
			} else if f != called {
				p.valued[f] = true
			}
		}
	})
}

// target resolves the function value of a call; its fn is nil if it is not one of the package.
func (p *program) target(v ssa.Value, c *ssa.CallCommon) target {
	if c != nil && c.IsInvoke() {
		return target{}
	}
	var args []ssa.Value
	if c != nil {
		args = c.Args
	}
	for range maxChain {
		switch x := v.(type) {
		case *ssa.Function:
			if fn := declared(x); p.index[fn] {
				return target{fn, args}
			}
			return target{}
		case *ssa.MakeClosure:
			lit := x.Fn.(*ssa.Function)
			if fn := declared(lit); fn != lit && len(x.Bindings) == 1 && p.index[fn] && len(fn.Params) > 0 &&
				types.Identical(fn.Params[0].Type(), x.Bindings[0].Type()) {
				return target{fn, append([]ssa.Value{x.Bindings[0]}, args...)} // a method value
			}
			v = x.Fn
			if !p.index[lit] {
				return target{}
			}
		case *ssa.ChangeType:
			v = x.X
		case *ssa.UnOp:
			if v = p.onlyValue(x.X); v == nil {
				return target{}
			}
		default:
			return target{}
		}
	}
	return target{}
}

// declared returns the function that an instance or the wrapper of a method value stands for.
func declared(fn *ssa.Function) *ssa.Function {
	if strings.HasPrefix(fn.Synthetic, "bound method wrapper") {
		if o, ok := fn.Object().(*types.Func); ok {
			if f := fn.Prog.FuncValue(o.Origin()); f != nil {
				return f
			}
		}
	}
	if o := fn.Origin(); o != nil {
		return o
	}
	return fn
}

// open reports whether code that is not seen may call fn.
func (p *program) open(fn *ssa.Function) bool {
	if fn.Parent() != nil {
		return p.valued[fn]
	}
	o, ok := fn.Object().(*types.Func)
	return !ok || o.Exported() || p.valued[fn]
}

// calledOnly reports whether a literal is only called, deferred or started where it is made.
func calledOnly(mc *ssa.MakeClosure) bool {
	for _, ref := range *mc.Referrers() {
		switch ref := ref.(type) {
		case ssa.CallInstruction:
			if ref.Common().Value != mc {
				return false
			}
			for _, a := range ref.Common().Args {
				if a == mc {
					return false
				}
			}
		case *ssa.DebugRef:
		default:
			return false
		}
	}
	return true
}
