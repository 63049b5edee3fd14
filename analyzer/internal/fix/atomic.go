package fix

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/astutil"

	"github.com/lockcheck/lockcheck/analyzer/internal/report"
)

const atomicPath = "sync/atomic"

// atomicTypes are the types of sync/atomic for those of its functions.
var atomicTypes = map[types.BasicKind]string{
	types.Int32: "Int32", types.Int64: "Int64", types.Uint32: "Uint32", types.Uint64: "Uint64", types.Uintptr: "Uintptr",
	types.UnsafePointer: "Pointer",
}

// atomicName returns the name that sync/atomic has for the type of a variable, "" if there is none, or if the type
// is one with a name of its own.
func atomicName(v *types.Var) string {
	if b, ok := types.Unalias(v.Type()).(*types.Basic); ok {
		return atomicTypes[b.Kind()]
	}
	return ""
}

// A use is one appearance of a field or variable.
type use struct {
	file *File
	node ast.Expr // the selector or the name
	path []ast.Node
}

// object returns the field or variable whose name is at pos, and the expression that denotes it.
func (f *Func) object(pos token.Pos) (*types.Var, use) {
	path, _ := astutil.PathEnclosingInterval(f.syntax, pos, pos)
	if len(path) < 2 {
		return nil, use{}
	}
	id, ok := path[0].(*ast.Ident)
	if !ok {
		return nil, use{}
	}
	return f.File.resolve(f.Pkg, id, path[1:])
}

// resolve returns what a name, inside of the nodes of path, stands for.
func (f *File) resolve(pkg *types.Package, id *ast.Ident, path []ast.Node) (*types.Var, use) {
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{}}
	if sel, ok := path[0].(*ast.SelectorExpr); ok && sel.Sel == id {
		if types.CheckExpr(f.fset, pkg, sel.Pos(), sel, info) != nil || info.Selections[sel] == nil {
			return nil, use{}
		}
		v, _ := info.Selections[sel].Obj().(*types.Var)
		return origin(v), use{f, sel, path[1:]}
	}
	if types.CheckExpr(f.fset, pkg, id.Pos(), id, info) != nil {
		return nil, use{}
	}
	v, _ := info.Uses[id].(*types.Var)
	return origin(v), use{f, id, path}
}

func origin(v *types.Var) *types.Var {
	if v == nil {
		return nil
	}
	return v.Origin()
}

// PlainAtomic returns the fix that replaces the plain accesses at the positions, of which the first must be
// simple, by calls of functions of sync/atomic.
func (s *Sources) PlainAtomic(f *Func, positions []token.Pos) (_ report.Fix, ok bool) {
	name, edits, ok := f.Import(f.Pkg, atomicPath)
	if !ok || s.importOf(f.File).dropped != nil {
		return report.Fix{}, false
	}
	message := ""
	for i, pos := range positions {
		v, u := f.object(pos)
		if v == nil || atomicName(v) == "" {
			if i == 0 {
				return report.Fix{}, false
			}
			continue
		}
		more, fn, ok := u.call(name, atomicName(v), signed(v))
		switch {
		case ok && !overlap(append(slices.Clone(edits), more...)):
			edits = append(edits, more...)
			if message == "" {
				message = "Call " + name + "." + fn
			}
		case i == 0:
			return report.Fix{}, false
		}
	}
	s.importOf(f.File).needed = true
	return Join(message, edits...), true
}

func signed(v *types.Var) bool {
	b, ok := types.Unalias(v.Type()).(*types.Basic)
	return ok && b.Info()&types.IsUnsigned == 0
}

// A form is how a use stands in its statement.
type form uint8

const (
	other form = iota
	read
	store // x = y
	add   // x++, x--, x += y, x -= y
	call  // f(&x, ...) of sync/atomic
)

// form tells the form of a use, and the statement or call.
func (u *use) form() (form, ast.Node) {
	if len(u.path) == 0 {
		return other, nil
	}
	switch p := u.path[0].(type) {
	case *ast.AssignStmt:
		if !slices.Contains(p.Lhs, u.node) {
			return read, nil
		}
		if len(p.Lhs) == 1 && len(p.Rhs) == 1 {
			switch p.Tok {
			case token.ASSIGN:
				return store, p
			case token.ADD_ASSIGN, token.SUB_ASSIGN:
				return add, p
			}
		}
	case *ast.IncDecStmt:
		return add, p
	case *ast.UnaryExpr:
		if p.Op != token.AND {
			return read, nil
		}
		if c, ok := u.path[1].(*ast.CallExpr); ok && len(c.Args) > 0 && c.Args[0] == p && u.file.isAtomic(c) {
			return call, c
		}
	case *ast.BinaryExpr, *ast.ReturnStmt, *ast.IndexExpr, *ast.IfStmt, *ast.SwitchStmt, *ast.CaseClause, *ast.ValueSpec, *ast.SendStmt:
		return read, nil
	case *ast.KeyValueExpr:
		if p.Value == u.node {
			return read, nil
		}
	case *ast.CallExpr:
		if sel, ok := p.Fun.(*ast.SelectorExpr); ok {
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == "unsafe" {
				return other, nil
			}
		}
		return read, nil
	}
	return other, nil
}

