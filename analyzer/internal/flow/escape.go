package flow

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// An Escape is a map or slice that is read from a place and leaves the function: whoever gets it sees what is put in
// there later. What the function takes out of the place for good, and copies, are none.
type Escape struct {
	Access     // the place is the content; Instr reads the map or slice
	Result int // which result of the function it is; -1: it is sent, or in an object that is returned or sent
}

// leave finds where v, which shares what was loaded, leaves the function.
func (c *collector) leave(v ssa.Value, loaded *ssa.UnOp, p place) {
	seen := map[ssa.Value]bool{}
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
	var follow func(v ssa.Value)
	follow = func(v ssa.Value) {
		if seen[v] || len(seen) > 16 {
			return
		}
		seen[v] = true
		for _, ref := range *v.Referrers() {
			switch x := ref.(type) {
			case *ssa.Return:
				for i, r := range x.Results {
					if r == v {
						out(i)
					}
				}
			case *ssa.Send:
				if x.X == v {
					out(-1)
				}
			case *ssa.Phi, *ssa.ChangeType:
				follow(x.(ssa.Value))
			case *ssa.Slice:
				if x.X == v {
					follow(x)
				}
			case *ssa.Store:
				if x.Val != v {
					continue
				}
				switch to := x.Addr.(type) {
				case *ssa.Alloc: // a variable, as a named result is
					for _, load := range c.w.readBack(x, to) {
						follow(load)
					}
				case *ssa.FieldAddr:
					if c.w.givenAway(to.X) {
						out(-1)
					}
				}
			}
		}
	}
	follow(v)
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

// givenAway reports whether a struct that the function makes is returned or sent.
func (w *walker) givenAway(v ssa.Value) bool {
	a, ok := v.(*ssa.Alloc)
	if !ok {
		return false
	}
	away := false
	seen := map[ssa.Value]bool{}
	var follow func(v ssa.Value)
	follow = func(v ssa.Value) {
		if seen[v] || len(seen) > 16 {
			return
		}
		seen[v] = true
		for _, ref := range *v.Referrers() {
			switch x := ref.(type) {
			case *ssa.Return:
				away = true
			case *ssa.Send:
				away = away || x.X == v
			case *ssa.UnOp:
				if v == a {
					follow(x)
				}
			case *ssa.Store:
				if to, ok := x.Addr.(*ssa.Alloc); ok && x.Val == v {
					for _, load := range w.readBack(x, to) {
						follow(load)
					}
				}
			}
		}
	}
	follow(a)
	return away
}

// Contents calls f for the accesses to what a map or slice holds, which a call has returned, and returned for the
// results by which the function gives it to its own callers. The class is that of the place where it comes from.
func (s *Scanned) Contents(call *ssa.Call, result int, class string, f func(Access), returned func(result int)) {
	c := &collector{w: s.w, emit: f, seen: map[accessID]bool{}}
	p := place{class: class, param: -1, free: -1, pos: call.Pos()}
	seen := map[ssa.Value]bool{}
	var follow func(v ssa.Value)
	follow = func(v ssa.Value) {
		if seen[v] || len(seen) > 16 {
			return
		}
		seen[v] = true
		c.elements(v, p)
		for _, ref := range *v.Referrers() {
			switch x := ref.(type) {
			case *ssa.Return:
				for i, r := range x.Results {
					if r == v {
						returned(i)
					}
				}
			case *ssa.Phi, *ssa.ChangeType:
				follow(x.(ssa.Value))
			case *ssa.Store:
				if a, ok := x.Addr.(*ssa.Alloc); ok && x.Val == v {
					for _, load := range s.w.readBack(x, a) {
						follow(load)
					}
				}
			}
		}
	}
	if _, tuple := call.Type().(*types.Tuple); !tuple {
		follow(call)
		return
	}
	for _, ref := range *call.Referrers() {
		if x, ok := ref.(*ssa.Extract); ok && x.Index == result {
			follow(x)
		}
	}
}
