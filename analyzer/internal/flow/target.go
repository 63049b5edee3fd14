package flow

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// A target is a function that a call reaches, with what it is given.
type target struct {
	fn   *ssa.Function
	args []ssa.Value // receiver first
	free []ssa.Value // captured variables; nil where unknown
	held []ssa.Value // what captured variables hold, where that is known but not the variable
	conf int         // 1 to 100

	dynamic bool // resolved by what may flow here, not by what is in plain sight
}

// maxFanOut bounds the functions a dynamic call may reach; above it the call
// counts as unknown.
const maxFanOut = 8

// targets returns the functions that a call reaches, none if unknown.
func (w *walker) targets(c *ssa.CallCommon, site ssa.CallInstruction) []target {
	if c.IsInvoke() {
		if fn, recv := concreteMethod(c.Value, c.Method); fn != nil {
			return []target{{fn: Canon(fn), args: append([]ssa.Value{recv}, c.Args...), conf: 100}}
		}
		return w.dynamic(c, site, append([]ssa.Value{c.Value}, c.Args...))
	}
	if _, ok := c.Value.(*ssa.Builtin); ok {
		return nil
	}
	if t, ok := w.function(c.Value, 0); ok {
		t.args = c.Args
		return []target{t}
	}
	return w.dynamic(c, site, c.Args)
}

func (w *walker) dynamic(c *ssa.CallCommon, site ssa.CallInstruction, args []ssa.Value) []target {
	if site == nil {
		return nil
	}
	fns := w.env.Dynamic(site)
	if len(fns) == 0 || len(fns) > maxFanOut {
		return nil
	}
	var ts []target
	for _, fn := range fns {
		if len(fn.Params) == len(args) {
			ts = append(ts, target{fn: Canon(fn), args: args, conf: dynamicConf[len(fns)], dynamic: true})
		}
	}
	return ts
}

// dynamicConf is the confidence in a call by the number of functions it may
// reach: 100 divided by its square root.
var dynamicConf = [maxFanOut + 1]int{0, 95, 70, 57, 50, 44, 40, 37, 35}

// function resolves a function value within w.fn.
func (w *walker) function(v ssa.Value, depth int) (target, bool) {
	if depth > 8 {
		return target{}, false
	}
	switch v := v.(type) {
	case *ssa.Function:
		return target{fn: Canon(v), conf: 100}, true
	case *ssa.MakeClosure:
		return target{fn: v.Fn.(*ssa.Function), free: v.Bindings, conf: 100}, true
	case *ssa.ChangeType:
		return w.function(v.X, depth+1)
	case *ssa.MakeInterface:
		return w.function(v.X, depth+1)
	case *ssa.Call:
		return w.returned(v)
	case *ssa.UnOp:
		switch x := v.X.(type) {
		case *ssa.Alloc:
			if val := w.info.cells[x].single(); val != nil {
				return w.function(val, depth+1)
			}
		case *ssa.FreeVar:
			return w.freeFunction(x)
		}
	}
	return target{}, false
}

// returned resolves a function that a call returns, such as an iterator: the callee's
// only return is of one closure over its parameters.
func (w *walker) returned(call *ssa.Call) (target, bool) {
	callee := call.Call.StaticCallee()
	if callee == nil || len(callee.Blocks) == 0 || callee.Signature.Results().Len() != 1 {
		return target{}, false
	}
	var mc *ssa.MakeClosure
	for _, b := range callee.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || b == callee.Recover {
			continue
		}
		v := ret.Results[0]
		if ct, ok := v.(*ssa.ChangeType); ok {
			v = ct.X
		}
		c, ok := v.(*ssa.MakeClosure)
		if !ok || mc != nil {
			return target{}, false
		}
		mc = c
	}
	if mc == nil {
		return target{}, false
	}
	n := len(mc.Bindings)
	t := target{fn: mc.Fn.(*ssa.Function), free: make([]ssa.Value, n), held: make([]ssa.Value, n), conf: 100}
	if len(t.fn.Blocks) == 0 {
		return target{}, false
	}
	for i, b := range mc.Bindings {
		param := func(v ssa.Value) ssa.Value {
			if p, ok := v.(*ssa.Parameter); ok {
				if k := paramIndex(callee, p); k >= 0 && k < len(call.Call.Args) {
					return call.Call.Args[k]
				}
			}
			return nil
		}
		if a, ok := b.(*ssa.Alloc); ok {
			t.held[i] = param(scanCell(a).single())
		} else {
			t.free[i] = param(b)
		}
		if t.held[i] == nil && t.free[i] == nil {
			return target{}, false
		}
	}
	return t, true
}

// freeFunction resolves a captured variable that holds one closure, such as a
// recursive function literal.
func (w *walker) freeFunction(fv *ssa.FreeVar) (target, bool) {
	a, ok := binding(w.fn, freeIndex(w.fn, fv)).(*ssa.Alloc)
	if !ok {
		return target{}, false
	}
	switch val := scanCell(a).single().(type) {
	case *ssa.Function:
		return target{fn: Canon(val), conf: 100}, true
	case *ssa.MakeClosure:
		t := target{fn: val.Fn.(*ssa.Function), free: make([]ssa.Value, len(val.Bindings)), conf: 100}
		for i, b := range val.Bindings {
			for k := range w.fn.FreeVars {
				if binding(w.fn, k) == b {
					t.free[i] = w.fn.FreeVars[k]
				}
			}
		}
		return t, true
	}
	return target{}, false
}

// boxed returns where a value was made the interface v, nil if that is not in plain sight.
func boxed(v ssa.Value) *ssa.MakeInterface {
	for {
		ci, ok := v.(*ssa.ChangeInterface)
		if !ok {
			break
		}
		v = ci.X
	}
	mi, _ := v.(*ssa.MakeInterface)
	return mi
}

// concreteMethod finds the method of an interface call whose operand was made
// an interface in plain sight.
func concreteMethod(v ssa.Value, m *types.Func) (*ssa.Function, ssa.Value) {
	mi := boxed(v)
	if mi == nil {
		return nil, nil
	}
	return methodOf(mi, m.Pkg(), m.Name())
}

// methodOf returns the method that an operand made an interface has, with the
// receiver to call it with; nil if its type has none of that name.
func methodOf(mi *ssa.MakeInterface, pkg *types.Package, name string) (*ssa.Function, ssa.Value) {
	t := mi.X.Type()
	if types.IsInterface(t) {
		return nil, nil
	}
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return nil, nil
	}
	prog := mi.Parent().Prog
	sel := prog.MethodSets.MethodSet(t).Lookup(pkg, name)
	if sel == nil {
		return nil, nil
	}
	// The method as declared, where it is called on the operand itself, spares a wrapper.
	if fn, ok := sel.Obj().(*types.Func); ok && len(sel.Index()) == 1 {
		if f := prog.FuncValue(fn.Origin()); f != nil {
			return f, mi.X
		}
	}
	return prog.MethodValue(sel), mi.X
}
