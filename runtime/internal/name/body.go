package name

import (
	"go/ast"
	"go/token"
	"go/types"
)

// A body is the inside of one declaration, checked: a function's body, or the values of
// variables.
type body struct {
	file *ast.File
	fn   *types.Func // nil for values of variables
	decl *ast.FuncDecl
	root ast.Node
	defs map[*types.Var][]def
	decs map[*types.Var]ast.Expr // declared types, as written
}

// A def is something that a local variable is set to.
type def struct {
	expr   ast.Expr
	result int  // which of the results of expr, for a call with several
	elem   bool // an element of expr, as range gives it
	zero   bool // the zero value or a new object
}

// body checks the inside of a declaration of file f. go/types lets files be added to a
// package, so the body goes into a file of its own, as that of a function named _:
// everything but this body has been checked before, and is not looked at again.
func (p *pkg) body(f *ast.File, d ast.Decl) *body {
	if b, ok := p.bodies[d]; ok {
		return b
	}
	b := &body{file: f}
	p.bodies[d] = b
	var fd *ast.FuncDecl
	switch d := d.(type) {
	case *ast.FuncDecl:
		b.decl = d
		b.fn, _ = p.info.Defs[d.Name].(*types.Func)
		if d.Body == nil {
			return b
		}
		c := *d
		c.Name = &ast.Ident{NamePos: d.Name.Pos(), Name: "_"}
		if d.Recv == nil && d.Type.TypeParams != nil {
			t := *d.Type
			c.Type = &t
		}
		fd = &c
	case *ast.GenDecl:
		if d.Tok != token.VAR {
			return b
		}
		fd = &ast.FuncDecl{
			Name: &ast.Ident{NamePos: d.Pos(), Name: "_"},
			Type: &ast.FuncType{Func: d.Pos(), Params: &ast.FieldList{Opening: d.Pos(), Closing: d.Pos()}},
			Body: &ast.BlockStmt{Lbrace: d.Pos(), Rbrace: d.End()},
		}
		for _, s := range d.Specs {
			if s, ok := s.(*ast.ValueSpec); ok && len(s.Values) > 0 {
				set := &ast.AssignStmt{TokPos: s.Pos(), Tok: token.ASSIGN, Rhs: s.Values}
				for _, n := range s.Names {
					set.Lhs = append(set.Lhs, &ast.Ident{NamePos: n.Pos(), Name: "_"})
				}
				fd.Body.List = append(fd.Body.List, set)
			}
		}
	default:
		return b
	}
	b.root = fd
	own := *f
	own.Decls = nil
	for _, g := range f.Decls {
		if g, ok := g.(*ast.GenDecl); ok && g.Tok == token.IMPORT {
			own.Decls = append(own.Decls, g)
		}
	}
	own.Decls = append(own.Decls, fd)
	p.conf.IgnoreFuncBodies = false
	_ = p.checker.Files([]*ast.File{&own})
	p.conf.IgnoreFuncBodies = true
	p.collect(b)
	return b
}

// collect finds what the local variables of a body are set to.
func (p *pkg) collect(b *body) {
	b.defs = map[*types.Var][]def{}
	b.decs = map[*types.Var]ast.Expr{}
	set := func(lhs ast.Expr, d def) {
		id, ok := ast.Unparen(lhs).(*ast.Ident)
		if !ok {
			return
		}
		obj := p.info.Defs[id]
		if obj == nil {
			obj = p.info.Uses[id]
		}
		if v, ok := obj.(*types.Var); ok {
			b.defs[v] = append(b.defs[v], d)
		}
	}
	ast.Inspect(b.root, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, lhs := range n.Lhs {
				if len(n.Lhs) == len(n.Rhs) {
					set(lhs, def{expr: n.Rhs[i]})
				} else if len(n.Rhs) == 1 {
					set(lhs, def{expr: n.Rhs[0], result: i})
				}
			}
		case *ast.ValueSpec:
			for i, id := range n.Names {
				switch {
				case len(n.Values) == 0:
					set(id, def{zero: true})
				case len(n.Names) == len(n.Values):
					set(id, def{expr: n.Values[i]})
				case len(n.Values) == 1:
					set(id, def{expr: n.Values[0], result: i})
				}
				if v, ok := p.info.Defs[id].(*types.Var); ok && n.Type != nil {
					b.decs[v] = n.Type
				}
			}
		case *ast.RangeStmt:
			for _, lhs := range []ast.Expr{n.Key, n.Value} {
				if lhs != nil {
					set(lhs, def{expr: n.X, elem: true})
				}
			}
		case *ast.TypeSwitchStmt:
			var x ast.Expr
			if a, ok := n.Assign.(*ast.AssignStmt); ok && len(a.Rhs) == 1 {
				if t, ok := a.Rhs[0].(*ast.TypeAssertExpr); ok {
					x = t.X
				}
			}
			if x != nil && n.Body != nil {
				for _, c := range n.Body.List {
					if v, ok := p.info.Implicits[c].(*types.Var); ok {
						b.defs[v] = append(b.defs[v], def{expr: x})
					}
				}
			}
		case *ast.Field:
			for _, id := range n.Names {
				if v, ok := p.info.Defs[id].(*types.Var); ok {
					b.decs[v] = n.Type
				}
			}
		}
		return true
	})
}
