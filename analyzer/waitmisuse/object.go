package waitmisuse

import (
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
)

// An activation is a function as one place calls or starts it, which tells what it is given; or as anybody may call it.
type activation struct {
	resolve.Target             // Args in terms of up, Free and Held in terms of made
	up, made       *activation // nil: anybody
}

// of returns a function as anybody may call it.
func of(fn *effects.Func) *activation { return &activation{Target: resolve.Target{Fn: fn}} }

// around returns the activation of the function around a literal.
func (a *activation) around() *activation {
	for up := a.made; up != nil; up = up.up {
		if up.Fn == a.Fn.Parent {
			return up
		}
	}
	return of(a.Fn.Parent)
}

// maxChain bounds the functions that are followed outwards to an object, or inwards to an operation.
const maxChain = 16

// enter returns an activation, nil if its function is not in view. What only passes its arguments on is left out.
func (p *program) enter(t resolve.Target, up, made *activation) *activation {
	for range maxChain {
		if t.Fn == nil || len(t.Fn.Blocks) == 0 || !p.inside[t.Fn] && !t.Fn.Wrapper {
			return nil
		}
		a := &activation{t, up, made}
		if !t.Fn.Wrapper {
			return a
		}
		next, ok := p.passed(t.Fn)
		if !ok {
			return a // an operation
		}
		t, up, made = next, a, a
	}
	return nil
}

// passed returns the function that a wrapper calls.
func (p *program) passed(wrapper *effects.Func) (resolve.Target, bool) {
	for v := wrapper.First; int(v) < len(wrapper.Code); v++ {
		if ts := p.view(wrapper).Targets(v); len(ts) == 1 {
			return ts[0], true
		}
	}
	return resolve.Target{}, false
}

// callee returns the function in view that a call or a go statement reaches in plain sight, nil if there is none.
func (p *program) callee(a *activation, v V) *activation {
	in := a.Fn.At(v)
	switch {
	case in.Op != effects.Call:
		return nil
	case in.Flags&effects.Dynamic == 0:
		return p.enter(resolve.Target{Fn: in.Fn, Args: in.Args}, a, a)
	}
	return p.function(a, in.Args[0], in.Args[1:], a)
}

// function returns the function in view that a value is, called with arguments by an activation; nil if it is none.
func (p *program) function(a *activation, v V, args []V, up *activation) *activation {
	for range maxChain {
		load := a.Fn.At(v)
		if load.Op != effects.Load || a.Fn.Op(load.Args[0]) != effects.Free {
			break
		}
		outer, cell := a, load.Args[0]
		for cell != 0 && outer.Fn.Op(cell) == effects.Free {
			outer, cell = p.captured(outer, p.view(outer.Fn).FreeIndex(cell))
		}
		val := p.view(outer.Fn).Cell(cell).Single()
		if val == 0 {
			return nil
		}
		a, v = outer, val
	}
	t, ok := p.view(a.Fn).Function(v)
	if !ok {
		return nil
	}
	t.Args = args
	return p.enter(t, up, a)
}

// captured returns what a captured variable is in the function that makes the literal; 0 if that is not known.
func (p *program) captured(a *activation, i int) (*activation, V) {
	if i < len(a.Free) && a.Free[i] != 0 {
		return a.made, a.Free[i]
	}
	v := resolve.Binding(a.Fn, a.Fn.Free[i])
	if v == 0 {
		return a, 0
	}
	return a.around(), v
}

// An object is a place as the outermost function has it that is known: a WaitGroup, a Cond, a Once, or what leads to one.
type object struct {
	in *effects.Func // in whose terms the path is; nil of package variables
	ident.Path
}

// object returns what pointer v points to.
func (p *program) object(a *activation, v V) object {
	q := p.view(a.Fn).Path(nil, v)
	for range maxChain {
		up, base, rest := p.outside(a, q)
		if up == nil {
			break
		}
		a, q = up, base.Extend(rest.Generalize())
	}
	if q.Kind == ident.Global {
		return object{nil, q}
	}
	return object{a.Fn, p.view(a.Fn).Rewire(nil, q)}
}

// outside tells what the root of a path is outside of a function, in which activation, and what of the path lies behind that; up is
// nil if that is not known.
func (p *program) outside(a *activation, q ident.Path) (up *activation, base, rest ident.Path) {
	i := q.Index()
	if q.Kind == ident.Param && a.up != nil && i < len(a.Args) && a.Args[i] != 0 {
		return a.up, p.view(a.up.Fn).Path(nil, a.Args[i]), q
	}
	if q.Kind != ident.Free {
		return nil, base, rest
	}
	content, holds := q.Content()
	if holds && i < len(a.Held) && a.Held[i] != 0 {
		return a.made, p.view(a.made.Fn).Path(nil, a.Held[i]), content
	}
	up, v := p.captured(a, i)
	if v == 0 {
		return nil, base, rest
	}
	f := p.view(up.Fn)
	if holds {
		if val := f.Cell(v).Single(); val != 0 {
			return up, f.Path(nil, val), content
		}
	}
	return up, f.Path(nil, v), q
}

// same reports whether two objects are one, in one activation of the functions that have them.
func (o object) same(q object) bool { return o.in == q.in && o.Same(q.Path) }

// like reports whether two objects may be one.
func (o object) like(q object) bool {
	if o.same(q) {
		return true
	}
	if x, y := o.InField(), q.InField(); x != "" && y != "" {
		return x == y
	}
	return o.Kind != ident.Alloc && q.Kind != ident.Alloc
}

// leadsTo reports whether an object is another one, or has it, or a pointer to it, inside.
func (o object) leadsTo(q object) bool { return o.in == q.in && q.Behind(o.Path) }

// local reports whether it is a variable that a function declares.
func (o object) local() bool { return o.Kind == ident.Alloc && o.Len() == 0 }

// A key stands for the objects that may be one between functions that are not seen to call each other: those in one field or package
// variable, a local variable, or, as the zero key, those that only callers can tell.
type key struct {
	class string
	in    *effects.Func
	ref   string
}

func (o object) key() key {
	if c := o.InField(); c != "" {
		return key{class: c}
	}
	if o.Kind == ident.Alloc {
		return key{in: o.in, ref: o.Ref}
	}
	return key{}
}
