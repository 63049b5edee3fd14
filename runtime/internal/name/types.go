package name

import "go/types"

// typeName returns the package-qualified name of a type, without arguments. Types declared
// inside functions are marked, since several may share a name.
func typeName(n *types.Named) string {
	obj := n.Origin().Obj()
	switch {
	case obj.Pkg() == nil:
		return obj.Name()
	case obj.Parent() != nil && obj.Parent() != obj.Pkg().Scope():
		return obj.Pkg().Path() + "." + obj.Name() + "'"
	}
	return obj.Pkg().Path() + "." + obj.Name()
}

// namedOf returns the named type of t or of what t points to.
func namedOf(t types.Type) *types.Named {
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	n, _ := t.(*types.Named)
	return n
}

// structOf returns the struct that t is or points to.
func structOf(t types.Type) *types.Struct {
	if t == nil {
		return nil
	}
	u := types.Unalias(t).Underlying()
	if p, ok := u.(*types.Pointer); ok {
		u = p.Elem().Underlying()
	}
	if tp, ok := u.(*types.Interface); ok && tp.NumEmbeddeds() == 1 {
		u = tp.EmbeddedType(0).Underlying()
	}
	st, _ := u.(*types.Struct)
	return st
}