// isAtomic reports whether a call is one of a function of sync/atomic.
func (f *File) isAtomic(c *ast.CallExpr) bool {
	sel, ok := c.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	x, ok := sel.X.(*ast.Ident)
	return ok && x.Name == f.atomicImport()
}

// atomicImport returns the name under which the file imports sync/atomic.
func (f *File) atomicImport() string {
	for _, s := range f.syntax.Imports {
		if s.Path.Value == `"`+atomicPath+`"` {
			if s.Name != nil {
				return s.Name.Name
			}
			return "atomic"
		}
	}
	return ""
}

func insert(pos token.Pos, text string) report.Edit {
	return report.Edit{Pos: pos, End: pos, NewText: text}
}

// call returns the edits that make a plain access a call of a function.
func (u *use) call(pkg, typ string, signed bool) (_ []report.Edit, fn string, ok bool) {
	form, at := u.form()
	start, end := u.node.Pos(), u.node.End()
	head := func(op string) report.Edit { return insert(start, pkg+"."+op+typ+"(&") }
	switch form {
	case read:
		return []report.Edit{head("Load"), insert(end, ")")}, "Load" + typ, true
	case store:
		rhs := at.(*ast.AssignStmt).Rhs[0]
		if u.mentionedIn(rhs) {
			return nil, "", false // x = x + 1 remains a read and a write
		}
		return []report.Edit{head("Store"), {Pos: end, End: rhs.Pos(), NewText: ", "}, insert(rhs.End(), ")")}, "Store" + typ, true
	case add:
		tail, ok := u.operand(at, ", ", typ, signed)
		return append([]report.Edit{head("Add")}, tail...), "Add" + typ, ok && typ != "Pointer"
	}
	return nil, "", false
}

// mentionedIn reports whether the name of a use is in an expression.
func (u *use) mentionedIn(e ast.Expr) bool {
	id, _ := u.node.(*ast.Ident)
	if sel, ok := u.node.(*ast.SelectorExpr); ok {
		id = sel.Sel
	}
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		x, ok := n.(*ast.Ident)
		found = found || ok && x.Name == id.Name
		return !found
	})
	return found
}

// operand returns the edits that make an argument of what is added.
func (u *use) operand(at ast.Node, open, typ string, signed bool) (_ []report.Edit, ok bool) {
	end := u.node.End()
	switch at := at.(type) {
	case *ast.IncDecStmt:
		n := "1"
		switch {
		case at.Tok == token.DEC && signed:
			n = "-1"
		case at.Tok == token.DEC:
			n = "^" + strings.ToLower(typ) + "(0)"
		}
		return []report.Edit{{Pos: end, End: at.End(), NewText: open + n + ")"}}, true
	case *ast.AssignStmt:
		rhs := at.Rhs[0]
		if at.Tok == token.ADD_ASSIGN {
			return []report.Edit{{Pos: end, End: rhs.Pos(), NewText: open}, insert(rhs.End(), ")")}, true
		}
		return []report.Edit{{Pos: end, End: rhs.Pos(), NewText: open + "-("}, insert(rhs.End(), "))")}, signed
	}
	return nil, false
}

// method returns the edits that make an access a call of a method.
func (u *use) method(typ string, signed bool) (_ []report.Edit, ok bool) {
	form, at := u.form()
	end := u.node.End()
	switch form {
	case read:
		return []report.Edit{insert(end, ".Load()")}, true
	case store:
		rhs := at.(*ast.AssignStmt).Rhs[0]
		return []report.Edit{{Pos: end, End: rhs.Pos(), NewText: ".Store("}, insert(rhs.End(), ")")}, true
	case add:
		return u.operand(at, ".Add(", typ, signed)
	case call:
		c := at.(*ast.CallExpr)
		op, ok := strings.CutSuffix(c.Fun.(*ast.SelectorExpr).Sel.Name, typ)
		to := c.Rparen
		if len(c.Args) > 1 {
			to = c.Args[1].Pos()
		}
		return []report.Edit{{Pos: c.Pos(), End: to, NewText: u.file.Source(u.node) + "." + op + "("}}, ok
	}
	return nil, false
}

// overlap reports whether two edits touch the same text, or insert at the same place.
func overlap(edits []report.Edit) bool {
	for i, a := range edits {
		for _, b := range edits[:i] {
			if a.Pos < b.End && b.Pos < a.End || a.Pos == b.Pos {
				return true
			}
		}
	}
	return false
}
