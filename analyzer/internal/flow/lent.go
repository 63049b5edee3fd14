package flow

import (
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
)

// A publication is an instruction by which another goroutine may come to see an object.
//
// An object is lent if that goroutine takes no locks but those of the object itself, and shows it to others only in
// the same way. Whoever waits for such a lock then holds nothing that others wait for: an order of a lock of the
// object and one that is not of it can be in no deadlock before the object is published to more.
type publication struct {
	instr ssa.Instruction
	lent  bool
}

// unordered reports whether no deadlock can come from holding one of two locks while the other is taken: one is of an
// object that this call has made and at most lent, the other is not of that object.
func (w *walker) unordered(from, to ident.Path, instr ssa.Instruction) bool {
	lent := func(p ident.Path) bool {
		v := w.rootOf(p)
		return v != nil && w.madeOrLent(v) && w.atMostLent(v, instr)
	}
	return (from.Kind != to.Kind || from.Ref != to.Ref) && (lent(from) || lent(to))
}

// madeOrLent reports whether v is an object made by this call, and at most lent when it was made.
func (w *walker) madeOrLent(v ssa.Value) bool {
	return w.madeBy(v, func(s *summary.Func) uint64 { return s.Lent })
}

// atMostLent reports whether the object v is not published before an instruction, or only lent.
func (w *walker) atMostLent(v ssa.Value, instr ssa.Instruction) bool {
	return !w.publishedBy(v, instr, func(p publication) bool { return !p.lent })
}

// lentTo reports whether a go statement that gets an object as an argument lends it.
func (w *walker) lentTo(g *ssa.Go, v ssa.Value) bool {
	fn := g.Call.StaticCallee()
	if fn == nil || g.Call.Value == v {
		return false
	}
	for i, a := range g.Call.Args {
		if a == v && !w.keepsTo(Canon(fn), ident.Param, i) {
			return false
		}
	}
	return true
}

// lentBy reports whether a closure that has captured an object, or the variable that holds it, is only started, and lends it.
func (w *walker) lentBy(mc *ssa.MakeClosure, v ssa.Value) bool {
	for _, ref := range *mc.Referrers() {
		call, ok := ref.(ssa.CallInstruction)
		if !ok {
			if _, debug := ref.(*ssa.DebugRef); debug {
				continue
			}
			return false
		}
		c := call.Common()
		if c.Value == mc && !slices.Contains(c.Args, ssa.Value(mc)) {
			continue // called, deferred or started
		}
		e := modelled(c)
		if e == nil {
			return false
		}
		for i, a := range c.Args {
			if a == mc && !slices.Contains(e.Spawns, i) && !slices.Contains(e.Calls, i) {
				return false
			}
		}
	}
	fn := mc.Fn.(*ssa.Function)
	for i, b := range mc.Bindings {
		if b == v && !w.keepsTo(fn, ident.Free, i) {
			return false
		}
	}
	return true
}

// keepsTo reports whether a function takes no locks but those of the object that it is given as its i-th parameter or
// captured variable, and publishes it to nobody who does not do the same.
func (w *walker) keepsTo(fn *ssa.Function, kind ident.Kind, i int) bool {
	s := w.env.Summary(fn)
	if s == nil || s.Truncated || i >= 64 || len(fn.Blocks) == 0 {
		return false
	}
	for _, e := range s.Events {
		p := e.Lock.Path
		if e.Kind != summary.Acquire || p.Kind != kind || p.Index() != i || strings.Contains(strings.TrimPrefix(p.Steps, "^"), "^") {
			return false
		}
	}
	if kind == ident.Param {
		return s.Publishes&(1<<i) == 0 || s.Lends&(1<<i) != 0
	}
	kept := true
	w.published(fn, i, func(p publication) { kept = kept && p.lent })
	return kept
}

// published calls f for the instructions of a literal that publish what it has captured as its i-th variable.
func (w *walker) published(lit *ssa.Function, i int, f func(publication)) {
	in := w.inner[lit]
	if in == nil {
		in = &walker{env: w.env, fn: lit}
		in.rec.init()
		in.scan()
		if w.inner == nil {
			w.inner = map[*ssa.Function]*walker{}
		}
		w.inner[lit] = in
	}
	in.publishers(lit.FreeVars[i], f, map[ssa.Value]bool{})
}

// calledPublishes notes the calls of a closure which publish what it has captured, where it is only called and deferred.
func (w *walker) calledPublishes(mc *ssa.MakeClosure, v ssa.Value, f func(publication)) {
	lit := mc.Fn.(*ssa.Function)
	if len(lit.Blocks) == 0 {
		return
	}
	some, lent := false, true
	for i, b := range mc.Bindings {
		if b == v {
			w.published(lit, i, func(p publication) { some, lent = true, lent && p.lent })
		}
	}
	if !some {
		return
	}
	for _, ref := range *mc.Referrers() {
		if call, ok := ref.(*ssa.Call); ok {
			f(publication{call, lent})
		}
	}
}

// held returns the value that a variable in memory holds, if v is what is read from one that is set once, and v otherwise.
func (w *walker) held(v ssa.Value) ssa.Value {
	if load, ok := v.(*ssa.UnOp); ok {
		if a, ok := load.X.(*ssa.Alloc); ok {
			if val := w.info.cells[a].single(); val != nil {
				return val
			}
		}
	}
	return v
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

// passed returns the parameters of this function that a call is given and that this function has not published before.
func (w *walker) passed(t target, instr ssa.Instruction) []Passed {
	var out []Passed
	for i, a := range t.args {
		p, ok := w.held(a).(*ssa.Parameter)
		if !ok || i >= 64 || !pointerLike(p.Type()) || !w.atMostLent(p, instr) {
			continue
		}
		if k := paramIndex(w.fn, p); k >= 0 && k < 64 {
			out = append(out, Passed{i, k, w.publishedBefore(p, instr)})
		}
	}
	return out
}
