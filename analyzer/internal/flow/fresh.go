package flow

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
)

// fresh reports whether the lock at p belongs to an object which was made in this
// call and that no other goroutine can see yet at instr: locking it cannot block, and
// nobody can wait for it.
func (w *walker) fresh(p ident.Path, instr ssa.Instruction) bool {
	if p.Kind != ident.Alloc && p.Kind != ident.Value || p.Gen != 0 {
		return false
	}
	for i := 0; i < len(p.Steps); i++ {
		if p.Steps[i] == '^' {
			return false
		}
	}
	v := w.valueNamed(p.Ref)
	if v == nil || !w.made(v) {
		return false
	}
	return !w.publishedBefore(v, instr)
}

// made reports whether v is an object made by this call.
func (w *walker) made(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Alloc:
		return true
	case *ssa.Call:
		return w.freshResult(v, 0)
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			return w.freshResult(call, v.Index)
		}
	}
	return false
}

func (w *walker) freshResult(call *ssa.Call, i int) bool {
	if modelled(call.Common()) != nil {
		return false
	}
	ts := w.targets(call.Common(), call)
	if len(ts) != 1 || i > 63 {
		return false
	}
	s := w.env.Summary(ts[0].fn)
	return s != nil && s.Fresh&(1<<i) != 0
}

// valueNamed returns the instruction of a name.
func (w *walker) valueNamed(name string) ssa.Value {
	if w.names == nil {
		w.names = map[string]ssa.Value{}
		for _, b := range w.fn.Blocks {
			for _, instr := range b.Instrs {
				switch v := instr.(type) {
				case *ssa.Alloc, *ssa.Call, *ssa.Extract:
					w.names[v.(ssa.Value).Name()] = v.(ssa.Value)
				}
			}
		}
	}
	return w.names[name]
}

// publishedBefore reports whether an instruction that lets other goroutines see v
// may run between the making of v and instr.
func (w *walker) publishedBefore(v ssa.Value, instr ssa.Instruction) bool {
	origin, _ := v.(ssa.Instruction)
	for _, p := range w.publishersOf(v) {
		if p != instr && w.reaches(p, instr, origin) {
			return true
		}
	}
	return false
}

// reaches reports whether control can get from one instruction to another without
// passing the block that makes the object anew.
func (w *walker) reaches(from, to, origin ssa.Instruction) bool {
	if from.Block() == to.Block() && compareInstr(from, to) < 0 {
		return true
	}
	seen := make([]bool, len(w.fn.Blocks))
	stack := append([]*ssa.BasicBlock(nil), from.Block().Succs...)
	for len(stack) > 0 {
		b := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if seen[b.Index] {
			continue
		}
		seen[b.Index] = true
		if b == to.Block() && (b != origin.Block() || compareInstr(origin, to) > 0) {
			return true
		}
		if b != origin.Block() {
			stack = append(stack, b.Succs...)
		}
	}
	return false
}

// publishers calls f for every instruction by which another goroutine may come to
// see what v points to. Storing v into another object of this call does not
// count, nor does returning it.
func (w *walker) publishers(v ssa.Value, f func(ssa.Instruction), seen map[ssa.Value]bool) {
	if seen[v] || v.Referrers() == nil {
		return
	}
	seen[v] = true
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.FieldAddr, *ssa.IndexAddr, *ssa.MakeInterface, *ssa.ChangeType, *ssa.ChangeInterface, *ssa.TypeAssert, *ssa.Slice, *ssa.Phi:
			w.publishers(ref.(ssa.Value), f, seen)
		case *ssa.Convert:
			if throughUnsafe(ref) {
				w.publishers(ref, f, seen)
			}
		case *ssa.Send, *ssa.Go:
			f(ref)
		case *ssa.MapUpdate:
			if ref.Value == v || ref.Key == v {
				f(ref)
			}
		case *ssa.Store:
			if ref.Val == v {
				w.storePublishes(ref, f, seen)
			}
		case *ssa.UnOp:
			if w.holds(v) && pointerLike(ref.Type()) {
				w.publishers(ref, f, seen) // a variable in memory: what it holds
			}
		case *ssa.MakeClosure:
			if w.closureEscapes(ref) {
				f(ref)
			} else {
				w.calledPublishes(ref, v, f)
			}
		case *ssa.Call, *ssa.Defer:
			w.callPublishes(ref.(ssa.CallInstruction), v, f)
		}
	}
}

