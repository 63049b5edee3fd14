package name

import (
	"go/ast"
	"go/token"
	"go/types"
)

// Unshared tells whether a lock that was acquired with a stack, the innermost function first, was that of an object which no other goroutine can
// have known: a function made it and had not yet shown it to anybody. With wait set, the question is whether that was still so later on, when the same
// goroutine came to be there. It returns the place in the stack of the function that made the object, -1 if others may know that.
//
// A function shows an object by whatever it does with the variable that holds it but looking at its fields, setting them, and locking. Objects
// that are made by a function of the same package which returns them, unshown, are new as well.
func Unshared(acquired, wait []Site) (maker int) {
	memo.Lock()
	defer memo.Unlock()
	return unshared(acquired, wait)
}

func unshared(acquired, wait []Site) (maker int) {
	defer func() {
		if recover() != nil { // see resolve
			maker = -1
		}
	}()
	list := operands(acquired)
	if len(list) == 0 {
		return -1
	}
	last := len(list) - 1
	for i, o := range list {
		if o.elem {
			return -1
		}
		until := o.pos
		if wait != nil {
			until = token.NoPos
			for _, s := range wait {
				if s.Func == acquired[i].Func && s.File == acquired[i].File {
					until = o.p.until(o.b, s)
					break
				}
			}
			if until == token.NoPos {
				if i < last {
					continue // it has returned, and did not show what it was handed as long as its caller has not: see below
				}
				return -1
			}
		}
		if until < o.pos || o.p.shown(o.b, o.v, until) {
			return -1
		}
	}
	if !list[last].p.made(list[last].b, list[last].v, list[last].pos) {
		return -1
	}
	return last
}

// until returns the place in a body at which the call of a site is made, and has been handed its arguments.
func (p *pkg) until(b *body, s Site) token.Pos {
	if list := p.calls(b, s, -1); len(list) == 1 && !list[0].deferred {
		return list[0].recv.Pos()
	}
	end := token.NoPos
	ast.Inspect(b.root, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok && p.line(c.Lparen) == s.Line {
			end = max(end, c.End())
		}
		return true
	})
	return end
}

// made reports whether a variable, at pos, has a new object in any case, of which no loop has come round.
func (p *pkg) made(b *body, v *types.Var, pos token.Pos) bool {
	if isParam(v) || v.Pkg() == nil || v.Parent() == v.Pkg().Scope() || len(b.defs[v]) != 1 || looped(b.root, v.Pos(), pos) {
		return false
	}
	d := b.defs[v][0]
	return d.zero && !pointerLike(v.Type()) || !d.elem && !d.zero && p.new(d.expr, d.result)
}

// new reports whether an expression makes an object.
func (p *pkg) new(e ast.Expr, result int) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.CompositeLit:
		return true
	case *ast.UnaryExpr:
		_, ok := ast.Unparen(e.X).(*ast.CompositeLit)
		return ok && e.Op == token.AND
	case *ast.CallExpr:
		if id, ok := ast.Unparen(e.Fun).(*ast.Ident); ok {
			if _, ok := p.info.Uses[id].(*types.Builtin); ok {
				return id.Name == "new"
			}
		}
		return p.returnsNew(p.calleeOf(e), result)
	}
	return false
}

// returnsNew reports whether a function of this package returns an object that it made, and has shown to nobody.
func (p *pkg) returnsNew(fn *types.Func, result int) bool {
	if fn == nil {
		return false
	}
	fn = fn.Origin()
	fd := p.decls[fn]
	if fd == nil || fd.Body == nil || p.following[fn] {
		return false
	}
	p.following[fn] = true
	defer delete(p.following, fn)
	b := p.body(p.fileOf(fd), fd)
	found, ok := false, true
	ast.Inspect(b.root, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			if result >= len(n.Results) {
				ok = false
				return false
			}
			e := ast.Unparen(n.Results[result])
			if id, isIdent := e.(*ast.Ident); isIdent {
				if id.Name == "nil" {
					return false
				}
				v, _ := p.info.ObjectOf(id).(*types.Var)
				ok = ok && v != nil && p.made(b, v, id.Pos()) && !p.shown(b, v, id.Pos())
			} else {
				ok = ok && p.new(e, 0)
			}
			found = true
			return false
		}
		return true
	})
	return found && ok
}

// looped reports whether there is a loop around pos that is not around def.
func looped(root ast.Node, def, pos token.Pos) bool {
	found := false
	ast.Inspect(root, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			if n.Pos() <= pos && pos < n.End() && !(n.Pos() <= def && def < n.End()) {
				found = true
			}
		case *ast.BranchStmt:
			if n.Tok == token.GOTO {
				found = true
			}
		}
		return true
	})
	return found
}

// shown reports whether a function may have given away what v holds before it came to pos.
func (p *pkg) shown(b *body, v *types.Var, pos token.Pos) bool {
	found := false
	home := literalAround(b.root, v.Pos())
	if literalAround(b.root, pos) != home {
		return true
	}
	ast.PreorderStack(b.root, nil, func(n ast.Node, stack []ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok || p.info.Uses[id] != v || id.Pos() >= pos {
			return !found
		}
		if literalAround(b.root, id.Pos()) != home || !p.looks(id, stack) {
			found = true
		}
		return !found
	})
	return found
}

// literalAround returns the function literal, or else the function, around a place.
func literalAround(root ast.Node, pos token.Pos) ast.Node {
	in := root
	ast.Inspect(root, func(n ast.Node) bool {
		if l, ok := n.(*ast.FuncLit); ok && l.Body.Pos() <= pos && pos < l.End() {
			in = l
		}
		return true
	})
	return in
}

// looks reports whether a use of a variable only looks at fields of what it holds, sets them, or locks.
func (p *pkg) looks(id *ast.Ident, stack []ast.Node) bool {
	var x ast.Node = id
	i := len(stack) - 1
	for ; i >= 0; i-- {
		switch n := stack[i].(type) {
		case *ast.ParenExpr, *ast.StarExpr:
			x = n
			continue
		case *ast.SelectorExpr:
			s := p.info.Selections[n]
			if s == nil {
				return false
			}
			if s.Kind() == types.FieldVal {
				x = n
				continue
			}
			fn, _ := s.Obj().(*types.Func)
			if fn == nil || fn.Signature().Recv() == nil || !isLock(fn.Signature().Recv().Type()) || i == 0 {
				return false
			}
			c, ok := stack[i-1].(*ast.CallExpr)
			return ok && c.Fun == n
		case *ast.IndexExpr:
			if n.X == x {
				x = n
				continue
			}
		}
		break
	}
	if i < 0 {
		return false
	}
	if x == ast.Node(id) { // the variable itself
		c, ok := stack[i].(*ast.BinaryExpr)
		return ok && (c.Op == token.EQL || c.Op == token.NEQ)
	}
	switch n := stack[i].(type) {
	case *ast.UnaryExpr:
		return n.Op != token.AND
	case *ast.SliceExpr:
		return n.X != x || !isArray(p.info.TypeOf(n.X))
	}
	return true
}

func isArray(t types.Type) bool {
	if t == nil {
		return true
	}
	_, ok := t.Underlying().(*types.Array)
	return ok
}
