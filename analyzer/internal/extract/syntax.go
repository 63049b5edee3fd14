package extract

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// syntax is what positions are found by.
type syntax struct {
	calls map[token.Pos]token.Pos // left parenthesis of a call -> where the call starts
}

func newSyntax(files []*ast.File) *syntax {
	s := &syntax{calls: map[token.Pos]token.Pos{}}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				s.calls[call.Lparen] = call.Pos()
			}
			return true
		})
	}
	return s
}

// posOf returns the position of a call. That which a range over a function
// stands for has that of the body, and what has none that of the function.
func posOf(instr ssa.CallInstruction) token.Pos {
	if pos := instr.Pos(); pos.IsValid() {
		return pos
	}
	for _, a := range instr.Common().Args {
		if mc, ok := a.(*ssa.MakeClosure); ok && mc.Fn.Pos().IsValid() {
			return mc.Fn.Pos()
		}
	}
	return instr.Parent().Pos()
}

// names are the identifiers of one function, but not of the literals in it.
type names map[string][]token.Pos

// namesIn finds the names in a function that are not operands of &.
func namesIn(fn *ssa.Function) names {
	ns := names{}
	syntax := syntaxOf(fn)
	if syntax == nil {
		return ns
	}
	ast.Inspect(syntax, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return n == syntax
		case *ast.UnaryExpr:
			return n.Op != token.AND
		case *ast.Ident:
			ns[n.Name] = append(ns[n.Name], n.Pos())
		}
		return true
	})
	return ns
}

// syntaxOf returns the syntax of a function, nil if its body has been freed.
func syntaxOf(fn *ssa.Function) ast.Node {
	switch n := fn.Syntax().(type) {
	case *ast.FuncDecl:
		if n.Body != nil {
			return n
		}
	case *ast.FuncLit:
		if n.Body != nil {
			return n
		}
	case *ast.RangeStmt:
		return n
	}
	return nil
}

// nearest returns the use of a name which is nearest, in lines, to a position, other than where it is declared. It returns the
// position if that is in a function that does not use the name, or not there, such as a return without operands.
func (ns names) nearest(fset *token.FileSet, name string, near, declared token.Pos) token.Pos {
	line := fset.Position(near).Line
	best, dist := near, -1
	for _, pos := range ns[name] {
		d := fset.Position(pos).Line - line
		if d = max(d, -d); pos != declared && (dist < 0 || d < dist) {
			best, dist = pos, d
		}
	}
	if dist > maxAway && declared.IsValid() {
		return near
	}
	return best
}

// maxAway bounds the lines that the name of a local variable is away from what is done with it.
const maxAway = 3

// near returns a position close to an instruction without one: of what is done with its value, or behind it.
func near(instr ssa.Instruction) token.Pos {
	if v, ok := instr.(ssa.Value); ok {
		for _, ref := range *v.Referrers() {
			if pos := ref.Pos(); pos.IsValid() {
				return pos
			}
		}
	}
	behind := false
	for _, in := range instr.Block().Instrs {
		behind = behind || in == instr
		if pos := in.Pos(); behind && pos.IsValid() {
			return pos
		}
	}
	return instr.Parent().Pos()
}
