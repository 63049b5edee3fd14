package flow

import "golang.org/x/tools/go/ssa"

// A cell is a local variable that lives in memory since closures capture it or
// its address is taken.
type cell struct {
	stores  []*ssa.Store
	escapes bool // closures store to it, or its address leaves the function
}

// single returns the only value ever stored in the cell, or nil.
func (c *cell) single() ssa.Value {
	if c == nil || c.escapes || len(c.stores) != 1 {
		return nil
	}
	return c.stores[0].Val
}

// scanCell returns how a local variable in memory is stored to.
func scanCell(a *ssa.Alloc) *cell {
	c := &cell{}
	for _, ref := range *a.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr == a {
				c.stores = append(c.stores, ref)
			} else {
				c.escapes = true
			}
		case *ssa.UnOp, *ssa.DebugRef, *ssa.FieldAddr, *ssa.IndexAddr:
		case *ssa.MakeClosure:
			fn := ref.Fn.(*ssa.Function)
			for i, b := range ref.Bindings {
				if b == a && storesFree(fn, i, 0) {
					c.escapes = true
				}
			}
		default:
			c.escapes = true
		}
	}
	return c
}

// storesFree reports whether closure fn, or one inside it, stores to its i-th
// captured variable or lets its address go.
func storesFree(fn *ssa.Function, i, depth int) bool {
	if depth > 8 || i >= len(fn.FreeVars) {
		return true
	}
	for _, ref := range *fn.FreeVars[i].Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			return true
		case *ssa.MakeClosure:
			for j, b := range ref.Bindings {
				if b == fn.FreeVars[i] && storesFree(ref.Fn.(*ssa.Function), j, depth+1) {
					return true
				}
			}
		}
	}
	return false
}

// binding returns what closure fn's i-th free variable is in the function
// around it, if every place that makes the closure agrees.
func binding(fn *ssa.Function, i int) ssa.Value {
	if fn.Parent() == nil || i < 0 {
		return nil
	}
	var v ssa.Value
	if refs := fn.Referrers(); refs != nil {
		for _, ref := range *refs {
			if mc, ok := ref.(*ssa.MakeClosure); ok && mc.Fn == fn && i < len(mc.Bindings) {
				if v != nil && v != mc.Bindings[i] {
					return nil
				}
				v = mc.Bindings[i]
			}
		}
	}
	return v
}

// freeIndex returns which of the captured variables of fn v is; -1 if it is one of another function.
func freeIndex(fn *ssa.Function, v *ssa.FreeVar) int {
	for i, q := range fn.FreeVars {
		if q == v {
			return i
		}
	}
	return -1
}
