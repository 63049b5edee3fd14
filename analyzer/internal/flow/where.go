package flow

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// Outermost returns the declared function that a function literal is in, and a declared function itself.
func Outermost(fn *ssa.Function) *ssa.Function {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	return fn
}

// PackageOf returns the import path of the package that declares fn.
func PackageOf(fn *ssa.Function) string {
	fn = Outermost(fn)
	if fn.Pkg != nil {
		return fn.Pkg.Pkg.Path()
	}
	if o := fn.Object(); o != nil && o.Pkg() != nil {
		return o.Pkg().Path()
	}
	return ""
}

// Canon returns the generic function of an instance.
func Canon(fn *ssa.Function) *ssa.Function {
	if o := fn.Origin(); o != nil {
		return o
	}
	return fn
}

// InPlace reports whether fn is a function literal that is only called or deferred by the function around it.
func InPlace(fn *ssa.Function) bool {
	if fn.Parent() == nil || fn.Referrers() == nil {
		return false
	}
	for _, ref := range *fn.Referrers() {
		if mc, ok := ref.(*ssa.MakeClosure); !ok || !CalledOnly(mc) {
			return false
		}
	}
	return true
}

// CalledOnly reports whether a closure is only called and deferred where it is made.
func CalledOnly(mc *ssa.MakeClosure) bool {
	for _, ref := range *mc.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Call:
			if ref.Call.Value != mc {
				return false
			}
		case *ssa.Defer:
			if ref.Call.Value != mc {
				return false
			}
		case *ssa.DebugRef:
		default:
			return false
		}
	}
	return true
}

// EachInstr calls f for the instructions of a function.
func EachInstr(fn *ssa.Function, f func(ssa.Instruction)) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			f(instr)
		}
	}
}

// Before reports whether every way to an instruction passes another.
func Before(first, instr ssa.Instruction) bool {
	if b := instr.Block(); first.Block() == b {
		return slices.Index(b.Instrs, first) < slices.Index(b.Instrs, instr)
	}
	return first.Block().Dominates(instr.Block())
}
