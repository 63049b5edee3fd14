package flow

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
)

// Light summarizes a function that has nothing to do with locks: what it makes
// visible, which results are new objects, and which fields it stores to.
// No path is walked.
func Light(env Env, fn *ssa.Function) *summary.Func {
	w := &walker{env: env, fn: fn}
	w.rec.init()
	w.scan()
	for _, b := range fn.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && w.info.reachable(b) && b != fn.Recover {
			for i, v := range ret.Results {
				w.rec.freshResult(w, i, v, ret)
			}
			w.rec.returned = true
		}
	}
	s := &summary.Func{Exits: []summary.Exit{{}}, Wires: w.wires(), Stores: w.info.storeList()}
	s.Publishes, s.Lends = w.publishedParams()
	if w.rec.returned {
		n := fn.Signature.Results().Len()
		s.Fresh, s.Lent = w.rec.freshRes&(1<<min(n, 63)-1), w.rec.lentRes&(1<<min(n, 63)-1)
	}
	return s
}

// Touches reports whether the body of fn operates on locks, calls back, or ends the
// program: whether it has to be walked whatever its callees do.
func Touches(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			if modelled(call.Common()) != nil {
				return true
			}
			if c := call.Common(); callsParameter(c.Value) && (!c.IsInvoke() || c.Method.Exported()) {
				return true
			}
		}
	}
	return false
}

// callsParameter reports whether the callee is a parameter or a captured variable.
func callsParameter(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Parameter, *ssa.FreeVar:
		return true
	case *ssa.UnOp:
		switch x := v.X.(type) {
		case *ssa.FreeVar:
			return true
		case *ssa.Alloc: // a parameter kept in memory since a closure captures it
			_, ok := scanCell(x).single().(*ssa.Parameter)
			return ok
		}
	}
	return false
}

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
	comp := components(fn.Blocks)
	size := map[int]int{}
	for _, c := range comp {
		size[c]++
	}
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
