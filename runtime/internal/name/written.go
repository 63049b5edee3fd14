package name

import (
	"go/ast"
	"go/types"
)

// Types that go/types does not find since a value comes from a package which is not known:
// they may be written in the source all the same.

// typeOf returns the type of x, if need be from an assertion or a declaration to which
// go/types did not get, nil if it is not known.
func (p *pkg) typeOf(b *body, x ast.Expr) types.Type {
	if t := p.info.TypeOf(x); t != nil && t != types.Typ[types.Invalid] {
		return t
	}
	if sel, ok := ast.Unparen(x).(*ast.SelectorExpr); ok {
		if t := p.typeOf(b, sel.X); t != nil {
			if obj, _, _ := types.LookupFieldOrMethod(t, true, p.types, sel.Sel.Name); obj != nil {
				return obj.Type()
			}
		}
		return nil
	}
	t, star := p.writtenType(b, x), false
	if s, ok := t.(*ast.StarExpr); ok {
		t, star = ast.Unparen(s.X), true
	}
	id, ok := t.(*ast.Ident)
	if !ok {
		return nil
	}
	obj := p.info.ObjectOf(id)
	if obj == nil {
		obj = p.types.Scope().Lookup(id.Name)
	}
	tn, ok := obj.(*types.TypeName)
	if !ok || tn.Type() == nil {
		return nil
	}
	if star {
		return types.NewPointer(tn.Type())
	}
	return tn.Type()
}

// nameOfType returns the name of the type of x, or of what it points to, from its
// type if there is one and else from its declaration as written.
func (p *pkg) nameOfType(b *body, x ast.Expr) string {
	x = ast.Unparen(x)
	if t := p.info.TypeOf(x); t != nil {
		if n := namedOf(t); n != nil {
			return typeName(n)
		}
	}
	if s, ok := x.(*ast.StarExpr); ok {
		return p.nameOfType(b, s.X)
	}
	if t := p.writtenType(b, x); t != nil {
		return p.nameOfTypeExpr(b, t)
	}
	return ""
}

// writtenType returns the type of x as the source has it, nil if it does not.
func (p *pkg) writtenType(b *body, x ast.Expr) ast.Expr {
	switch x := ast.Unparen(x).(type) {
	case *ast.TypeAssertExpr:
		return x.Type
	case *ast.Ident:
		v, _ := p.info.ObjectOf(x).(*types.Var)
		if v == nil {
			return nil
		}
		if t := b.decs[v]; t != nil {
			return t
		}
		if d := b.defs[v]; len(d) == 1 && d[0].expr != nil && d[0].result == 0 && !d[0].elem {
			if t, ok := ast.Unparen(d[0].expr).(*ast.TypeAssertExpr); ok {
				return t.Type
			}
		}
	}
	return nil
}

// nameOfTypeExpr returns the class prefix of a type as written: T, *T, pkg.T, T[A].
func (p *pkg) nameOfTypeExpr(b *body, t ast.Expr) string {
	for {
		switch x := t.(type) {
		case *ast.ParenExpr:
			t = x.X
		case *ast.StarExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			if _, ok := p.info.ObjectOf(x).(*types.TypeName); ok || p.info.ObjectOf(x) == nil {
				return p.path + "." + x.Name
			}
			return ""
		case *ast.SelectorExpr:
			if id, ok := x.X.(*ast.Ident); ok {
				if path := importsOf(b.file)[id.Name]; path != "" {
					return path + "." + x.Sel.Name
				}
			}
			return ""
		default:
			return ""
		}
	}
}
