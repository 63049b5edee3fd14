package flow

import (
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
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
func (w *walker) rewire(p ident.Path) ident.Path {
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
		base := w.path(v)
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
