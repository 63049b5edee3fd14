package held

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// conditions substitutes a callee's conditions. ok is false if one cannot hold.
func (w *walker) conditions(st *state, t resolve.Target, lits []summary.Lit) (out []summary.Lit, ok bool) {
	for _, l := range lits {
		m, known, ok := w.substLit(st, t, l)
		if !ok {
			continue
		}
		if known {
			if m.Val != l.Val {
				return nil, false
			}
			continue
		}
		m.Val = l.Val
		if val, known := st.lookup(m); known {
			if val != m.Val {
				return nil, false
			}
			continue
		}
		if slices.ContainsFunc(out, func(o summary.Lit) bool { return sameCond(o, m) && o.Val != m.Val }) {
			return nil, false // two parameters are one thing here: key == nil and c.Key != nil at post(c.Key)
		}
		out = append(out, m)
	}
	return out, true
}

// substLit expresses a callee's condition here; if it is decided, known is set
// and the literal's Val is the truth of the condition.
func (w *walker) substLit(st *state, t resolve.Target, l summary.Lit) (m summary.Lit, known, ok bool) {
	m = l
	if l.Path.Kind != ident.Param || l.Path.Len() > 0 {
		m.Path = w.subst(st, t, l.Path)
		return m, false, m.Path.Kind != ident.Unknown
	}
	i := l.Path.Index()
	if i < 0 || i >= len(t.Args) || t.Args[i] == 0 {
		return m, false, false
	}
	arg := t.Args[i]
	if w.Op(arg) == effects.Const {
		switch {
		case l.Op == "":
			if b, ok := w.BoolConst(arg); ok {
				m.Val = b
				return m, true, true
			}
		case len(l.Op) > 2 && l.Op[:2] == "==":
			m.Val = w.At(arg).Sym == l.Op[2:]
			return m, true, true
		}
		return m, false, false
	}
	if l.Op == "" {
		lit, known, ok := w.condition(st, arg)
		if !ok {
			return m, false, false
		}
		if known {
			m.Val = lit.Val
			return m, true, true
		}
		if !lit.Val {
			return m, false, false // negated: not expressed
		}
		return lit, false, true
	}
	if l.Op == "==nil" && w.NeverNil(arg) {
		m.Val = false
		return m, true, true
	}
	m.Path = w.path(st, arg)
	return m, false, true
}

// subst expresses a callee's path here.
func (w *walker) subst(st *state, t resolve.Target, p ident.Path) ident.Path {
	if st == nil {
		return w.Subst(nil, t, p)
	}
	return w.Subst(st, t, p)
}

func (w *walker) substHeld(st *state, t resolve.Target, h summary.Held) summary.Held {
	h.Path = w.subst(st, t, h.Path)
	if h.Path.Read {
		h.Mode, h.Path.Read = lockgraph.Read, false
	}
	return h
}
