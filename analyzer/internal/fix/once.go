package fix

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/report"
)

// A lazy is a function that does nothing but make the value of a package variable, once, under a lock, and return it.
type lazy struct {
	f     *Func
	v, mu types.Object
	value ast.Expr // which is made
	seen  map[ast.Stmt]bool
}

// Once returns the fix that makes a package variable what sync.OnceValue returns, of the function that makes its value
// now, when it is first called, under a lock, both given by their classes. The caller has proved that the value is not nil; here
// is seen to it that
//
//  1. the function tests the variable and makes the value as that would: see lazy.run;
//  2. nothing else in the package knows of the variable or of the lock, which goes;
//  3. the value can be made outside of the function: it has in it nothing that is declared there;
//  4. making it does not refer to the function, which would be an initialization cycle: see refers;
//  5. no comment is lost, nor left behind that tells of the lock.
func (s *Sources) Once(f *Func, variable, lock string) (_ report.Fix, ok bool) {
	v, mu := variableOf(f.Pkg, variable), variableOf(f.Pkg, lock)
	if v == nil || mu == nil {
		return report.Fix{}, false
	}
	l := &lazy{f: f, v: v, mu: mu, seen: map[ast.Stmt]bool{}}
	decl, isFunc := f.Node.(*ast.FuncDecl)
	if !isFunc || !f.allows("go1.21") || v.Exported() || mu.Exported() || !l.made() || !l.outside() {
		return report.Fix{}, false
	}
	files := s.packageFiles(f.Pkg)
	for _, o := range []types.Object{v, mu} {
		if usedElsewhere(f.Pkg, o, files, f.Body) || mentionedElsewhere(s.fset, o, files) {
			return report.Fix{}, false
		}
	}
	if refers(f.Pkg, files, l.value, decl) {
		return report.Fix{}, false
	}
	made, guard := f.valueSpec(v), f.valueSpec(mu)
	if made.spec == nil || guard.spec == nil {
		return report.Fix{}, false
	}
	name, ok := f.syncName(guard.spec.Type)
	if !ok || len(guard.spec.Values) > 0 || !l.sameType() || made.tells(mu.Name()) {
		return report.Fix{}, false
	}
	drop, ok := guard.delete(f.File)
	body := f.Body.List
	from, to := body[0].Pos(), body[len(body)-1].End()
	tail := made.spec.End()
	if !ok || f.commented(from, to) || f.commented(made.spec.Type.Pos(), tail) {
		return report.Fix{}, false
	}
	text := "= " + name + ".OnceValue(" + l.maker(made.spec.Type) + ")"
	return Join("Make "+v.Name()+" by sync.OnceValue", drop,
		report.Edit{Pos: made.spec.Type.Pos(), End: tail, NewText: text},
		report.Edit{Pos: from, End: to, NewText: "return " + v.Name() + "()"}), true
}

// A fate is what happens to the variable in one call of the function.
type fate struct {
	set              bool // it has its value
	meanwhile        bool // somebody else sets it before the function gets the lock
	locked, deferred bool
	made             int
}

// made reports whether the function makes the value if the variable has none, only once it has the lock and has tested the
// variable again, does nothing else, and returns it.
func (l *lazy) made() bool {
	for _, c := range []struct {
		fate
		makes int
	}{{fate{}, 1}, {fate{set: true}, 0}, {fate{meanwhile: true}, 0}} {
		if done, ok := l.run(l.f.Body.List, &c.fate); !done || !ok || c.fate.made != c.makes {
			return false
		}
	}
	all := true // else there is more to it
	ast.Inspect(l.f.Body, func(n ast.Node) bool {
		if s, ok := n.(ast.Stmt); ok {
			_, block := s.(*ast.BlockStmt)
			all = all && (block || l.seen[s])
		}
		_, isExpr := n.(ast.Expr)
		return all && !isExpr
	})
	return all
}

