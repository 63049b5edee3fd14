// Package source finds the syntax of what effects tell of: the call behind an instruction, where a way out of a function
// is written, and what of that a message or a fix needs.
//
// Effects have positions as messages show them. In a file with line directives these are not those of the text: there a position is looked for
// in the lines of its function.
package source

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// An Index knows the syntax of functions.
type Index struct {
	fset  *token.FileSet
	files []*ast.File
	names map[string]*token.File // the last of a name: a package and its test variant have the same
	funcs map[*effects.Func]Func
	calls map[token.Pos][]*ast.CallExpr // by the position that effects give them: the start, or the left parenthesis on another line; nil until it is asked for
	later map[token.Pos]*ast.CallExpr   // of go and defer statements, by keyword
}

// A Func is the syntax of a function.
type Func struct {
	Node ast.Node       // *ast.FuncDecl, *ast.FuncLit, or the *ast.RangeStmt over a function; nil if it has no source
	Pkg  *types.Package // that declares it
}

// New returns the index of files, without functions.
func New(fset *token.FileSet, files []*ast.File) *Index {
	x := &Index{fset: fset, files: files, names: map[string]*token.File{}, funcs: map[*effects.Func]Func{}}
	for _, f := range files {
		if tf := fset.File(f.FileStart); tf != nil {
			x.names[tf.Name()] = tf
		}
	}
	return x
}

// Add tells the syntax of a function.
func (x *Index) Add(f *effects.Func, syntax Func) { x.funcs[f] = syntax }

// Func returns the syntax of a function.
func (x *Index) Func(f *effects.Func) Func { return x.funcs[f] }

// Pos returns the position in a file of one in a function; NoPos if its file is not known.
func (x *Index) Pos(f *effects.Func, p effects.Pos) token.Pos {
	if !p.IsValid() || int(p.File) >= len(f.Unit.Files) {
		return token.NoPos
	}
	name := f.Unit.Files[p.File]
	tf := x.names[name]
	node := x.funcs[f].Node
	if node != nil {
		tf = x.fset.File(node.Pos())
	}
	if tf == nil {
		return token.NoPos
	}
	if tf.Name() == name && int(p.Line) <= tf.LineCount() {
		if pos := at(tf, int(p.Line), p); tf.Position(pos) == (token.Position{Filename: name, Offset: tf.Offset(pos), Line: int(p.Line), Column: int(p.Col)}) {
			return pos
		}
	}
	if node == nil {
		return token.NoPos
	}
	return moved(tf, node, name, p)
}

// at returns the position with the column of p in a line.
func at(tf *token.File, line int, p effects.Pos) token.Pos {
	return min(tf.LineStart(line)+token.Pos(max(p.Col, 1)-1), token.Pos(tf.Base()+tf.Size()))
}

// moved returns where in a function a position is that line directives have changed.
func moved(tf *token.File, node ast.Node, name string, p effects.Pos) token.Pos {
	last := tf.PositionFor(node.End(), false).Line
	for line := tf.PositionFor(node.Pos(), false).Line; line <= last; line++ {
		pos := at(tf, line, p)
		if q := tf.Position(pos); q.Filename == name && q.Line == int(p.Line) {
			return pos
		}
	}
	return token.NoPos
}

// Call returns the call that an instruction is, nil if it is none, or not known for sure. That of a go or defer statement is not known: its
// position is that of the keyword.
func (x *Index) Call(f *effects.Func, v effects.V) *ast.CallExpr {
	if v <= 0 || f.At(v).How != effects.AtOnce {
		return nil
	}
	in := f.At(v)
	var found *ast.CallExpr
	for _, call := range x.callsAt(x.Pos(f, in.Pos)) {
		switch {
		case !calls(in, call):
		case found != nil:
			return nil
		default:
			found = call
		}
	}
	return found
}

