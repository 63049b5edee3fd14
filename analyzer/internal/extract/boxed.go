package extract

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// boxes are the methods that types have of which values are made interfaces: those of the interface which other packages can call,
// and those in [effects.CalledBack].
type boxes map[boxedType][]boxedMethod

type boxedType struct{ of, as types.Type }

type boxedMethod struct {
	name string
	fn   *ssa.Function // of the generic type
}

// methods returns the methods of what is made an interface. Types that were not asked for before the bodies are made have none.
func (bs boxes) methods(mi *ssa.MakeInterface) []boxedMethod {
	t := boxedType{mi.X.Type(), mi.Type()}
	ms, ok := bs[t]
	if ok || !hasMethods(t.of) {
		return ms
	}
	add := func(name string) {
		if slices.ContainsFunc(ms, func(m boxedMethod) bool { return m.name == name }) {
			return
		}
		if fn := methodOf(mi, nil, name); fn != nil {
			ms = append(ms, boxedMethod{name, canon(fn)})
		}
	}
	for _, name := range effects.CalledBack {
		add(name)
	}
	if i, ok := t.as.Underlying().(*types.Interface); ok {
		for m := range i.Methods() {
			if m.Exported() {
				add(m.Name())
			}
		}
	}
	bs[t] = ms
	return ms
}

// at returns the methods of what is made an interface, as far as they were asked for.
func (bs boxes) at(mi *ssa.MakeInterface) []boxedMethod { return bs[boxedType{mi.X.Type(), mi.Type()}] }

// hasMethods reports whether a type can have methods.
func hasMethods(t types.Type) bool {
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	switch t := t.(type) {
	case *types.Basic, *types.Slice, *types.Map, *types.Signature, *types.Chan, *types.Array:
		return false
	case *types.Named:
		return t.NumMethods() > 0 || embeds(t.Underlying())
	}
	return true
}

func embeds(t types.Type) bool {
	st, ok := t.(*types.Struct)
	if !ok {
		return false
	}
	for f := range st.Fields() {
		if f.Embedded() {
			return true
		}
	}
	return false
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
// an interface in plain sight, and the operand.
func concreteMethod(v ssa.Value, m *types.Func) (*ssa.Function, ssa.Value) {
	mi := boxed(v)
	if mi == nil {
		return nil, nil
	}
	if fn := methodOf(mi, m.Pkg(), m.Name()); fn != nil {
		return fn, mi.X
	}
	return nil, nil
}

// methodOf returns the method that an operand made an interface has; nil if its type has none of that name.
func methodOf(mi *ssa.MakeInterface, pkg *types.Package, name string) *ssa.Function {
	t := mi.X.Type()
	if types.IsInterface(t) {
		return nil
	}
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return nil
	}
	prog := mi.Parent().Prog
	sel := prog.MethodSets.MethodSet(t).Lookup(pkg, name)
	if sel == nil {
		return nil
	}
	// The method as declared, where it is called on the operand itself, spares a wrapper.
	if fn, ok := sel.Obj().(*types.Func); ok && len(sel.Index()) == 1 {
		if f := prog.FuncValue(fn.Origin()); f != nil {
			return f
		}
	}
	return prog.MethodValue(sel)
}
