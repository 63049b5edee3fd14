package extract

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// VarName returns the name of the variable that an allocation stands for, "" if it stands for something else: what new,
// make or a composite literal makes, or what SSA needs for itself. SSA keeps the name, and names all others after what
// makes them; only the scope tells a variable named new from the result of new.
func VarName(a *ssa.Alloc) string {
	if !token.IsIdentifier(a.Comment) || !a.Pos().IsValid() {
		return "" // jump$1, defer$stack, rangeint.iter
	}
	switch a.Comment {
	case "new", "makeslice", "complit", "slicelit", "varargs", "range", "rangeindex", "defers":
		if !declares(a.Parent(), a.Comment, a.Pos()) {
			return ""
		}
	}
	return a.Comment
}

// declares reports whether a variable of this name is declared at a position in fn.
func declares(fn *ssa.Function, name string, pos token.Pos) bool {
	is := func(v types.Object) bool { return v != nil && v.Name() == name && v.Pos() == pos }
	sig := fn.Signature
	if sig.Recv() != nil && is(sig.Recv()) {
		return true
	}
	for _, vars := range []*types.Tuple{sig.Params(), sig.Results()} {
		for v := range vars.Variables() {
			if is(v) {
				return true
			}
		}
	}
	fn = canon(outermost(fn))
	if fn.Pkg == nil {
		return false
	}
	scope := fn.Pkg.Pkg.Scope().Innermost(pos)
	return scope != nil && is(scope.Lookup(name))
}
