package lockset

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/access"
	"github.com/lockcheck/lockcheck/analyzer/internal/fix"
	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
	"github.com/lockcheck/lockcheck/analyzer/internal/guards"
	"github.com/lockcheck/lockcheck/analyzer/internal/model"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
)

// guardFixes returns the fix of an access without its guard: to hold it. There is one if the function does
// nothing else that takes time or locks, and if it can name the lock.
func (e *Engine) guardFixes(x *guards.Violation) []report.Fix {
	f := e.sourceOf(x.Site.Fn)
	if f == nil {
		return nil
	}
	fn, r := e.extractor.SSA(x.Site.Fn), e.results[x.Site.Fn.ID]
	if x.Kind == guards.Lockless {
		var seen []token.Pos
		for _, s := range x.Place.Sites {
			seen = append(seen, e.tokenPos(s.Frame()))
		}
		return one(e.sources.MakeAtomic(f, e.tokenPos(x.Site.Frame()), seen))
	}
	if !x.Guard.Sibling {
		return nil
	}
	switch x.Kind {
	case guards.ReadLocked:
		if r != nil {
			return writeFixes(f, r, x.Guard.Class)
		}
	case guards.Unlocked:
		lock, rw, ok := guardExpr(fn, x)
		if !ok || !quick(fn, nil) {
			return nil
		}
		first, read := e.tokenPos(x.Site.Frame()), rw
		for _, s := range append([]*guards.Site{x.Site}, x.More...) {
			if s.Fn != x.Site.Fn {
				return nil
			}
			first, read = min(first, e.tokenPos(s.Frame())), read && s.Op == access.Read
		}
		if from, ok := f.Outermost(first); ok {
			return one(f.Hold(lock, read, from))
		}
	case guards.Unchecked:
		if fixes := e.onceFixes(f, x); fixes != nil {
			return fixes
		}
		if r != nil {
			return e.checkFixes(f, r, x)
		}
	}
	return nil
}

// checkFixes moves the lock of a double check to where the first check is.
func (e *Engine) checkFixes(f *fix.Func, r *flow.Result, x *guards.Violation) []report.Fix {
	c, ok := criticalOf(f, r, x.Guard.Class)
	if !ok || c.lock.Unlock != "Unlock" || !quick(e.extractor.SSA(x.Site.Fn), c.instrs) {
		return nil
	}
	pos := e.tokenPos(x.Site.Frame())
	for _, s := range x.More {
		if s.Fn == x.Site.Fn {
			pos = min(pos, e.tokenPos(s.Frame()))
		}
	}
	from, ok := f.Outermost(pos)
	if !ok || from.Pos() > c.lock.Pos() {
		return nil
	}
	return one(f.Hold(f.Source(c.lock.X), false, from, append([]fix.Stmt{c.lock.Stmt}, c.unlocks...)...))
}

// quick reports whether a function is over in no time and takes no locks, apart from some instructions.
func quick(fn *ssa.Function, but []ssa.Instruction) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr.(type) {
			case *ssa.Jump, *ssa.If: // a loop over what the guard guards
				continue
			}
			if !slices.Contains(but, instr) && !calm(instr) && !contained(instr) {
				return false
			}
		}
	}
	return len(fn.AnonFuncs) == 0
}

// contained reports whether an instruction calls a method of a container or buffer in memory.
func contained(instr ssa.Instruction) bool {
	call, ok := instr.(*ssa.Call)
	if !ok || call.Call.StaticCallee() == nil {
		return false
	}
	fn, ok := call.Call.StaticCallee().Object().(*types.Func)
	if !ok {
		return false
	}
	_, known := model.Mutates(fn)
	return known && fn.Pkg().Path() != "bufio"
}

// guardExpr returns how the function of an access names the guard, and whether that can be read-locked.
func guardExpr(fn *ssa.Function, x *guards.Violation) (expr string, rw, ok bool) {
	if fn.Pkg == nil {
		return "", false, false
	}
	pkg := fn.Pkg.Pkg
	name := x.Guard.Class[strings.LastIndexByte(x.Guard.Class, '.')+1:]
	if x.Guard.Class == pkg.Path()+"."+name {
		v := pkg.Scope().Lookup(name)
		if v == nil {
			return "", false, false
		}
		return name, readLockable(v.Type()), true
	}
	if x.Site.Param < 0 || x.Site.Param >= len(fn.Params) {
		return "", false, false
	}
	p := fn.Params[x.Site.Param]
	owner := strings.TrimSuffix(strings.TrimSuffix(x.Place.Class, "[]"), "."+lastName(x.Place.Class))
	if owner != strings.TrimSuffix(x.Guard.Class, "."+name) || typeName(p.Type()) != owner || p.Name() == "" || p.Name() == "_" {
		return "", false, false
	}
	obj, _, _ := types.LookupFieldOrMethod(p.Type(), true, pkg, name)
	field, ok := obj.(*types.Var)
	if !ok {
		return "", false, false
	}
	if field.Embedded() {
		return p.Name(), readLockable(field.Type()), true
	}
	return p.Name() + "." + name, readLockable(field.Type()), true
}

func readLockable(t types.Type) bool {
	m, _, _ := types.LookupFieldOrMethod(t, true, nil, "RLock")
	_, ok := m.(*types.Func)
	return ok
}
