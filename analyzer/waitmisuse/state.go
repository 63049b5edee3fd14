package waitmisuse

import (
	"fmt"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
)

// tests returns what the branch behind a block depends on: fields and package variables by class, local variables by
// themselves, and whether a context is done; nothing if there is no branch.
func (p *program) tests(a *activation, b int32) map[key]bool {
	state := map[key]bool{}
	if br := a.Fn.At(a.Fn.Blocks[b].Last); br.Op == effects.If {
		p.state(a, br.Args[0], state, 0)
	}
	return state
}

// state adds what a value is computed from.
func (p *program) state(a *activation, v V, into map[key]bool, depth int) {
	if depth > 8 {
		return
	}
	in := a.Fn.At(v)
	switch in.Op {
	case effects.Compare, effects.Not, effects.Opaque, effects.Convert, effects.Phi:
		for _, x := range in.Args {
			p.state(a, x, into, depth+1)
		}
	case effects.Lookup, effects.Extract, effects.FieldOf:
		p.state(a, in.Args[0], into, depth+1)
	case effects.Load:
		p.note(a, in.Args[0], into)
	case effects.Invoke:
		if k, ok := p.contextOf(a, v, "Err"); ok {
			into[k] = true
			return
		}
		p.called(a, v, into, depth)
	case effects.Call, effects.Builtin, effects.Atomic:
		p.called(a, v, into, depth)
	}
}

// called adds what the result of a call depends on: its operands, and what a function in view looks at.
func (p *program) called(a *activation, v V, into map[key]bool, depth int) {
	for _, x := range a.Fn.At(v).Args {
		p.note(a, x, into) // len(x), x.Load()
		if a.Fn.Op(x) == effects.Load {
			p.state(a, x, into, depth+1)
		}
	}
	if t := p.callee(a, v); t != nil && depth < 6 {
		t.Fn.Returns(func(ret V) {
			for _, r := range t.Fn.At(ret).Args {
				p.state(t, r, into, depth+2)
			}
		})
	}
}

// note adds the place that a pointer leads to.
func (p *program) note(a *activation, v V, into map[key]bool) {
	if k := stateOf(p.object(a, v)); k != (key{}) {
		into[k] = true
	}
}

// stateOf returns what stands for a place that a waiter may test, the zero key if that cannot be told or nobody else can see it.
func stateOf(o object) key {
	if o.Kind == ident.Alloc && o.InField() == "" && o.in.At(V(o.Index())).Flags&effects.Heap == 0 {
		return key{}
	}
	return o.key()
}

// contextOf returns what stands for the context whose method of that name a call is of.
func (p *program) contextOf(a *activation, v V, method string) (key, bool) {
	in := a.Fn.At(v)
	if in.Op != effects.Invoke || in.Sym != method {
		return key{}, false
	}
	if t := a.Fn.At(in.Args[0]).Type; t == nil || t.Sync != effects.Context {
		return key{}, false
	}
	return p.contextKey(a, in.Args[0]), true
}

func (p *program) contextKey(a *activation, ctx V) key {
	o := p.object(a, ctx)
	return key{class: canceled, in: o.in, ref: fmt.Sprint(o.Kind, o.Ref, o.Steps)}
}
