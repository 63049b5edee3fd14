package name

import (
	"go/ast"
	"go/token"
	"go/types"
)

// An operand is what an acquisition works on, in one of the functions that led to it: a field of what a variable is or points to, and so on. In
// the function that acquires, it is what Lock is called on; if that is a parameter, it is what the caller hands over.
type operand struct {
	p    *pkg
	b    *body
	v    *types.Var // at the beginning of its path
	elem bool       // an element of what v is
	pos  token.Pos  // of the call that acquires, or that leads there
	call *types.Func
}

// maxLevels bounds the callers that are looked at.
const maxLevels = 4

// operands returns the operand of an acquisition in each function of its stack, the innermost first, for as long as callers hand it over.
func operands(stack []Site) (all []operand) {
	var callee *types.Func
	var arg int
	for level := 0; level < len(stack) && level < maxLevels; level++ {
		s := stack[level]
		p, f, _ := packageOf(s, parseSymbol(s.Func))
		if p == nil {
			return all
		}
		var o operand
		var ok bool
		if level == 0 {
			o, ok = p.acquired(f, s)
		} else {
			o, ok = p.handed(f, s, callee, arg)
		}
		if !ok {
			return all
		}
		o.call = callee
		all = append(all, o)
		if arg, ok = o.param(); !ok {
			return all
		}
		callee = o.b.fn
	}
	return all
}

// acquired returns the operand of the acquisition of a site.
func (p *pkg) acquired(f *ast.File, s Site) (operand, bool) {
	sym := parseSymbol(s.Func)
	for _, d := range f.Decls {
		depth, ok := sym.within(declName(d))
		if !ok || s.Line < p.line(d.Pos()) || s.Line > p.line(d.End()) {
			continue
		}
		if list := p.calls(p.body(f, d), s, depth); len(list) == 1 {
			c := list[0]
			o := operand{p: p, b: c.b, pos: c.recv.Pos()}
			if c.fun == nil {
				return o, false
			}
			if sel := p.info.Selections[c.fun]; sel != nil && !p.inPlace(sel.Recv(), sel.Index()[:len(sel.Index())-1]) {
				return o, false
			}
			o.v, o.elem = p.root(c.recv)
			return o, o.v != nil
		}
	}
	return operand{}, false
}

// handed returns what the call of a site hands over to callee: its receiver if arg is negative.
func (p *pkg) handed(f *ast.File, s Site, callee *types.Func, arg int) (operand, bool) {
	sym := parseSymbol(s.Func)
	for _, d := range f.Decls {
		if _, ok := sym.within(declName(d)); !ok || s.Line < p.line(d.Pos()) || s.Line > p.line(d.End()) {
			continue
		}
		b := p.body(f, d)
		var found []operand
		for _, c := range p.callsOf(b, callee) {
			if p.line(c.Lparen) != s.Line {
				continue
			}
			o := operand{p: p, b: b, pos: c.Pos()}
			if e := p.argument(c, arg); e != nil {
				o.v, o.elem = p.root(e)
			}
			found = append(found, o)
		}
		if len(found) == 1 {
			return found[0], found[0].v != nil
		}
	}
	return operand{}, false
}

// callsOf returns the calls of a function in a body.
func (p *pkg) callsOf(b *body, callee *types.Func) (list []*ast.CallExpr) {
	if b.root == nil || callee == nil {
		return nil
	}
	ast.Inspect(b.root, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok {
			if fn := p.calleeOf(c); fn != nil && fn.Origin() == callee.Origin() {
				list = append(list, c)
			}
		}
		return true
	})
	return list
}

// calleeOf returns the declared function that a call is of, nil if there is none.
func (p *pkg) calleeOf(c *ast.CallExpr) *types.Func {
	fun := ast.Unparen(c.Fun)
	switch x := fun.(type) {
	case *ast.IndexExpr:
		fun = x.X
	case *ast.IndexListExpr:
		fun = x.X
	}
	var id *ast.Ident
	switch x := fun.(type) {
	case *ast.Ident:
		id = x
	case *ast.SelectorExpr:
		id = x.Sel
	default:
		return nil
	}
	fn, _ := p.info.Uses[id].(*types.Func)
	return fn
}

// argument returns an argument of a call, or its receiver.
func (p *pkg) argument(c *ast.CallExpr, arg int) ast.Expr {
	if arg >= 0 {
		if arg < len(c.Args) {
			return c.Args[arg]
		}
		return nil
	}
	if sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr); ok {
		if s := p.info.Selections[sel]; s != nil && s.Kind() == types.MethodVal && p.inPlace(s.Recv(), s.Index()[:len(s.Index())-1]) {
			return sel.X
		}
	}
	return nil
}

// param returns which parameter of its function an operand begins with, -1 for the receiver, if its caller hands that over and it is never set.
func (o operand) param() (int, bool) {
	d := o.b.decl
	if d == nil || o.elem || len(o.b.defs[o.v]) > 0 || !isParam(o.v) {
		return 0, false
	}
	if o.v.Kind() == types.RecvVar {
		return -1, true
	}
	n := 0
	for _, f := range d.Type.Params.List {
		for _, id := range f.Names {
			if id.Pos() == o.v.Pos() {
				return n, true
			}
			n++
		}
		if len(f.Names) == 0 {
			n++
		}
	}
	return 0, false
}

// root returns the variable with which an expression begins that leads to a part of what the variable is, or points to: no other pointer is
// followed on the way. It reports whether an element of a slice, array or map is.
func (p *pkg) root(e ast.Expr) (v *types.Var, elem bool) {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		v, _ := p.info.ObjectOf(e).(*types.Var)
		return v, false
	case *ast.UnaryExpr:
		if e.Op == token.AND {
			return p.root(e.X)
		}
	case *ast.StarExpr:
		if _, ok := ast.Unparen(e.X).(*ast.Ident); ok {
			return p.root(e.X)
		}
	case *ast.IndexExpr:
		v, _ := p.root(e.X)
		return v, true
	case *ast.SelectorExpr:
		s := p.info.Selections[e]
		if s == nil || s.Kind() != types.FieldVal || !p.inPlace(s.Recv(), s.Index()[:len(s.Index())-1]) {
			return nil, false
		}
		if _, deep := ast.Unparen(e.X).(*ast.SelectorExpr); deep && isPointer(p.info.TypeOf(e.X)) {
			return nil, false
		}
		return p.root(e.X)
	}
	return nil, false
}

// inPlace reports whether embedded fields on a path of selection are parts of the object and no pointers.
func (p *pkg) inPlace(t types.Type, index []int) bool {
	for _, i := range index {
		st := structOf(t)
		if st == nil || i >= st.NumFields() || isPointer(st.Field(i).Type()) {
			return false
		}
		t = st.Field(i).Type()
	}
	return true
}

func isPointer(t types.Type) bool {
	if t == nil {
		return true
	}
	_, ok := t.Underlying().(*types.Pointer)
	return ok
}
