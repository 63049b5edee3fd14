package fix

import (
	"go/ast"
	"go/types"

	"github.com/lockcheck/lockcheck/analyzer/internal/report"
)

// Rename returns the fix that calls another method of the same type, with the same
// signature, in the place of m. ok is false if there is none.
func (f *Func) Rename(m Method, name string) (_ report.Fix, ok bool) {
	old := f.method(m.X, m.Name.Name)
	other := f.method(m.X, name)
	if old == nil || other == nil || receiver(old) == nil || receiver(old) != receiver(other) ||
		!types.Identical(old.Signature(), other.Signature()) {
		return report.Fix{}, false
	}
	return report.Fix{
		Message: "Call " + name + " instead of " + m.Name.Name,
		Edits:   []report.Edit{Replace(m.Name, name)},
	}, true
}

// method returns the method that x.name would call if it stood in the place of x.
func (f *Func) method(x ast.Expr, name string) *types.Func {
	sel := &ast.SelectorExpr{X: x, Sel: &ast.Ident{NamePos: x.Pos(), Name: name}}
	info, ok := f.check(sel)
	if !ok {
		return nil
	}
	s := info.Selections[sel]
	if s == nil || s.Kind() != types.MethodVal {
		return nil
	}
	fn, _ := s.Obj().(*types.Func)
	return fn
}

// receiver returns the name of the type that declares a method.
func receiver(fn *types.Func) *types.TypeName {
	recv := fn.Signature().Recv()
	if recv == nil {
		return nil
	}
	t := types.Unalias(recv.Type())
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	if named, ok := t.(*types.Named); ok {
		return named.Origin().Obj()
	}
	return nil
}

// Method returns the method that x.Name() calls in a call with or without
// arguments; nil if it is not a method call.
func (f *Func) Method(call *ast.CallExpr) (Method, *types.Func) {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return Method{}, nil
	}
	return Method{sel.X, sel.Sel}, f.method(sel.X, sel.Sel.Name)
}

// Sibling returns the method of fn's type that has the given name and fn's
// signature, nil if there is none.
func Sibling(fn *types.Func, name string) *types.Func {
	owner := receiver(fn)
	if owner == nil {
		return nil
	}
	recv := fn.Signature().Recv().Type()
	obj, _, _ := types.LookupFieldOrMethod(recv, true, fn.Pkg(), name)
	other, ok := obj.(*types.Func)
	if !ok || receiver(other) != owner || !types.Identical(fn.Signature(), other.Signature()) {
		return nil
	}
	return other
}

// Key returns the package of a function, and the key by which the effects know it .
func Key(fn *types.Func) (pkg, key string) {
	fn = fn.Origin()
	if fn.Pkg() != nil {
		pkg = fn.Pkg().Path()
	}
	return pkg, fn.FullName()
}
