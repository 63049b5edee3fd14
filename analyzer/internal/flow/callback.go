package flow

import (
	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/model"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
)

func (w *walker) callMethods(st *state, instr ssa.CallInstruction, arg ssa.Value, names []string) {
	for _, alternatives := range names {
		for name := range splitBar(alternatives) {
			if t, ok := w.methodTarget(arg, name); ok {
				w.apply(st, instr, t, nil)
				break
			}
		}
	}
}

// methodTarget returns the method of an operand that was made an interface in plain
// sight.
func (w *walker) methodTarget(v ssa.Value, name string) (target, bool) {
	mi := boxed(v)
	if mi == nil {
		return target{}, false
	}
	fn, recv := methodOf(mi, nil, name)
	if fn == nil {
		return target{}, false
	}
	return target{fn: Canon(fn), args: padded(recv, fn), conf: 100}, true
}

// padded returns the arguments of a method call of which only the receiver is known.
func padded(recv ssa.Value, fn *ssa.Function) []ssa.Value {
	args := make([]ssa.Value, max(1, len(fn.Params)))
	args[0] = recv
	return args
}

func splitBar(s string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for len(s) > 0 {
			i := 0
			for i < len(s) && s[i] != '|' {
				i++
			}
			if !yield(s[:i]) {
				return
			}
			s = s[min(i+1, len(s)):]
		}
	}
}

// format calls the methods by which fmt prints the operands.
func (w *walker) format(st *state, instr ssa.CallInstruction, c *ssa.CallCommon, f *model.Formats) {
	if f.From >= len(c.Args) {
		return
	}
	var methods []string
	if f.Verbs >= 0 {
		k, ok := c.Args[f.Verbs].(*ssa.Const)
		if !ok || k.Value == nil {
			return
		}
		if methods, ok = model.Verbs(stringConst(k)); !ok {
			return
		}
	}
	for i, op := range operands(c.Args[f.From]) {
		names := model.Stringers
		if f.Verbs >= 0 {
			if i >= len(methods) {
				break
			}
			names = methods[i]
		}
		if op != nil && names != "" {
			w.callMethods(st, instr, op, []string{names})
		}
	}
}

// operands returns the elements of a variadic argument built in plain sight.
func operands(v ssa.Value) []ssa.Value {
	s, ok := v.(*ssa.Slice)
	if !ok {
		return nil
	}
	arr, ok := s.X.(*ssa.Alloc)
	if !ok {
		return nil
	}
	var ops []ssa.Value
	for _, ref := range *arr.Referrers() {
		ia, ok := ref.(*ssa.IndexAddr)
		if !ok {
			continue
		}
		k, ok := ia.Index.(*ssa.Const)
		if !ok {
			continue
		}
		i := int(k.Int64())
		for len(ops) <= i && i < 256 {
			ops = append(ops, nil)
		}
		for _, r := range *ia.Referrers() {
			if store, ok := r.(*ssa.Store); ok && store.Addr == ia && i < len(ops) {
				ops[i] = store.Val
			}
		}
	}
	return ops
}

// maxCallbacks bounds the callbacks within callbacks that are followed.
const maxCallbacks = 4

// applyCallParam expands a callee's call of a function it was given.
func (w *walker) applyCallParam(st *state, instr ssa.CallInstruction, t target, via summary.Event, p ident.Path) {
	if w.depth >= maxCallbacks {
		return
	}
	w.depth++
	defer func() { w.depth-- }()
	// via.Chain starts with the frame in w.fn, which apply adds again.
	via.Chain = via.Chain.Next
	var arg ssa.Value
	switch {
	case p.Kind == ident.Param && p.Index() < len(t.args):
		arg = t.args[p.Index()]
	case p.Kind == ident.Free && p.Index() < len(t.free):
		arg = t.free[p.Index()]
		if a, ok := arg.(*ssa.Alloc); ok {
			arg = w.info.cells[a].single()
		}
	}
	if arg == nil {
		return
	}
	var f target
	var ok bool
	if via.Method == "" {
		f, ok = w.function(arg, 0)
		if ok {
			f.args = make([]ssa.Value, len(f.fn.Params))
		}
	} else {
		f, ok = w.methodTarget(arg, via.Method)
	}
	if !ok {
		w.callParam(st, instr, arg, via.Method, &via)
		return
	}
	if f.fn == w.fn {
		return
	}
	w.rec.escape(f.fn)
	w.apply(st, instr, f, &via)
}
