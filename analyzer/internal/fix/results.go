package fix

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/report"
)

// results makes the results of a return ready to be evaluated without the lock.
type results struct {
	f      *Func
	shared map[types.Object]bool // used by function literals, or their address is taken
	before []string              // statements that keep results in variables
	edits  []report.Edit         // that put the variables in their place
}

// hoist keeps in variables what must be computed under the lock. ok is false if a result
// cannot be kept, since its type would not be the same.
func (r *results) hoist(ret *ast.ReturnStmt) (ok bool) {
	want := r.types()
	if len(ret.Results) == 1 && len(want) > 1 { // return f()
		var names []string
		for range want {
			names = append(names, r.f.fresh(len(names)))
		}
		list := strings.Join(names, ", ")
		r.before = append(r.before, list+" := "+r.f.Source(ret.Results[0]))
		r.edits = append(r.edits, Replace(ret.Results[0], list))
		return true
	}
	var names, values []string
	for i, x := range ret.Results {
		if r.plain(x) {
			continue
		}
		info, ok := r.f.check(x)
		if !ok || i >= len(want) || shifts(x) {
			return false
		}
		tv := info.Types[x]
		if basic, ok := tv.Type.(*types.Basic); tv.Value != nil || ok && basic.Info()&types.IsUntyped != 0 {
			// A comparison is bool without a type; kept in a variable, it has that type.
			if !ok || basic.Kind() != types.UntypedBool || want[i] == nil || !types.Identical(want[i], types.Typ[types.Bool]) {
				return false
			}
		}
		name := r.f.fresh(len(names))
		names, values = append(names, name), append(values, r.f.Source(x))
		r.edits = append(r.edits, Replace(x, name))
	}
	if len(names) > 0 {
		r.before = append(r.before, strings.Join(names, ", ")+" := "+strings.Join(values, ", "))
	}
	return true
}

// types returns the types of the function's results, nil for those not known.
func (r *results) types() []types.Type {
	var ts []types.Type
	if r.f.Type.Results == nil {
		return nil
	}
	for _, field := range r.f.Type.Results.List {
		var t types.Type
		if info, ok := r.f.checkAt(field.Type, r.f.Body.Lbrace+1); ok {
			t = info.Types[field.Type].Type
		}
		for range max(1, len(field.Names)) {
			ts = append(ts, t)
		}
	}
	return ts
}

// shifts reports whether the type of an expression depends on where it stands.
func shifts(x ast.Expr) bool {
	found := false
	ast.Inspect(x, func(n ast.Node) bool {
		if b, ok := n.(*ast.BinaryExpr); ok && (b.Op == token.SHL || b.Op == token.SHR) {
			found = true
		}
		return !found
	})
	return found
}

// fresh returns the i-th name for a result that means nothing yet in the function.
func (f *Func) fresh(i int) string {
	used := map[string]bool{}
	ast.Inspect(f.Node, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			used[id.Name] = true
		}
		return true
	})
	scope := f.Pkg.Scope().Innermost(f.Body.Rbrace)
	for n := 0; ; n++ {
		name := "result"
		if n > 0 {
			name = fmt.Sprint("result", n+1)
		}
		if scope != nil && !used[name] {
			_, obj := scope.LookupParent(name, token.NoPos)
			used[name] = obj != nil
		}
		if used[name] {
			continue
		}
		if i == 0 {
			return name
		}
		i--
	}
}

// all reports whether all expressions are plain.
func (r *results) all(xs []ast.Expr) bool {
	for _, x := range xs {
		if !r.plain(x) {
			return false
		}
	}
	return true
}

// plain reports whether an expression has the same value with and without the lock: it is made
// of constants, of the function's own variables, and of errors that are package variables.
func (r *results) plain(x ast.Expr) bool {
	info, ok := r.f.check(x)
	return ok && r.walk(info, x)
}

