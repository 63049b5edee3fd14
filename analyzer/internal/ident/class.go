package ident

import (
	"go/types"
	"strings"
	"sync"
)

// FieldClass returns the class of the i-th field of struct type t; container
// is the class of the struct itself, for structs without a name.
func FieldClass(t types.Type, i int, container string) (name, class string) {
	st := structOf(t)
	if st == nil || i >= st.NumFields() {
		return "?", ""
	}
	f := st.Field(i)
	if n := namedOf(t); n != nil {
		return f.Name(), TypeName(n) + "." + f.Name()
	}
	if container == "" {
		return f.Name(), ""
	}
	return f.Name(), container + "." + f.Name()
}

// TypeName returns the package-qualified name of a type, without arguments.
func TypeName(n *types.Named) string {
	obj := declarer(n.Origin()).Obj()
	if obj.Pkg() == nil {
		return obj.Name()
	}
	// Types declared inside functions share their names: tell them apart by scope.
	if obj.Parent() != nil && obj.Parent() != obj.Pkg().Scope() {
		return obj.Pkg().Path() + "." + obj.Name() + "'"
	}
	return obj.Pkg().Path() + "." + obj.Name()
}

// declarers caches, for each package scope, the types that declare its structs: *types.Scope -> func() map[*types.Struct]*types.Named.
var declarers sync.Map

// declarer returns the type that declares the struct of n: after
//
//	type handler server
//
// the fields of a handler are those of a server, and one is converted to the other in place.
func declarer(n *types.Named) *types.Named {
	st, ok := n.Underlying().(*types.Struct)
	if !ok || st.NumFields() == 0 || n.Obj().Pkg() == nil {
		return n
	}
	scope := n.Obj().Pkg().Scope()
	find, ok := declarers.Load(scope)
	if !ok {
		find, _ = declarers.LoadOrStore(scope, sync.OnceValue(func() map[*types.Struct]*types.Named { return structs(scope) }))
	}
	d := find.(func() map[*types.Struct]*types.Named)()[st]
	if d == nil || n.Obj().Pos() < st.Field(0).Pos() && d.Obj().Pos() < n.Obj().Pos() {
		return n
	}
	return d
}

// structs returns the types that declare the structs of a package: of those that have one, the last before its first field.
func structs(scope *types.Scope) map[*types.Struct]*types.Named {
	m := map[*types.Struct]*types.Named{}
	for _, name := range scope.Names() {
		tn, ok := scope.Lookup(name).(*types.TypeName)
		if !ok || tn.IsAlias() {
			continue
		}
		n, ok := tn.Type().(*types.Named)
		if !ok {
			continue
		}
		st, ok := n.Underlying().(*types.Struct)
		if !ok || st.NumFields() == 0 || tn.Pos() >= st.Field(0).Pos() {
			continue
		}
		if d := m[st]; d == nil || d.Obj().Pos() < tn.Pos() {
			m[st] = n
		}
	}
	return m
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

func structOf(t types.Type) *types.Struct {
	t = types.Unalias(t)
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	if tp, ok := types.Unalias(t).(*types.TypeParam); ok {
		t = tp.Constraint()
	}
	st, _ := t.Underlying().(*types.Struct)
	return st
}

// Short returns a class as messages show it: without the package for locks of
// package from, with the package's last element for others; a local variable
// is its name.
func Short(class, from string) string {
	rest, ok := strings.CutPrefix(class, from+".")
	if !ok || strings.Contains(rest, "/") {
		rest = class[strings.LastIndexByte(class, '/')+1:]
	}
	if i := strings.IndexByte(rest, '@'); i >= 0 {
		rest = rest[i+1:]
	}
	return strings.ReplaceAll(rest, "'", "")
}

// StructName returns the package-qualified name of a named struct, "" for other types.
func StructName(t types.Type) string {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return ""
	}
	if _, ok := n.Underlying().(*types.Struct); !ok {
		return ""
	}
	return TypeName(n)
}

// DeclaredIn reports whether the field or variable of a class is one of the package with this path.
func DeclaredIn(class, path string) bool {
	rest, ok := strings.CutPrefix(class, path+".")
	if i := strings.IndexAny(rest, "@["); i >= 0 {
		rest = rest[:i]
	}
	return ok && !strings.Contains(rest, "/")
}
