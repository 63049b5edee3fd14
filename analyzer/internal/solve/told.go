package solve

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// A call of what a parameter holds is left to the callers, who know better what that is. That is no good where they do not: where
// they hand on what they have found in a container, where a goroutine begins with the call, where the call is not static itself. Then
// the call reaches all that may come there.

// A slot is a parameter or captured variable of a function.
type slot struct {
	fn *effects.Func
	v  effects.V // leaf
}

// untelling finds the slots of which callers do not tell what is in them.
type untelling struct {
	bad map[slot]bool
	to  map[slot][]slot // which slots get what is in one
}

// untold finds the parameters and captured variables of functions and interfaces of which some call does not tell what they are.
func untold(fns []*effects.Func) map[slot]bool {
	if !slices.ContainsFunc(fns, func(fn *effects.Func) bool { return len(fn.Targets) > 0 }) {
		return nil // nothing is known that could be called in their place
	}
	u := untelling{map[slot]bool{}, map[slot][]slot{}}
	for _, fn := range fns {
		for v := fn.First; int(v) < len(fn.Code); v++ {
			switch in := fn.At(v); in.Op {
			case effects.Call, effects.Invoke:
				u.call(fn, v, in)
			case effects.Closure:
				u.closure(fn, v, in)
			}
		}
	}
	work := make([]slot, 0, len(u.bad))
	for s := range u.bad {
		work = append(work, s)
	}
	for len(work) > 0 {
		s := work[len(work)-1]
		work = work[:len(work)-1]
		for _, to := range u.to[s] {
			if !u.bad[to] {
				u.bad[to] = true
				work = append(work, to)
			}
		}
	}
	return u.bad
}

// call looks at what a call gives the functions that it reaches.
func (u *untelling) call(fn *effects.Func, v effects.V, in *effects.Instr) {
	static := in.Op == effects.Call && in.Flags&effects.Dynamic == 0
	if static {
		if in.Fn != nil {
			u.pass(fn, in.Args, in.Fn, in.Fn.Params, in.How != effects.Started)
		}
		return
	}
	args := in.Args
	if in.Op == effects.Call {
		args = args[1:]
	}
	for _, t := range fn.Targets[v] {
		u.pass(fn, args, t, t.Params, false)
	}
	if made := fn.At(in.Args[0]); in.Op == effects.Call && made.Op == effects.Closure && made.Fn != nil {
		u.pass(fn, args, made.Fn, made.Fn.Params, in.How != effects.Started)
	}
}

// closure looks at what a literal captures: it is known to who calls the literal at once, or gives it to a function that does.
func (u *untelling) closure(fn *effects.Func, v effects.V, in *effects.Instr) {
	if in.Fn == nil {
		return
	}
	tells := true
	for _, use := range fn.Uses(v) {
		if by := fn.At(use); !by.Op.Calls() || by.How == effects.Started || slices.ContainsFunc(fn.Callbacks[use], func(c effects.Callback) bool { return c.Arg == v && c.Started }) {
			tells = false
		}
	}
	u.pass(fn, in.Args, in.Fn, in.Fn.Free, tells)
}

// pass notes what some slots of a function get. What the call tells is of no use if the locks in the function cannot be seen from there.
func (u *untelling) pass(fn *effects.Func, args []effects.V, to *effects.Func, slots []effects.V, tells bool) {
	for i, v := range slots {
		if i >= len(args) || !holdsCode(to.At(v).Type) {
			continue
		}
		s := slot{to, v}
		if !tells {
			u.bad[s] = true
			continue
		}
		a := args[i]
		if fn.Op(a) == effects.Alloc {
			a = onlyValue(fn, a)
		}
		switch a = single(fn, a); {
		case a == 0:
			u.bad[s] = true
		case plain(fn, a):
		case fn.Op(a) == effects.Param || fn.Op(a) == effects.Free:
			u.to[slot{fn, a}] = append(u.to[slot{fn, a}], s)
		case fn.Op(a) == effects.Load && fn.Op(fn.At(a).Args[0]) == effects.Free:
			from := slot{fn, fn.At(a).Args[0]}
			u.to[from] = append(u.to[from], s)
		default:
			u.bad[s] = true
		}
	}
}

// holdsCode reports whether a value, or the variable of an address, is a function or an interface.
func holdsCode(t *effects.Type) bool {
	if t = t.To(); t == nil {
		return false
	}
	return t.Kind == effects.Signature || t.Kind == effects.Interface && !t.Error
}

// plain reports whether a value is seen to be what it is: a function, or a value of another type made an interface, which single has
// looked through.
func plain(fn *effects.Func, v effects.V) bool {
	switch in := fn.At(v); in.Op {
	case effects.FuncOf, effects.Closure, effects.Const:
		return true
	default:
		return !holdsCode(in.Type) || in.Type.Kind == effects.Pointer
	}
}

// told returns the test whether all calls of a function tell what a parameter or captured variable of it is.
func (p *Program) told(fn *effects.Func, v effects.V) bool { return !p.untold[slot{fn, v}] }
