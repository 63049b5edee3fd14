package fix

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/astutil"
)

// Sources are the files in which fixes may be made.
type Sources struct {
	fset   *token.FileSet
	read   func(name string) ([]byte, error)
	syntax map[*token.File]*ast.File
	files  map[*token.File]*File // those asked for; nil where no fix may be made
	atomic map[*File]*atomicImport
}

// A File is the text and syntax of one file.
type File struct {
	fset   *token.FileSet
	syntax *ast.File
	tok    *token.File
	text   string
}

// NewSources returns the sources of files. Read returns the content of a file when it
// is needed; if it is nil, there are no fixes.
func NewSources(fset *token.FileSet, files []*ast.File, read func(name string) ([]byte, error)) *Sources {
	s := &Sources{fset: fset, read: read, syntax: map[*token.File]*ast.File{}, files: map[*token.File]*File{}, atomic: map[*File]*atomicImport{}}
	for _, f := range files {
		if tok := fset.File(f.FileStart); tok != nil {
			s.syntax[tok] = f
		}
	}
	return s
}

// File returns the file of a position, or nil if it must be left as it is.
func (s *Sources) File(pos token.Pos) *File {
	tok := s.fset.File(pos)
	syntax := s.syntax[tok]
	if syntax == nil || s.read == nil {
		return nil
	}
	f, ok := s.files[tok]
	if !ok {
		if text, err := s.read(tok.Name()); err == nil && len(text) == tok.Size() && !ast.IsGenerated(syntax) && !redirected(s.fset, syntax) {
			f = &File{fset: s.fset, syntax: syntax, tok: tok, text: string(text)}
		}
		s.files[tok] = f
	}
	return f
}

// NameAt returns the identifier at a position, "" if there is none.
func (s *Sources) NameAt(pos token.Pos) string {
	syntax := s.syntax[s.fset.File(pos)]
	if syntax == nil {
		return ""
	}
	path, _ := astutil.PathEnclosingInterval(syntax, pos, pos)
	if id, ok := path[0].(*ast.Ident); ok && id.Pos() == pos {
		return id.Name
	}
	return ""
}

// redirected reports whether a line directive or cgo makes positions in a file others
// than those of its text.
func redirected(fset *token.FileSet, f *ast.File) bool {
	for _, group := range f.Comments {
		for _, c := range group.List {
			if strings.HasPrefix(c.Text, "//line ") || strings.HasPrefix(c.Text, "/*line ") {
				return true
			}
		}
	}
	return fset.PositionFor(f.Package, true) != fset.PositionFor(f.Package, false)
}

// A Func is a function in whose body a fix is made.
type Func struct {
	*File
	Pkg  *types.Package // which declares it
	Node ast.Node       // *ast.FuncDecl or *ast.FuncLit
	Type *ast.FuncType
	Body *ast.BlockStmt
}

// Func returns the function of that syntax; nil if it is not one, or in a file
// that must be left as it is.
func (s *Sources) Func(pkg *types.Package, node ast.Node) *Func {
	f := &Func{Pkg: pkg, Node: node}
	switch node := node.(type) {
	case *ast.FuncDecl:
		f.Type, f.Body = node.Type, node.Body
	case *ast.FuncLit:
		f.Type, f.Body = node.Type, node.Body
	}
	if pkg == nil || f.Body == nil {
		return nil
	}
	if f.File = s.File(node.Pos()); f.File == nil {
		return nil
	}
	return f
}

// A Stmt is a statement in a list of statements: of a block or of a case.
type Stmt struct {
	ast.Stmt
	list     []ast.Stmt
	index    int
	from, to token.Pos // the list's brackets: braces, or the colon and what ends the case
	owner    ast.Node  // *ast.BlockStmt, *ast.CaseClause or *ast.CommClause
}

// Stmt returns the innermost statement of a list at pos, if it is the function's own, not
// one of a function literal inside it.
func (f *Func) Stmt(pos token.Pos) (Stmt, bool) {
	path, _ := astutil.PathEnclosingInterval(f.syntax, pos, pos)
	for i, n := range path {
		if n == f.Node || i+1 == len(path) {
			break
		}
		if _, ok := n.(*ast.FuncLit); ok {
			break
		}
		stmt, ok := n.(ast.Stmt)
		if !ok {
			continue
		}
		s := Stmt{Stmt: stmt, owner: path[i+1]}
		switch owner := path[i+1].(type) {
		case *ast.BlockStmt:
			s.list, s.from, s.to = owner.List, owner.Lbrace, owner.Rbrace
		case *ast.CaseClause:
			s.list, s.from, s.to = owner.Body, owner.Colon, owner.End()
		case *ast.CommClause:
			s.list, s.from, s.to = owner.Body, owner.Colon, owner.End()
		}
		if s.index = slices.Index(s.list, stmt); s.index >= 0 {
			return s, true
		}
	}
	return Stmt{}, false
}

// Before returns the statement before s in its list, nil if s is the first.
func (s Stmt) Before() ast.Stmt {
	if s.index == 0 {
		return nil
	}
	return s.list[s.index-1]
}

// Call returns the call that a statement consists of, also if it is deferred.
func Call(s ast.Stmt) (call *ast.CallExpr, deferred bool) {
	switch s := s.(type) {
	case *ast.ExprStmt:
		call, _ = ast.Unparen(s.X).(*ast.CallExpr)
	case *ast.DeferStmt:
		return s.Call, true
	}
	return call, false
}

// A Method is a call x.Name() without arguments.
type Method struct {
	X    ast.Expr
	Name *ast.Ident
}

// MethodOf returns the method call that a statement consists of.
func MethodOf(s ast.Stmt) (m Method, deferred, ok bool) {
	call, deferred := Call(s)
	if call == nil || len(call.Args) > 0 {
		return Method{}, false, false
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return Method{}, false, false
	}
	return Method{sel.X, sel.Sel}, deferred, true
}

// Source returns the text of a node as the file has it.
func (f *File) Source(n ast.Node) string {
	return f.text[f.tok.Offset(n.Pos()):f.tok.Offset(n.End())]
}

// check returns what is known of the types in an expression at its place.
func (f *Func) check(expr ast.Expr) (*types.Info, bool) { return f.checkAt(expr, expr.Pos()) }

// checkAt returns what is known of the types in an expression as if it stood at pos. The
// expression need not be part of the file.
func (f *Func) checkAt(expr ast.Expr, pos token.Pos) (*types.Info, bool) {
	info := &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
	}
	err := types.CheckExpr(f.fset, f.Pkg, pos, expr, info)
	return info, err == nil
}
