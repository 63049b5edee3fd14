package extract

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/model"
)

// field returns the name and class of a field of a struct, or of what a pointer points to.
func (b *builder) field(t types.Type, i int) (name, class string) {
	k := fieldID{t, i}
	if f, ok := b.fields[k]; ok {
		return f[0], f[1]
	}
	name, class = ident.FieldClass(t, i, "")
	if n := named(t); n != nil && name == "L" && model.KindOf(n) == model.CondType {
		class = "" // all Conds of the program are not one lock
	}
	b.fields[k] = [2]string{name, class}
	return name, class
}

type fieldID struct {
	of types.Type
	i  int
}

func (b *builder) global(g *ssa.Global) string {
	if g.Pkg == nil {
		return g.Name()
	}
	s, ok := b.globals[g]
	if !ok {
		s = g.Pkg.Pkg.Path() + "." + g.Name()
		b.globals[g] = s
	}
	return s
}

// local returns the class of a local variable of a function or of one around it.
func (x *Extractor) local(a *ssa.Alloc) string {
	name := VarName(a)
	if name == "" {
		return ""
	}
	fn := canon(outermost(a.Parent()))
	if fn.Pkg == nil {
		return ""
	}
	return fn.Pkg.Pkg.Path() + "." + fn.RelString(fn.Pkg.Pkg) + "@" + name
}

// captured returns the class of a captured variable.
func (x *Extractor) captured(fn *ssa.Function, i, depth int) string {
	if depth > 8 {
		return ""
	}
	switch v := binding(fn, i).(type) {
	case *ssa.Alloc:
		return x.local(v)
	case *ssa.FreeVar:
		for k, fv := range v.Parent().FreeVars {
			if fv == v {
				return x.captured(v.Parent(), k, depth+1)
			}
		}
	}
	return ""
}

// binding returns what the i-th captured variable of a literal is in the function
// around it, if every place that makes the literal agrees.
func binding(fn *ssa.Function, i int) ssa.Value {
	if fn.Parent() == nil || fn.Referrers() == nil {
		return nil
	}
	var v ssa.Value
	for _, ref := range *fn.Referrers() {
		if mc, ok := ref.(*ssa.MakeClosure); ok && mc.Fn == fn && i < len(mc.Bindings) {
			if v != nil && v != mc.Bindings[i] {
				return nil
			}
			v = mc.Bindings[i]
		}
	}
	return v
}
