package access

import (
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
	"github.com/lockcheck/lockcheck/analyzer/internal/threads"
)

// AtomicPlaces are the places whose address is given to functions of sync/atomic.
type AtomicPlaces struct {
	Classes map[string]bool
	Locals  map[Local]bool
}

// Add adds the places that a function accesses atomically.
func (a *AtomicPlaces) Add(fn *effects.Func, view func() *threads.View) {
	for v := fn.First; int(v) < len(fn.Code); v++ {
		in := fn.At(v)
		if in.Op != effects.Atomic || in.Flags&effects.Method != 0 || len(in.Args) == 0 {
			continue
		}
		c := &collector{View: view()}
		if p := c.placeOf(in.Args[0]); p.class != "" {
			if a.Classes == nil {
				a.Classes, a.Locals = map[string]bool{}, map[Local]bool{}
			}
			a.Classes[p.class] = true
			if p.local.Fn != nil {
				a.Locals[p.local] = true
			}
		}
	}
}

// has reports whether a place is among those; of local variables the name is not enough.
func (a *AtomicPlaces) has(p *place) bool {
	return a.Classes[p.class] && (p.local.Fn == nil || a.Locals[p.local])
}

// Func returns the name of the function of sync/atomic that makes an access, such as "AddInt64"; "" if the access is plain.
func (a *Access) Func() string {
	if a.Op != Atomic {
		return ""
	}
	return a.Fn.At(a.V).Sym
}

// placeOf returns the place of an address, without a class if it is not one that is followed.
func (c *collector) placeOf(v V) place {
	for range 8 {
		in := c.At(v)
		switch in.Op {
		case effects.Convert:
			v = in.Args[0]
			continue
		case effects.Field:
			return c.withLocal(c.fieldPlace(v, in), v)
		case effects.Global:
			return place{class: in.Class}
		case effects.Alloc, effects.Free:
			if l := variableOf(c.View.Func.Func, v); l.Fn != nil {
				return place{class: l.Fn.At(l.At).Class, local: l}
			}
		case effects.Elem:
			from := in.Args[0]
			switch c.Op(from) {
			case effects.Field, effects.Global: // an array
				return c.placeOf(from)
			case effects.Load:
				addr := c.At(from).Args[0]
				if op := c.Op(addr); (op == effects.Field || op == effects.Global) && c.At(from).Type != nil && c.At(from).Type.Kind == effects.SliceOf {
					return inside(c.placeOf(addr))
				}
			}
		}
		break
	}
	return place{}
}

// anyField returns the place of a field of any struct, if it or its content is wanted.
func (c *collector) anyField(v V, in *effects.Instr) place {
	p := c.withLocal(c.fieldPlace(v, in), v)
	if p.class != "" && (c.Atomic.Classes[p.class] || c.Atomic.Classes[p.class+"[]"]) {
		return p
	}
	return place{}
}

// withLocal notes the variable of which a place is a field, if its class is made of the variable's name.
func (c *collector) withLocal(p place, v V) place {
	if !strings.Contains(p.class, "@") {
		return p
	}
	for range 8 {
		in := c.At(v)
		if in.Op != effects.Field {
			break
		}
		v = in.Args[0]
	}
	if p.local = variableOf(c.View.Func.Func, v); p.local.Fn == nil {
		return place{} // through a pointer: which variable it is cannot be told
	}
	return p
}

// variable follows the uses of a variable of this function or of one around it.
func (c *collector) variable(v V) {
	if c.Atomic == nil {
		return
	}
	if l := variableOf(c.View.Func.Func, v); l.Fn != nil && c.Atomic.Locals[l] {
		c.address(v, place{class: l.Fn.At(l.At).Class, local: l, param: -1, free: -1})
	}
}

// variableOf returns the variable that an address in its function, or in a literal, is of.
func variableOf(fn *effects.Func, v V) Local {
	for range 8 {
		switch fn.Op(v) {
		case effects.Alloc:
			if fn.At(v).Class == "" {
				return Local{}
			}
			return Local{fn, v}
		case effects.Free:
			b := resolve.Binding(fn, v)
			if b == 0 {
				return Local{}
			}
			fn, v = fn.Parent, b
		default:
			return Local{}
		}
	}
	return Local{}
}
