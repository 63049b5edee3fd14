package lockset

import (
	"go/token"
	"go/types"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/fix"
	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
	"github.com/lockcheck/lockcheck/analyzer/internal/held"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// Fixes are proved here and written by package fix. What is proved of the paths is told at each
// function; the other conditions are in that package's documentation.

// source returns the function in whose body fixes of fn are made, or nil.
func (e *Engine) source(fn *ssa.Function) *fix.Func {
	pkg := flow.Canon(flow.Outermost(fn))
	if pkg.Pkg == nil {
		return nil
	}
	return e.sources.Func(pkg.Pkg.Pkg, fn.Syntax())
}

// sourceOf is the same of what was made of the function.
func (e *Engine) sourceOf(fn *effects.Func) *fix.Func { return e.source(e.extractor.SSA(fn)) }

// one returns the list of a fix, if there is one.
func one(f report.Fix, ok bool) []report.Fix {
	if !ok {
		return nil
	}
	return []report.Fix{f}
}

// keepFixes returns the fix of a lock that is kept at an exit. The best is to defer the
// unlock, if that changes no more than the exits that keep the lock; else the exit alone is
// mended, if the lock is held on every path to it. There is none if the function
// also takes the lock while it holds it: that Lock may be the bug.
func (e *Engine) keepFixes(r *flow.Result, k *flow.Keep, g givers) []report.Fix {
	f := e.source(k.Fn)
	if f == nil || k.Held.Chain.Len != 1 || slices.ContainsFunc(r.Doubles, func(d flow.Double) bool {
		return d.Chain.Len == 1 && d.Path.Same(k.Held.Path)
	}) {
		return nil
	}
	lock, ok := f.Lock(k.First.Pos())
	if !ok {
		return nil
	}
	span := spanOf(r, k)
	if span.again {
		return nil
	}
	if deferable(r, k, g, span) {
		if unlocks, ok := unlockStmts(f, lock, span.releases); ok {
			if fx, ok := f.DeferUnlock(lock, unlocks); ok {
				return one(fx, true)
			}
		}
	}
	if !k.All || !span.exits[k.Exit] || k.Held.Path.Kind == ident.Value && !f.Local(lock) {
		return nil // the lock is not found by the same expression for sure
	}
	// The expression is that of an unlock which the engine knows to be the right one.
	if !slices.ContainsFunc(span.releases, func(instr ssa.Instruction) bool {
		s, ok := f.Stmt(instr.Pos())
		return ok && lock.Unlocks(s.Stmt)
	}) {
		return nil
	}
	if k.Exit.Pos().IsValid() {
		if s, ok := f.Stmt(k.Exit.Pos()); ok {
			return one(f.UnlockBefore(lock, s))
		}
		return nil
	}
	// A return without a position is the end of the body, or where a recovered panic leads.
	if _, ok := k.Exit.(*ssa.Return); !ok || k.Exit.Block() == k.Fn.Recover {
		return nil
	}
	return one(f.UnlockAtEnd(lock))
}

// A span is the part of a function in which a lock is held that it takes at one place.
type span struct {
	releases []ssa.Instruction
	exits    map[ssa.Instruction]bool // at which the lock may be held
	again    bool                     // the lock may be taken again at the same place
}

// spanOf follows all ways from the acquisition of k to its releases and to exits.
func spanOf(r *flow.Result, k *flow.Keep) span {
	s := span{releases: r.Freed[k.First], exits: map[ssa.Instruction]bool{}}
	kept := map[ssa.Instruction]bool{} // exits known to keep it; not all are returns
	for i := range r.Keeps {
		if r.Keeps[i].First == k.First {
			kept[r.Keeps[i].Exit] = true
		}
	}
	follow(k.First, func(instr ssa.Instruction) bool {
		_, returns := instr.(*ssa.Return)
		switch {
		case instr == k.First:
			s.again = true
		case slices.Contains(s.releases, instr):
		case kept[instr] || returns:
			s.exits[instr] = true
		default:
			return true
		}
		return false
	})
	return s
}

// follow calls visit for each instruction behind one, in all directions in which it returns true.
func follow(instr ssa.Instruction, visit func(ssa.Instruction) bool) {
	seen := map[*ssa.BasicBlock]bool{}
	var walk func(b *ssa.BasicBlock, from int)
	walk = func(b *ssa.BasicBlock, from int) {
		for _, i := range b.Instrs[from:] {
			if !visit(i) {
				return
			}
		}
		for _, s := range b.Succs {
			if !seen[s] {
				seen[s] = true
				walk(s, 0)
			}
		}
	}
	b := instr.Block()
	walk(b, slices.Index(b.Instrs, instr)+1)
}

// deferable reports whether the unlock of k can be deferred right behind the lock:
//
//   - every exit at which the lock is held is itself a finding, so none hands the lock to its caller;
//   - the releases are of this lock only, and are not passed twice;
//   - nothing else is deferred behind the lock, since it would run with the lock held;
//   - nothing behind a release blocks, takes a lock or calls a function that might.
func deferable(r *flow.Result, k *flow.Keep, g givers, s span) bool {
	wrong := map[ssa.Instruction]bool{}
	for i := range r.Keeps {
		if o := &r.Keeps[i]; o.First == k.First && report.BandOf(max(1, keepConfidence(o, g))) == report.Error {
			wrong[o.Exit] = true
		}
	}
	for exit := range s.exits {
		if !wrong[exit] {
			return false
		}
	}
	for first, freed := range r.Freed {
		if first != k.First && slices.ContainsFunc(freed, func(i ssa.Instruction) bool { return slices.Contains(s.releases, i) }) {
			return false
		}
	}
	ok := true
	follow(k.First, func(instr ssa.Instruction) bool {
		if _, deferred := instr.(*ssa.Defer); deferred && !slices.Contains(s.releases, instr) || instr == k.First {
			ok = false
		}
		return ok
	})
	for _, release := range s.releases {
		_, deferred := release.(*ssa.Defer)
		follow(release, func(instr ssa.Instruction) bool {
			if slices.Contains(s.releases, instr) || !deferred && !calm(instr) {
				ok = false
			}
			return ok
		})
	}
	return ok
}

// calm reports whether an instruction is over in no time, whatever locks are held.
func calm(instr ssa.Instruction) bool {
	switch instr := instr.(type) {
	case *ssa.Call:
		if _, ok := instr.Call.Value.(*ssa.Builtin); ok {
			return true
		}
		fn := instr.Call.StaticCallee()
		if fn == nil {
			return false
		}
		obj, ok := fn.Object().(*types.Func)
		if !ok || !fix.Quiet(obj) || obj.Pkg().Path() == "fmt" {
			return false
		}
		for v := range obj.Signature().Params().Variables() {
			if _, callback := v.Type().Underlying().(*types.Signature); callback {
				return false
			}
		}
		return true
	case *ssa.Go, *ssa.Defer, *ssa.Send, *ssa.Select:
		return false
	case *ssa.UnOp:
		return instr.Op != token.ARROW
	case *ssa.Jump, *ssa.If: // no loops
		for _, s := range instr.Block().Succs {
			if s.Dominates(instr.Block()) {
				return false
			}
		}
	}
	return true
}

// unlockStmts returns the statements of instructions that release a lock.
func unlockStmts(f *fix.Func, lock fix.Lock, releases []ssa.Instruction) ([]fix.Stmt, bool) {
	var stmts []fix.Stmt
	for _, instr := range releases {
		s, ok := f.Stmt(instr.Pos())
		if !ok || !lock.Unlocks(s.Stmt) {
			return nil, false
		}
		stmts = append(stmts, s)
	}
	return stmts, true
}

// slipFixes returns the fix of an unlock of the wrong kind. There is none if the function
// takes the lock in that kind, too: it is then the order of the two that is wrong.
func (e *Engine) slipFixes(s *flow.Slip) []report.Fix {
	f := e.source(s.Fn)
	if f == nil || s.Kind != held.SlipMode {
		return nil
	}
	stmt, ok := f.Stmt(s.Instr.Pos())
	if !ok {
		return nil
	}
	m, _, ok := fix.MethodOf(stmt.Stmt)
	other := strings.TrimSuffix(verb(s.Mode), "Unlock") + "Lock"
	if !ok || m.Name.Name != verb(s.Mode) || f.Named(m.X, other, "Try"+other, "RLocker") > 0 {
		return nil
	}
	return one(f.Rename(m, verb(s.Mode.Other())))
}

// doubleFixes returns the fix of a lock that is taken by who holds it.
func (e *Engine) doubleFixes(d *flow.Double) []report.Fix {
	f := e.source(d.Fn)
	if f == nil || d.First == nil || d.Held.Leak {
		return nil
	}
	if fixes := typoFixes(f, d); fixes != nil {
		return fixes
	}
	return e.lockedFixes(f, d)
}

// typoFixes returns the fix of "defer x.Lock()" right behind "x.Lock()", if the function
// does nothing else with the lock.
func typoFixes(f *fix.Func, d *flow.Double) []report.Fix {
	again, ok := d.Instr.(*ssa.Defer)
	if !ok || d.Chain.Len != 1 {
		return nil
	}
	s, ok := f.Stmt(again.Pos())
	if !ok || s.Before() == nil {
		return nil
	}
	m, deferred, ok := fix.MethodOf(s.Stmt)
	lock, isLock := f.Lock(s.Before().Pos())
	if !ok || !deferred || !isLock || lock.Stmt.Stmt != s.Before() || f.Mentions(lock) != 2 ||
		types.ExprString(m.X) != types.ExprString(lock.X) {
		return nil
	}
	return one(f.Rename(m, lock.Unlock))
}

// lockedFixes returns the fix of a call of x.Foo while the lock is held that Foo takes: to
// call x.fooLocked, if there is such a method, and if it neither takes nor releases the lock.
func (e *Engine) lockedFixes(f *fix.Func, d *flow.Double) []report.Fix {
	site, ok := d.Instr.(*ssa.Call)
	if !ok || d.Chain.Len < 2 || !d.All || !d.Held.Must || d.Held.Mode == lockgraph.Read && d.Mode == lockgraph.Write {
		return nil
	}
	call := e.calls[site.Pos()]
	if call == nil || site.Call.StaticCallee() == nil {
		return nil
	}
	m, method := f.Method(call)
	if method == nil {
		return nil
	}
	for _, name := range lockedNames(method.Name()) {
		other := fix.Sibling(method, name)
		if other == nil || !e.expectsLock(site, other, d) {
			continue
		}
		if fixes := one(f.Rename(m, name)); fixes != nil {
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

// expectsLock reports whether a method leaves the lock of d alone.
func (e *Engine) expectsLock(site *ssa.Call, method *types.Func, d *flow.Double) bool {
	fn := site.Parent().Prog.FuncValue(method.Origin())
	if fn == nil {
		return false
	}
	sum := e.Summary(flow.Canon(fn))
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

// A critical is the one part of a function in which it holds a lock that it takes by a statement and gives back by
// others; it names the lock nowhere else.
type critical struct {
	lock    fix.Lock
	unlocks []fix.Stmt
	instrs  []ssa.Instruction // of lock and unlocks
}

// criticalOf returns that part for a class of locks; ok is false if there is none, or more than one.
func criticalOf(f *fix.Func, r *flow.Result, class string) (c critical, ok bool) {
	var first ssa.Instruction
	for instr := range r.Freed {
		if r.Taken[instr].Class == class {
			if first != nil {
				return c, false
			}
			first = instr
		}
	}
	if first == nil {
		return c, false
	}
	if c.lock, ok = f.Lock(first.Pos()); !ok {
		return c, false
	}
	c.unlocks, ok = unlockStmts(f, c.lock, r.Freed[first])
	c.instrs = append([]ssa.Instruction{first}, r.Freed[first]...)
	return c, ok && f.Mentions(c.lock) == 1+len(c.unlocks)
}

// writeFixes returns the fix of a write under a read lock: to lock for writing instead.
func writeFixes(f *fix.Func, r *flow.Result, class string) []report.Fix {
	c, ok := criticalOf(f, r, class)
	if !ok || c.lock.Unlock != "RUnlock" {
		return nil
	}
	var edits []report.Edit
	for i, s := range append([]fix.Stmt{c.lock.Stmt}, c.unlocks...) {
		m, _, ok := fix.MethodOf(s.Stmt)
		if !ok {
			return nil
		}
		name := "Unlock"
		if i == 0 {
			name = "Lock"
		}
		x, ok := f.Rename(m, name)
		if !ok {
			return nil
		}
		edits = append(edits, x.Edits...)
	}
	return one(fix.Join("Lock "+f.Source(c.lock.X)+" for writing", edits...), true)
}