// throughUnsafe reports whether a conversion makes an unsafe.Pointer or a pointer of one: the object stays the same.
func throughUnsafe(c *ssa.Convert) bool {
	isUnsafe := func(t types.Type) bool {
		b, ok := t.Underlying().(*types.Basic)
		return ok && b.Kind() == types.UnsafePointer
	}
	return isUnsafe(c.Type()) || isUnsafe(c.X.Type())
}

// holds reports whether v is the address of a variable in memory that is followed: one of this function, or one that it has
// captured and does not set.
func (w *walker) holds(v ssa.Value) bool {
	switch x := v.(type) {
	case *ssa.Alloc:
		return w.info.cells[x] != nil
	case *ssa.FreeVar:
		return !storesFree(w.fn, freeIndex(w.fn, x), 0)
	}
	return false
}

// calledPublishes notes the calls of a closure which publish what it has captured, where it is only called and deferred.
func (w *walker) calledPublishes(mc *ssa.MakeClosure, v ssa.Value, f func(ssa.Instruction)) {
	lit := mc.Fn.(*ssa.Function)
	if len(lit.Blocks) == 0 {
		return
	}
	some := false
	for i, b := range mc.Bindings {
		if b == v {
			w.within(lit).publishers(lit.FreeVars[i], func(ssa.Instruction) { some = true }, map[ssa.Value]bool{})
		}
	}
	if !some {
		return
	}
	for _, ref := range *mc.Referrers() {
		if call, ok := ref.(*ssa.Call); ok {
			f(call)
		}
	}
}

func (w *walker) storePublishes(st *ssa.Store, f func(ssa.Instruction), seen map[ssa.Value]bool) {
	switch a := st.Addr.(type) {
	case *ssa.Alloc:
		w.publishers(a, f, seen)
		return
	case *ssa.IndexAddr:
		if arr, ok := a.X.(*ssa.Alloc); ok && arr.Comment == "varargs" {
			w.publishers(arr, f, seen)
			return
		}
	}
	if p := w.path(st.Addr); p.Kind != ident.Alloc {
		f(st)
	}
}

// closureEscapes reports whether a closure is used other than by calling it here.
func (w *walker) closureEscapes(mc *ssa.MakeClosure) bool {
	for _, ref := range *mc.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Call:
			if ref.Call.Value != mc {
				if e := modelled(ref.Common()); e == nil || len(e.Spawns) > 0 {
					return true
				}
			}
		case *ssa.Defer:
		case *ssa.DebugRef:
		default:
			return true
		}
	}
	return false
}

// callPublishes reports a call that lets v go.
func (w *walker) callPublishes(call ssa.CallInstruction, v ssa.Value, f func(ssa.Instruction)) {
	c := call.Common()
	if b, ok := c.Value.(*ssa.Builtin); ok {
		if b.Name() == "append" {
			f(call)
		}
		return
	}
	if e := modelled(c); e != nil {
		if len(e.Spawns) > 0 {
			f(call)
		}
		return
	}
	ts := w.targets(c, call)
	if len(ts) == 0 {
		if fn := c.StaticCallee(); fn == nil || fn.Pkg == nil {
			f(call) // unknown
		}
		return
	}
	for _, t := range ts {
		s := w.env.Summary(t.fn)
		if s == nil {
			continue
		}
		for i, a := range t.args {
			if a == v && i < 64 && s.Publishes&(1<<i) != 0 {
				f(call)
				return
			}
		}
	}
}
