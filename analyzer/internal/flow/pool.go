package flow

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A sync.Pool gives an object to one who asks, and gets it back from the last who has it: between Get and the first that
// shares it, and right before Put, nobody else has it.

// poolMethod reports whether a call is of the method of a sync.Pool.
func poolMethod(c *ssa.CallCommon, name string) bool { return methodOfSync(c, "Pool", name) }

// fromPool reports whether a value is what a pool has given, with its type told.
func fromPool(v ssa.Value) bool {
	if ex, ok := v.(*ssa.Extract); ok && ex.Index == 0 {
		v = ex.Tuple
	}
	as, ok := v.(*ssa.TypeAssert)
	return ok && poolGives(as.X, 0)
}

// poolGives reports whether an interface holds what a pool has given, or a new object where it has given none.
func poolGives(v ssa.Value, depth int) bool {
	switch x := v.(type) {
	case *ssa.Call:
		return poolMethod(x.Common(), "Get")
	case *ssa.MakeInterface:
		a, ok := x.X.(*ssa.Alloc)
		return ok && len(*a.Referrers()) > 0
	case *ssa.Phi:
		return depth < 3 && !slices.ContainsFunc(x.Edges, func(e ssa.Value) bool { return !poolGives(e, depth+1) })
	}
	return false
}

// pooled reports whether what v points to is given to a pool behind an instruction, with nothing in between that may wait
// for others to let go of it.
func (w *walker) pooled(v ssa.Value, instr ssa.Instruction) bool {
	if instr.Parent() != w.fn {
		return false
	}
	puts := &joins{instrs: map[ssa.Instruction]bool{}}
	if v.Referrers() == nil {
		return false
	}
	for _, ref := range *v.Referrers() {
		mi, ok := ref.(*ssa.MakeInterface)
		if !ok {
			continue
		}
		for _, use := range *mi.Referrers() {
			if call, ok := use.(*ssa.Call); ok && poolMethod(call.Common(), "Put") {
				puts.instrs[call] = true
			}
		}
	}
	if len(puts.instrs) == 0 {
		return false
	}
	for _, ref := range *v.Referrers() { // a channel beside the pool
		if sel, ok := ref.(*ssa.Select); ok {
			puts.instrs[sel] = true
		}
	}
	quiet := true
	EachInstr(w.fn, func(i ssa.Instruction) {
		_, returns := i.(*ssa.Return)
		if quiet && (returns || i != instr && !puts.instrs[i] && mayWait(i, 0)) && puts.avoidable(instr, i, nil) {
			quiet = false
		}
	})
	return quiet
}

// mayWait reports whether an instruction may wait for goroutines or start one, as far as one look into what it calls tells.
func mayWait(instr ssa.Instruction, depth int) bool {
	switch x := instr.(type) {
	case *ssa.UnOp:
		return receives(x)
	case *ssa.Select, *ssa.Send, *ssa.Go:
		return true
	case *ssa.Call:
		if _, ok := x.Call.Value.(*ssa.Builtin); ok {
			return false
		}
		callee := x.Call.StaticCallee()
		if callee == nil || callee.Name() == "Wait" || depth > 2 {
			return true
		}
		found := false
		EachInstr(callee, func(i ssa.Instruction) { found = found || mayWait(i, depth+1) })
		return found
	}
	return false
}

// methodOfSync reports whether a call is of the method of a type of package sync.
func methodOfSync(c *ssa.CallCommon, typ, name string) bool {
	callee := c.StaticCallee()
	if callee == nil || callee.Name() != name || callee.Signature.Recv() == nil {
		return false
	}
	p, ok := callee.Signature.Recv().Type().(*types.Pointer)
	if !ok {
		return false
	}
	n, ok := types.Unalias(p.Elem()).(*types.Named)
	return ok && n.Obj().Name() == typ && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "sync"
}
