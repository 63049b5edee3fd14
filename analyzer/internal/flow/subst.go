package flow

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
)

// subst expresses a callee's path here.
func (w *walker) subst(t target, p ident.Path) ident.Path {
	var base ident.Path
	switch p.Kind {
	case ident.Param:
		i := p.Index()
		if i < 0 || i >= len(t.args) || t.args[i] == nil {
			return p.Forget()
		}
		base = w.path(t.args[i])
	case ident.Free:
		i := p.Index()
		if i >= 0 && i < len(t.held) && t.held[i] != nil && len(p.Steps) > 0 && p.Steps[0] == '^' {
			p.Steps = p.Steps[1:]
			base = w.path(t.held[i])
			break
		}
		if i < 0 || i >= len(t.free) || t.free[i] == nil {
			return p.Forget()
		}
		v := t.free[i]
		if len(p.Steps) > 0 && p.Steps[0] == '^' {
			p.Steps = p.Steps[1:]
			if base = w.cellContent(v); base.Kind == ident.Unknown {
				return p.Forget()
			}
		} else {
			base = w.path(v)
		}
	default:
		return p
	}
	q := w.rewire(base.Extend(p))
	if q.Len() > ident.MaxSteps || q.Kind == ident.Unknown {
		return q.Forget()
	}
	return q
}

// cellContent returns the path of what a captured variable holds.
func (w *walker) cellContent(v ssa.Value) ident.Path {
	switch v := v.(type) {
	case *ssa.Alloc:
		if val := w.info.cells[v].single(); val != nil {
			return w.path(val)
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

func isBool(v ssa.Value) bool {
	t := v.Type()
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsBoolean != 0
}
