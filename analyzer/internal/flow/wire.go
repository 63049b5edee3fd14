package flow

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

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
func (w *walker) rewire(st *state, p ident.Path) ident.Path {
	if w.wiring >= maxWiring {
		return p
	}
	w.wiring++
	defer func() { w.wiring-- }()
	for range maxWiring {
		if p.Kind != ident.Alloc && p.Kind != ident.Value || p.Gen != 0 {
			return p
		}
		i := strings.IndexByte(p.Steps, '^')
		if i <= 0 {
			return p
		}
		v := w.wired(p.Ref, p.Steps[:i])
		if v == nil {
			return p
		}
		base := w.path(st, v)
		if base.Kind == ident.Unknown {
			return p
		}
		p.Steps = p.Steps[i+1:]
		p = base.Extend(p)
	}
	return p
}

// wired returns what a field of the object made by instruction ref was set to.
func (w *walker) wired(ref, field string) ssa.Value {
	switch v := w.valueNamed(ref).(type) {
	case *ssa.Alloc:
		return w.builtWith(v)[field]
	case *ssa.Call:
		callee := v.Call.StaticCallee()
		if callee == nil {
			return nil
		}
		s := w.env.Summary(Canon(callee))
		if s == nil {
			return nil
		}
		for _, wire := range s.Wires {
			if wire.Field == field && wire.Param < len(v.Call.Args) && v.Call.Signature().Results().Len() == 1 {
				return v.Call.Args[wire.Param]
			}
		}
	}
	return nil
}

// builtWith returns what the pointer fields of a struct made here are set to, those which
// are stored to once in w.fn and nowhere else after construction.
func (w *walker) builtWith(a *ssa.Alloc) map[string]ssa.Value {
	if m, ok := w.info.built[a]; ok {
		return m
	}
	m := map[string]ssa.Value{}
	w.info.built[a] = m
	twice := map[string]bool{}
	for _, ref := range *a.Referrers() {
		if st, ok := ref.(*ssa.Store); ok && st.Addr == a {
			return m // set as a whole: a copy of something else
		}
	}
	for _, ref := range *a.Referrers() {
		fa, ok := ref.(*ssa.FieldAddr)
		if !ok {
			continue
		}
		name, class := ident.FieldClass(fa.X.Type(), fa.Field, "")
		for _, r := range *fa.Referrers() {
			st, ok := r.(*ssa.Store)
			if !ok || st.Addr != fa {
				continue
			}
			if m["."+name] != nil || class == "" || w.env.Mutable(w.fn, class) || !pointerLike(st.Val.Type()) {
				twice["."+name] = true
			}
			m["."+name] = st.Val
		}
	}
	for name := range twice {
		delete(m, name)
	}
	return m
}

// wires returns which fields of the new object that w.fn returns are set to parameters.
func (w *walker) wires() []summary.Wire {
	if w.fn.Signature.Results().Len() != 1 {
		return nil
	}
	var obj *ssa.Alloc
	for _, b := range w.fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || b == w.fn.Recover {
			continue
		}
		v := ret.Results[0]
		if mi, ok := v.(*ssa.MakeInterface); ok {
			v = mi.X
		}
		a, ok := v.(*ssa.Alloc)
		if !ok || obj != nil && obj != a {
			return nil
		}
		obj = a
	}
	if obj == nil {
		return nil
	}
	if _, ok := obj.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Struct); !ok {
		return nil
	}
	var ws []summary.Wire
	built := w.builtWith(obj)
	for _, name := range sortedNames(built) {
		v := built[name]
		switch x := v.(type) {
		case *ssa.MakeInterface:
			v = x.X
		case *ssa.ChangeInterface:
			v = x.X
		}
		if p, ok := v.(*ssa.Parameter); ok {
			if i := paramIndex(w.fn, p); i >= 0 && len(ws) < 16 {
				ws = append(ws, summary.Wire{Field: name, Param: i})
			}
		}
	}
	return ws
}
