package name

import (
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"strings"
)

// operations are the methods that wait for a lock or its like.
var operations = map[string]bool{
	"Lock": true, "RLock": true, "TryLock": true, "TryRLock": true, "Do": true, "Wait": true,
}

// packageOf returns the package and the file of a site, nil if the source is not here.
// It reports whether both are sure to be what the program was built from.
func packageOf(s Site, sym symbol) (p *pkg, f *ast.File, certain bool) {
	path := locate(s.File)
	if path == "" || !strings.HasSuffix(path, ".go") {
		return nil, nil, false
	}
	dir := filepath.Dir(path)
	tests := strings.HasSuffix(path, "_test.go")
	clause, decls := outline(path, s.Line)
	if clause == "" {
		return nil, nil, false
	}

	pkgPath := importPath(dir)
	if pkgPath != "" && strings.HasSuffix(clause, "_test") && tests {
		pkgPath += "_test"
	}
	known := false
	for _, d := range decls {
		if _, ok := sym.within(d); ok {
			known = true
		}
	}
	certain = true
	switch {
	case known && sym.pkg != "main":
		pkgPath = sym.pkg
		learn(pkgPath, dir)
	case known && mainPath() != "" && !strings.HasSuffix(mainPath(), ".test"):
		pkgPath = mainPath()
	case pkgPath == "" && paths[dir] != "":
		pkgPath = paths[dir]
	case pkgPath == "":
		pkgPath, certain = sym.pkg, false
	}
	if pkgPath == "" {
		return nil, nil, false
	}
	if p = load(pkgPath, dir, clause, tests); p == nil {
		return nil, nil, false
	}
	for _, f := range p.files {
		if p.fset.File(f.Package).Name() == path {
			return p, f, certain && !changed(path)
		}
	}
	return nil, nil, false
}

// at names the lock of a site in file f.
func (p *pkg) at(f *ast.File, s Site, sym symbol) (Name, bool) {
	var found []call
	exact := false
	for _, d := range f.Decls {
		if first, last := p.line(d.Pos()), p.line(d.End()); s.Line < first || s.Line > last {
			continue
		}
		depth, ok := sym.within(declName(d))
		if exact && !ok {
			continue
		}
		if ok && !exact {
			found, exact = nil, true // of several on one line, that which the symbol names
		}
		if !ok {
			depth = -1
		}
		found = append(found, p.calls(p.body(f, d), s, depth)...)
	}
	if len(found) == 0 {
		return Name{}, false
	}
	n, first := p.name(found[0]), true
	for _, c := range found[1:] {
		m := p.name(c)
		if m.Class == n.Class {
			continue
		}
		if n.Class == "" {
			n = m
		}
		first = false
	}
	n.Certain = n.Certain && first
	if n.Class == "" {
		n.Class, n.Certain = fallback(s).Class, false
	}
	return n, true
}

func (p *pkg) line(pos token.Pos) int { return p.fset.Position(pos).Line }

// declName spells a declaration as symbols do: "F", "(*T).M", "T.M", or "" for variables.
func declName(d ast.Decl) string {
	fd, ok := d.(*ast.FuncDecl)
	if !ok {
		return ""
	}
	if fd.Recv == nil || len(fd.Recv.List) == 0 {
		return fd.Name.Name
	}
	t := ast.Unparen(fd.Recv.List[0].Type)
	star := false
	if s, ok := t.(*ast.StarExpr); ok {
		t, star = ast.Unparen(s.X), true
	}
	switch x := t.(type) {
	case *ast.IndexExpr:
		t = x.X
	case *ast.IndexListExpr:
		t = x.X
	}
	id, ok := t.(*ast.Ident)
	switch {
	case !ok:
		return fd.Name.Name
	case star:
		return "(*" + id.Name + ")." + fd.Name.Name
	}
	return id.Name + "." + fd.Name.Name
}

// A call is a call that may be that of a site.
type call struct {
	b        *body
	recv     ast.Expr          // what the method is called on
	fun      *ast.SelectorExpr // the method; nil for a method expression, whose receiver is an argument
	depth    int               // function literals around it
	sure     bool              // it is a method of a lock by the rules of the language
	deferred bool
}

