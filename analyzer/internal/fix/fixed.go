package fix

import (
	"go/ast"
	"go/token"
	"go/types"
)

// sameAt reports whether the names in an expression stand for the same at another position.
func (f *Func) sameAt(x ast.Expr, at token.Pos) bool {
	here, ok := f.check(x)
	if !ok {
		return false
	}
	there, ok := f.checkAt(x, at)
	if !ok {
		return false
	}
	ast.Inspect(x, func(n ast.Node) bool {
		if id, is := n.(*ast.Ident); is {
			ok = ok && here.Uses[id] != nil && here.Uses[id] == there.Uses[id]
		}
		return ok
	})
	return ok
}

// fixed reports whether an expression always denotes the same variable, or the method of one, as long as the function
// around f has the same variables: it consists of names and fields, and follows no pointer but one in a variable of
// that function which gets its value once.
func (f *Func) fixed(x ast.Expr) bool {
	info, ok := f.check(x)
	return ok && f.fixedIn(info, x)
}

func (f *Func) fixedIn(info *types.Info, x ast.Expr) bool {
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		v, ok := info.Uses[x].(*types.Var)
		if !ok {
			return false
		}
		return isStruct(v.Type()) || v.Parent() != f.Pkg.Scope() && f.once(v)
	case *ast.SelectorExpr:
		sel := info.Selections[x]
		if sel == nil { // of another package
			v, ok := info.Uses[x.Sel].(*types.Var)
			return ok && isStruct(v.Type())
		}
		if sel.Kind() == types.FieldVal && !isStruct(sel.Type()) {
			return false // a pointer that others may change
		}
		return !followsEmbedded(sel) && f.fixedIn(info, x.X)
	}
	return false
}

func isStruct(t types.Type) bool {
	_, ok := t.Underlying().(*types.Struct)
	return ok
}

// followsEmbedded reports whether a selection follows a pointer that is embedded.
func followsEmbedded(sel *types.Selection) bool {
	t := sel.Recv()
	for _, i := range sel.Index()[:len(sel.Index())-1] {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		s, ok := t.Underlying().(*types.Struct)
		if !ok {
			return true
		}
		t = s.Field(i).Type()
		if !isStruct(t) {
			return true
		}
	}
	return false
}

// once reports whether a variable of the declaration that f is in gets its value once, where it is declared.
func (f *Func) once(v *types.Var) bool {
	var around ast.Decl
	for _, d := range f.syntax.Decls {
		if d.Pos() <= v.Pos() && v.Pos() < d.End() {
			around = d
		}
	}
	if around == nil {
		return false
	}
	ok := true
	target := func(x ast.Expr) {
		if id, is := ast.Unparen(x).(*ast.Ident); is && id.Pos() != v.Pos() && objectOf(f.Pkg, id) == types.Object(v) {
			ok = false
		}
	}
	loop := func(x ast.Node) { // whose iterations share the variable
		if x != nil && x.Pos() <= v.Pos() && v.Pos() < x.End() {
			ok = ok && f.allows("go1.22")
		}
	}
	ast.Inspect(around, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, x := range n.Lhs {
				target(x)
			}
		case *ast.IncDecStmt:
			target(n.X)
		case *ast.RangeStmt:
			if n.Key != nil {
				target(n.Key)
				loop(n.Key)
			}
			if n.Value != nil {
				target(n.Value)
				loop(n.Value)
			}
		case *ast.ForStmt:
			if n.Init != nil {
				loop(n.Init)
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				target(n.X)
			}
		}
		return ok
	})
	return ok
}
