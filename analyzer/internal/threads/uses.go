package threads

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// A useKind is how a function is used.
type useKind uint8

const (
	called  useKind = iota // in the same goroutine, now or by the time the function that uses it ends
	started                // in a goroutine of its own
	kept                   // as a value that goes out of view
)

// A use is one place where a function is called or used as a value.
type use struct {
	by   *effects.Func
	at   effects.V
	fn   *effects.Func
	kind useKind
	may  bool // by a call of a value that may be another function
}

// uses calls f for the functions that fn calls or uses as values. A literal in a variable that gets nothing else is used by
// the literals, too, that have captured the variable.
func uses(fn *effects.Func, f func(use)) {
	for i := range fn.Code {
		v := effects.V(i)
		in := fn.At(v)
		switch {
		case in.Op == effects.Call && in.Fn != nil && in.Flags&effects.Dynamic == 0:
			f(use{by: fn, at: v, fn: in.Fn, kind: kindOf(in.How)})
		case (in.Op == effects.Closure || in.Op == effects.FuncOf) && in.Fn != nil:
			valueUses(fn, v, v, in.Fn, 0, f)
		case in.Op == effects.Box: // anybody may call its methods
			for _, c := range fn.Callbacks[v] {
				if c.Fn != nil {
					f(use{by: fn, at: v, fn: c.Fn, kind: kept})
				}
			}
		}
		for _, t := range fn.Targets[v] {
			if t.ID >= 0 {
				f(use{by: fn, at: v, fn: t, kind: kindOf(in.How), may: true})
			}
		}
	}
}

func kindOf(how effects.How) useKind {
	if how == effects.Started {
		return started
	}
	return called
}

// valueUses gives the uses of a function value v.
func valueUses(fn *effects.Func, v, at effects.V, used *effects.Func, depth int, f func(use)) {
	us := fn.Uses(v)
	if depth > 4 {
		f(use{by: fn, at: at, fn: used, kind: kept})
		return
	}
	for _, u := range us {
		in := fn.At(u)
		switch {
		case in.Op == effects.Call && in.Flags&effects.Dynamic != 0 && in.Args[0] == v && !slices.Contains(in.Args[1:], v):
			f(use{by: fn, at: u, fn: used, kind: kindOf(in.How)})
		case in.Op == effects.Convert, in.Op == effects.Box:
			valueUses(fn, u, at, used, depth+1, f)
		case in.Op == effects.Store && in.Args[1] == v && fn.Op(in.Args[0]) == effects.Alloc && onlyRead(fn, in.Args[0], u, 0):
			loads(fn, in.Args[0], func(by *effects.Func, load effects.V) { valueUses(by, load, load, used, depth+1, f) })
		default:
			f(use{by: fn, at: u, fn: used, kind: handed(fn, u, v, used)})
		}
	}
}

// handed tells what an instruction does with a function that it is given.
func handed(fn *effects.Func, u, v effects.V, used *effects.Func) useKind {
	in := fn.At(u)
	for _, c := range fn.Callbacks[u] {
		if c.Arg == v && c.Method == "" {
			if c.Started || in.How == effects.Started {
				return started
			}
			return called
		}
	}
	if used.Made && used.Parent != nil && in.Op == effects.Call && in.How == effects.AtOnce {
		return called // the body of a loop over a function
	}
	return kept
}

// onlyRead reports whether a local variable is only read, here and in the literals that capture it, but for one store.
func onlyRead(fn *effects.Func, addr, store effects.V, depth int) bool {
	if depth > 4 {
		return false
	}
	for _, u := range fn.Uses(addr) {
		switch in := fn.At(u); in.Op {
		case effects.Store:
			if u != store {
				return false
			}
		case effects.Load:
		case effects.Closure:
			for i, b := range in.Args {
				if b == addr && (in.Fn == nil || i >= len(in.Fn.Free) || !onlyRead(in.Fn, in.Fn.Free[i], 0, depth+1)) {
					return false
				}
			}
		default:
			return false
		}
	}
	return true
}

// loads calls f for the loads of a variable, here and in the literals that capture it.
func loads(fn *effects.Func, addr effects.V, f func(by *effects.Func, load effects.V)) {
	for _, u := range fn.Uses(addr) {
		switch in := fn.At(u); in.Op {
		case effects.Load:
			f(fn, u)
		case effects.Closure:
			for i, b := range in.Args {
				if b == addr {
					loads(in.Fn, in.Fn.Free[i], f)
				}
			}
		}
	}
}
