package fix

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/report"
)

// A counted is a go statement whose function literal calls Add of a WaitGroup for itself, once on each way through it.
type counted struct {
	outer, lit *Func
	start, add Stmt
	call       *ast.CallExpr // of the literal
	x          ast.Expr      // the WaitGroup, as Add has it
	n          ast.Expr      // what is added, a constant
}

// CountOutside returns the fix of the Add at a position, which a function literal calls for the goroutine that it runs
// in: to start the literal by the WaitGroup's Go, if Add and Done are those of Go, else to move Add in front of the
// go statement. It is the same WaitGroup there, and Add is called as often.
func (f *Func) CountOutside(start, add token.Pos, lit *Func) (_ report.Fix, ok bool) {
	c := &counted{outer: f, lit: lit}
	if !c.find(start, add) {
		return report.Fix{}, false
	}
	if fx, ok := c.useGo(); ok {
		return fx, true
	}
	return c.moveAdd()
}

// find fills in the parts; it reports false if one is not as it should be.
func (c *counted) find(start, add token.Pos) (ok bool) {
	if c.start, ok = c.outer.Stmt(start); !ok {
		return false
	}
	goes, ok := c.start.Stmt.(*ast.GoStmt)
	if !ok || goes.Call.Fun != c.lit.Node {
		return false
	}
	c.call = goes.Call
	if c.add, ok = c.lit.Outermost(add); !ok {
		return false
	}
	call, deferred := Call(c.add.Stmt)
	if call == nil || deferred || call.Pos() != add && call.Lparen != add || len(call.Args) != 1 {
		return false
	}
	m, fn := c.lit.Method(call)
	if fn == nil || fn.Name() != "Add" || !inSync(fn) {
		return false
	}
	c.x, c.n = m.X, call.Args[0]
	info, ok := c.lit.check(c.n)
	return ok && info.Types[c.n].Value != nil && !c.lit.jumps() && c.straight(c.add.index) &&
		c.outer.sameAt(call.Fun, goes.Pos()) && c.outer.sameAt(c.n, goes.Pos()) && c.outer.fixed(call.Fun)
}

func inSync(fn *types.Func) bool { return fn.Pkg() != nil && fn.Pkg().Path() == "sync" }

// straight reports whether the first n statements of the literal neither return nor defer anything but Done.
func (c *counted) straight(n int) bool {
	ok := true
	for _, s := range c.lit.Body.List[:n] {
		ast.Inspect(s, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				return false
			case *ast.ReturnStmt:
				ok = false
			case *ast.DeferStmt:
				ok = ok && c.isDone(n)
			}
			return ok
		})
	}
	return ok
}

// isDone reports whether a statement defers Done of the WaitGroup.
func (c *counted) isDone(s ast.Stmt) bool {
	m, deferred, ok := MethodOf(s)
	if !ok || !deferred || m.Name.Name != "Done" || types.ExprString(m.X) != types.ExprString(c.x) {
		return false
	}
	fn := c.lit.method(m.X, "Done")
	return fn != nil && inSync(fn) && c.outer.sameAt(m.X, c.call.Pos())
}

// useGo starts the literal by Go: it has neither parameters nor results, adds 1, defers Done before it can end, and
// does nothing else with the WaitGroup.
func (c *counted) useGo() (_ report.Fix, ok bool) {
	f, lit := c.outer, c.lit
	if !lit.allows("go1.25") || lit.Type.Params.NumFields() > 0 || lit.Type.Results.NumFields() > 0 {
		return report.Fix{}, false
	}
	if info, ok := lit.check(c.n); !ok || info.Types[c.n].Value.ExactString() != "1" {
		return report.Fix{}, false
	}
	if fn := f.method(c.x, "Go"); fn == nil || !inSync(fn) {
		return report.Fix{}, false
	}
	done, ok := c.done()
	if !ok || !c.straight(done.index) || c.named(lit.Body) != c.named(c.add)+c.named(done) {
		return report.Fix{}, false
	}
	before, after := f.between(c.start.Pos(), lit.Node.Pos()), f.between(lit.Node.End(), c.start.End())
	if strings.TrimSpace(before) != "go" || after != "()" {
		return report.Fix{}, false // a comment
	}
	edits, ok := lit.deleteBoth(c.add, done)
	if !ok {
		return report.Fix{}, false
	}
	name := lit.Source(c.x) + ".Go"
	edits = append(edits,
		report.Edit{Pos: c.start.Pos(), End: lit.Node.Pos(), NewText: name + "("},
		report.Edit{Pos: lit.Node.End(), End: c.start.End(), NewText: ")"})
	return Join("Call "+name, edits...), true
}

