package extract_test

import (
	"fmt"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

var opNames = map[effects.Op]string{
	effects.Param: "param", effects.Free: "free", effects.Const: "const", effects.Global: "global", effects.FuncOf: "func",
	effects.Alloc: "alloc", effects.Field: "field", effects.FieldOf: "fieldof", effects.Elem: "elem", effects.ElemOf: "elemof", effects.Load: "load",
	effects.Store: "store", effects.Lookup: "lookup", effects.MapUpdate: "mapupdate", effects.Range: "range", effects.Next: "next", effects.Slice: "slice",
	effects.Phi: "phi", effects.Convert: "convert", effects.Box: "box", effects.Assert: "assert", effects.Extract: "extract", effects.MakeMap: "makemap",
	effects.MakeSlice: "makeslice", effects.MakeChan: "makechan", effects.Closure: "closure", effects.Compare: "compare", effects.Not: "not",
	effects.Opaque: "opaque", effects.Call: "call", effects.Invoke: "invoke", effects.Builtin: "builtin", effects.Acquire: "acquire", effects.Release: "release",
	effects.TryAcquire: "tryacquire", effects.RLocker: "rlocker", effects.NewCond: "newcond", effects.CondWait: "condwait", effects.Signal: "signal",
	effects.Add: "add", effects.Done: "done", effects.Wait: "wait", effects.Start: "start", effects.Once: "once", effects.Atomic: "atomic", effects.Known: "known",
	effects.Send: "send", effects.Recv: "recv", effects.Close: "close", effects.Select: "select", effects.RunDefers: "rundefers", effects.Return: "return",
	effects.Panic: "panic", effects.If: "if", effects.Jump: "jump",
}

var flagNames = []struct {
	flag effects.Flags
	name string
}{
	{effects.CommaOK, "commaok"}, {effects.Shared, "shared"}, {effects.All, "all"}, {effects.Blocking, "blocking"}, {effects.NoReturn, "noreturn"},
	{effects.Dynamic, "dynamic"}, {effects.Heap, "heap"}, {effects.Through, "through"}, {effects.Recover, "recovers"}, {effects.Exported, "exported"},
	{effects.Method, "method"}, {effects.Reads, "reads"}, {effects.Mutates, "mutates"}, {effects.Varargs, "varargs"}, {effects.Joins, "joins"},
}

var hows = map[effects.How]string{effects.Deferred: "defer ", effects.Started: "go "}

// dump prints a function, an instruction a line; pos tells whether with positions.
func dump(f *effects.Func, pos bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "func %s", f.Name)
	for i, p := range f.Params {
		fmt.Fprintf(&b, " %d:v%d", i, p)
	}
	b.WriteString("\n")
	block := int32(-1)
	for v := effects.V(1); int(v) < len(f.Code); v++ {
		in := f.At(v)
		if in.Block != block {
			block = in.Block
			fmt.Fprintf(&b, "b%d:", block)
			for _, s := range f.Blocks[block].Succs {
				fmt.Fprintf(&b, " %d", s)
			}
			b.WriteString("\n")
		}
		b.WriteString("\t" + instr(f, v))
		if pos && in.Pos.IsValid() {
			fmt.Fprintf(&b, " ; %s:%d:%d", f.Unit.Files[in.Pos.File], in.Pos.Line, in.Pos.Col)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// instr prints an instruction.
func instr(f *effects.Func, v effects.V) string {
	in := f.At(v)
	var b strings.Builder
	fmt.Fprintf(&b, "v%d = %s%s", v, hows[in.How], opNames[in.Op])
	for _, fl := range flagNames {
		if in.Flags&fl.flag != 0 {
			b.WriteString(" " + fl.name)
		}
	}
	for _, a := range in.Args {
		if a == 0 {
			b.WriteString(" _")
		} else {
			fmt.Fprintf(&b, " v%d", a)
		}
	}
	if in.Op == effects.Extract {
		fmt.Fprintf(&b, " #%d", in.Index)
	}
	for _, s := range []string{in.Sym, in.Class} {
		if s != "" {
			b.WriteString(" " + s)
		}
	}
	if in.Fn != nil {
		b.WriteString(" =" + in.Fn.Name)
	}
	for _, c := range f.Callbacks[v] {
		b.WriteString(" {")
		if c.Started {
			b.WriteString("go ")
		}
		fmt.Fprintf(&b, "v%d", c.Arg)
		if c.Method != "" {
			fmt.Fprintf(&b, ".%s v%d %s", c.Method, c.Recv, c.Key)
		}
		if c.Fn != nil {
			b.WriteString(" =" + c.Fn.Name)
		}
		b.WriteString("}")
	}
	for _, t := range f.Targets[v] {
		b.WriteString(" ->" + t.Name)
	}
	return b.String()
}
