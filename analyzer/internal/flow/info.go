package flow

import (
	"go/types"
	"strconv"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/model"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
)

// info is what one scan of a function tells, before any path is walked.
type info struct {
	fn       *ssa.Function
	rpo      []int                // block index -> position in reverse postorder
	order    []*ssa.BasicBlock    // blocks in reverse postorder
	loop     []bool               // block index -> lies on a cycle
	comp     []int                // block index -> strongly connected component
	unstable map[string]bool      // classes of fields and variables stored in fn or below
	stores   map[string]bool      // those stored through something others may see
	cells    map[*ssa.Alloc]*cell // local variables kept in memory
	deferNo  map[*ssa.Defer]int   // number of each defer statement
	pubs     map[ssa.Value][]publication

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
		pubs:     map[ssa.Value][]publication{},
	}
	w.info = in
	in.built = map[*ssa.Alloc]map[string]ssa.Value{}
	in.locks, in.unlocks = map[string]bool{}, map[string]bool{}
	in.postorder()
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
	if class := w.path(nil, recv).Class; isUnlock(e.Op) {
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
	p := w.path(nil, st.Addr)
	if p.Class == "" {
		return
	}
	w.info.unstable[p.Class] = true
	if p.Kind != ident.Alloc && pointerLike(st.Val.Type()) {
		w.info.stores[p.Class] = true
	}
}

func (in *info) storeList() []string {
	return capped(sortedNames(in.stores), summary.MaxStores)
}

func (in *info) postorder() {
	n := len(in.fn.Blocks)
	in.rpo = make([]int, n)
	in.loop = make([]bool, n)
	seen := make([]bool, n)
	var post []*ssa.BasicBlock
	type frame struct {
		b *ssa.BasicBlock
		i int
	}
	visit := func(root *ssa.BasicBlock) {
		if seen[root.Index] {
			return
		}
		seen[root.Index] = true
		stack := []frame{{root, 0}}
		for len(stack) > 0 {
			top := &stack[len(stack)-1]
			if top.i < len(top.b.Succs) {
				s := top.b.Succs[top.i]
				top.i++
				if !seen[s.Index] {
					seen[s.Index] = true
					stack = append(stack, frame{s, 0})
				}
				continue
			}
			post = append(post, top.b)
			stack = stack[:len(stack)-1]
		}
	}
	visit(in.fn.Blocks[0])
	for i := len(post) - 1; i >= 0; i-- {
		in.rpo[post[i].Index] = len(in.order)
		in.order = append(in.order, post[i])
	}
}

// findLoops marks the blocks that lie on a cycle: those of strongly connected
// components with an edge inside.
func (in *info) findLoops() {
	comp := components(in.fn.Blocks)
	in.comp = comp
	size := map[int]int{}
	for _, c := range comp {
		size[c]++
	}
	for _, b := range in.fn.Blocks {
		in.loop[b.Index] = size[comp[b.Index]] > 1
		for _, s := range b.Succs {
			if s == b {
				in.loop[b.Index] = true
			}
		}
	}
}

// components numbers the strongly connected components of the blocks
// (Tarjan 1972, without recursion).
func components(blocks []*ssa.BasicBlock) []int {
	n := len(blocks)
	comp, low, num := make([]int, n), make([]int, n), make([]int, n)
	for i := range comp {
		comp[i] = -1
	}
	type frame struct{ b, i int }
	var stack []int
	count, comps := 0, 0
	for root := range blocks {
		if num[root] != 0 {
			continue
		}
		count++
		num[root], low[root] = count, count
		stack = append(stack, root)
		work := []frame{{root, 0}}
		for len(work) > 0 {
			f := &work[len(work)-1]
			if f.i < len(blocks[f.b].Succs) {
				s := blocks[f.b].Succs[f.i].Index
				f.i++
				if num[s] == 0 {
					count++
					num[s], low[s] = count, count
					stack = append(stack, s)
					work = append(work, frame{s, 0})
				} else if comp[s] < 0 {
					low[f.b] = min(low[f.b], num[s])
				}
				continue
			}
			b := f.b
			work = work[:len(work)-1]
			if len(work) > 0 {
				low[work[len(work)-1].b] = min(low[work[len(work)-1].b], low[b])
			}
			if low[b] == num[b] {
				for {
					x := stack[len(stack)-1]
					stack = stack[:len(stack)-1]
					comp[x] = comps
					if x == b {
						break
					}
				}
				comps++
			}
		}
	}
	return comp
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
