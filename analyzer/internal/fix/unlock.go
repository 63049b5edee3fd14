package fix

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/report"
)

// unlockOf names the method that gives back what a method has locked.
var unlockOf = map[string]string{"Lock": "Unlock", "RLock": "RUnlock"}

// lockMethods are the methods of locks.
var lockMethods = []string{"Lock", "RLock", "TryLock", "TryRLock", "Unlock", "RUnlock", "RLocker"}

// A Lock is a statement x.Lock() or x.RLock().
type Lock struct {
	Stmt
	X      ast.Expr
	Unlock string // the method that gives it back
}

// Lock returns the lock statement at pos. X has nothing in it that a second evaluation could
// change, as long as none of its variables is assigned to.
func (f *Func) Lock(pos token.Pos) (Lock, bool) {
	s, ok := f.Stmt(pos)
	if !ok {
		return Lock{}, false
	}
	m, deferred, ok := MethodOf(s.Stmt)
	if !ok || deferred || unlockOf[m.Name.Name] == "" || !steady(m.X) {
		return Lock{}, false
	}
	return Lock{s, m.X, unlockOf[m.Name.Name]}, true
}

// steady reports whether x consists of variables, fields and elements.
func steady(x ast.Expr) bool {
	ok := true
	ast.Inspect(x, func(n ast.Node) bool {
		switch n := n.(type) {
		case nil, *ast.Ident, *ast.SelectorExpr, *ast.StarExpr, *ast.ParenExpr, *ast.IndexExpr, *ast.BasicLit:
		case *ast.UnaryExpr:
			ok = ok && n.Op == token.AND
		default:
			ok = false
		}
		return ok
	})
	return ok
}

// Local reports whether what the lock belongs to is in a variable of the function itself, so that
// nobody but the function's own statements can make another of it.
func (f *Func) Local(l Lock) bool {
	info, ok := f.check(l.X)
	return ok && f.local(info, l.X)
}

func (f *Func) local(info *types.Info, x ast.Expr) bool {
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		v, ok := info.Uses[x].(*types.Var)
		return ok && f.Node.Pos() <= v.Pos() && v.Pos() < f.Node.End()
	case *ast.StarExpr:
		_, ok := ast.Unparen(x.X).(*ast.Ident)
		return ok && f.local(info, x.X)
	case *ast.SelectorExpr:
		if _, ok := ast.Unparen(x.X).(*ast.Ident); !ok {
			if _, isStruct := info.Types[x.X].Type.Underlying().(*types.Struct); !isStruct {
				return false // a pointer in a field
			}
		}
		return info.Selections[x] != nil && f.local(info, x.X)
	}
	return false
}

// call returns the text of the unlock.
func (f *Func) call(l Lock) string { return f.Source(l.X) + "." + l.Unlock + "()" }

// Unlocks reports whether a statement is the unlock of l, deferred or not.
func (l Lock) Unlocks(s ast.Stmt) bool {
	m, _, ok := MethodOf(s)
	return ok && m.Name.Name == l.Unlock && l.Of(m.X)
}

// Of reports whether x is written as the lock is.
func (l Lock) Of(x ast.Expr) bool { return types.ExprString(x) == types.ExprString(l.X) }

// Mentions returns the number of places in the function where a method of the lock is
// named.
func (f *Func) Mentions(l Lock) int { return f.Named(l.X, lockMethods...) }

// Named returns the number of places in the function where one of the methods of x is
// named.
func (f *Func) Named(x ast.Expr, methods ...string) int {
	n := 0
	text := types.ExprString(x)
	ast.Inspect(f.Body, func(node ast.Node) bool {
		if sel, ok := node.(*ast.SelectorExpr); ok && slices.Contains(methods, sel.Sel.Name) && types.ExprString(sel.X) == text {
			n++
		}
		return true
	})
	return n
}

// DeferUnlock returns the fix that defers the unlock right behind the lock and removes
// unlocks, which are all that the function has. Whoever asks for it has proved that the
// lock may be held until the function ends.
func (f *Func) DeferUnlock(l Lock, unlocks []Stmt) (_ report.Fix, ok bool) {
	if len(unlocks)+1 != f.Mentions(l) {
		return report.Fix{}, false
	}
	fix := report.Fix{Message: "Insert defer " + f.call(l), Edits: []report.Edit{f.InsertAfter(l.Stmt, "defer "+f.call(l))}}
	if len(unlocks) > 0 {
		fix.Message += " and remove the other unlocks"
	}
	for _, u := range unlocks {
		e, ok := f.Delete(u)
		if !ok || !l.Unlocks(u.Stmt) {
			return report.Fix{}, false
		}
		fix.Edits = append(fix.Edits, e)
	}
	return Join(fix.Message, fix.Edits...), true
}

// UnlockBefore returns the fix that unlocks before a statement that leaves the function: a
// return, a panic, or a call without arguments. What the statement evaluates is kept in variables
// first, if it may be guarded by the lock.
func (f *Func) UnlockBefore(l Lock, exit Stmt) (_ report.Fix, ok bool) {
	if !f.same(l, exit.Pos()) {
		return report.Fix{}, false
	}
	fix := report.Fix{Message: "Insert " + f.call(l)}
	r := &results{f: f}
	switch s := exit.Stmt.(type) {
	case *ast.ReturnStmt:
		if !r.hoist(s) {
			return report.Fix{}, false
		}
	default:
		call, deferred := Call(s)
		if call == nil || deferred || !r.all(call.Args) {
			return report.Fix{}, false
		}
	}
	fix.Edits = append(r.edits, f.InsertBefore(exit, append(r.before, f.call(l))...))
	return Join(fix.Message, fix.Edits...), true
}

// UnlockAtEnd returns the fix that unlocks at the end of the function's body.
func (f *Func) UnlockAtEnd(l Lock) (_ report.Fix, ok bool) {
	if !f.same(l, f.Body.Rbrace) {
		return report.Fix{}, false
	}
	return report.Fix{Message: "Insert " + f.call(l), Edits: []report.Edit{f.InsertAtEnd(f.call(l))}}, true
}

// same reports whether the lock's expression means the same at a position behind it: its
// names are those of the same objects, and nothing in it is assigned to in between.
func (f *Func) same(l Lock, at token.Pos) bool {
	if at < l.Pos() {
		return false
	}
	here, ok := f.checkAt(l.X, l.Pos())
	if !ok {
		return false
	}
	there, ok := f.checkAt(l.X, at)
	if !ok {
		return false
	}
	parts := map[string]bool{}
	same := true
	ast.Inspect(l.X, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			same = same && here.Uses[n] == there.Uses[n]
			if v, ok := here.Uses[n].(*types.Var); ok && !v.IsField() {
				parts[n.Name] = true
			}
		case *ast.SelectorExpr:
			parts[types.ExprString(n)] = true
		}
		return same
	})
	return same && !f.assigned(parts, l.Pos())
}

// assigned reports whether an expression of that text is assigned to behind a position, also
// as a new variable of the name of an old one, or if its address is taken anywhere.
func (f *Func) assigned(texts map[string]bool, after token.Pos) bool {
	found := false
	target := func(x ast.Expr, at token.Pos) {
		if x != nil && at > after && texts[types.ExprString(ast.Unparen(x))] {
			found = true
		}
	}
	ast.Inspect(f.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, x := range n.Lhs {
				target(x, n.Pos())
			}
		case *ast.IncDecStmt:
			target(n.X, n.Pos())
		case *ast.RangeStmt:
			target(n.Key, n.Pos())
			target(n.Value, n.Pos())
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				target(n.X, after+1)
			}
		}
		return !found
	})
	return found
}
