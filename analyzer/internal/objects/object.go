package objects

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
	"github.com/lockcheck/lockcheck/analyzer/internal/threads"
)

// V is the number of an instruction and of its value.
type V = effects.V

// An Access is a read or a write of a part of an object.
type Access struct {
	threads.Spot
	Place Place
	Write bool
	Call  bool // by a method of a container of the standard library
	Loose bool // a pointer on the way may be another one at another time

	When V // before which it happens, if not where it is: see evaluated
}

// An Object is what goroutines may share, and what they do with it.
type Object struct {
	In    *effects.Func // the function that has it
	From  *effects.Func // where the ways to accesses start: the same, or the function of the scope
	At    V             // where the function has it
	Made  V             // the instruction that makes it, or gets it, each time anew; 0 of parameters and package variables
	Sites []*Access

	Homes []string // where it is put for others to find, or where it was found

	Sets   int     // assignments to the variable itself
	Atomic []Place // also used by functions of sync/atomic
	Leaks  bool    // it goes where it is not followed
	Copied bool    // a loop makes it anew by copying it
}

// Name is the name of what an access is to, for messages.
func (o *Object) Name(p Place) string {
	name := o.Var()
	if name == "" {
		if t := o.In.At(o.At).Type.To(); t != nil {
			name = t.Name[lastDot(t.Name)+1:]
		}
	}
	if name == "" {
		name = "the object"
	}
	return p.of(name)
}

// Var is the name by which the function has the object, "" if it has none.
func (o *Object) Var() string {
	in := o.In.At(o.At)
	switch in.Op {
	case effects.Global:
		return in.Class[lastDot(in.Class)+1:]
	case effects.Alloc, effects.Param, effects.Free:
		if in.Sym != "" {
			return in.Sym
		}
	}
	return o.variable(o.At)
}

// variable returns the name of the variable that gets a value, or all of an array as a slice.
func (o *Object) variable(v V) string {
	for _, u := range o.In.Uses(v) {
		in := o.In.At(u)
		switch {
		case in.Op == effects.Store && in.Args[1] == v && o.In.Op(in.Args[0]) == effects.Alloc && o.In.At(in.Args[0]).Sym != "":
			return o.In.At(in.Args[0]).Sym
		case in.Op == effects.Slice && v == o.At:
			if name := o.variable(u); name != "" {
				return name
			}
		}
	}
	return ""
}

func lastDot(s string) int {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == '.' || s[i] == '/' {
			return i
		}
	}
	return -1
}

// Of returns the objects that a function and its literals have, and that other functions of the scope get from them, in order.
func Of(s *threads.Scope, facts *resolve.Facts) []*Object {
	var out []*Object
	top := s.Members[0]
	for _, fn := range family(top) {
		for v := V(1); int(v) < len(fn.Code); v++ {
			if fn == top || fn.Op(v) != effects.Global && fn.Op(v) != effects.Param {
				if o := find(s, facts, fn, v); o != nil {
					out = append(out, o)
				}
			}
		}
	}
	return append(out, Globals(s, facts)...)
}

// family returns a function and its literals.
func family(fn *effects.Func) []*effects.Func {
	out := []*effects.Func{fn}
	for _, lit := range fn.Literals {
		out = append(out, family(lit)...)
	}
	return out
}

// Receiver returns the object that the method of a scope is called on, nil if it is none that is followed.
func Receiver(s *threads.Scope, facts *resolve.Facts) *Object {
	if fn := s.Members[0]; fn.Recv {
		return find(s, facts, fn, fn.Params[0])
	}
	return nil
}

// find returns the object that a function has as the value of an instruction, nil if that is none, or the start of none.
func find(s *threads.Scope, facts *resolve.Facts, fn *effects.Func, v V) *Object {
	in := fn.At(v)
	f := follower{scope: s, facts: facts, Object: &Object{In: fn, From: fn, At: v, Made: v}}
	switch in.Op {
	case effects.Alloc:
		if synchronizes(in.Type) || !shares(fn, v) {
			return nil
		}
		f.pointer(fn, v, "")
	case effects.Param:
		f.Made = 0
		if !behind(in.Type) {
			return nil
		}
		f.value(fn, v, "")
	case effects.Call, effects.Extract, effects.Invoke, effects.Lookup, effects.Assert, effects.Recv, effects.MakeMap, effects.MakeSlice:
		if in.How != effects.AtOnce || !behind(in.Type) || !shares(fn, v) {
			return nil
		}
		f.value(fn, v, "")
	default:
		return nil
	}
	return f.Object
}

// Globals returns the package variables that members of the scope use.
func Globals(s *threads.Scope, facts *resolve.Facts) []*Object {
	var out []*Object
	of := map[string]*follower{}
	for _, fn := range s.Members {
		for v := V(1); v < fn.First; v++ {
			in := fn.At(v)
			if in.Op != effects.Global || synchronizes(in.Type) {
				continue
			}
			f := of[in.Class]
			if f == nil {
				f = &follower{scope: s, facts: facts, Object: &Object{In: fn, From: s.Members[0], At: v}}
				of[in.Class] = f
				out = append(out, f.Object)
			}
			f.pointer(fn, v, "")
		}
	}
	return out
}

// behind reports whether values of a type lead to memory that is followed.
func behind(t *effects.Type) bool {
	if t == nil {
		return false
	}
	switch t.Kind {
	case effects.Pointer:
		return !synchronizes(t)
	case effects.Map, effects.SliceOf:
		return true
	}
	return false
}

// shares reports whether something else than the function may get a value: a literal, a goroutine, a function that is called.
func shares(fn *effects.Func, v V) bool {
	return slices.ContainsFunc(fn.Uses(v), func(u V) bool {
		in := fn.At(u)
		switch in.Op {
		case effects.Closure, effects.Box:
			return true
		case effects.Call:
			return true
		case effects.Store:
			return in.Args[1] == v && fn.Op(in.Args[0]) == effects.Alloc
		case effects.Field, effects.Elem, effects.Slice, effects.Load: // a part of it
			return shares(fn, u)
		}
		return false
	})
}

// synchronizes reports whether what a pointer type points to is made to be shared.
func synchronizes(t *effects.Type) bool {
	t = t.To()
	if t == nil {
		return false
	}
	switch t.Sync {
	case effects.NoSync:
	default:
		return true
	}
	return t.Pkg == "sync" || t.Pkg == "sync/atomic"
}

// IsAtomic reports whether functions of sync/atomic use a place, or a part of it, too.
func (o *Object) IsAtomic(p Place) bool {
	return slices.ContainsFunc(o.Atomic, func(a Place) bool { return a == p || a.Overlaps(p) })
}

// Struct returns the named struct type that an object is of, nil if it is none.
func (o *Object) Struct() *effects.Type {
	t := o.In.At(o.At).Type
	if t == nil || t.Kind != effects.Pointer || t.Elem == nil || t.Elem.Kind != effects.Struct || t.Elem.Name == "" {
		return nil
	}
	return t.Elem
}

// Ways returns the ways from the function that has an object to where an access is.
func (o *Object) Ways(s *threads.Scope, a *Access) [][]*threads.Run { return s.Ways(o.From, a.Fn) }
