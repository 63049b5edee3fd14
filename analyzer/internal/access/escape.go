package access

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
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
		c.escaped(Escape{Access: a, Result: result})
	}
	for _, v := range aliases(c.Func, loaded) {
		returned(c.Func, v, out)
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
func returned(fn *resolve.Func, v V, f func(result int)) {
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
func aliases(f *resolve.Func, v V) []V {
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
func readBack(f *resolve.Func, st V, in *effects.Instr) []V {
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
	all := aliases(c.Func, a)
	for _, u := range c.Uses(a) {
		if c.Op(u) == effects.Load {
			all = append(all, aliases(c.Func, u)...)
		}
	}
	return slices.ContainsFunc(all, func(v V) bool {
		return slices.ContainsFunc(c.Uses(v), func(u V) bool {
			in := c.At(u)
			return in.Op == effects.Return || in.Op == effects.Send && in.Args[1] == v
		})
	})
}

// Contents calls f for the accesses to what a map or slice holds, which a call has returned, and again for the
// results as which the function gives it to its own callers. The class is that of the place where it comes from.
func (s *Scan) Contents(call V, result int, class string, f func(Access), again func(result int)) {
	c := &collector{Func: s.f, emit: f, seen: map[accessID]bool{}}
	in := s.f.At(call)
	p := place{class: class, param: -1, free: -1, pos: in.Pos}
	got := []V{call}
	if in.Type != nil && in.Type.Kind == effects.Tuple {
		got = nil
		for _, u := range s.f.Uses(call) {
			if x := s.f.At(u); x.Op == effects.Extract && int(x.Index) == result {
				got = append(got, u)
			}
		}
	}
	for _, v := range got {
		for _, v := range aliases(s.f, v) {
			c.elements(v, p)
			returned(s.f, v, again)
		}
	}
}
