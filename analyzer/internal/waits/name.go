package waits

import (
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
)

// Name returns a channel as a reader of a package knows it: its field or variable; "" if it has none.
func Name(fn *effects.Func, v V, from string) string {
	for range 8 {
		in := fn.At(v)
		switch in.Op {
		case effects.Load, effects.Convert, effects.Extract:
			v = in.Args[0]
		case effects.Invoke: // Done of a context
			if name := Name(fn, in.Args[0], from); name != "" {
				return name + "." + in.Sym + "()"
			}
			return ""
		case effects.Field, effects.FieldOf:
			if in.Class == "" {
				return in.Sym
			}
			return ident.Short(in.Class, from)
		case effects.Global:
			return ident.Short(in.Class, from)
		case effects.Param, effects.Free, effects.Alloc:
			return in.Sym
		case effects.MakeChan:
			return variable(fn, v)
		default:
			return ""
		}
	}
	return ""
}

// variable returns the name of what a new channel is stored in.
func variable(fn *effects.Func, v V) string {
	for _, u := range fn.Uses(v) {
		if st := fn.At(u); st.Op == effects.Store && st.Args[1] == v {
			return fn.At(st.Args[0]).Sym
		}
	}
	return ""
}
