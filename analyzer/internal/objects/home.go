package objects

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
	"github.com/lockcheck/lockcheck/analyzer/internal/threads"
)

// A home is where others find an object that was put there: the map, slice or atomic pointer in a field or package variable, by the class of that.

// Found returns the objects that members of the scope find in homes, each with its home.
func Found(s *threads.Scope, facts *resolve.Facts) []*Object {
	var out []*Object
	for _, fn := range s.Members {
		for v := fn.First; int(v) < len(fn.Code); v++ {
			home, load := foundIn(fn, v)
			if home == "" || !behind(fn.At(load).Type) {
				continue
			}
			f := follower{scope: s, facts: facts, Object: &Object{In: fn, From: s.Members[0], At: load, Made: load, Homes: []string{home}}}
			f.value(fn, load, "")
			out = append(out, f.Object)
		}
	}
	return out
}

// foundIn returns the home in which an instruction finds an object; "" if there is none.
func foundIn(fn *effects.Func, v V) (home string, load V) {
	switch in := fn.At(v); in.Op {
	case effects.Atomic:
		if in.Sym == "Load" && in.Flags&effects.Method != 0 {
			return classOf(fn, in.Args[0]), v
		}
	case effects.Lookup:
		return contentOf(fn, in.Args[0]), v
	case effects.Extract: // of a range
		if n := fn.At(in.Args[0]); n.Op == effects.Next && in.Index > 0 {
			if r := fn.At(n.Args[0]); r.Op == effects.Range {
				return contentOf(fn, r.Args[0]), v
			}
		}
		if l := fn.At(in.Args[0]); l.Op == effects.Lookup && in.Index == 0 {
			return contentOf(fn, l.Args[0]), v
		}
	case effects.Load:
		if e := fn.At(in.Args[0]); e.Op == effects.Elem {
			return contentOf(fn, e.Args[0]), v
		}
	}
	return "", 0
}

// contentOf returns the home that a map or slice is which was loaded from a field or package variable.
func contentOf(fn *effects.Func, v V) string {
	if in := fn.At(v); in.Op == effects.Load {
		if c := classOf(fn, in.Args[0]); c != "" {
			return c + "[]"
		}
	}
	return ""
}

// classOf returns the class of a field or package variable, by its address.
func classOf(fn *effects.Func, addr V) string {
	if in := fn.At(addr); in.Op == effects.Field || in.Op == effects.Global {
		return in.Class
	}
	return ""
}

// settle notes that the object is put into the home that an instruction puts a value in, and reports whether it is one.
func (f *follower) settle(fn *effects.Func, u, v V) bool {
	home := ""
	switch in := fn.At(u); in.Op {
	case effects.MapUpdate:
		home = contentOf(fn, in.Args[0])
	case effects.Store:
		e := fn.At(in.Args[0])
		if e.Op != effects.Elem || in.Args[1] != v {
			return false
		}
		if home = contentOf(fn, e.Args[0]); home == "" {
			home = appended(fn, e.Args[0])
		}
	case effects.Atomic:
		if in.Sym == "Store" && in.Flags&effects.Method != 0 {
			home = classOf(fn, in.Args[0])
		}
	}
	if home == "" {
		return false
	}
	if !slices.Contains(f.Homes, home) {
		f.Homes = append(f.Homes, home)
	}
	return true
}

// appended returns the home to which what an array of arguments holds is appended.
func appended(fn *effects.Func, array V) string {
	if fn.At(array).Flags&effects.Varargs == 0 {
		return ""
	}
	for _, u := range fn.Uses(array) {
		if fn.Op(u) != effects.Slice {
			continue
		}
		for _, a := range fn.Uses(u) {
			if in := fn.At(a); in.Op == effects.Builtin && in.Sym == "append" && in.Args[1] == u {
				return contentOf(fn, in.Args[0])
			}
		}
	}
	return ""
}
