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
}

// uses calls f for the functions that fn calls or uses as values.
func uses(fn *effects.Func, f func(use)) {
	for i := range fn.Code {
		v := effects.V(i)
		in := fn.At(v)
		switch {
		case in.Op == effects.Call && in.Fn != nil && in.Flags&effects.Dynamic == 0:
			f(use{fn, v, in.Fn, kindOf(in.How)})
		case (in.Op == effects.Closure || in.Op == effects.FuncOf) && in.Fn != nil:
			valueUses(fn, v, v, in.Fn, 0, f)
		case in.Op == effects.Box: // anybody may call its methods
			for _, c := range fn.Callbacks[v] {
				if c.Fn != nil {
					f(use{fn, v, c.Fn, kept})
				}
			}
		}
		for _, t := range fn.Targets[v] {
			if t.ID >= 0 {
				f(use{fn, v, t, kindOf(in.How)})
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
		f(use{fn, at, used, kept})
		return
	}
	for _, u := range us {
		in := fn.At(u)
		switch {
		case in.Op == effects.Call && in.Flags&effects.Dynamic != 0 && in.Args[0] == v && !slices.Contains(in.Args[1:], v):
			f(use{fn, u, used, kindOf(in.How)})
		case in.Op == effects.Convert:
			valueUses(fn, u, at, used, depth+1, f)
		case in.Op == effects.Store && in.Args[1] == v && onlyValue(fn, in.Args[0]):
			for _, load := range fn.Uses(in.Args[0]) {
				if fn.Op(load) == effects.Load {
					valueUses(fn, load, at, used, depth+1, f)
				}
			}
		default:
			f(use{fn, u, used, handed(fn, u, v)})
		}
	}
}

// handed tells what an instruction does with a function that it is given.
func handed(fn *effects.Func, u, v effects.V) useKind {
	for _, c := range fn.Callbacks[u] {
		if c.Arg == v && c.Method == "" {
			if c.Started || fn.At(u).How == effects.Started {
				return started
			}
			return called
		}
	}
	return kept
}

// onlyValue reports whether an address is a local variable that is stored to once, and that is only read otherwise.
func onlyValue(fn *effects.Func, addr effects.V) bool {
	if fn.Op(addr) != effects.Alloc {
		return false
	}
	stores := 0
	for _, u := range fn.Uses(addr) {
		switch in := fn.At(u); in.Op {
		case effects.Store:
			if stores++; in.Args[0] != addr {
				return false
			}
		case effects.Load:
		default:
			return false
		}
	}
	return stores == 1
}