// run follows statements; done tells that the function has returned the value, ok that it does nothing but lock, unlock,
// test the variable, make its value and return it.
func (l *lazy) run(list []ast.Stmt, c *fate) (done, ok bool) {
	for _, s := range list {
		l.seen[s] = true
		switch s := s.(type) {
		case *ast.ExprStmt, *ast.DeferStmt:
			if !l.lock(s, c) {
				return false, false
			}
		case *ast.IfStmt:
			isNil, ok := l.test(s)
			if !ok {
				return false, false
			}
			if isNil == c.set {
				continue
			}
			if done, ok := l.run(s.Body.List, c); done || !ok {
				return done, ok
			}
		case *ast.AssignStmt:
			if s.Tok != token.ASSIGN || len(s.Lhs) != 1 || len(s.Rhs) != 1 || !l.is(s.Lhs[0], l.v) || !c.locked || c.set {
				return false, false
			}
			l.value, c.set = s.Rhs[0], true
			c.made++
		case *ast.ReturnStmt:
			return true, len(s.Results) == 1 && l.is(s.Results[0], l.v) && c.set && c.locked == c.deferred
		default:
			return false, false
		}
	}
	return false, true
}

// lock follows a call of Lock or Unlock.
func (l *lazy) lock(s ast.Stmt, c *fate) bool {
	m, deferred, ok := MethodOf(s)
	if !ok || !l.is(m.X, l.mu) || c.deferred {
		return false
	}
	switch m.Name.Name {
	case "Lock":
		if deferred || c.locked {
			return false
		}
		c.locked, c.set, c.meanwhile = true, c.set || c.meanwhile, false
		return true
	case "Unlock":
		if !c.locked {
			return false
		}
		c.locked, c.deferred = deferred, deferred
		return true
	}
	return false
}

// test returns what an if asks of the variable: whether it is nil, or is not.
func (l *lazy) test(s *ast.IfStmt) (isNil, ok bool) {
	x, ok := ast.Unparen(s.Cond).(*ast.BinaryExpr)
	if !ok || s.Init != nil || s.Else != nil || x.Op != token.EQL && x.Op != token.NEQ {
		return false, false
	}
	null := types.Universe.Lookup("nil")
	return x.Op == token.EQL, l.is(x.X, l.v) && l.is(x.Y, null) || l.is(x.X, null) && l.is(x.Y, l.v)
}

// is reports whether an expression is the name of an object.
func (l *lazy) is(x ast.Expr, o types.Object) bool {
	id, ok := ast.Unparen(x).(*ast.Ident)
	return ok && objectOf(l.f.Pkg, id) == o
}

// outside reports whether the value has in it nothing that the function declares.
func (l *lazy) outside() bool {
	f, ok := l.f, true
	info, known := f.check(l.value)
	ast.Inspect(l.value, func(n ast.Node) bool {
		id, is := n.(*ast.Ident)
		if !is || !ok {
			return ok
		}
		o := objectOf(f.Pkg, id)
		if used := info.Uses[id]; used != nil {
			o = used // a field or method
		}
		inside := o != nil && f.Node.Pos() <= o.Pos() && o.Pos() < f.Node.End()
		ok = o != l.v && o != l.mu && (!inside || l.value.Pos() <= o.Pos() && o.Pos() < l.value.End())
		return ok
	})
	return ok && known
}

// sameType reports whether the function has one result, which is of the variable's type.
func (l *lazy) sameType() bool {
	ts := (&results{f: l.f}).types()
	return len(ts) == 1 && ts[0] != nil && types.Identical(ts[0], l.v.Type())
}

// maker returns the text of the function that makes the value.
func (l *lazy) maker(typ ast.Expr) string {
	if call, ok := ast.Unparen(l.value).(*ast.CallExpr); ok && len(call.Args) == 0 {
		if id, ok := ast.Unparen(call.Fun).(*ast.Ident); ok {
			want := types.NewSignatureType(nil, nil, nil, nil, types.NewTuple(types.NewVar(token.NoPos, nil, "", l.v.Type())), false)
			if fn, ok := objectOf(l.f.Pkg, id).(*types.Func); ok && types.Identical(fn.Signature(), want) {
				return id.Name
			}
		}
	}
	head, value := "func() "+l.f.Source(typ)+" {", "return "+l.f.Source(l.value)
	if strings.Contains(value, "\n") {
		return head + "\n\t" + value + "\n}"
	}
	return head + " " + value + " }"
}

// variableOf returns the variable of a package that makes up a class, nil if there is none.
func variableOf(pkg *types.Package, class string) types.Object {
	name, ok := strings.CutPrefix(class, pkg.Path()+".")
	if !ok {
		return nil
	}
	if v, ok := pkg.Scope().Lookup(name).(*types.Var); ok {
		return v
	}
	return nil
}
