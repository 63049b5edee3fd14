package resolve

import (
	"strconv"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
)

// Subst returns what a path of a target is here: of what it is given, and has captured. Only the class is left of a path of
// something else, unless it is of what all functions share. What is known on a path may be nil.
func (f *Func) Subst(known Known, t Target, p ident.Path) ident.Path {
	var base ident.Path
	switch p.Kind {
	case ident.Param:
		i := p.Index()
		if i < 0 || i >= len(t.Args) || t.Args[i] == 0 {
			return p.Forget()
		}
		if name, rest, ok := p.FirstField(); ok && i == 0 && t.leadsBack(name) {
			base, p = f.Path(known, t.Owner), rest
			break
		}
		base = f.Path(known, t.Args[i])
	case ident.Free:
		i := p.Index()
		content, deref := p.Content()
		if i >= 0 && i < len(t.Held) && t.Held[i] != 0 && deref {
			p, base = content, f.Path(known, t.Held[i])
			break
		}
		if i < 0 || i >= len(t.Free) || t.Free[i] == 0 {
			return p.Forget()
		}
		if !deref {
			base = f.Path(known, t.Free[i])
			break
		}
		p = content
		if base = f.cellContent(known, t.Free[i]); base.Kind == ident.Unknown {
			return p.Forget()
		}
	default:
		return p
	}
	q := f.Rewire(known, f.Follow(base, p))
	if q.Len() > ident.MaxSteps || q.Kind == ident.Unknown {
		return q.Forget()
	}
	return q
}

// cellContent returns the path of what a captured variable holds.
func (f *Func) cellContent(known Known, v V) ident.Path {
	switch f.Op(v) {
	case effects.Alloc:
		c := f.Cell(v)
		if val := c.Single(); val != 0 {
			return f.Path(known, val)
		}
		if c != nil && !c.Escapes && f.Bool(v) {
			return f.Path(known, v).Deref()
		}
	case effects.Free:
		if i := f.FreeIndex(v); i >= 0 && !f.StoresFree(i) {
			return ident.Root(ident.Free, strconv.Itoa(i), "").Deref()
		}
	}
	return ident.Path{}
}
