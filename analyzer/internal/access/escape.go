package access

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/threads"
)

// An Escape is a map or slice that is read from a place and leaves the function: whoever gets it sees what is put in
// there later. What the function takes out of the place for good, and copies, are none.
type Escape struct {
	Access     // the place is the content; At reads the map or slice
	Result int // which result of the function it is; -1: it is sent, or in an object that is returned or sent
}

// leave finds where the map or slice that was loaded leaves the function.
func (c *collector) leave(loaded V, p place) {
	told := map[int]bool{}
	out := func(result int) {
		if told[result] {
			return // the same, where a recovered panic leads
		}
		told[result] = true
		a := c.made(loaded, p, Read)
		a.Pos = p.pos
		c.Escape(Escape{Access: a, Result: result})
	}
	for _, v := range aliases(c.View, loaded) {
		returned(c.View, v, out)
		for _, u := range c.Uses(v) {
			switch in := c.At(u); in.Op {
			case effects.Send:
				if in.Args[1] == v {
					out(-1)
				}
			case effects.Store:
				if to := c.At(in.Args[0]); to.Op == effects.Field && in.Args[1] == v && c.givenAway(to.Args[0]) {
					out(-1)
				}
			}
		}
	}
}

// returned calls f for the results as which a value is returned.
func returned(fn *threads.View, v V, f func(result int)) {
	for _, u := range fn.Uses(v) {
		if in := fn.At(u); in.Op == effects.Return {
			for i, r := range in.Args {
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
func aliases(f *threads.View, v V) []V {
	out := []V{v}
	add := func(v V) {
		if len(out) < maxAliases && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	for i := 0; i < len(out); i++ {
		v := out[i]
		for _, u := range f.Uses(v) {
			switch in := f.At(u); {
			case in.Op == effects.Phi, in.Op == effects.Convert && in.Flags&effects.Through == 0, in.Op == effects.Slice && in.Args[0] == v:
				add(u)
			case in.Op == effects.Store && in.Args[1] == v && f.Op(in.Args[0]) == effects.Alloc: // as a named result is
				for _, load := range readBack(f, u, in) {
					add(load)
				}
			}
		}
	}
	return out
}

// readBack returns the reads of a variable that certainly get what was stored there.
func readBack(f *threads.View, st V, in *effects.Instr) []V {
	var loads []V
	a := in.Args[0]
	if f.Cell(a).Single() == in.Args[1] {
		for _, u := range f.Uses(a) {
			if f.Op(u) == effects.Load {
				loads = append(loads, u)
			}
		}
		return loads
	}
	for v := st + 1; v <= f.Blocks[in.Block].Last; v++ {
		x := f.At(v)
		if x.Op == effects.Store && x.Args[0] == a {
			break
		}
		if x.Op == effects.Load && x.Args[0] == a {
			loads = append(loads, v)
		}
	}
	return loads
}

// givenAway reports whether a struct that the function makes, or its value, is returned or sent.
func (c *collector) givenAway(a V) bool {
	if c.Op(a) != effects.Alloc {
		return false
	}
	all := aliases(c.View, a)
	for _, u := range c.Uses(a) {
		if c.Op(u) == effects.Load {
			all = append(all, aliases(c.View, u)...)
		}
	}
	return slices.ContainsFunc(all, func(v V) bool {
		return slices.ContainsFunc(c.Uses(v), func(u V) bool {
			in := c.At(u)
			return in.Op == effects.Return || in.Op == effects.Send && in.Args[1] == v
		})
	})
}

// A Handover is a call that returns the map or slice of a place.
type Handover struct {
	Call   V
	Result int
	Class  string // of the content
	Owner  int    // the object with the place is what this argument points to; -1 if that is not known
}

// Contents calls emit for the accesses to what a map or slice holds, which a call has returned, and again for the
// results as which the function gives it to its own callers. What the function takes out of the place for good, by
// putting something else there where alone holds, is its own from then on.
func Contents(f *threads.View, h Handover, alone func(V) bool, emit func(Access), again func(result int)) {
	in := f.At(h.Call)
	got := []V{h.Call}
	if in.Type != nil && in.Type.Kind == effects.Tuple {
		got = slices.DeleteFunc(slices.Clone(f.Uses(h.Call)), func(u V) bool {
			x := f.At(u)
			return x.Op != effects.Extract || int(x.Index) != h.Result
		})
	}
	for _, v := range got {
		moved := moves(f, h, v, alone)
		own := func(at V) bool {
			return at != 0 && slices.ContainsFunc(moved, func(st V) bool { return f.Before(st, at) })
		}
		c := &collector{View: f, seen: map[accessID]bool{}, emit: func(x Access) {
			if !own(x.V) {
				emit(x)
			}
		}}
		p := place{class: h.Class, param: -1, free: -1, pos: in.Pos}
		for _, v := range aliases(f, v) {
			c.elements(v, p)
			if slices.ContainsFunc(f.Uses(v), func(u V) bool { return f.Op(u) == effects.Return && !own(u) && !own(setOnce(f, v)) }) {
				returned(f, v, again)
			}
		}
	}
}

// setOnce returns the instruction that sets the variable from which a value is read, if there is only one: what is read has
// gone through it, also where a recovered panic leads. It is 0 for other values.
func setOnce(f *threads.View, v V) V {
	load := f.At(v)
	if load.Op != effects.Load || f.Cell(load.Args[0]).Single() == 0 {
		return 0
	}
	for _, u := range f.Uses(load.Args[0]) {
		if f.Op(u) == effects.Store {
			return u
		}
	}
	return 0
}

// moves returns the stores, and calls that store, which put something else in the place where a map or slice came from.
func moves(f *threads.View, h Handover, got V, alone func(V) bool) []V {
	args := f.At(h.Call).Args
	if h.Owner < 0 || h.Owner >= len(args) {
		return nil
	}
	owner := f.Path(nil, args[h.Owner])
	var out []V
	for v := f.First; int(v) < len(f.Code); v++ {
		in := f.At(v)
		switch {
		case v == h.Call || !f.Before(h.Call, v):
		case in.Op == effects.Store:
			if of := fieldOf(f.Func.Func, in, h.Class); of != 0 && !derived(f.Func.Func, in.Args[1], got) && partOf(f, of, owner) && alone(v) {
				out = append(out, v)
			}
		case in.Op == effects.Call && in.How == effects.AtOnce && in.Fn != nil:
			for i, a := range in.Args {
				if f.Refers(a) && f.Path(nil, a).Same(owner) && empties(in.Fn, i, h.Class) && alone(v) {
					out = append(out, v)
				}
			}
		}
	}
	return out
}

// partOf reports whether the address of a struct is that of an object, or of a part of it.
func partOf(f *threads.View, v V, object ident.Path) bool {
	for !f.Path(nil, v).Same(object) {
		if f.Op(v) != effects.Field {
			return false
		}
		v = f.At(v).Args[0]
	}
	return true
}

// fieldOf returns the pointer to the struct of which a store sets a field, if its content is of a class; 0 otherwise.
func fieldOf(fn *effects.Func, st *effects.Instr, content string) V {
	if addr := fn.At(st.Args[0]); addr.Op == effects.Field && addr.Class != "" && addr.Class+"[]" == content {
		return addr.Args[0]
	}
	return 0
}

// empties reports whether a function puts nothing, or a new map or slice, in a field of its i-th parameter, on every way
// to its end.
func empties(fn *effects.Func, i int, content string) bool {
	for v := fn.First; int(v) < len(fn.Code) && i < len(fn.Params); v++ {
		in := fn.At(v)
		if in.Op != effects.Store || fieldOf(fn, in, content) != fn.Params[i] {
			continue
		}
		switch fn.Op(in.Args[1]) {
		case effects.Const, effects.MakeMap, effects.MakeSlice:
			return fn.EveryReturn(in.Block)
		}
	}
	return false
}
