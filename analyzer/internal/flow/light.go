package flow

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// Callees calls f for the functions that fn calls, defers, refers to or makes closures of.
func Callees(fn *ssa.Function, dynamic func(ssa.CallInstruction) []*ssa.Function, f func(*ssa.Function)) {
	var space [16]*ssa.Value
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			for _, op := range instr.Operands(space[:0]) {
				switch v := (*op).(type) {
				case *ssa.Function:
					f(Canon(v))
				case *ssa.MakeInterface:
					// fmt, json and sort may call methods of what is made an interface.
				}
			}
			if mi, ok := instr.(*ssa.MakeInterface); ok {
				for _, name := range calledBack {
					if m, _ := methodOf(mi, nil, name); m != nil {
						f(Canon(m))
					}
				}
			}
			if call, ok := instr.(ssa.CallInstruction); ok {
				if c := call.Common(); c.IsInvoke() {
					if m, _ := concreteMethod(c.Value, c.Method); m != nil {
						f(Canon(m))
					}
				}
				for _, t := range dynamic(call) {
					f(Canon(t))
				}
			}
		}
	}
}

// calledBack are the methods which modelled functions call on their operands.
var calledBack = []string{"String", "Error", "Format", "GoString", "MarshalJSON", "MarshalText", "UnmarshalJSON", "UnmarshalText", "Len", "Less", "Swap", "Push", "Pop", "Write", "WriteString", "ReadFrom", "Read", "WriteTo"}

// Spawns calls f for the functions that fn starts by go statements outside of loops.
func Spawns(fn *ssa.Function, f func(started *ssa.Function, line int)) {
	comp, size := components(fn.Blocks)
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			g, ok := instr.(*ssa.Go)
			if !ok || size[comp[b.Index]] > 1 || slices.Contains(b.Succs, b) {
				continue
			}
			if callee := g.Call.StaticCallee(); callee != nil {
				f(callee, fn.Prog.Fset.Position(g.Pos()).Line)
			}
		}
	}
}
