package name

import (
	"go/ast"
	"go/types"
)

// lockOfCond returns the lock of a condition variable: what NewCond was given, if every
// call whose result goes there agrees, else field L.
func (p *pkg) lockOfCond(cond place) place {
	if cond.class == "" {
		return unknown
	}
	if p.inCond { // c.L = d.L
		return place{class: cond.class + ".L", kind: cond.kind, certain: cond.certain}
	}
	p.inCond = true
	defer func() { p.inCond = false }()
	found, agree := unknown, true
	note := func(b *body, e ast.Expr, class string) {
		call, ok := ast.Unparen(e).(*ast.CallExpr)
		if !ok || class != cond.class || len(call.Args) != 1 {
			return
		}
		sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		if !ok || sel.Sel.Name != "NewCond" {
			return
		}
		pl := p.place(b, call.Args[0], 0)
		if found.class != "" && found.class != pl.class {
			agree = false
		}
		found = pl
	}
	for _, f := range p.files {
		for _, d := range f.Decls {
			if !mentions(d, "NewCond") {
				continue
			}
			b := p.body(f, d)
			if b.root == nil {
				continue
			}
			for v, defs := range b.defs {
				for _, d := range defs {
					if d.expr != nil {
						note(b, d.expr, p.path+"."+p.funcName(b)+"@"+v.Name())
					}
				}
			}
			ast.Inspect(b.root, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.AssignStmt:
					if len(n.Lhs) == len(n.Rhs) {
						for i, lhs := range n.Lhs {
							if _, local := lhs.(*ast.Ident); !local || p.place(b, lhs, 0).kind == Var {
								note(b, n.Rhs[i], p.place(b, lhs, 0).class)
							}
						}
					}
				case *ast.CompositeLit:
					t := p.info.TypeOf(n)
					if t == nil || namedOf(t) == nil {
						return true
					}
					st := structOf(t)
					for i, e := range n.Elts {
						if kv, ok := e.(*ast.KeyValueExpr); ok {
							if id, ok := kv.Key.(*ast.Ident); ok {
								note(b, kv.Value, typeName(namedOf(t))+"."+id.Name)
							}
						} else if st != nil && i < st.NumFields() {
							note(b, e, typeName(namedOf(t))+"."+st.Field(i).Name())
						}
					}
				}
				return true
			})
			if g, ok := d.(*ast.GenDecl); ok {
				for _, s := range g.Specs {
					if s, ok := s.(*ast.ValueSpec); ok && len(s.Names) == len(s.Values) {
						for i, id := range s.Names {
							if v, ok := p.info.Defs[id].(*types.Var); ok {
								note(b, s.Values[i], p.path+"."+v.Name())
							}
						}
					}
				}
			}
		}
	}
	if found.class == "" || !agree {
		return place{class: cond.class + ".L", kind: cond.kind, certain: cond.certain && agree}
	}
	return found
}

// mentions reports whether an identifier of that name occurs below n.
func mentions(n ast.Node, name string) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && id.Name == name {
			found = true
		}
		return !found
	})
	return found
}
