package calls

import (
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// connect makes the edges of all functions.
func (g *graph) connect() {
	for _, f := range g.fns {
		for v := effects.V(1); int(v) < len(f.Code); v++ {
			g.instr(f, v)
		}
	}
}

// instr makes the edges of an instruction.
func (g *graph) instr(f *effects.Func, v effects.V) {
	in := f.At(v)
	here := func() node { return g.value(f, v) }
	arg := func(i int) node { return g.value(f, in.Args[i]) }
	switch in.Op {
	case effects.FuncOf, effects.Closure:
		g.source(f, v)
	case effects.Phi:
		if n := here(); n != 0 {
			for i := range in.Args {
				g.flow(in.Type, arg(i), n)
			}
		}
	case effects.Convert:
		if in.Flags&effects.Through == 0 {
			g.flow(in.Type, arg(0), here())
		}
	case effects.Load, effects.FieldOf:
		if in.Op == effects.Load {
			g.flow(in.Type, arg(0), here())
		}
	case effects.Store:
		g.flow(f.At(in.Args[1]).Type, arg(1), arg(0))
	case effects.Box:
		g.boxed(f, v)
	case effects.Assert:
		if in.Flags&effects.CommaOK == 0 {
			g.asserted(f, in.Args[0], here(), in.Type)
		}
	case effects.ElemOf:
		g.flow(in.Type, g.element(f, inSlice, in.Type), here())
	case effects.Lookup:
		if in.Flags&effects.CommaOK == 0 {
			g.flow(in.Type, g.element(f, inMap, in.Type), here())
		}
	case effects.Recv:
		if in.Flags&effects.CommaOK == 0 {
			g.flow(in.Type, g.element(f, inChan, in.Type), here())
		}
	case effects.MapUpdate:
		g.put(f, inKey, in.Args[1])
		g.put(f, inMap, in.Args[2])
	case effects.Send:
		g.put(f, inChan, in.Args[1])
	case effects.Select:
		for i := 1; i < len(in.Args); i += 2 {
			g.put(f, inChan, in.Args[i])
		}
	case effects.Extract:
		g.extract(f, v)
	case effects.Return:
		for i, r := range g.res[f.ID] {
			if r != 0 && i < len(in.Args) {
				g.flow(f.At(in.Args[i]).Type, arg(i), r)
			}
		}
	case effects.Panic:
		g.edge(arg(0), g.shared(place{inPanic, "", nil}))
	case effects.Builtin:
		if in.Sym == "recover" {
			g.edge(g.shared(place{inPanic, "", nil}), here())
		}
	case effects.Invoke:
		g.sites = append(g.sites, site{fn: f, at: v})
	default:
		g.call(f, v)
	}
}

// source says that a function value is where it is made, and what it captures.
func (g *graph) source(f *effects.Func, v effects.V) {
	in := f.At(v)
	if o, ok := g.function(in); ok {
		if n := g.value(f, v); n != 0 {
			g.starts = append(g.starts, start{n, o})
		}
	}
	if in.Op != effects.Closure || in.Fn == nil || in.Fn.ID < 0 {
		return
	}
	for i, b := range in.Args {
		if i < len(in.Fn.Free) {
			g.flow(f.At(b).Type, g.value(f, b), g.value(in.Fn, in.Fn.Free[i]))
		}
	}
}

// boxed says that a type is where a value of it is made an interface, and functions if it is a function.
func (g *graph) boxed(f *effects.Func, v effects.V) {
	in := f.At(v)
	n, t := g.value(f, v), f.At(in.Args[0]).Type
	if n == 0 || t == nil {
		return
	}
	if o, ok := g.byType[g.types.text(t, f.Unit)]; ok {
		g.starts = append(g.starts, start{n, o})
	}
	if t.Kind == effects.Signature || t.Kind == effects.TypeParam {
		g.edge(g.value(f, in.Args[0]), n)
	}
}

// asserted says that what is in an interface comes to a node, as far as it has a type.
func (g *graph) asserted(f *effects.Func, x effects.V, to node, t *effects.Type) {
	from := g.value(f, x)
	if from == 0 || to == 0 || t == nil {
		return
	}
	if t.Kind == effects.Interface && len(t.Methods) > 0 {
		g.filters[to] = t
	}
	g.edge(from, to)
}

// put says that a value is among those that containers of a kind have.
func (g *graph) put(f *effects.Func, kind byte, v effects.V) {
	if n := g.value(f, v); n != 0 {
		t := f.At(v).Type
		g.flow(t, n, g.element(f, kind, t))
	}
}

// extract says where a part of a tuple comes from.
func (g *graph) extract(f *effects.Func, v effects.V) {
	in := f.At(v)
	n := g.value(f, v)
	if n == 0 {
		return
	}
	from := func(kind byte) { g.flow(in.Type, g.element(f, kind, in.Type), n) }
	switch of := f.At(in.Args[0]); {
	case of.Op == effects.Assert:
		g.asserted(f, of.Args[0], n, in.Type)
	case of.Op == effects.Lookup:
		from(inMap)
	case of.Op == effects.Recv || of.Op == effects.Select:
		from(inChan)
	case of.Op == effects.Next && in.Index == 1:
		from(inKey)
	case of.Op == effects.Next:
		from(inMap)
	case of.Fn != nil && of.Fn.ID >= 0:
		if rs := g.res[of.Fn.ID]; int(in.Index) < len(rs) {
			g.flow(in.Type, rs[in.Index], n)
		}
	}
}

// call says what a call passes, if it is static, or that its targets are to be found.
func (g *graph) call(f *effects.Func, v effects.V) {
	in := f.At(v)
	switch {
	case in.Op == effects.Call && in.Flags&effects.Dynamic != 0:
		g.sites = append(g.sites, site{fn: f, at: v})
		return
	case in.Fn == nil || in.Fn.ID < 0 || !in.Op.Calls():
		return
	}
	for i, p := range in.Fn.Params {
		if i >= len(in.Args) {
			break
		}
		t := f.At(in.Args[i]).Type
		g.flow(t, g.value(f, in.Args[i]), g.value(in.Fn, p))
		if in.Fn.Generic {
			g.generic(f, t, in.Fn, in.Fn.At(p).Type)
		}
	}
	if rs := g.res[in.Fn.ID]; len(rs) == 1 {
		g.flow(in.Type, rs[0], g.value(f, v))
	}
	if in.Fn.Generic && len(in.Fn.Results) == 1 {
		g.generic(f, in.Type, in.Fn, in.Fn.Results[0])
	}
}

// generic says that elements of a container are the same to the caller of a generic function and to that, under whatever type.
func (g *graph) generic(f *effects.Func, a *effects.Type, fn *effects.Func, b *effects.Type) {
	for range maxPointers {
		if a == nil || b == nil || a.Kind != b.Kind {
			return
		}
		kind := byte(inSlice)
		switch a.Kind {
		case effects.SliceOf, effects.Array:
		case effects.Map:
			kind = inMap
		case effects.Chan:
			kind = inChan
		case effects.Pointer:
			a, b = a.Elem, b.Elem
			continue
		default:
			return
		}
		a, b = a.Elem, b.Elem
		x, y := g.element(f, kind, a), g.element(fn, kind, b)
		g.edge(x, y)
		g.edge(y, x)
	}
}
