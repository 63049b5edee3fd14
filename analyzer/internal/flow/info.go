package flow

import (
	"go/types"
	"strconv"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/model"
)

// info is what one scan of a function tells, before any path is walked.
type info struct {
	fn       *ssa.Function
	loop     []bool               // block index -> lies on a cycle
	unstable map[string]bool      // classes of fields and variables stored in fn or below
	stores   map[string]bool      // those stored through something others may see
	cells    map[*ssa.Alloc]*cell // local variables kept in memory
	deferNo  map[*ssa.Defer]int   // number of each defer statement
	pubs     map[ssa.Value][]ssa.Instruction

	locks, unlocks map[string]bool                     // classes of the locks that fn itself locks and unlocks
	mapStores      bool                                // fn stores to a map
	built          map[*ssa.Alloc]map[string]ssa.Value // see builtWith
}

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

func (w *walker) scan() {
	fn := w.fn
	in := &info{
		fn:       fn,
		unstable: map[string]bool{},
		stores:   map[string]bool{},
		cells:    map[*ssa.Alloc]*cell{},
		deferNo:  map[*ssa.Defer]int{},
		pubs:     map[ssa.Value][]ssa.Instruction{},
	}
	w.info = in
	in.built = map[*ssa.Alloc]map[string]ssa.Value{}
	in.locks, in.unlocks = map[string]bool{}, map[string]bool{}
	in.findLoops()
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Alloc:
				in.cells[instr] = scanCell(instr)
			case *ssa.Defer:
				in.deferNo[instr] = len(in.deferNo)
			}
		}
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.MapUpdate:
				in.mapStores = true
			case *ssa.Store:
				w.scanStore(instr)
			case ssa.CallInstruction:
				if _, isGo := instr.(*ssa.Go); isGo {
					continue
				}
				w.scanOp(instr.Common())
				for _, t := range w.targets(instr.Common(), instr) {
					if s := w.env.Summary(t.fn); s != nil {
						for _, c := range s.Stores {
							in.unstable[c] = true
							in.stores[c] = true
						}
					}
				}
			}
		}
	}
}

// scanOp notes the classes of the locks that fn itself locks and unlocks.
func (w *walker) scanOp(c *ssa.CallCommon) {
	e := modelled(c)
	if e == nil || e.Op == model.None || e.Op == model.NewCond {
		return
	}
	recv := c.Value
	if !c.IsInvoke() {
		recv = c.Args[0]
	}
	if class := w.path(recv).Class; isUnlock(e.Op) {
		w.info.unlocks[class] = true
	} else {
		w.info.locks[class] = true
	}
}

// scanStore notes a store to a field or variable which other loads may see.
func (w *walker) scanStore(st *ssa.Store) {
	if _, ok := st.Addr.(*ssa.Alloc); ok {
		return // a cell
	}
	p := w.path(st.Addr)
	if p.Class == "" {
		return
	}
	w.info.unstable[p.Class] = true
	if p.Kind != ident.Alloc && pointerLike(st.Val.Type()) {
		w.info.stores[p.Class] = true
	}
}

// findLoops marks the blocks that lie on a cycle: those of strongly connected
// components with an edge inside.
func (in *info) findLoops() {
	comp, size := components(in.fn.Blocks)
	in.loop = make([]bool, len(comp))
	for _, b := range in.fn.Blocks {
		in.loop[b.Index] = size[comp[b.Index]] > 1
		for _, s := range b.Succs {
			if s == b {
				in.loop[b.Index] = true
			}
		}
	}
}

// components numbers the strongly connected components of the blocks, and counts the blocks of each.
func components(blocks []*ssa.BasicBlock) (comp, size []int32) {
	return effects.Components(len(blocks), func(b int32) []int32 {
		var out []int32
		for _, s := range blocks[b].Succs {
			out = append(out, int32(s.Index))
		}
		return out
	})
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

func pointerLike(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Interface, *types.Slice, *types.Map, *types.Signature, *types.Chan:
		return true
	}
	return false
}

func valueRef(v ssa.Value) string {
	if v, ok := v.(*ssa.Parameter); ok {
		return "p:" + v.Name()
	}
	return v.Name()
}

func paramIndex(fn *ssa.Function, p *ssa.Parameter) int {
	for i, q := range fn.Params {
		if q == p {
			return i
		}
	}
	return -1
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

func itoa(i int) string { return strconv.Itoa(i) }

func isUnlock(op model.Op) bool { return op == model.Unlock || op == model.RUnlock }
