package extract_test

import (
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// say prints what an instruction does, with its operands as expressions.
func say(f *effects.Func, v effects.V) string {
	in := f.At(v)
	var b strings.Builder
	b.WriteString(hows[in.How] + opNames[in.Op])
	for _, fl := range flagNames {
		if in.Flags&fl.flag != 0 && fl.flag != effects.Exported {
			b.WriteString(" " + fl.name)
		}
	}
	for _, a := range in.Args {
		b.WriteString(" " + expr(f, a, 0))
	}
	switch in.Op {
	case effects.Call, effects.Known, effects.Invoke, effects.Builtin, effects.Atomic, effects.Compare, effects.Opaque:
		if in.Sym != "" {
			b.WriteString(" : " + in.Sym)
		}
	}
	if in.Op == effects.Call && in.Fn != nil {
		b.WriteString(" = " + in.Fn.Name)
	}
	for _, c := range f.Callbacks[v] {
		if in.Op == effects.Box {
			break
		}
		b.WriteString(" | ")
		if c.Started {
			b.WriteString("go ")
		}
		if c.Method == "" {
			b.WriteString(expr(f, c.Arg, 0))
			continue
		}
		b.WriteString(expr(f, c.Recv, 0) + "." + c.Method)
		if c.Fn != nil {
			b.WriteString(" = " + c.Fn.Name)
		} else {
			b.WriteString(" " + c.Key)
		}
	}
	return b.String()
}

// expr prints a value.
func expr(f *effects.Func, v effects.V, depth int) string {
	if v == 0 {
		return "_"
	}
	in := f.At(v)
	if depth > 6 {
		return "..."
	}
	arg := func(i int) string { return expr(f, in.Args[i], depth+1) }
	switch in.Op {
	case effects.Param, effects.Const:
		return in.Sym
	case effects.Free:
		return "^" + in.Sym
	case effects.Global:
		return in.Class
	case effects.FuncOf, effects.Closure:
		if in.Fn != nil {
			return in.Fn.Name
		}
		return in.Sym
	case effects.Alloc:
		if in.Sym != "" {
			return "&" + in.Sym
		}
		return "new"
	case effects.Field, effects.FieldOf:
		return arg(0) + "." + in.Sym
	case effects.Elem, effects.ElemOf, effects.Lookup:
		return arg(0) + "[" + arg(1) + "]"
	case effects.Load:
		if strings.HasPrefix(arg(0), "&") {
			return arg(0)[1:]
		}
		return "*" + arg(0)
	}
	var args []string
	for i := range in.Args {
		if in.Op == effects.Phi {
			break
		}
		args = append(args, arg(i))
	}
	return opNames[in.Op] + "(" + strings.Join(args, " ") + ")"
}

// sayings returns what the instructions of a function do, without those that only lead to a value.
func sayings(f *effects.Func) []string {
	var out []string
	for v := f.First; int(v) < len(f.Code); v++ {
		switch f.Op(v) {
		case effects.Alloc, effects.Field, effects.FieldOf, effects.Elem, effects.ElemOf, effects.Slice, effects.Phi, effects.Convert, effects.Box,
			effects.Assert, effects.Extract, effects.MakeMap, effects.MakeSlice, effects.MakeChan, effects.Closure, effects.Jump, effects.RunDefers:
		default:
			out = append(out, say(f, v))
		}
	}
	return out
}
