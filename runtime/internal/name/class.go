package name

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
)

// A place is what an expression leads to: a lock, a pointer to one, or something that
// contains locks.
type place struct {
	class   string // "" if the source does not tell
	kind    Kind
	certain bool
	fresh   bool // a new object, which is named by the variable that holds it
	again   bool // a variable that is being followed, as in n = n.next
}

var (
	unknown = place{}
	param   = place{kind: Param}
)

// Bounds of what is followed from a site: nested expressions, variables and calls, and
// all of them together, since a variable may be set in many places.
const (
	maxDepth = 40
	maxSteps = 5000
)

// descend follows fields from a place of type t.
func (p *pkg) descend(pl place, t types.Type, index []int) place {
	for _, i := range index {
		st := structOf(t)
		if st == nil || i >= st.NumFields() {
			return unknown
		}
		f := st.Field(i)
		switch n := namedOf(t); {
		case n != nil && wrapper(n):
			// The class is that of the field that holds the wrapper.
			if pl.class == "" || pl.kind == Param {
				pl = place{class: typeName(n) + "." + f.Name(), kind: Param}
			}
		case n != nil && isLock(n): // Cond.L
			pl = p.lockOfCond(pl)
		case n != nil:
			pl = place{class: typeName(n) + "." + f.Name(), kind: Field, certain: true}
		case pl.class != "":
			pl = place{class: pl.class + "." + f.Name(), kind: pl.kind, certain: pl.certain}
		default:
			pl = place{kind: pl.kind}
		}
		t = f.Type()
	}
	return pl
}

// place returns where e leads.
func (p *pkg) place(b *body, e ast.Expr, depth int) place {
	p.steps++
	if depth++; depth > maxDepth || p.steps > maxSteps {
		return unknown
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		return p.place(b, e.X, depth)
	case *ast.StarExpr:
		return p.place(b, e.X, depth)
	case *ast.UnaryExpr:
		if e.Op == token.AND {
			return p.place(b, e.X, depth)
		}
	case *ast.IndexExpr:
		return p.place(b, e.X, depth)
	case *ast.SliceExpr:
		return p.place(b, e.X, depth)
	case *ast.TypeAssertExpr:
		return p.place(b, e.X, depth)
	case *ast.CompositeLit:
		return place{fresh: true}
	case *ast.Ident:
		return p.variable(b, e, depth)
	case *ast.SelectorExpr:
		return p.selector(b, e, depth)
	case *ast.CallExpr:
		return p.result(b, e, 0, depth)
	}
	return unknown
}

// selector returns where x.f leads.
func (p *pkg) selector(b *body, e *ast.SelectorExpr, depth int) place {
	if id, ok := e.X.(*ast.Ident); ok {
		if pn, ok := p.info.Uses[id].(*types.PkgName); ok {
			return place{class: pn.Imported().Path() + "." + e.Sel.Name, kind: Var, certain: true}
		}
	}
	if s := p.info.Selections[e]; s != nil {
		if s.Kind() != types.FieldVal {
			return unknown
		}
		return p.descend(p.place(b, e.X, depth), s.Recv(), s.Index())
	}
	// The type of a value from another package may be asserted or declared here.
	if t := p.typeOf(b, e.X); t != nil {
		if obj, index, _ := types.LookupFieldOrMethod(t, true, p.types, e.Sel.Name); obj != nil {
			if _, ok := obj.(*types.Var); ok {
				return p.descend(p.place(b, e.X, depth), t, index)
			}
		}
	}
	// Types of other packages are not known, but their names may be.
	if t := p.nameOfType(b, e.X); t != "" {
		return place{class: t + "." + e.Sel.Name, kind: Field}
	}
	return unknown
}

// variable returns where a variable leads.
func (p *pkg) variable(b *body, id *ast.Ident, depth int) place {
	v, ok := p.info.ObjectOf(id).(*types.Var)
	if !ok {
		return unknown
	}
	if v.Pkg() != nil && v.Parent() == v.Pkg().Scope() {
		return place{class: v.Pkg().Path() + "." + v.Name(), kind: Var, certain: true}
	}
	own := place{class: p.path + "." + p.funcName(b) + "@" + v.Name(), kind: Local, certain: true}
	defs := b.defs[v]
	if isParam(v) {
		if len(defs) == 0 {
			if pointerLike(v.Type()) {
				return place{class: own.class, kind: Param}
			}
			return own // a copy
		}
		own.kind, own.certain = Param, false
		return own
	}
	if !pointerLike(v.Type()) {
		return own
	}
	if p.following[v] {
		return place{again: true}
	}
	p.following[v] = true
	defer delete(p.following, v)
	found, made := unknown, false
	for _, d := range defs {
		pl := own
		if !d.zero {
			switch pl = p.def(b, d, depth); {
			case pl.again:
				continue
			case pl.fresh && len(defs) > 1:
				made = true
				continue
			case pl.fresh:
				pl = own
			case pl.class == "" && pl.kind == Param:
				pl = place{class: own.class, kind: Param}
			case pl.kind == Local && !pl.certain: // no better than this one
				pl = place{class: own.class, kind: Local}
			}
		} else if len(defs) > 1 {
			continue // var p *T, set later
		}
		if found.class != "" && pl.class != found.class {
			own.certain = false
			return own
		}
		found = pl
	}
	switch {
	case found.class == "" && made:
		return own
	case found.class == "":
		return place{class: own.class, kind: Local}
	case made: // a new one, which most likely is stored where the others are
		found.certain = false
	}
	return found
}

