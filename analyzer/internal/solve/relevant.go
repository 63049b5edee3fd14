package solve

import (
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
)

// refer calls f for the functions that fn calls, defers, starts, refers to or makes literals of, and out for those that are not
// in the program. Calls that are not static are left out.
func refer(fn *effects.Func, f func(*effects.Func), out func(pkg, key string)) {
	for i := range fn.Code {
		in := &fn.Code[i]
		switch in.Op {
		case effects.Call, effects.FuncOf, effects.Closure:
			switch {
			case in.Fn != nil:
				f(in.Fn)
			case in.Flags&effects.Dynamic != 0:
				if t := resolve.Captured(fn, in.Args[0]); t != nil {
					f(t)
				}
			case in.Sym != "":
				out(in.Class, in.Sym)
			}
		}
	}
	for v := range fn.Callbacks {
		boxed := fn.Op(v) == effects.Box
		for _, c := range fn.Callbacks[v] {
			switch {
			case boxed && !effects.IsCalledBack(c.Method):
				// Whoever gets the value may call it. As an edge it would make one recursion of half the program.
			case c.Fn != nil:
				f(c.Fn)
			case c.Key != "":
				out(c.Pkg, c.Key)
			}
		}
	}
}

// touches reports whether the body of fn operates on locks, calls back, or ends the
// program: whether it has to be walked whatever its callees do.
func touches(fn *effects.Func) bool {
	for v := fn.First; int(v) < len(fn.Code); v++ {
		switch in := fn.At(v); in.Op {
		case effects.Acquire, effects.Release, effects.TryAcquire, effects.RLocker, effects.NewCond, effects.CondWait, effects.Start, effects.Once:
			return true
		case effects.Known:
			if in.Flags&effects.NoReturn != 0 || len(fn.Callbacks[v]) > 0 {
				return true
			}
		case effects.Invoke:
			if in.Flags&effects.Exported != 0 && given(fn, in.Args[0]) {
				return true
			}
		case effects.Call:
			if in.Flags&effects.Dynamic != 0 && given(fn, in.Args[0]) {
				return true
			}
		}
	}
	return false
}

// given reports whether a value is a parameter or a captured variable, or what one holds.
func given(fn *effects.Func, v effects.V) bool {
	in := fn.At(v)
	switch in.Op {
	case effects.Param, effects.Free:
		return true
	case effects.Load:
		switch fn.Op(in.Args[0]) {
		case effects.Free:
			return true
		case effects.Alloc: // a parameter kept in memory since a literal captures it
			for _, u := range fn.Uses(in.Args[0]) {
				if st := fn.At(u); st.Op == effects.Store && st.Args[0] == in.Args[0] && fn.Op(st.Args[1]) == effects.Param {
					return true
				}
			}
		}
	}
	return false
}

// touchesLocks reports whether a summary says something about locks.
func touchesLocks(s *summary.Func) bool {
	return s != nil && (len(s.Events) > 0 || s.Moves() || !s.Returns())
}

// markRelevant marks the functions that have to be walked: those that touch locks,
// call back or do not return, and all that lead to one.
func (p *Program) markRelevant() {
	n := len(p.Funcs)
	p.relevant = make([]bool, n)
	callers := make([][]int32, n)
	var work []int32
	mark := func(i int32) {
		if !p.relevant[i] {
			p.relevant[i] = true
			work = append(work, i)
		}
	}
	for i, fn := range p.Funcs {
		for _, c := range p.needs[i] {
			callers[c] = append(callers[c], int32(i))
		}
		if touches(fn) || p.outside[i] || p.facts.handles(fn) {
			mark(int32(i))
		}
	}
	for len(work) > 0 {
		i := work[len(work)-1]
		work = work[:len(work)-1]
		for _, c := range callers[i] {
			mark(c)
		}
	}
}