// calls returns the calls of a body that may be those of a site: those on its line, or
// else those that the function of the line has deferred, since they run at its end. The
// line of a call is that of the method's name.
func (p *pkg) calls(b *body, s Site, depth int) []call {
	if b.root == nil {
		return nil
	}
	var here, late []call
	var innermost ast.Node // function that contains the line
	ast.PreorderStack(b.root, nil, func(n ast.Node, stack []ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.FuncDecl:
			if p.line(n.Pos()) <= s.Line && s.Line <= p.line(n.End()) {
				innermost = n
			}
		case *ast.CallExpr:
			c, ok := p.operation(b, n, s.Op)
			if !ok {
				return true
			}
			c.depth = literals(stack)
			line := p.line(c.pos(n))
			if len(stack) > 0 {
				switch stmt := stack[len(stack)-1].(type) {
				case *ast.DeferStmt:
					c.deferred = true
					if line == s.Line || p.line(stmt.Pos()) == s.Line { // the second for the function made for it
						here = append(here, c)
					} else {
						late = append(late, c)
					}
					return true
				case *ast.GoStmt:
					if p.line(stmt.Pos()) == s.Line {
						line = s.Line
					}
				}
			}
			if line == s.Line {
				here = append(here, c)
			}
		}
		return true
	})
	if len(here) == 0 {
		for _, c := range late {
			if innermost != nil && p.enclosing(b, c) == innermost {
				here = append(here, c)
			}
		}
	}
	return prefer(prefer(here, func(c call) bool { return c.depth == depth }), func(c call) bool { return c.sure })
}

// prefer returns those that are better, or all if none is.
func prefer(all []call, better func(call) bool) []call {
	var best []call
	for _, c := range all {
		if better(c) {
			best = append(best, c)
		}
	}
	if best == nil {
		return all
	}
	return best
}

func (c call) pos(n *ast.CallExpr) token.Pos {
	if s, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr); ok {
		return s.Sel.Pos()
	}
	return n.Lparen
}

// literals counts the function literals around a node.
func literals(stack []ast.Node) int {
	n := 0
	for _, x := range stack {
		if _, ok := x.(*ast.FuncLit); ok {
			n++
		}
	}
	return n
}

// enclosing returns the innermost function around a call.
func (p *pkg) enclosing(b *body, c call) ast.Node {
	var in ast.Node
	ast.Inspect(b.root, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.FuncLit, *ast.FuncDecl:
			if n.Pos() <= c.recv.Pos() && c.recv.End() <= n.End() {
				in = n
			}
		}
		return true
	})
	return in
}

// operation tells whether a call is one of a method that op names, and on what.
func (p *pkg) operation(b *body, n *ast.CallExpr, op string) (call, bool) {
	fun := ast.Unparen(n.Fun)
	if id, ok := fun.(*ast.Ident); ok { // lock := mu.Lock; lock()
		v, ok := p.info.Uses[id].(*types.Var)
		if !ok || len(b.defs[v]) != 1 {
			return call{}, false
		}
		if fun = ast.Unparen(b.defs[v][0].expr); fun == nil {
			return call{}, false
		}
	}
	sel, ok := fun.(*ast.SelectorExpr)
	if !ok || sel.Sel == nil || op != "" && sel.Sel.Name != op || op == "" && !operations[sel.Sel.Name] {
		return call{}, false
	}
	if id, ok := sel.X.(*ast.Ident); ok {
		if _, ok := p.info.Uses[id].(*types.PkgName); ok {
			return call{}, false
		}
	}
	c := call{b: b, recv: sel.X, fun: sel}
	s := p.info.Selections[sel]
	switch {
	case s == nil:
		// Wait and Do are common names; what is unknown is no lock.
		return c, sel.Sel.Name != "Wait" && sel.Sel.Name != "Do"
	case s.Kind() == types.FieldVal:
		return c, false
	case s.Kind() == types.MethodExpr:
		if len(n.Args) == 0 {
			return c, false
		}
		c.recv, c.fun = n.Args[0], nil
	}
	fn, _ := s.Obj().(*types.Func)
	c.sure = fn != nil && fn.Signature().Recv() != nil && isLock(fn.Signature().Recv().Type())
	if !c.sure && (sel.Sel.Name == "Wait" || sel.Sel.Name == "Do") {
		return c, false
	}
	return c, true
}
