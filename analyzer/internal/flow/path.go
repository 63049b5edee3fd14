package flow

import (
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/extract"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/model"
)

// path returns the access path of value v: for a pointer, of the location it
// points to; for a value loaded from memory, of that memory, dereferenced.
func (w *walker) path(v ssa.Value) ident.Path {
	return w.pathDepth(v, 0)
}

func (w *walker) pathDepth(v ssa.Value, depth int) ident.Path {
	if depth > 40 {
		return opaque(v, "")
	}
	depth++
	switch v := v.(type) {
	case *ssa.Parameter:
		if i := paramIndex(w.fn, v); i >= 0 {
			return ident.ParamPath(i)
		}
	case *ssa.FreeVar:
		if i := freeIndex(w.fn, v); i >= 0 {
			return ident.Root(ident.Free, itoa(i), freeClass(w.fn, i, 0))
		}
	case *ssa.Global:
		name := v.Name()
		if v.Pkg != nil {
			name = v.Pkg.Pkg.Path() + "." + name
		}
		return ident.Root(ident.Global, name, name)
	case *ssa.Alloc:
		return ident.Root(ident.Alloc, v.Name(), allocClass(v))
	case *ssa.FieldAddr:
		return w.fieldPath(v, depth)
	case *ssa.IndexAddr:
		base := w.pathDepth(v.X, depth)
		if base.Len() >= ident.MaxSteps {
			return opaque(v, base.Class)
		}
		return base.Elem(w.index(v.Index))
	case *ssa.UnOp:
		if v.Op == token.MUL {
			return w.loadPath(v, depth)
		}
	case *ssa.Slice:
		return w.pathDepth(v.X, depth)
	case *ssa.MakeInterface:
		return w.pathDepth(v.X, depth)
	case *ssa.ChangeInterface:
		return w.pathDepth(v.X, depth)
	case *ssa.ChangeType:
		return w.pathDepth(v.X, depth)
	case *ssa.TypeAssert:
		if !v.CommaOk {
			return w.pathDepth(v.X, depth)
		}
	case *ssa.Extract:
		switch t := v.Tuple.(type) {
		case *ssa.TypeAssert:
			if v.Index == 0 {
				return w.pathDepth(t.X, depth)
			}
		case *ssa.Lookup:
			if v.Index == 0 {
				return w.lookupPath(t, depth)
			}
		}
	case *ssa.Call:
		switch e := modelled(v.Common()); {
		case e == nil:
		case e.Op == model.RLocker:
			p := w.pathDepth(v.Call.Args[0], depth)
			p.Read = true
			return p
		}
	case *ssa.Lookup:
		return w.lookupPath(v, depth)
	}
	return opaque(v, "")
}

func (w *walker) fieldPath(v *ssa.FieldAddr, depth int) ident.Path {
	base := w.pathDepth(v.X, depth)
	name, class := ident.FieldClass(v.X.Type(), v.Field, base.Class)
	if isCondL(v) { // all Conds of the program are not one lock
		class = ""
		if base.Class != "" {
			class = base.Class + ".L"
		}
	}
	if ident.IsLockWrapper(v.X.Type()) {
		class = base.Class
		if class == "" {
			// Only callers know which wrapper this is, unless it is no parameter.
			if base.Kind != ident.Param && base.Kind != ident.Free {
				_, class = ident.FieldClass(v.X.Type(), v.Field, "")
			}
		}
	}
	if base.Len() >= ident.MaxSteps {
		return opaque(v, class)
	}
	return base.Field(name, class)
}

// loadPath returns the path of a loaded value. A location that this function,
// or one it calls, stores to gives a new root at every load.
func (w *walker) loadPath(v *ssa.UnOp, depth int) ident.Path {
	if a, ok := v.X.(*ssa.Alloc); ok {
		c := w.info.cells[a]
		if val := c.single(); val != nil {
			return w.pathDepth(val, depth)
		}
		if pointerLike(v.Type()) || c == nil {
			return opaque(v, "")
		}
		p := ident.Root(ident.Alloc, a.Name(), allocClass(a)).Deref()
		if c.escapes {
			return opaque(v, "")
		}
		return p
	}
	if fv, ok := v.X.(*ssa.FreeVar); ok {
		i := freeIndex(w.fn, fv)
		if i >= 0 && !storesFree(w.fn, i, 0) {
			return ident.Root(ident.Free, itoa(i), "").Deref()
		}
		return opaque(v, "")
	}
	if fa, ok := v.X.(*ssa.FieldAddr); ok && isCondL(fa) {
		if p, ok := w.condLocker(fa.X, depth); ok {
			return p
		}
	}
	base := w.pathDepth(v.X, depth)
	if base.Class != "" {
		if w.info.unstable[base.Class] {
			return opaque(v, base.Class)
		}
		if name, class, read, ok := w.env.Sibling(base.Class); ok {
			if owner, ok := base.Owner(); ok {
				p := owner.Field(name, class)
				p.Read = read
				return p
			}
		}
	}
	if base.Len() >= ident.MaxSteps || w.info.loop[v.Block().Index] && throughPhi(v.X) {
		return opaque(v, base.Class)
	}
	return w.rewire(base.Deref())
}

// lookupPath returns the path of what a map element points to. In a function that
// stores to maps two look-ups of one key may differ.
func (w *walker) lookupPath(v *ssa.Lookup, depth int) ident.Path {
	base := w.pathDepth(v.X, depth)
	if base.Len() >= ident.MaxSteps || base.Kind == ident.Unknown {
		return opaque(v, base.Class)
	}
	if w.info.mapStores {
		return base.Elem("*").Deref()
	}
	return base.Elem(w.index(v.Index)).Deref()
}

