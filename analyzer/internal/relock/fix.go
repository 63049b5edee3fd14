package relock

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/fix"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// fixes returns the fix of a lock that is taken by who holds it.
func (d *Double) fixes() []report.Fix {
	f := d.View.Engine.Source(d.Fn)
	if f == nil || d.First == 0 || d.Held.Leak {
		return nil
	}
	if fixes := d.typo(f); fixes != nil {
		return fixes
	}
	return d.locked(f)
}

// typo returns the fix of "defer x.Lock()" right behind "x.Lock()", if the function
// does nothing else with the lock.
func (d *Double) typo(f *fix.Func) []report.Fix {
	if d.Fn.At(d.Instr).How != effects.Deferred || !d.Direct() {
		return nil
	}
	s, ok := f.Stmt(d.View.Engine.Pos(d.Fn, d.Instr))
	if !ok || s.Before() == nil {
		return nil
	}
	m, deferred, ok := fix.MethodOf(s.Stmt)
	lock, isLock := f.Lock(s.Before().Pos())
	if !ok || !deferred || !isLock || lock.Stmt.Stmt != s.Before() || f.Mentions(lock) != 2 || !lock.Of(m.X) {
		return nil
	}
	return fix.One(f.Rename(m, lock.Unlock))
}

// locked returns the fix of a call of x.Foo while the lock is held that Foo takes: to
// call x.fooLocked, if there is such a method, and if it neither takes nor releases the lock.
func (d *Double) locked(f *fix.Func) []report.Fix {
	if d.Direct() || !d.All || !d.Held.Must || d.Held.Mode == lockgraph.Read && d.Mode == lockgraph.Write {
		return nil
	}
	in := d.Fn.At(d.Instr)
	call := d.View.Engine.Syntax.Call(d.Fn, d.Instr)
	if call == nil || in.Op != effects.Call || in.Flags&effects.Dynamic != 0 {
		return nil
	}
	m, method := f.Method(call)
	if method == nil {
		return nil
	}
	for _, name := range lockedNames(method.Name()) {
		other := fix.Sibling(method, name)
		if other == nil || !d.expects(fix.Key(other)) {
			continue
		}
		if fixes := fix.One(f.Rename(m, name)); fixes != nil {
			return fixes
		}
	}
	return nil
}

// lockedNames returns what a method is called if it expects the lock held.
func lockedNames(name string) []string {
	r, n := utf8.DecodeRuneInString(name)
	lower := string(unicode.ToLower(r)) + name[n:]
	names := []string{lower + "Locked", name + "Locked"}
	return slices.Compact(names)
}

// expects reports whether a method leaves the lock alone.
func (d *Double) expects(pkg, key string) bool {
	sum, known := d.View.Engine.SummaryOf(pkg, key)
	if !known {
		return false
	}
	if sum == nil {
		return true // nothing to be known: it cannot reach a lock
	}
	if sum.Truncated || slices.ContainsFunc(sum.Events, func(ev summary.Event) bool {
		return ev.Kind == summary.Acquire && (ev.Lock.Path.Class == d.Path.Class || ev.Lock.Path.Class == "")
	}) {
		return false
	}
	return !slices.ContainsFunc(sum.Exits, func(x summary.Exit) bool {
		return len(x.Released) > 0 || len(x.Acquired) > 0
	})
}