func (p *pkg) def(b *body, d def, depth int) place {
	if call, ok := ast.Unparen(d.expr).(*ast.CallExpr); ok {
		if d.elem {
			return param
		}
		return p.result(b, call, d.result, depth)
	}
	if d.result > 0 { // the second of v, ok := m[k]
		return unknown
	}
	if d.elem {
		switch t := p.info.TypeOf(d.expr); t.(type) {
		case nil:
		default:
			switch t.Underlying().(type) {
			case *types.Chan, *types.Signature:
				return param
			}
		}
	}
	if u, ok := ast.Unparen(d.expr).(*ast.UnaryExpr); ok && u.Op == token.ARROW {
		return param
	}
	return p.place(b, d.expr, depth)
}

// result returns where the i-th result of a call leads.
func (p *pkg) result(b *body, call *ast.CallExpr, i, depth int) place {
	if depth++; depth > maxDepth {
		return unknown
	}
	fun := ast.Unparen(call.Fun)
	if tv, ok := p.info.Types[fun]; ok && tv.IsType() && len(call.Args) == 1 {
		return p.place(b, call.Args[0], depth)
	}
	switch x := fun.(type) {
	case *ast.IndexExpr:
		fun = x.X
	case *ast.IndexListExpr:
		fun = x.X
	}
	var obj types.Object
	switch x := fun.(type) {
	case *ast.Ident:
		obj = p.info.Uses[x]
	case *ast.SelectorExpr:
		obj = p.info.Uses[x.Sel]
		if fn, ok := obj.(*types.Func); ok && fn.Pkg() != nil && fakes[fn.Pkg().Path()] != "" {
			switch fn.Name() {
			case "NewCond":
				return place{fresh: true}
			case "RLocker", "Load", "LoadOrStore", "Get", "Swap", "LoadAndDelete":
				if i == 0 {
					pl := p.place(b, x.X, depth) // an element of a container
					if s := p.info.Selections[x]; s != nil && len(s.Index()) > 1 {
						pl = p.descend(pl, s.Recv(), s.Index()[:len(s.Index())-1])
					}
					return pl
				}
			}
			return param
		}
	}
	switch obj := obj.(type) {
	case *types.Builtin:
		switch {
		case obj.Name() == "new" || obj.Name() == "make":
			return place{fresh: true}
		case obj.Name() == "append" && len(call.Args) > 0:
			return p.place(b, call.Args[0], depth)
		}
		return unknown
	case *types.Func:
		return p.returned(obj.Origin(), i, depth)
	}
	return param
}

// returned returns where the i-th result of a function of this package leads, if all its
// return statements agree.
func (p *pkg) returned(fn *types.Func, i, depth int) place {
	fd := p.decls[fn]
	if fd == nil || fd.Body == nil || p.following[fn] {
		return param
	}
	p.following[fn] = true
	defer delete(p.following, fn)
	b := p.body(p.fileOf(fd), fd)
	found, ok := unknown, true
	ast.Inspect(b.root, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			if i >= len(n.Results) {
				ok = false
				return false
			}
			if id, isIdent := n.Results[i].(*ast.Ident); isIdent && id.Name == "nil" {
				return false
			}
			pl := p.place(b, n.Results[i], depth)
			if pl.class == "" || pl.kind == Param || pl.kind == Local || found.class != "" && found.class != pl.class {
				ok = false
			}
			found = pl
		}
		return true
	})
	if !ok || found.class == "" {
		return param
	}
	return found
}

func (p *pkg) fileOf(n ast.Node) *ast.File {
	for _, f := range p.files {
		if f.FileStart <= n.Pos() && n.Pos() <= f.FileEnd {
			return f
		}
	}
	return nil
}

// isParam reports whether v is a receiver, parameter or result.
func isParam(v *types.Var) bool {
	switch v.Kind() {
	case types.RecvVar, types.ParamVar, types.ResultVar:
		return true
	}
	return false
}

// pointerLike reports whether a variable of type t holds locks that others may have, too.
func pointerLike(t types.Type) bool {
	if t == nil {
		return true
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer, *types.Interface, *types.Slice, *types.Map, *types.Chan:
		return true
	case *types.Basic:
		return u.Kind() == types.Invalid
	}
	return false
}

// funcName spells the function of a body as the static half does: init functions are
// numbered, type parameters are written out.
func (p *pkg) funcName(b *body) string {
	if b.decl == nil {
		return "init"
	}
	name := b.decl.Name.Name
	if b.decl.Recv == nil || len(b.decl.Recv.List) == 0 {
		if name == "init" {
			return "init#" + strconv.Itoa(p.initNumber(b.decl))
		}
		return name
	}
	if b.fn != nil && b.fn.Signature().Recv() != nil {
		return "(" + types.TypeString(b.fn.Signature().Recv().Type(), types.RelativeTo(p.types)) + ")." + name
	}
	return "(" + types.ExprString(b.decl.Recv.List[0].Type) + ")." + name
}

// initNumber counts the init functions up to one, in the order of files.
func (p *pkg) initNumber(fd *ast.FuncDecl) int {
	n := 0
	for _, f := range p.files {
		for _, d := range f.Decls {
			if d, ok := d.(*ast.FuncDecl); ok && d.Recv == nil && d.Name.Name == "init" {
				if n++; d == fd {
					return n
				}
			}
		}
	}
	return n
}
