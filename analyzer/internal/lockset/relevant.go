package lockset

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/model"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
)

// collect numbers the functions: those given, their closures, and the wrappers
// that they refer to.
func (e *Engine) collect() {
	var add func(fn *ssa.Function)
	add = func(fn *ssa.Function) {
		if _, ok := e.index[fn]; ok || len(fn.Blocks) == 0 {
			return
		}
		e.index[fn] = len(e.funcs)
		e.funcs = append(e.funcs, fn)
		for _, anon := range fn.AnonFuncs {
			add(anon)
		}
	}
	for _, fn := range e.in.Funcs {
		add(fn)
	}
	for i := 0; i < len(e.funcs); i++ {
		var cs []int
		seen := map[int]bool{}
		flow.Callees(e.funcs[i], e.in.Dynamic, func(fn *ssa.Function) {
			if _, ok := e.index[fn]; !ok && fn.Synthetic != "" && fn.Pkg == nil {
				add(fn)
			}
			if j, ok := e.index[fn]; ok && !seen[j] {
				seen[j] = true
				cs = append(cs, j)
			}
		})
		e.callees = append(e.callees, cs)
	}
}

// markRelevant marks the functions that have to be walked: those that touch locks,
// call back or do not return, and all that lead to one.
func (e *Engine) markRelevant() {
	n := len(e.funcs)
	e.relevant = make([]bool, n)
	callers := make([][]int, n)
	var work []int
	for i, fn := range e.funcs {
		for _, c := range e.callees[i] {
			callers[c] = append(callers[c], i)
		}
		if flow.Touches(fn) || e.callsRelevant(fn) {
			e.relevant[i] = true
			work = append(work, i)
		}
	}
	for len(work) > 0 {
		i := work[len(work)-1]
		work = work[:len(work)-1]
		for _, c := range callers[i] {
			if !e.relevant[c] {
				e.relevant[c] = true
				work = append(work, c)
			}
		}
	}
}

// callsRelevant reports whether fn refers to a function outside whose summary says
// something about locks.
func (e *Engine) callsRelevant(fn *ssa.Function) bool {
	found := false
	flow.Callees(fn, e.in.Dynamic, func(c *ssa.Function) {
		if _, ok := e.index[c]; !ok && !found {
			found = touchesLocks(e.in.External(c))
		}
	})
	return found
}

// touchesLocks reports whether a summary says something about locks.
func touchesLocks(s *summary.Func) bool {
	return s != nil && (len(s.Events) > 0 || s.Moves() || !s.Returns())
}

// A sibling is the lock that a Locker or Cond field of the same object stands for.
type sibling struct {
	name, class string
	read        bool
	conflict    bool // assigned differently in two places
}

// scanFields finds the fields that are stored to after construction, and the
// Lockers and Conds that stand for a lock beside them.
func (e *Engine) scanFields() {
	e.mutable, e.siblings = map[string]bool{}, map[string]*sibling{}
	for _, fn := range e.funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				st, ok := instr.(*ssa.Store)
				if !ok {
					continue
				}
				switch addr := st.Addr.(type) {
				case *ssa.FieldAddr:
					e.scanStore(addr, st.Val)
				case *ssa.Global:
					if fn.Synthetic != "package initializer" && addr.Pkg != nil {
						e.mutable[addr.Pkg.Pkg.Path()+"."+addr.Name()] = true
					}
				}
			}
		}
	}
}

func (e *Engine) scanStore(addr *ssa.FieldAddr, val ssa.Value) {
	_, class := ident.FieldClass(addr.X.Type(), addr.Field, "")
	if class == "" {
		return
	}
	if _, ok := addr.X.(*ssa.Alloc); !ok {
		e.mutable[class] = true
	}
	owner := addr.X
	if class == "sync.Cond.L" { // s.cond.L = &s.mu stands for s.cond
		outer, ok := addr.X.(*ssa.FieldAddr)
		if !ok {
			return
		}
		owner = outer.X
		if _, class = ident.FieldClass(outer.X.Type(), outer.Field, ""); class == "" {
			return
		}
	}
	if !standsForLock(addr.Type()) {
		return
	}
	s := &sibling{conflict: true}
	if lock, read := lockBehind(val); lock != nil && lock.X == owner {
		s = &sibling{read: read}
		s.name, s.class = ident.FieldClass(lock.X.Type(), lock.Field, "")
	}
	if old := e.siblings[class]; old != nil && *old != *s {
		s = &sibling{conflict: true}
	}
	e.siblings[class] = s
}

// standsForLock reports whether a field of type *t can stand for a lock elsewhere: a
// Locker, a pointer to a lock, or a Cond.
func standsForLock(t types.Type) bool {
	p, ok := t.Underlying().(*types.Pointer)
	if !ok {
		return false
	}
	t = p.Elem()
	if model.IsLocker(t) {
		return true
	}
	if q, ok := t.Underlying().(*types.Pointer); ok {
		t = q.Elem()
	}
	if model.IsLock(t) {
		return true
	}
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "sync" && n.Obj().Name() == "Cond"
}

// lockBehind returns the field whose lock a stored value stands for: &x.mu,
// x.mu.RLocker(), sync.NewCond(&x.mu).
func lockBehind(v ssa.Value) (lock *ssa.FieldAddr, read bool) {
	for range 6 {
		switch x := v.(type) {
		case *ssa.MakeInterface:
			v = x.X
		case *ssa.ChangeInterface:
			v = x.X
		case *ssa.Call:
			fn := x.Call.StaticCallee()
			if fn == nil || fn.Pkg == nil || fn.Pkg.Pkg.Path() != "sync" || len(x.Call.Args) != 1 {
				return nil, false
			}
			switch fn.Name() {
			case "NewCond":
			case "RLocker":
				read = true
			default:
				return nil, false
			}
			v = x.Call.Args[0]
		case *ssa.FieldAddr:
			return x, read
		default:
			return nil, false
		}
	}
	return nil, false
}
