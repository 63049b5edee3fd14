package fix

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/report"
)

// objectOf returns what a name stands for, if it is not the selector of another; nil if that is not known.
func objectOf(pkg *types.Package, id *ast.Ident) types.Object {
	scope := pkg.Scope().Innermost(id.Pos())
	if scope == nil {
		return nil
	}
	if o := scope.Lookup(id.Name); o != nil && o.Pos() == id.Pos() {
		return o // declared by it
	}
	_, o := scope.LookupParent(id.Name, id.Pos())
	return o
}

// names calls f for the names in a node that are not those of fields and methods, and for those of methods
// that may be called, which are selected from something that is no package. It leaves out a node.
func names(pkg *types.Package, in, but ast.Node, f func(id *ast.Ident, selected bool)) {
	skip := map[*ast.Ident]bool{}
	ast.Inspect(in, func(n ast.Node) bool {
		if n == nil || n == but {
			return false
		}
		switch n := n.(type) {
		case *ast.SelectorExpr:
			skip[n.Sel] = true
			if x, ok := n.X.(*ast.Ident); ok {
				if _, imported := objectOf(pkg, x).(*types.PkgName); imported {
					break
				}
			}
			f(n.Sel, true)
		case *ast.Field:
			for _, id := range n.Names {
				skip[id] = true
			}
		case *ast.FuncDecl:
			skip[n.Name] = true
		case *ast.Ident:
			if !skip[n] {
				f(n, false)
			}
		}
		return true
	})
}

// usedElsewhere reports whether files of a package name one of its objects outside of a node, other than to declare it. It
// takes the key of a composite literal for a use.
func usedElsewhere(pkg *types.Package, o types.Object, files []*ast.File, but ast.Node) bool {
	found := false
	for _, file := range files {
		names(pkg, file, but, func(id *ast.Ident, selected bool) {
			found = found || !selected && id.Name == o.Name() && id.Pos() != o.Pos() && objectOf(pkg, id) == o
		})
	}
	return found
}

// refers reports whether an expression refers to a function, directly or by the functions, methods and variables of the
// package that it refers to: what the language calls a reference, when it orders the initialization of variables. A method
// is told by its name alone.
func refers(pkg *types.Package, files []*ast.File, x ast.Expr, to *ast.FuncDecl) bool {
	declared := map[types.Object]ast.Node{}
	methods := map[string][]ast.Node{}
	for _, file := range files {
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv != nil {
					methods[d.Name.Name] = append(methods[d.Name.Name], d)
				} else if o := pkg.Scope().Lookup(d.Name.Name); o != nil {
					declared[o] = d
				}
			case *ast.GenDecl:
				for _, s := range d.Specs {
					if s, ok := s.(*ast.ValueSpec); ok {
						for _, id := range s.Names {
							declared[objectOf(pkg, id)] = s
						}
					}
				}
			}
		}
	}
	seen := map[ast.Node]bool{}
	work := []ast.Node{x}
	for len(work) > 0 && !seen[to] {
		n := work[len(work)-1]
		work = work[:len(work)-1]
		reach := func(n ast.Node) {
			if n != nil && !seen[n] {
				seen[n] = true
				work = append(work, n)
			}
		}
		names(pkg, n, nil, func(id *ast.Ident, selected bool) {
			if !selected {
				reach(declared[objectOf(pkg, id)])
				return
			}
			for _, m := range methods[id.Name] {
				reach(m)
			}
		})
	}
	return seen[to]
}

// A global is the declaration of a package variable that stands alone in its specification.
type global struct {
	decl *ast.GenDecl
	spec *ast.ValueSpec
}

// valueSpec returns the declaration of a package variable, if it is in the file, with a type, and without a value but nil.
func (f *Func) valueSpec(v types.Object) global {
	for _, d := range f.syntax.Decls {
		d, ok := d.(*ast.GenDecl)
		if !ok || d.Tok != token.VAR {
			continue
		}
		for _, s := range d.Specs {
			s := s.(*ast.ValueSpec)
			if s.Names[0].Pos() != v.Pos() || len(s.Names) > 1 || s.Type == nil || len(s.Values) > 1 {
				continue
			}
			if len(s.Values) == 1 {
				id, ok := s.Values[0].(*ast.Ident)
				if !ok || objectOf(f.Pkg, id) != types.Universe.Lookup("nil") {
					continue
				}
			}
			return global{d, s}
		}
	}
	return global{}
}

// delete returns the edit that removes a declaration, if it has lines of its own, and no comment.
func (g global) delete(f *File) (_ report.Edit, ok bool) {
	var n ast.Node = g.spec
	open := token.NoPos
	if len(g.decl.Specs) == 1 {
		n = g.decl
		if g.decl.Doc != nil {
			return report.Edit{}, false
		}
	} else if g.decl.Specs[0] == ast.Spec(g.spec) {
		open = g.decl.Lparen
	}
	if g.spec.Doc != nil || g.spec.Comment != nil || f.commented(n.Pos(), n.End()) {
		return report.Edit{}, false
	}
	return f.remove(n.Pos(), n.End(), open)
}

// tells reports whether a comment at a declaration has a name in it.
func (g global) tells(name string) bool {
	word := regexp.MustCompile(`\b` + regexp.QuoteMeta(name) + `\b`)
	return slices.ContainsFunc([]*ast.CommentGroup{g.decl.Doc, g.spec.Doc, g.spec.Comment}, func(c *ast.CommentGroup) bool {
		return c != nil && word.MatchString(c.Text())
	})
}

// commented reports whether a comment is between two positions.
func (f *File) commented(from, to token.Pos) bool {
	return slices.ContainsFunc(f.syntax.Comments, func(c *ast.CommentGroup) bool { return c.Pos() < to && from < c.End() })
}

// syncName returns the name by which the type of a lock calls package sync.
func (f *Func) syncName(typ ast.Expr) (name string, ok bool) {
	sel, ok := typ.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Mutex" && sel.Sel.Name != "RWMutex" {
		return "", false
	}
	x, ok := sel.X.(*ast.Ident)
	if !ok {
		return "", false
	}
	p, ok := objectOf(f.Pkg, x).(*types.PkgName)
	return x.Name, ok && p.Imported().Path() == "sync"
}
