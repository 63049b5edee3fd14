package extract

import (
	"cmp"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// made are the types of which values are made interfaces, or which type parameters stand for: their methods can be reached by calls that are not static.
type made struct {
	off       bool
	texts     *typeTexts
	opened    map[*ssa.Package]bool
	instances map[*unit]map[*ssa.Function]bool // that were noted
	order     []madeType
	types     map[*unit]map[types.Type]bool
	invoked   map[string]bool        // names of methods that are called on interfaces
	wrappers  map[*ssa.Function]bool // those that were only added since they may be called on an interface
	wrapped   int                    // of order, of which the wrappers were added,
	names     int                    // when as many methods were called
}

type madeType struct {
	in    *unit
	of    types.Type
	build string // of the function that makes it one
}

func (m *made) add(f *function, t types.Type) {
	if m.off {
		return
	}
	u := f.unit
	seen := m.types[u]
	if seen == nil {
		seen = map[types.Type]bool{}
		m.types[u] = seen
	}
	if seen[t] {
		return
	}
	seen[t] = true
	if _, param := types.Unalias(t).(*types.TypeParam); param || types.IsInterface(t) || !hasMethods(t) {
		return
	}
	m.order = append(m.order, madeType{u, t, f.Build})
	if n := named(t); n != nil {
		for i := range n.TypeArgs().Len() {
			u.Args = append(u.Args, effects.TypeArg{Param: typeParamText(n, i), Arg: m.texts.typ(n.TypeArgs().At(i))})
		}
	}
}

// instance notes what the type parameters of a generic function, or of a type whose method it is, stand for.
func (x *Extractor) instance(f *function, fn *ssa.Function) {
	u := f.unit
	args := fn.TypeArgs()
	if len(args) == 0 || x.made.off {
		return
	}
	if seen := x.made.instances[u]; seen[fn] {
		return
	} else if seen == nil {
		x.made.instances[u] = map[*ssa.Function]bool{}
	}
	x.made.instances[u][fn] = true
	for i, t := range args {
		x.made.add(f, t)
		u.Args = append(u.Args, effects.TypeArg{Param: paramText(canon(fn), i), Arg: x.texts.typ(t)})
	}
}

// open adds the exported types of a package that unknown code may make interfaces.
func (x *Extractor) open(f *function, p *ssa.Package) {
	if !x.in.Open(f.Unit.Path) || p.Pkg.Name() == "main" {
		return
	}
	scope := p.Pkg.Scope()
	for _, name := range scope.Names() {
		tn, ok := scope.Lookup(name).(*types.TypeName)
		if !ok || !tn.Exported() || tn.IsAlias() {
			continue
		}
		if n, ok := tn.Type().(*types.Named); ok && n.TypeParams().Len() == 0 && !types.IsInterface(n) {
			x.made.add(f, types.NewPointer(n))
		}
	}
}

// promote adds the wrappers by which methods of what is inside a type are called on an interface.
func (x *Extractor) promote() {
	m := &x.made
	from := m.wrapped
	if len(m.invoked) > m.names {
		from = 0
	}
	m.wrapped, m.names = len(m.order), len(m.invoked)
	for _, t := range m.order[from:] {
		set := x.prog.MethodSets.MethodSet(t.of)
		for i := range set.Len() {
			if sel := set.At(i); len(sel.Index()) > 1 && m.invoked[sel.Obj().Name()] {
				fn := x.prog.MethodValue(sel)
				if fn == nil { // of a type with type parameters
					continue
				}
				if fn = canon(fn); passesOn(fn) && x.index[fn] == nil {
					x.add(fn, nil)
					m.wrappers[fn] = true
				}
			}
		}
	}
}

// Prune takes the wrappers away that no call reaches, when the targets of calls are known. Functions are numbered anew.
func (x *Extractor) Prune() {
	wrapper := map[*effects.Func]bool{}
	var queue []*effects.Func
	for _, f := range x.funcs {
		if x.wrappers[f.ssa] {
			wrapper[f.Func] = true
		} else {
			queue = append(queue, f.Func)
		}
	}
	for len(queue) > 0 {
		f := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		for _, ts := range f.Targets {
			for _, t := range ts {
				if wrapper[t] {
					delete(wrapper, t)
					queue = append(queue, t)
				}
			}
		}
	}
	x.funcs = slices.DeleteFunc(x.funcs, func(f *function) bool { return wrapper[f.Func] })
	for i, f := range x.funcs {
		f.ID = i
	}
	for _, u := range x.units {
		u.Funcs = slices.DeleteFunc(u.Funcs, func(f *effects.Func) bool { return wrapper[f] })
	}
}

// method tells which function a method is: the one declared, where it is that of the type itself (see methodOf), else the wrapper.
func (x *Extractor) method(sel *types.Selection) effects.BoxedMethod {
	obj := sel.Obj().(*types.Func).Origin()
	m := effects.BoxedMethod{Key: obj.FullName()}
	if obj.Pkg() != nil {
		m.Pkg = obj.Pkg().Path()
	}
	var fn *ssa.Function
	switch {
	case len(sel.Index()) == 1:
		fn = x.prog.FuncValue(obj)
	case x.made.invoked[obj.Name()]:
		fn = x.prog.MethodValue(sel)
	}
	if fn != nil && len(sel.Index()) > 1 {
		m.Pkg, m.Key = packageOf(fn), funcName(fn)
	} else if fn == nil {
		fn = x.prog.FuncValue(obj)
	}
	if fn != nil {
		if f := x.index[canon(fn)]; f != nil {
			m.Fn = f.Func
		}
	}
	return m
}

// tellMade tells the methods of what is made an interface.
func (x *Extractor) tellMade() {
	texts := map[types.Object]string{} // of methods of types that are not generic
	text := func(sel *types.Selection) string {
		obj := sel.Obj().(*types.Func)
		s, ok := texts[obj]
		if !ok {
			s = x.texts.method(obj, sel.Type().(*types.Signature))
			texts[obj] = s
		}
		return s
	}
	for _, u := range x.units {
		slices.SortFunc(u.Args, func(a, b effects.TypeArg) int {
			return cmp.Or(strings.Compare(a.Param, b.Param), strings.Compare(a.Arg, b.Arg))
		})
		u.Args = slices.Clip(slices.Compact(u.Args))
	}
	told := map[*effects.Type]bool{}
	for _, t := range x.made.order {
		typ := t.in.types.at(t.of)
		if told[typ] {
			continue
		}
		told[typ] = true
		b := effects.Boxed{Type: typ, Build: t.build}
		if s := x.texts.typ(t.of); s != b.Name() {
			b.Text = s
		}
		set := x.prog.MethodSets.MethodSet(t.of)
		for i := range set.Len() {
			m := x.method(set.At(i))
			m.Sig = text(set.At(i))
			b.Methods = append(b.Methods, m)
		}
		if len(b.Methods) > 0 {
			slices.SortFunc(b.Methods, func(a, b effects.BoxedMethod) int { return strings.Compare(a.Sig, b.Sig) })
			t.in.Boxed = append(t.in.Boxed, b)
		}
	}
}
