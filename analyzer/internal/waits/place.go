package waits

import (
	"go/token"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
)

// A place is what a pointer points to: fields and pointers, in steps, behind a root. A
// variable that a function literal captures has the place that it has outside.
type place struct {
	root  ssa.Value
	steps string // ".field" and "^" (pointer followed)
	class string // the field or package variable; "" for anything else
}

// same reports whether two places are one location, in one activation of the functions
// that their roots are in.
func (a place) same(b place) bool {
	return a.root != nil && a.root == b.root && a.steps == b.steps
}

// like reports whether two places may be one location.
func (a place) like(b place) bool {
	if a.same(b) {
		return true
	}
	if a.class != "" && b.class != "" {
		return a.class == b.class
	}
	_, x := a.root.(*ssa.Alloc)
	_, y := b.root.(*ssa.Alloc)
	return !x && !y
}

// leadsTo reports whether a place is another one, or that of an object which has it, or a pointer to it, inside.
func (a place) leadsTo(b place) bool {
	return a.root != nil && a.root == b.root && strings.HasPrefix(b.steps, a.steps) &&
		(len(a.steps) == len(b.steps) || b.steps[len(a.steps)] == '.' || b.steps[len(a.steps)] == '^')
}

// local reports whether the place is a variable that a function declares.
func (a place) local() bool {
	_, ok := a.root.(*ssa.Alloc)
	return ok && a.steps == ""
}

// An env tells what the parameters of called functions stand for.
type env map[*ssa.Parameter]place

// maxChain bounds the values that are followed to a root, and the calls that are
// followed to an operation.
const maxChain = 16

// place returns what pointer v points to, as the functions outside env see it.
func (p *program) place(v ssa.Value, e env) place { return p.locate(v, e, 0) }

func (p *program) locate(v ssa.Value, e env, depth int) place {
	if depth > maxChain {
		return place{root: v}
	}
	switch v := v.(type) {
	case *ssa.Parameter:
		if pl, ok := e[v]; ok {
			return pl
		}
	case *ssa.FreeVar:
		if b := p.binding(v); b != nil {
			return p.locate(b, e, depth+1)
		}
	case *ssa.ChangeType:
		return p.locate(v.X, e, depth+1)
	case *ssa.FieldAddr:
		pl := p.locate(v.X, e, depth+1)
		name, class := ident.FieldClass(v.X.Type(), v.Field, "")
		pl.steps += "." + name
		pl.class = class
		return pl
	case *ssa.UnOp:
		if v.Op != token.MUL {
			break
		}
		if val := p.onlyValue(v.X); val != nil {
			return p.locate(val, e, depth+1)
		}
		pl := p.locate(v.X, e, depth+1)
		pl.steps += "^"
		return pl
	case *ssa.Global:
		class := ""
		if v.Pkg != nil {
			class = v.Pkg.Pkg.Path() + "." + v.Name()
		}
		return place{root: v, class: class}
	}
	return place{root: v}
}

// binding returns the value that a captured variable has where its literal is made.
func (p *program) binding(fv *ssa.FreeVar) ssa.Value {
	mc := p.makers[fv.Parent()]
	if mc == nil {
		return nil
	}
	for i, f := range fv.Parent().FreeVars {
		if f == fv && i < len(mc.Bindings) {
			return mc.Bindings[i]
		}
	}
	return nil
}

// onlyValue returns the only value that a variable ever gets, given its address; nil if it gets
// none or several.
func (p *program) onlyValue(addr ssa.Value) ssa.Value {
	for range maxChain {
		fv, ok := addr.(*ssa.FreeVar)
		if !ok {
			break
		}
		addr = p.binding(fv)
	}
	a, ok := addr.(*ssa.Alloc)
	if !ok {
		return nil
	}
	val, ok := p.cells[a]
	if !ok {
		vals, clean := p.stores(a, 0)
		if clean && len(vals) == 1 {
			val = vals[0]
		}
		p.cells[a] = val
	}
	return val
}

// stores returns what is stored to a variable; clean tells that it is only loaded
// otherwise, here and in the literals that capture it.
func (p *program) stores(v ssa.Value, depth int) (vals []ssa.Value, clean bool) {
	if v.Referrers() == nil || depth > maxChain {
		return nil, false
	}
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr != v {
				return nil, false
			}
			vals = append(vals, ref.Val)
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.MakeClosure:
			fn := ref.Fn.(*ssa.Function)
			for i, b := range ref.Bindings {
				if b == v && i < len(fn.FreeVars) {
					more, ok := p.stores(fn.FreeVars[i], depth+1)
					if !ok {
						return nil, false
					}
					vals = append(vals, more...)
				}
			}
		default:
			return nil, false
		}
	}
	return vals, true
}
