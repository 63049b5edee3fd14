package flow

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
)

// An Escape is a map or slice that is read from a place and leaves the function: whoever gets it sees what is put in
// there later. What the function takes out of the place for good, and copies, are none.
type Escape struct {
	Access     // the place is the content; Instr reads the map or slice
	Result int // which result of the function it is; -1: it is sent, or in an object that is returned or sent
}

// leave finds where the map or slice that was loaded leaves the function.
func (c *collector) leave(loaded *ssa.UnOp, p place) {
	told := map[int]bool{}
	out := func(result int) {
		if told[result] {
			return // the same, where a recovered panic leads
		}
		told[result] = true
		a := c.made(loaded, p, Read)
		a.Pos = p.pos
		c.escaped(Escape{Access: a, Result: result})
	}
	for _, v := range c.w.aliases(loaded) {
		returned(v, out)
		for _, ref := range *v.Referrers() {
			switch x := ref.(type) {
			case *ssa.Send:
				if x.X == v {
					out(-1)
				}
			case *ssa.Store:
				if to, ok := x.Addr.(*ssa.FieldAddr); ok && x.Val == v && c.w.givenAway(to.X) {
					out(-1)
				}
			}
		}
	}
}

// returned calls f for the results as which a value is returned.
func returned(v ssa.Value, f func(result int)) {
	for _, ref := range *v.Referrers() {
		if ret, ok := ref.(*ssa.Return); ok {
			for i, r := range ret.Results {
				if r == v {
					f(i)
				}
			}
		}
	}
}

// maxAliases bounds the values that are followed from one.
const maxAliases = 16