func (r *results) walk(info *types.Info, x ast.Expr) bool {
	if tv := info.Types[x]; tv.IsNil() || tv.Value != nil && tv.Value.Kind() != constant.Unknown {
		return true
	}
	switch x := x.(type) {
	case *ast.Ident:
		return r.own(info.Uses[x])
	case *ast.SelectorExpr:
		if sel := info.Selections[x]; sel != nil {
			return sel.Kind() == types.FieldVal && !sel.Indirect() && r.walk(info, x.X)
		}
		return r.own(info.Uses[x.Sel])
	case *ast.FuncLit:
		return true // it is evaluated when it is called
	case *ast.ParenExpr:
		return r.walk(info, x.X)
	case *ast.UnaryExpr:
		return x.Op != token.ARROW && r.walk(info, x.X)
	case *ast.BinaryExpr:
		return r.walk(info, x.X) && r.walk(info, x.Y)
	case *ast.CompositeLit:
		for _, e := range x.Elts {
			if kv, ok := e.(*ast.KeyValueExpr); ok {
				if _, field := kv.Key.(*ast.Ident); !field && !r.walk(info, kv.Key) {
					return false
				}
				e = kv.Value
			}
			if !r.walk(info, e) {
				return false
			}
		}
		return true
	case *ast.CallExpr:
		return r.call(info, x)
	}
	return false
}

// own reports whether nobody else changes what an object is.
func (r *results) own(obj types.Object) bool {
	switch obj := obj.(type) {
	case *types.Const, *types.Nil, *types.TypeName, *types.Builtin, *types.Func:
		return true
	case *types.Var:
		if obj.Parent() == nil || obj.Pkg() == nil {
			return false
		}
		if obj.Parent() == obj.Pkg().Scope() {
			return isError(obj.Type())
		}
		if r.shared == nil {
			r.shared = r.f.sharedObjects()
		}
		return r.f.Node.Pos() <= obj.Pos() && obj.Pos() < r.f.Node.End() && !r.shared[obj]
	}
	return false
}

func isError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }

// sharedObjects returns what is named in function literals, and what has its address taken.
func (f *Func) sharedObjects() map[types.Object]bool {
	shared := map[types.Object]bool{}
	collect := func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if scope := f.Pkg.Scope().Innermost(id.Pos()); scope != nil {
				_, obj := scope.LookupParent(id.Name, id.Pos())
				shared[obj] = true
			}
		}
		return true
	}
	ast.Inspect(f.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			ast.Inspect(n, collect)
			return false
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				if _, lit := ast.Unparen(n.X).(*ast.CompositeLit); !lit {
					ast.Inspect(n.X, collect)
				}
			}
		}
		return true
	})
	return shared
}

// call reports whether a call depends on nothing but the values of its arguments.
func (r *results) call(info *types.Info, x *ast.CallExpr) bool {
	fun := ast.Unparen(x.Fun)
	quiet := info.Types[fun].IsType()
	if id, ok := fun.(*ast.Ident); ok {
		_, builtin := info.Uses[id].(*types.Builtin)
		quiet = quiet || builtin && (id.Name == "len" || id.Name == "min" || id.Name == "max")
	}
	if sel, ok := fun.(*ast.SelectorExpr); ok {
		if fn, ok := info.Uses[sel.Sel].(*types.Func); ok && info.Selections[sel] == nil {
			quiet = quiet || Quiet(fn)
		}
	}
	if !quiet {
		return false
	}
	for _, arg := range x.Args {
		if !r.walk(info, arg) || !isValue(info.Types[arg].Type) {
			return false
		}
	}
	return true
}

// isValue reports whether a value of a type leads to no memory that others can change.
func isValue(t types.Type) bool {
	if t == nil || isError(t) {
		return t != nil
	}
	_, basic := t.Underlying().(*types.Basic)
	return basic
}

// Quiet reports whether a function does nothing but compute its result, if its arguments
// are plain values: it does not block, and takes no lock.
func Quiet(fn *types.Func) bool {
	if fn.Pkg() == nil || fn.Signature().Recv() != nil {
		return false
	}
	switch fn.Pkg().Path() {
	case "errors":
		return fn.Name() == "New"
	case "fmt":
		return fn.Name() == "Errorf" || fn.Name() == "Sprintf" || fn.Name() == "Sprint"
	case "math", "math/bits", "strconv", "strings", "unicode", "unicode/utf8":
		return true
	}
	return false
}
