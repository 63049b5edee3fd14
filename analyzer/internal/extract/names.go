package extract

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

func outermost(fn *ssa.Function) *ssa.Function {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	return fn
}

// canon returns the generic function of an instance.
func canon(fn *ssa.Function) *ssa.Function {
	if o := fn.Origin(); o != nil {
		return o
	}
	return fn
}

// isWrapper reports whether fn only passes its arguments on: a promoted method, a
// method value or a method expression.
func isWrapper(fn *ssa.Function) bool {
	return fn.Synthetic != "" && fn.Pkg == nil && fn.Parent() == nil && len(fn.Blocks) > 0
}

// packageTypes returns the package that declares fn, nil if there is none.
func packageTypes(fn *ssa.Function) *types.Package {
	fn = outermost(fn)
	if fn.Pkg != nil {
		return fn.Pkg.Pkg
	}
	if o := fn.Object(); o != nil {
		return o.Pkg()
	}
	return nil
}

// usedIn returns the package that declares fn, or of a wrapper the type that it is for.
func usedIn(fn *ssa.Function) *types.Package {
	if passesOn(fn) {
		var recv types.Type
		switch {
		case len(fn.FreeVars) > 0:
			recv = fn.FreeVars[0].Type()
		case len(fn.Params) > 0:
			recv = fn.Params[0].Type()
		}
		if recv != nil {
			if n := named(recv); n != nil && n.Obj().Pkg() != nil {
				return n.Obj().Pkg()
			}
		}
	}
	return packageTypes(fn)
}

func packageOf(fn *ssa.Function) string {
	if p := packageTypes(fn); p != nil {
		return p.Path()
	}
	return ""
}

func packageName(fn *ssa.Function) string {
	if p := packageTypes(fn); p != nil {
		return p.Name()
	}
	return ""
}

// funcName returns the full name of a function as witnesses have it: import path, then
// the name as a reader would write it.
func funcName(fn *ssa.Function) string {
	suffix := ""
	if fn.Parent() != nil {
		suffix = fn.Name()
		fn = outermost(fn)
		suffix = strings.TrimPrefix(suffix, fn.Name())
	}
	path := packageOf(fn)
	if fn.Pkg == nil && fn.Object() != nil {
		return path + "." + fn.RelString(fn.Object().Pkg()) + suffix
	}
	if fn.Pkg == nil {
		return fn.String() + suffix
	}
	return path + "." + fn.RelString(fn.Pkg.Pkg) + suffix
}

// funcKey returns the key by which what is known of a function is kept for importers, "" if it is not.
func funcKey(fn *ssa.Function) string {
	fn = canon(fn)
	if fn.Parent() != nil {
		return ""
	}
	if o, ok := fn.Object().(*types.Func); ok && (fn.Synthetic == "" || strings.HasPrefix(fn.Synthetic, "from type information")) {
		return o.Origin().FullName()
	}
	return ""
}