// Callee returns what the call that an instruction is calls, as the source has it; "" if that is not known.
func (x *Index) Callee(f *effects.Func, v effects.V) string {
	call := x.Call(f, v)
	if call == nil {
		call = x.Statement(f, v)
	}
	if call == nil {
		return ""
	}
	return types.ExprString(ast.Unparen(call.Fun))
}

// Receiver returns the method that an instruction calls, and what it is called on, as the source has it; "" if it calls none, or that is
// not known.
func (x *Index) Receiver(f *effects.Func, v effects.V) (expr, method string) {
	call := x.Call(f, v)
	if call == nil {
		return "", ""
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return "", ""
	}
	return types.ExprString(sel.X), sel.Sel.Name
}

func (x *Index) callsAt(pos token.Pos) []*ast.CallExpr {
	if x.calls == nil {
		x.calls, x.later = map[token.Pos][]*ast.CallExpr{}, map[token.Pos]*ast.CallExpr{}
		for _, f := range x.files {
			ast.Inspect(f, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.CallExpr:
					at := n.Pos()
					if x.fset.Position(at).Line != x.fset.Position(n.Lparen).Line {
						at = n.Lparen
					}
					x.calls[at] = append(x.calls[at], n)
				case *ast.GoStmt:
					x.later[n.Pos()] = n.Call
				case *ast.DeferStmt:
					x.later[n.Pos()] = n.Call
				}
				return true
			})
		}
	}
	return x.calls[pos]
}

// Statement returns the call of the go or defer statement that an instruction is, nil if it is none.
func (x *Index) Statement(f *effects.Func, v effects.V) *ast.CallExpr {
	if f.At(v).How == effects.AtOnce {
		return nil
	}
	pos := x.Pos(f, f.At(v).Pos)
	x.callsAt(pos)
	return x.later[pos]
}

// calls reports whether a call can be that of an instruction: it calls what has the same name, or what is no name.
func calls(in *effects.Instr, call *ast.CallExpr) bool {
	name := in.Sym
	if in.Op == effects.Close {
		name = "close"
	}
	name = name[strings.LastIndexByte(name, '.')+1:]
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.SelectorExpr:
		return name == "" || fun.Sel.Name == name
	case *ast.Ident:
		return name == "" || fun.Name == name
	case *ast.CallExpr, *ast.FuncLit:
		return in.Flags&effects.Dynamic != 0
	}
	return true
}

// Span returns where the call that an instruction is stands, or only its position.
func (x *Index) Span(f *effects.Func, v effects.V) (pos, end token.Pos) {
	pos = x.Pos(f, f.At(v).Pos)
	if call := x.Call(f, v); call != nil {
		return pos, call.End()
	}
	if f.At(v).How == effects.Deferred {
		return pos, pos + token.Pos(len("defer"))
	}
	return pos, pos
}

// Exit returns where a way out of a function is written, and what it is called.
func (x *Index) Exit(f *effects.Func, v effects.V) (pos, end token.Pos, what string) {
	in := f.At(v)
	pos = x.Pos(f, in.Pos)
	switch {
	case in.Op.Calls():
		pos, end = x.Span(f, v)
		return pos, end, "runtime.Goexit"
	case in.Op == effects.Return && in.Pos.IsValid():
		return pos, pos + token.Pos(len("return")), "this return"
	case in.Op == effects.Panic && in.Pos.IsValid(): // at the left parenthesis
		return pos - token.Pos(len("panic")), pos, "this panic, which is recovered,"
	}
	if node := x.funcs[f].Node; node != nil {
		return node.End() - 1, node.End(), "the end of the function"
	}
	pos = x.Pos(f, f.Pos)
	return pos, pos, "the function"
}

// EndOf returns the end of the longest call that starts at a position, or the position itself.
func (x *Index) EndOf(pos token.Pos) token.Pos {
	end := pos
	for _, call := range x.callsAt(pos) {
		end = max(end, call.End())
	}
	return end
}
