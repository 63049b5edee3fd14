package name

import (
	"go/ast"
	"go/types"
	"strings"
)

// name names the lock of a call.
func (p *pkg) name(c call) Name {
	p.steps = 0
	pl := p.method(c, p.place(c.b, c.recv, 0))
	return Name{Class: pl.class, Kind: pl.kind, Expr: types.ExprString(c.recv), Certain: pl.certain && pl.class != ""}
}

// method returns the lock on which the method of a call works, when its receiver leads to pl.
func (p *pkg) method(c call, pl place) place {
	if c.fun == nil {
		return pl
	}
	var t types.Type
	var obj types.Object
	var steps []int
	if s := p.info.Selections[c.fun]; s != nil {
		t, obj, steps = s.Recv(), s.Obj(), s.Index()
	} else if t = p.typeOf(c.b, c.recv); t != nil {
		// go/types did not get here, since the receiver hangs on another package.
		obj, steps, _ = types.LookupFieldOrMethod(t, true, p.types, c.fun.Sel.Name)
	}
	fn, ok := obj.(*types.Func)
	if !ok {
		pl.certain = false
		if e, ok := p.hidden(c); ok && (pl.class != "" || pl.kind == Param) {
			return e
		}
		return pl
	}
	if len(steps) > 1 {
		if pl = p.descend(pl, t, steps[:len(steps)-1]); pl.kind == Field {
			pl.kind = Embedded
		}
	}
	recv := fn.Signature().Recv()
	if recv == nil || types.IsInterface(recv.Type()) {
		return pl
	}
	switch n := namedOf(recv.Type()); {
	case n == nil:
	case isLock(n):
		if n.Obj().Name() == "Cond" {
			return p.lockOfCond(pl)
		}
	case !wrapper(n):
		return p.inside(fn, pl)
	}
	return pl
}

// inside names the lock of a method that users have written, by what its body acquires with
// a method of that name. At run time such a call is the caller of the site, not the site.
func (p *pkg) inside(fn *types.Func, pl place) place {
	fn = fn.Origin()
	guess := place{class: pl.class, kind: Param}
	fd := p.decls[fn]
	if fd == nil || fd.Body == nil || p.following[fn] {
		return guess
	}
	p.following[fn] = true
	defer delete(p.following, fn)
	b := p.body(p.fileOf(fd), fd)
	found := unknown
	ast.Inspect(b.root, func(n ast.Node) bool {
		if n, ok := n.(*ast.CallExpr); ok {
			if c, ok := p.operation(b, n, fn.Name()); ok && c.sure {
				q := p.method(c, p.place(b, c.recv, 0))
				switch {
				case found.class == "":
					found = q
				case found.class != q.class:
					found = place{class: guess.class, kind: Param}
				}
			}
		}
		return true
	})
	if found.class == "" || found.kind == Param || found.kind == Local {
		return guess
	}
	return found
}

// hidden guesses the class of x.Lock() where the method must come from an embedded struct of
// another package, whose fields are not known.
func (p *pkg) hidden(c call) (place, bool) {
	tv, ok := p.info.Types[c.recv]
	if !ok {
		return unknown, false
	}
	n, st := namedOf(tv.Type), structOf(tv.Type)
	if n == nil || st == nil {
		return unknown, false
	}
	if isOpaque(n) {
		return place{class: typeName(n) + "." + mutexOf(c.fun.Sel.Name), kind: Embedded}, true
	}
	found := unknown
	for f := range st.Fields() {
		if f.Embedded() && isOpaque(f.Type()) {
			if found.class != "" {
				return unknown, false
			}
			found = place{class: typeName(namedOf(f.Type())) + "." + mutexOf(c.fun.Sel.Name), kind: Embedded}
		}
	}
	return found, found.class != ""
}

// mutexOf guesses the type of lock from its method.
func mutexOf(method string) string {
	if strings.Contains(method, "RLock") || strings.Contains(method, "RUnlock") {
		return "RWMutex"
	}
	return "Mutex"
}