// throughPhi reports whether an address is reached from a pointer that a loop
// carries around, as in n = n.next.
func throughPhi(v ssa.Value) bool {
	for range 16 {
		switch x := v.(type) {
		case *ssa.Phi:
			return true
		case *ssa.FieldAddr:
			v = x.X
		case *ssa.IndexAddr:
			v = x.X
		case *ssa.UnOp:
			v = x.X
		default:
			return false
		}
	}
	return true
}

// isCondL reports whether v is the address of field L of a sync.Cond.
func isCondL(v *ssa.FieldAddr) bool {
	p, ok := v.X.Type().Underlying().(*types.Pointer)
	if !ok {
		return false
	}
	n, ok := types.Unalias(p.Elem()).(*types.Named)
	return ok && n.Obj().Name() == "Cond" && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "sync"
}

// condLocker returns the path of the lock that a Cond uses.
func (w *walker) condLocker(cond ssa.Value, depth int) (ident.Path, bool) {
	for range 4 {
		switch c := cond.(type) {
		case *ssa.Call:
			if e := modelled(c.Common()); e != nil && e.Op == model.NewCond {
				return w.pathDepth(c.Call.Args[0], depth), true
			}
			return ident.Path{}, false
		case *ssa.UnOp:
			if a, ok := c.X.(*ssa.Alloc); ok {
				if v := w.info.cells[a].single(); v != nil {
					cond = v
					continue
				}
			}
			if fv, ok := c.X.(*ssa.FreeVar); ok {
				return w.freeCondLocker(fv)
			}
			base := w.pathDepth(c.X, depth)
			return w.siblingPath(base)
		case *ssa.FieldAddr:
			return w.siblingPath(w.pathDepth(c, depth))
		default:
			return ident.Path{}, false
		}
	}
	return ident.Path{}, false
}

// freeCondLocker resolves a captured variable c := sync.NewCond(&mu) when mu is
// captured as well, or gives at least its class.
func (w *walker) freeCondLocker(fv *ssa.FreeVar) (ident.Path, bool) {
	cellOf := binding(w.fn, freeIndex(w.fn, fv))
	a, ok := cellOf.(*ssa.Alloc)
	if !ok {
		return ident.Path{}, false
	}
	call, ok := scanCell(a).single().(*ssa.Call)
	if !ok {
		return ident.Path{}, false
	}
	e := modelled(call.Common())
	if e == nil || e.Op != model.NewCond {
		return ident.Path{}, false
	}
	arg := call.Call.Args[0]
	if mi, ok := arg.(*ssa.MakeInterface); ok {
		arg = mi.X
	}
	for i := range w.fn.FreeVars {
		if binding(w.fn, i) == arg {
			return w.path(w.fn.FreeVars[i]), true
		}
	}
	if a, ok := arg.(*ssa.Alloc); ok {
		return ident.Path{Class: allocClass(a)}, true
	}
	return ident.Path{}, false
}

func (w *walker) siblingPath(base ident.Path) (ident.Path, bool) {
	name, class, read, ok := w.env.Sibling(base.Class)
	if !ok {
		return ident.Path{}, false
	}
	owner, ok := base.Owner()
	if !ok {
		return ident.Path{}, false
	}
	p := owner.Field(name, class)
	p.Read = read
	return p, true
}

func (w *walker) index(v ssa.Value) string {
	switch v := v.(type) {
	case *ssa.Const:
		if v.Value != nil {
			return "\"" + constText(v) + "\""
		}
	case *ssa.Convert:
		return w.index(v.X)
	}
	return "{" + valueRef(v) + "}"
}

func constText(c *ssa.Const) string {
	if c.Value == nil {
		return "nil"
	}
	if c.Value.Kind() == constant.String {
		return c.Value.ExactString()
	}
	return c.Value.String()
}

func opaque(v ssa.Value, class string) ident.Path {
	return ident.Root(ident.Value, v.Name(), class)
}

// allocClass returns the class of a local variable, "" for other allocations.
func allocClass(a *ssa.Alloc) string {
	name := extract.VarName(a)
	if name == "" {
		return ""
	}
	return localClass(a.Parent(), name)
}

func localClass(fn *ssa.Function, name string) string {
	fn = Canon(Outermost(fn))
	if fn.Pkg == nil {
		return ""
	}
	return fn.Pkg.Pkg.Path() + "." + fn.RelString(fn.Pkg.Pkg) + "@" + name
}

// freeClass returns the class of a captured variable.
func freeClass(fn *ssa.Function, i, depth int) string {
	if depth > 8 {
		return ""
	}
	switch b := binding(fn, i).(type) {
	case *ssa.Alloc:
		return allocClass(b)
	case *ssa.FreeVar:
		return freeClass(b.Parent(), freeIndex(b.Parent(), b), depth+1)
	}
	return ""
}

// modelled returns the modelled effect of a call, nil if there is none.
func modelled(c *ssa.CallCommon) *model.Effect {
	if c.IsInvoke() {
		return model.Lookup(c.Method)
	}
	fn, ok := c.Value.(*ssa.Function)
	if !ok {
		return nil
	}
	if o := fn.Origin(); o != nil {
		fn = o
	}
	obj, _ := fn.Object().(*types.Func)
	return model.Lookup(obj)
}
