package fix

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/lockcheck/lockcheck/analyzer/internal/report"
)

// Room returns the fix of a channel that is made by the call of make whose left parenthesis is at a position, without room for a value: to give it
// room for one.
func (f *Func) Room(lparen token.Pos) (_ report.Fix, ok bool) {
	var call *ast.CallExpr
	ast.Inspect(f.Body, func(n ast.Node) bool {
		if c, is := n.(*ast.CallExpr); is && c.Lparen == lparen {
			call = c
		}
		return call == nil
	})
	if call == nil || len(call.Args) == 0 || len(call.Args) > 2 || call.Ellipsis.IsValid() {
		return report.Fix{}, false
	}
	if name, is := call.Fun.(*ast.Ident); !is || name.Name != "make" {
		return report.Fix{}, false
	}
	message := "Give " + types.ExprString(call) + " room for a value"
	if len(call.Args) == 2 {
		if n, is := call.Args[1].(*ast.BasicLit); !is || n.Value != "0" {
			return report.Fix{}, false
		}
		return Join(message, Replace(call.Args[1], "1")), true
	}
	end := call.Args[0].End()
	return Join(message, report.Edit{Pos: end, End: end, NewText: ", 1"}), true
}
