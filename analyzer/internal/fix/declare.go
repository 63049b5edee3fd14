package fix

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/astutil"

	"github.com/lockcheck/lockcheck/analyzer/internal/report"
)

// Declare returns the fix that makes an assignment to the variable whose name stands at pos the
// declaration of a new variable. ok is false if the function uses the name where the new one is not
// seen, or if the new one would have another type.
func (f *Func) Declare(pos token.Pos) (_ report.Fix, ok bool) {
	path, _ := astutil.PathEnclosingInterval(f.syntax, pos, pos)
	if len(path) < 3 {
		return report.Fix{}, false
	}
	id, isName := path[0].(*ast.Ident)
	as, isAssign := path[1].(*ast.AssignStmt)
	if !isName || !isAssign || as.Tok != token.ASSIGN || len(as.Lhs) != 1 || len(as.Rhs) != 1 || as.Lhs[0] != ast.Expr(id) {
		return report.Fix{}, false
	}
	scope := path[2]
	if c, isComm := scope.(*ast.CommClause); isComm && c.Comm == ast.Stmt(as) {
		return report.Fix{}, false // a case of a select
	}
	if l, isLoop := scope.(*ast.ForStmt); isLoop && l.Post == ast.Stmt(as) {
		return report.Fix{}, false
	}
	info, known := f.check(as.Rhs[0])
	old, isTyped := f.check(id)
	if !known || !isTyped || !types.Identical(info.Types[as.Rhs[0]].Type, old.Types[id].Type) {
		return report.Fix{}, false
	}
	ok = true
	ast.Inspect(f.Body, func(n ast.Node) bool {
		if other, isName := n.(*ast.Ident); isName && other.Name == id.Name && other != id {
			ok = ok && other.Pos() > as.End() && other.End() <= scope.End()
		}
		return ok
	})
	if !ok {
		return report.Fix{}, false
	}
	e := report.Edit{Pos: as.TokPos, End: as.TokPos + 1, NewText: ":="}
	return Join("Declare "+id.Name+" in the goroutine", e), true
}
