package flow

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
)

// fresh reports whether the lock at p belongs to an object which was made in this
// call and that no other goroutine can see yet at instr: locking it cannot block, and
// nobody can wait for it.
func (w *walker) fresh(p ident.Path, instr ssa.Instruction) bool {
	v := w.rootOf(p)
	return v != nil && w.made(v) && !w.publishedBefore(v, instr)
}

// rootOf returns the value that is or points to the object with the lock at p; nil if that is reached through others.
func (w *walker) rootOf(p ident.Path) ssa.Value {
	if p.Kind != ident.Alloc && p.Kind != ident.Value || p.Gen != 0 || strings.Contains(p.Steps, "^") {
		return nil
	}
	return w.valueNamed(p.Ref)
}

// made reports whether v is an object made by this call.
func (w *walker) made(v ssa.Value) bool {
	return w.madeBy(v, func(s *summary.Func) uint64 { return s.Fresh })
}

// madeBy reports whether v is made here, or is a result of a call of which the summary has set the bit.
func (w *walker) madeBy(v ssa.Value, results func(*summary.Func) uint64) bool {
	switch v := v.(type) {
	case *ssa.Alloc:
		return true
	case *ssa.Call:
		s := w.callee(v)
		return s != nil && results(s)&1 != 0
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok && v.Index < 64 {
			s := w.callee(call)
			return s != nil && results(s)&(1<<v.Index) != 0
		}
	}
	return false
}

// callee returns the summary of the one function that a call reaches; nil if there are more, or it is not known.
func (w *walker) callee(call *ssa.Call) *summary.Func {
	if modelled(call.Common()) != nil {
		return nil
	}
	ts := w.targets(call.Common(), call)
	if len(ts) != 1 {
		return nil
	}
	return w.env.Summary(ts[0].fn)
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
	return w.publishedBy(v, instr, func(p publication) bool { return true })
}

// publishedBy is the same for the publications for which counts holds.
func (w *walker) publishedBy(v ssa.Value, instr ssa.Instruction, counts func(publication) bool) bool {
	pubs, ok := w.info.pubs[v]
	if !ok {
		w.publishers(v, func(p publication) { pubs = append(pubs, p) }, map[ssa.Value]bool{})
		w.info.pubs[v] = pubs
	}
	origin, _ := v.(ssa.Instruction)
	for _, p := range pubs {
		if p.instr != instr && counts(p) && w.reaches(p.instr, instr, origin) {
			return true
		}
	}
	return false
}

// reaches reports whether control can get from one instruction to another without
// passing the block that makes the object anew; origin is nil if another function has made it.
func (w *walker) reaches(from, to, origin ssa.Instruction) bool {
	if from.Block() == to.Block() && w.compareInstr(from, to) < 0 {
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
		if b == to.Block() && (origin == nil || b != origin.Block() || w.compareInstr(origin, to) > 0) {
			return true
		}
		if origin == nil || b != origin.Block() {
			stack = append(stack, b.Succs...)
		}
	}
	return false
}

// publishers calls f for every instruction by which another goroutine may come to
// see what v points to. Storing v into another object of this call does not
// count, nor does returning it.
func (w *walker) publishers(v ssa.Value, f func(publication), seen map[ssa.Value]bool) {
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
		case *ssa.Send:
			f(publication{instr: ref})
		case *ssa.Go:
			f(publication{ref, w.lentTo(ref, v)})
		case *ssa.MapUpdate:
			if ref.Value == v || ref.Key == v {
				f(publication{instr: ref})
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
				f(publication{ref, w.lentBy(ref, v)})
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

func (w *walker) storePublishes(st *ssa.Store, f func(publication), seen map[ssa.Value]bool) {
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
	if p := w.path(nil, st.Addr); p.Kind != ident.Alloc {
		f(publication{instr: st})
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
func (w *walker) callPublishes(call ssa.CallInstruction, v ssa.Value, f func(publication)) {
	c := call.Common()
	if b, ok := c.Value.(*ssa.Builtin); ok {
		if b.Name() == "append" {
			f(publication{instr: call})
		}
		return
	}
	if e := modelled(c); e != nil {
		if len(e.Spawns) > 0 {
			f(publication{instr: call})
		}
		return
	}
	ts := w.targets(c, call)
	if len(ts) == 0 {
		if fn := c.StaticCallee(); fn == nil || fn.Pkg == nil {
			f(publication{instr: call}) // unknown
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
				f(publication{call, s.Lends&(1<<i) != 0})
			}
		}
	}
}

// publishedParams returns which parameters' objects may become visible to others, and which of these are only lent.
func (w *walker) publishedParams() (set, lent uint64) {
	for i, p := range w.fn.Params {
		if i >= 64 || !pointerLike(p.Type()) {
			continue
		}
		all := true
		w.publishers(p, func(p publication) {
			set |= 1 << i
			all = all && p.lent
		}, map[ssa.Value]bool{})
		if all {
			lent |= set & (1 << i)
		}
	}
	return set, lent
}
