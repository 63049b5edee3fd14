package held

import (
	"slices"
	"strconv"

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
	var base ident.Path
	switch p.Kind {
	case ident.Param:
		i := p.Index()
		if i < 0 || i >= len(t.Args) || t.Args[i] == 0 {
			return p.Forget()
		}
		base = w.path(st, t.Args[i])
	case ident.Free:
		i := p.Index()
		content, deref := p.Content()
		if i >= 0 && i < len(t.Held) && t.Held[i] != 0 && deref {
			p, base = content, w.path(st, t.Held[i])
			break
		}
		if i < 0 || i >= len(t.Free) || t.Free[i] == 0 {
			return p.Forget()
		}
		if !deref {
			base = w.path(st, t.Free[i])
			break
		}
		p = content
		if base = w.cellContent(st, t.Free[i]); base.Kind == ident.Unknown {
			return p.Forget()
		}
	default:
		return p
	}
	q := w.Rewire(st, w.Follow(base, p))
	if q.Len() > ident.MaxSteps || q.Kind == ident.Unknown {
		return q.Forget()
	}
	return q
}

// cellContent returns the path of what a captured variable holds.
func (w *walker) cellContent(st *state, v V) ident.Path {
	in := w.At(v)
	switch in.Op {
	case effects.Alloc:
		c := w.Cell(v)
		if val := c.Single(); val != 0 {
			return w.path(st, val)
		}
		if c != nil && !c.Escapes && w.Bool(v) {
			return w.path(st, v).Deref()
		}
	case effects.Free:
		if i := w.FreeIndex(v); i >= 0 && !w.StoresFree(i) {
			return ident.Root(ident.Free, strconv.Itoa(i), "").Deref()
		}
	}
	return ident.Path{}
}

func (w *walker) substHeld(st *state, t resolve.Target, h summary.Held) summary.Held {
	h.Path = w.subst(st, t, h.Path)
	if h.Path.Read {
		h.Mode, h.Path.Read = lockgraph.Read, false
	}
	return h
}