// done returns the only statement of the literal that defers Done.
func (c *counted) done() (done Stmt, ok bool) {
	for _, s := range c.lit.Body.List {
		if !c.isDone(s) {
			continue
		}
		if ok {
			return Stmt{}, false
		}
		done, ok = c.lit.Outermost(s.Pos())
	}
	return done, ok
}

// named returns how often the last name of the WaitGroup occurs in a node.
func (c *counted) named(in ast.Node) int {
	var name string
	switch x := ast.Unparen(c.x).(type) {
	case *ast.Ident:
		name = x.Name
	case *ast.SelectorExpr:
		name = x.Sel.Name
	}
	if s, ok := in.(Stmt); ok {
		in = s.Stmt
	}
	n := 0
	ast.Inspect(in, func(node ast.Node) bool {
		if id, ok := node.(*ast.Ident); ok && id.Name == name {
			n++
		}
		return true
	})
	return n
}

// moveAdd moves Add in front of the go statement. Nothing that comes before Add in the literal can end the goroutine
// without the Done that is behind, and nothing that the go statement evaluates can do so before it is started.
func (c *counted) moveAdd() (_ report.Fix, ok bool) {
	if c.lit.Named(c.x, "Done") == 0 || !c.lit.comesBack(c.lit.Body.List[:c.add.index]) {
		return report.Fix{}, false
	}
	for _, arg := range c.call.Args {
		if !plain(arg) {
			return report.Fix{}, false
		}
	}
	e, ok := c.lit.Delete(c.add)
	if !ok {
		return report.Fix{}, false
	}
	text := c.lit.Source(c.add.Stmt)
	return Join("Move "+text+" in front of the go statement", c.outer.InsertBefore(c.start, text), e), true
}

// plain reports whether an expression calls nothing and receives nothing.
func plain(x ast.Expr) bool {
	ok := true
	ast.Inspect(x, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			ok = false
		case *ast.UnaryExpr:
			ok = ok && n.Op != token.ARROW
		}
		return ok
	})
	return ok
}

// jumps reports whether the function has a goto of its own, by which a statement may be skipped or repeated.
func (f *Func) jumps() bool {
	found := false
	ast.Inspect(f.Body, func(n ast.Node) bool {
		if _, lit := n.(*ast.FuncLit); lit {
			return false
		}
		b, ok := n.(*ast.BranchStmt)
		found = found || ok && b.Tok == token.GOTO
		return !found
	})
	return found
}

// comesBack reports whether the calls in some statements return, or end the program: none can end the goroutine alone.
// Deferred calls do not count.
func (f *Func) comesBack(list []ast.Stmt) bool {
	ok := true
	for _, s := range list {
		if _, deferred := s.(*ast.DeferStmt); deferred {
			continue
		}
		ast.Inspect(s, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				return false
			case *ast.CallExpr:
				ok = ok && f.returns(n)
			}
			return ok
		})
	}
	return ok
}

// returning are packages whose functions call nothing that ends a goroutine.
var returning = map[string]bool{
	"errors": true, "fmt": true, "log": true, "log/slog": true, "math": true, "math/bits": true, "math/rand": true,
	"math/rand/v2": true, "os": true, "strconv": true, "strings": true, "sync/atomic": true, "time": true,
	"unicode": true, "unicode/utf8": true,
}

// returns reports whether a call is a conversion, or one of a builtin function or of a function in these packages.
func (f *Func) returns(call *ast.CallExpr) bool {
	info, ok := f.check(call.Fun)
	if !ok {
		return false
	}
	if tv := info.Types[call.Fun]; tv.IsType() || tv.IsBuiltin() {
		return true
	}
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	fn, ok := info.Uses[sel.Sel].(*types.Func)
	if !ok || fn.Pkg() == nil || !returning[fn.Pkg().Path()] {
		return false
	}
	recv := fn.Signature().Recv()
	if recv != nil && types.IsInterface(recv.Type()) {
		return false
	}
	for v := range fn.Signature().Params().Variables() {
		if _, callback := v.Type().Underlying().(*types.Signature); callback {
			return false
		}
	}
	return true
}
