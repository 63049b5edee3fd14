package resolve

import (
	"maps"
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
)

// Wiring: a new object whose field is set to a pointer while it is built, and never
// again, leads through that field to what was stored there. So
//
//	h := &helper{owner: s}    and    h := newHelper(s)
//
// make h.owner.mu and s.mu one lock.

// maxWiring bounds the objects that are followed, also where one is set to what is
// reached through itself.
const maxWiring = 4

// rewire replaces the start of a path that leads through such a field.
func (f *Func) rewire(known Known, p ident.Path) (_ ident.Path, varies bool) {
	if f.wiring >= maxWiring {
		return p, false
	}
	f.wiring++
	defer func() { f.wiring-- }()
	for range maxWiring {
		if p.Kind != ident.Alloc && p.Kind != ident.Value || p.Gen != 0 {
			break
		}
		field, rest, ok := p.ThroughPointer()
		if !ok || field == "" {
			break
		}
		at := V(p.Index())
		if src := f.copied(at, field); src != 0 {
			base, bv := f.at(known, src, 0)
			if base.Kind == ident.Unknown || base.Kind == p.Kind && base.Ref == p.Ref {
				break
			}
			varies = varies || bv
			p = base.Extend(p)
			continue
		}
		v := f.wired(at, field)
		if v == 0 {
			break
		}
		base, bv := f.at(known, v, 0)
		if base.Kind == ident.Unknown {
			break
		}
		varies = varies || bv
		p = base.Extend(rest)
	}
	return p, varies
}

// copied returns the parameter that a struct variable is a copy of, of which the field was not set since: what the
// field points to is the same in both.
func (f *Func) copied(a V, field string) V {
	if f.Op(a) != effects.Alloc {
		return 0
	}
	src := f.cells[a].Single()
	if src == 0 || f.Op(src) != effects.Param {
		return 0
	}
	for _, u := range f.Uses(a) {
		if fa := f.At(u); fa.Op == effects.Field && "."+fa.Sym == field {
			for _, r := range f.Uses(u) {
				if st := f.At(r); st.Op != effects.Load {
					return 0
				}
			}
		}
	}
	return src
}

// wired returns what a field of the object made by an instruction was set to; 0 if that is not known.
func (f *Func) wired(v V, field string) V {
	in := f.At(v)
	switch in.Op {
	case effects.Alloc:
		return f.builtWith(v)[field]
	case effects.Load:
		return f.parts(v)[field]
	case effects.Call:
		for _, wire := range f.wiresOf(in) {
			if wire.Field == field {
				return in.Args[wire.Param]
			}
		}
	}
	return 0
}

// one reports whether a call has one result.
func one(in *effects.Instr) bool { return in.Type != nil && in.Type.Kind != effects.Tuple }

// builtWith returns what the pointer fields of a struct made here are set to, those which
// are stored to once in the function and nowhere else after construction.
func (f *Func) builtWith(a V) map[string]V {
	if m, ok := f.built[a]; ok {
		return m
	}
	m := map[string]V{}
	f.built[a] = m
	uses := f.Uses(a)
	twice := map[string]bool{}
	if whole := slices.DeleteFunc(slices.Clone(uses), func(u V) bool { in := f.At(u); return in.Op != effects.Store || in.Args[0] != a }); len(whole) > 0 {
		if len(whole) > 1 {
			return m
		}
		maps.Copy(m, f.parts(f.At(whole[0]).Args[1]))
	}
	for _, u := range uses {
		fa := f.At(u)
		if fa.Op != effects.Field {
			continue
		}
		name := "." + fa.Sym
		for _, r := range f.Uses(u) {
			st := f.At(r)
			if st.Op != effects.Store || st.Args[0] != u {
				continue
			}
			if m[name] != 0 || fa.Class == "" || f.Facts.Mutable(f.Func, fa.Class) || !f.Refers(st.Args[1]) {
				twice[name] = true
			}
			m[name] = st.Args[1]
		}
	}
	for name := range twice {
		delete(m, name)
	}
	return m
}

// parts returns what the pointer fields of a struct value were set to while that was built.
func (f *Func) parts(v V) map[string]V {
	switch in := f.At(v); in.Op {
	case effects.Load:
		if f.Op(in.Args[0]) == effects.Alloc {
			return f.builtWith(in.Args[0])
		}
	case effects.Call:
		m := map[string]V{}
		for _, wire := range f.wiresOf(in) {
			m[wire.Field] = in.Args[wire.Param]
		}
		return m
	}
	return nil
}

// wiresOf returns what a static call tells of the fields of its result.
func (f *Func) wiresOf(in *effects.Instr) []summary.Wire {
	if in.Flags&effects.Dynamic != 0 || !one(in) {
		return nil
	}
	s := f.Summary(Target{Fn: in.Fn, Pkg: in.Class, Key: in.Sym})
	if s == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(s.Wires), func(w summary.Wire) bool { return w.Param >= len(in.Args) })
}

// Wires returns which fields of the new object that the function returns, or of the struct, are set to parameters.
func (f *Func) Wires() []summary.Wire {
	if len(f.Results) != 1 {
		return nil
	}
	var obj V
	same := true
	for i := range f.Blocks {
		ret := f.At(f.Blocks[i].Last)
		if ret.Op != effects.Return || i == f.Recover || len(ret.Args) != 1 {
			continue
		}
		v := f.Unbox(ret.Args[0])
		if in := f.At(v); in.Op == effects.Load && in.Type != nil && in.Type.Kind == effects.Struct {
			v = in.Args[0] // the struct itself
		}
		if f.Op(v) != effects.Alloc || obj != 0 && obj != v {
			same = false
			break
		}
		obj = v
	}
	if t := f.At(obj).Type.To(); !same || obj == 0 || t == nil || t.Kind != effects.Struct {
		return nil
	}
	var ws []summary.Wire
	built := f.builtWith(obj)
	for _, name := range slices.Sorted(maps.Keys(built)) {
		v := built[name]
		switch in := f.At(v); in.Op {
		case effects.Box:
			v = in.Args[0]
		case effects.Convert:
			if in.Type != nil && in.Type.Kind == effects.Interface {
				v = in.Args[0]
			}
		}
		if i := f.ParamIndex(v); i >= 0 && len(ws) < 16 {
			ws = append(ws, summary.Wire{Field: name, Param: i})
		}
	}
	return ws
}

// Unbox returns what a value was made an interface of, and other values themselves.
func (f *Func) Unbox(v V) V {
	if in := f.At(v); in.Op == effects.Box {
		return in.Args[0]
	}
	return v
}

// Rewire replaces the start of a path that leads through a field which was set for good while its object was built.
func (f *Func) Rewire(known Known, p ident.Path) ident.Path {
	p, _ = f.rewire(known, p)
	return p
}
