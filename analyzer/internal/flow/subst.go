package flow

import (
	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// conditions substitutes a callee's conditions. ok is false if one cannot hold.
func (w *walker) conditions(st *state, t target, lits []summary.Lit) (out []summary.Lit, ok bool) {
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
		out = append(out, m)
	}
	return out, true
}

// substLit expresses a callee's condition here; if it is decided, known is set
// and the literal's Val is the truth of the condition.
func (w *walker) substLit(st *state, t target, l summary.Lit) (m summary.Lit, known, ok bool) {
	m = l
	if l.Path.Kind == ident.Param && l.Path.Steps == "" {
		i := l.Path.Index()
		if i < 0 || i >= len(t.args) || t.args[i] == nil {
			return m, false, false
		}
		arg := t.args[i]
		if c, isConst := arg.(*ssa.Const); isConst {
			switch {
			case l.Op == "":
				if b, ok := boolConst(c); ok {
					m.Val = b
					return m, true, true
				}
			case len(l.Op) > 2 && l.Op[:2] == "==":
				m.Val = constText(c) == l.Op[2:]
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
		if l.Op == "==nil" && neverNil(arg) {
			m.Val = false
			return m, true, true
		}
		m.Path = w.path(st, arg)
		return m, false, true
	}
	m.Path = w.subst(st, t, l.Path)
	return m, false, m.Path.Kind != ident.Unknown
}

// subst expresses a callee's path here.
func (w *walker) subst(st *state, t target, p ident.Path) ident.Path {
	var base ident.Path
	switch p.Kind {
	case ident.Param:
		i := p.Index()
		if i < 0 || i >= len(t.args) || t.args[i] == nil {
			return p.Forget()
		}
		base = w.path(st, t.args[i])
	case ident.Free:
		i := p.Index()
		if i >= 0 && i < len(t.held) && t.held[i] != nil && len(p.Steps) > 0 && p.Steps[0] == '^' {
			p.Steps = p.Steps[1:]
			base = w.path(st, t.held[i])
			break
		}
		if i < 0 || i >= len(t.free) || t.free[i] == nil {
			return p.Forget()
		}
		v := t.free[i]
		if len(p.Steps) > 0 && p.Steps[0] == '^' {
			p.Steps = p.Steps[1:]
			if base = w.cellContent(st, v); base.Kind == ident.Unknown {
				return p.Forget()
			}
		} else {
			base = w.path(st, v)
		}
	default:
		return p
	}
	q := w.rewire(st, base.Extend(p))
	if q.Len() > ident.MaxSteps || q.Kind == ident.Unknown {
		return q.Forget()
	}
	return q
}

// cellContent returns the path of what a captured variable holds.
func (w *walker) cellContent(st *state, v ssa.Value) ident.Path {
	switch v := v.(type) {
	case *ssa.Alloc:
		if val := w.info.cells[v].single(); val != nil {
			return w.path(st, val)
		}
		if c := w.info.cells[v]; c != nil && !c.escapes && isBool(v) {
			return ident.Root(ident.Alloc, v.Name(), allocClass(v)).Deref()
		}
	case *ssa.FreeVar:
		if i := freeIndex(w.fn, v); i >= 0 && !storesFree(w.fn, i, 0) {
			return ident.Root(ident.Free, itoa(i), "").Deref()
		}
	}
	return ident.Path{}
}

func (w *walker) substHeld(st *state, t target, h summary.Held) summary.Held {
	h.Path = w.subst(st, t, h.Path)
	if h.Path.Read {
		h.Mode, h.Path.Read = lockgraph.Read, false
	}
	return h
}
