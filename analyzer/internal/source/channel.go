package source

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// maxExpr bounds the expressions that are shown.
const maxExpr = 60

// Channel returns the channel of a send or receive, of a loop over a channel, or of a case of a select, counted from 1, as the source has it; "" if
// that is not known, or too long to be shown.
func (x *Index) Channel(f *effects.Func, v effects.V, which int) string {
	pos := x.Pos(f, f.At(v).Pos)
	node := x.funcs[f].Node
	if node == nil || !pos.IsValid() {
		return ""
	}
	var ch ast.Expr
	ast.Inspect(node, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.UnaryExpr:
			if n.Op == token.ARROW && n.OpPos == pos {
				ch = n.X
			}
		case *ast.SendStmt:
			if n.Arrow == pos {
				ch = n.Chan
			}
		case *ast.RangeStmt:
			if n.For == pos {
				ch = n.X
			}
		case *ast.SelectStmt:
			if n.Select == pos {
				ch = comm(n, which)
			}
		}
		return ch == nil
	})
	if ch == nil {
		return ""
	}
	if s := types.ExprString(ast.Unparen(ch)); len(s) <= maxExpr {
		return s
	}
	return ""
}

// comm returns the channel of a case of a select, without default counted from 1.
func comm(sel *ast.SelectStmt, which int) ast.Expr {
	for _, s := range sel.Body.List {
		cc := s.(*ast.CommClause)
		if cc.Comm == nil {
			continue
		}
		if which--; which > 0 {
			continue
		}
		switch s := cc.Comm.(type) {
		case *ast.SendStmt:
			return s.Chan
		case *ast.ExprStmt:
			return received(s.X)
		case *ast.AssignStmt:
			return received(s.Rhs[0])
		}
	}
	return nil
}

func received(e ast.Expr) ast.Expr {
	if u, ok := ast.Unparen(e).(*ast.UnaryExpr); ok && u.Op == token.ARROW {
		return u.X
	}
	return nil
}
