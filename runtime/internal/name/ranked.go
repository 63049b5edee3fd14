package name

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// Ranked returns the function which acquires two locks of one class in an order that it has compared them for: with stacks of the two acquisitions,
// the innermost function first, it returns the symbol of the function, "" if there is none. Such is a function that
//
//   - compares what the two are parts of, by <, > or a function, and has their names swapped, or the locks in branches, by the result;
//   - or locks elements of what it has sorted.
func Ranked(first, second []Site) string {
	memo.Lock()
	defer memo.Unlock()
	return ranked(first, second)
}

func ranked(first, second []Site) (fn string) {
	defer func() {
		if recover() != nil { // see resolve
			fn = ""
		}
	}()
	a, b := operands(first), operands(second)
	for i, y := range b {
		if !ordered(y) {
			continue
		}
		for k, x := range a {
			if first[k].Func == second[i].Func && x.b == y.b && y.p.compared(x, y) {
				return second[i].Func
			}
		}
		// A function that locked one of them by a call which has returned is not on the stack of the first any more.
		if len(first) == 1 && i > 0 && first[0].Func == second[0].Func {
			for _, c := range y.p.callsOf(y.b, y.call) {
				x := operand{p: y.p, b: y.b, pos: c.Pos()}
				arg, _ := b[i-1].param()
				if e := y.p.argument(c, arg); e != nil {
					x.v, x.elem = y.p.root(e)
				}
				if x.v != nil && y.p.compared(x, y) {
					return second[i].Func
				}
			}
		}
	}
	return ""
}

// ordered reports whether there is anything in a function that orders.
func ordered(o operand) bool { return o.v != nil && o.b.root != nil }

// compared reports whether a function orders two operands before it acquires them.
func (p *pkg) compared(x, y operand) bool {
	if x.v == y.v || p.elementOf(x) != nil && p.elementOf(x) == p.elementOf(y) {
		list := p.elementOf(y)
		return list != nil && p.sorts(y.b, list, min(x.pos, y.pos))
	}
	found := false
	ast.Inspect(y.b.root, func(n ast.Node) bool {
		s, ok := n.(*ast.IfStmt)
		if !ok || found || s.Pos() > min(x.pos, y.pos) || !p.compares(s.Cond, x.v, y.v) {
			return true
		}
		found = inside(s.Body, x.pos, y.pos) || s.Else != nil && inside(s.Else, x.pos, y.pos) || p.swaps(s.Body, x.v, y.v)
		return true
	})
	return found
}

func inside(n ast.Node, list ...token.Pos) bool {
	for _, pos := range list {
		if n.Pos() <= pos && pos < n.End() {
			return true
		}
	}
	return false
}

// compares reports whether a condition compares what belongs to two variables.
func (p *pkg) compares(cond ast.Expr, x, y *types.Var) bool {
	found := false
	ast.Inspect(cond, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BinaryExpr:
			switch n.Op {
			case token.LSS, token.GTR, token.LEQ, token.GEQ:
				found = found || p.mentions(n.X, x) && p.mentions(n.Y, y) || p.mentions(n.X, y) && p.mentions(n.Y, x)
			}
		case *ast.CallExpr:
			if sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr); ok && p.mentions(sel.X, x, y) {
				found = found || len(n.Args) == 1 && (p.mentions(sel.X, x) && p.mentions(n.Args[0], y) || p.mentions(sel.X, y) && p.mentions(n.Args[0], x))
			} else if len(n.Args) == 2 {
				found = found || p.mentions(n.Args[0], x) && p.mentions(n.Args[1], y) || p.mentions(n.Args[0], y) && p.mentions(n.Args[1], x)
			}
		}
		return !found
	})
	return found
}

// mentions reports whether one of some variables is in an expression.
func (p *pkg) mentions(e ast.Expr, vars ...*types.Var) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			for _, v := range vars {
				found = found || p.info.Uses[id] == v
			}
		}
		return !found
	})
	return found
}

// swaps reports whether a block sets both variables to what the other was.
func (p *pkg) swaps(block *ast.BlockStmt, x, y *types.Var) bool {
	found := false
	ast.Inspect(block, func(n ast.Node) bool {
		if s, ok := n.(*ast.AssignStmt); ok && len(s.Lhs) == 2 && len(s.Rhs) == 2 {
			of := func(e ast.Expr) types.Object {
				if id, ok := ast.Unparen(e).(*ast.Ident); ok {
					return p.info.ObjectOf(id)
				}
				return nil
			}
			a, b := of(s.Lhs[0]), of(s.Lhs[1])
			found = found || (a == x && b == y || a == y && b == x) && of(s.Rhs[0]) == b && of(s.Rhs[1]) == a
		}
		return !found
	})
	return found
}

// elementOf returns the variable of whose elements an operand is one.
func (p *pkg) elementOf(o operand) *types.Var {
	if o.elem {
		return o.v
	}
	if defs := o.b.defs[o.v]; len(defs) == 1 && defs[0].expr != nil {
		if v, elem := p.root(defs[0].expr); elem || defs[0].elem {
			return v
		}
	}
	return nil
}

// sorts reports whether a function sorts what a variable holds before pos.
func (p *pkg) sorts(b *body, list *types.Var, pos token.Pos) bool {
	found := false
	ast.Inspect(b.root, func(n ast.Node) bool {
		c, ok := n.(*ast.CallExpr)
		if !ok || found || c.Pos() >= pos || len(c.Args) == 0 || !p.mentions(c.Args[0], list) {
			return true
		}
		sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
		if !ok {
			return true
		}
		id, ok := sel.X.(*ast.Ident)
		if !ok {
			return true
		}
		pn, ok := p.info.Uses[id].(*types.PkgName)
		found = ok && (pn.Imported().Path() == "sort" || pn.Imported().Path() == "slices" && strings.HasPrefix(sel.Sel.Name, "Sort"))
		return true
	})
	return found
}