// aliases returns v and the values that are, or may be, the same or a part of it: behind branches, conversions, slicing, and
// variables that get nothing else.
func (w *walker) aliases(v ssa.Value) []ssa.Value {
	out := []ssa.Value{v}
	add := func(v ssa.Value) {
		if len(out) < maxAliases && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	for i := 0; i < len(out); i++ {
		v := out[i]
		for _, ref := range *v.Referrers() {
			switch x := ref.(type) {
			case *ssa.Phi, *ssa.ChangeType:
				add(x.(ssa.Value))
			case *ssa.Slice:
				if x.X == v {
					add(x)
				}
			case *ssa.Store:
				if to, ok := x.Addr.(*ssa.Alloc); ok && x.Val == v { // as a named result is
					for _, load := range w.readBack(x, to) {
						add(load)
					}
				}
			}
		}
	}
	return out
}

// readBack returns the reads of a variable that certainly get what was stored there.
func (w *walker) readBack(st *ssa.Store, a *ssa.Alloc) []*ssa.UnOp {
	var loads []*ssa.UnOp
	if w.info.cells[a].single() == st.Val {
		for _, r := range *a.Referrers() {
			if load, ok := r.(*ssa.UnOp); ok {
				loads = append(loads, load)
			}
		}
		return loads
	}
	behind := false
	for _, instr := range st.Block().Instrs {
		switch x := instr.(type) {
		case *ssa.Store:
			if behind && x.Addr == a {
				return loads
			}
			behind = behind || x == st
		case *ssa.UnOp:
			if behind && x.X == a {
				loads = append(loads, x)
			}
		}
	}
	return loads
}

// givenAway reports whether a struct that the function makes, or its value, is returned or sent.
func (w *walker) givenAway(v ssa.Value) bool {
	a, ok := v.(*ssa.Alloc)
	if !ok {
		return false
	}
	all := w.aliases(a)
	for _, ref := range *a.Referrers() {
		if load, ok := ref.(*ssa.UnOp); ok {
			all = append(all, w.aliases(load)...)
		}
	}
	return slices.ContainsFunc(all, func(v ssa.Value) bool {
		return slices.ContainsFunc(*v.Referrers(), func(ref ssa.Instruction) bool {
			send, sent := ref.(*ssa.Send)
			_, returned := ref.(*ssa.Return)
			return returned || sent && send.X == v
		})
	})
}

// A Handover is a call that returns the map or slice of a place.
type Handover struct {
	Call   *ssa.Call
	Result int
	Class  string // of the content
	Owner  int    // the object with the place is what this argument points to; -1 if that is not known
}

// Contents calls f for the accesses to what a map or slice holds, which a call has returned, and again for the
// results as which the function gives it to its own callers. What the function takes out of the place for good, by
// putting something else there where alone holds, is its own from then on.
func (s *Scanned) Contents(h Handover, alone func(ssa.Instruction) bool, f func(Access), again func(result int)) {
	got := []ssa.Value{h.Call}
	if _, tuple := h.Call.Type().(*types.Tuple); tuple {
		got = nil
		for _, ref := range *h.Call.Referrers() {
			if x, ok := ref.(*ssa.Extract); ok && x.Index == h.Result {
				got = append(got, x)
			}
		}
	}
	for _, v := range got {
		moved := s.w.moves(h, v, alone)
		own := func(at ssa.Instruction) bool {
			return at != nil && slices.ContainsFunc(moved, func(st ssa.Instruction) bool { return Before(st, at) })
		}
		c := &collector{w: s.w, seen: map[accessID]bool{}, emit: func(x Access) {
			if !own(x.Instr) {
				f(x)
			}
		}}
		p := place{class: h.Class, param: -1, free: -1, pos: h.Call.Pos()}
		for _, v := range s.w.aliases(v) {
			c.elements(v, p)
			for _, ref := range *v.Referrers() {
				if ret, ok := ref.(*ssa.Return); ok && !own(ret) && !own(s.w.setOnce(v)) {
					returned(v, again)
					break
				}
			}
		}
	}
}

// setOnce returns the instruction that sets the variable from which a value is read, if there is only one: what is read has
// gone through it, also where a recovered panic leads. It is nil for other values.
func (w *walker) setOnce(v ssa.Value) ssa.Instruction {
	load, ok := v.(*ssa.UnOp)
	if !ok {
		return nil
	}
	a, ok := load.X.(*ssa.Alloc)
	if !ok || w.info.cells[a].single() == nil {
		return nil
	}
	return w.info.cells[a].stores[0]
}

// moves returns the stores that put something else in the place where a map or slice came from.
func (w *walker) moves(h Handover, got ssa.Value, alone func(ssa.Instruction) bool) []ssa.Instruction {
	if h.Owner < 0 || h.Owner >= len(h.Call.Call.Args) {
		return nil
	}
	owner := w.path(h.Call.Call.Args[h.Owner])
	var out []ssa.Instruction
	EachInstr(w.fn, func(instr ssa.Instruction) {
		if instr == h.Call || !Before(h.Call, instr) {
			return
		}
		switch x := instr.(type) {
		case *ssa.Store:
			if fa := fieldOf(x, h.Class); fa != nil && !derived(x.Val, got) && w.path(fa.X).Same(owner) && alone(x) {
				out = append(out, x)
			}
		case *ssa.Call:
			for i, a := range x.Call.Args {
				if pointerLike(a.Type()) && w.path(a).Same(owner) && empties(x.Call.StaticCallee(), i, h.Class) && alone(x) {
					out = append(out, x)
				}
			}
		}
	})
	return out
}

// fieldOf returns the field that a store sets, if its content is of a class; nil otherwise.
func fieldOf(st *ssa.Store, content string) *ssa.FieldAddr {
	fa, ok := st.Addr.(*ssa.FieldAddr)
	if !ok {
		return nil
	}
	if _, class := ident.FieldClass(fa.X.Type(), fa.Field, ""); class+"[]" != content {
		return nil
	}
	return fa
}

// empties reports whether a function puts nothing, or a new map or slice, in a field of its i-th parameter, on every way
// to its end.
func empties(fn *ssa.Function, i int, content string) bool {
	if fn == nil || i >= len(fn.Params) {
		return false
	}
	found := false
	EachInstr(fn, func(instr ssa.Instruction) {
		st, ok := instr.(*ssa.Store)
		if !ok || found {
			return
		}
		switch st.Val.(type) {
		case *ssa.Const, *ssa.MakeMap, *ssa.MakeSlice:
		default:
			return
		}
		if fa := fieldOf(st, content); fa == nil || fa.X != fn.Params[i] {
			return
		}
		found = true
		for _, b := range fn.Blocks {
			if _, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && b != fn.Recover && !st.Block().Dominates(b) {
				found = false
			}
		}
	})
	return found
}
