package calls

import (
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// connect makes the edges of all functions.
func (g *graph) connect() {
	for _, f := range g.fns {
		sites := map[effects.V]int{} // of this function, by instruction
		for v := f.First; int(v) < len(f.Code); v++ {
			g.instr(f, v, sites)
		}
		for v := effects.V(1); v < f.First; v++ {
			if f.Op(v) == effects.FuncOf {
				g.source(f, v)
			}
		}
	}
	g.bridgeFields()
	for _, s := range g.stores {
		if n := g.places[place{inField, s.class}]; n != 0 {
			g.starts = append(g.starts, start{n, s.ob})
		}
	}
}

// instr makes the edges of an instruction.
func (g *graph) instr(f *effects.Func, v effects.V, sites map[effects.V]int) {
	in := f.At(v)
	switch in.Op {
	case effects.Closure:
		g.source(f, v)
	case effects.Phi:
		if n := g.value(f, v); n != 0 {
			for _, a := range in.Args {
				g.flow(in.Type, g.value(f, a), n)
			}
		}
	case effects.Convert:
		if in.Flags&effects.Through == 0 {
			g.flow(in.Type, g.value(f, in.Args[0]), g.value(f, v))
		}
	case effects.Load:
		g.flow(in.Type, g.value(f, in.Args[0]), g.value(f, v))
	case effects.Field:
		g.contained(f, in)
	case effects.Store:
		g.store(f, in)
	case effects.Box:
		g.boxed(f, v)
	case effects.Assert:
		if in.Flags&effects.CommaOK == 0 {
			g.asserted(f, in.Args[0], g.value(f, v), in.Type)
		}
	case effects.ElemOf:
		g.flow(in.Type, g.element(f, inSlice, in.Type), g.value(f, v))
	case effects.Lookup:
		if in.Flags&effects.CommaOK == 0 {
			g.flow(in.Type, g.element(f, inMap, in.Type), g.value(f, v))
		}
	case effects.Recv:
		if in.Flags&effects.CommaOK == 0 {
			g.flow(in.Type, g.element(f, inChan, in.Type), g.value(f, v))
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
		g.extract(f, v, sites)
	case effects.Return:
		for i, r := range g.res[f.ID] {
			if r != 0 && i < len(in.Args) {
				g.flow(f.At(in.Args[i]).Type, g.value(f, in.Args[i]), r)
				g.given(f, in.Args[i], r)
			}
		}
	case effects.Panic:
		g.edge(g.value(f, in.Args[0]), g.shared(place{inPanic, ""}))
	case effects.Builtin:
		if in.Sym == "recover" {
			g.edge(g.shared(place{inPanic, ""}), g.value(f, v))
		}
	default:
		g.call(f, v, sites)
	}
}

// source says that a function value is where it is made, and what it captures.
func (g *graph) source(f *effects.Func, v effects.V) {
	in := f.At(v)
	if o, ok := g.function(f, in); ok {
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

// store says what is behind an address.
func (g *graph) store(f *effects.Func, in *effects.Instr) {
	addr, val := in.Args[0], in.Args[1]
	t := f.At(val).Type
	if n := g.value(f, addr); n != 0 {
		g.flow(t, g.value(f, val), n)
		g.given(f, val, n)
		return
	}
	if to := f.At(addr); to.Op == effects.Field && to.Class != "" {
		if o, ok := g.byType[t]; ok {
			g.stores = append(g.stores, stored{g.name(f.Build, to.Class), o})
		}
	}
}

// given says that a value which is no interface comes to a node: where generic code has a parameter for its type.
func (g *graph) given(f *effects.Func, v effects.V, to node) {
	if o, ok := g.byType[f.At(v).Type]; ok && to != 0 {
		g.starts = append(g.starts, start{to, o})
	}
}

// boxed says that a type is where a value of it is made an interface, and functions if it is a function.
func (g *graph) boxed(f *effects.Func, v effects.V) {
	in := f.At(v)
	n, t := g.value(f, v), f.At(in.Args[0]).Type
	if n == 0 || t == nil {
		return
	}
	g.given(f, in.Args[0], n)
	if t.Kind == effects.Signature || t.Kind == effects.TypeParam {
		g.edge(g.value(f, in.Args[0]), n)
	}
}

// asserted says that what is in an interface comes to a node, as far as it has a type.
func (g *graph) asserted(f *effects.Func, x effects.V, to node, t *effects.Type) {
	if from := g.value(f, x); from != 0 && to != 0 && t != nil {
		g.narrow(to, t)
		g.edge(from, to)
	}
}

// put says that a value is among those that containers of a kind have.
func (g *graph) put(f *effects.Func, kind byte, v effects.V) {
	if n := g.value(f, v); n != 0 {
		t := f.At(v).Type
		g.flow(t, n, g.element(f, kind, t))
	}
}

// extract says where a part of a tuple comes from.
func (g *graph) extract(f *effects.Func, v effects.V, sites map[effects.V]int) {
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
	default:
		if fn, _ := callee(f, of); fn != nil {
			g.result(f, fn, int(in.Index), n, in.Type)
			return
		}
		if i, ok := sites[in.Args[0]]; ok {
			g.edge(g.sites[i].hub.result(g, int(in.Index)), n)
		}
	}
}

// result says that what a static call returns comes to a node.
func (g *graph) result(f, fn *effects.Func, i int, to node, t *effects.Type) {
	if rs := g.res[fn.ID]; i < len(rs) {
		if fn.Generic {
			g.narrow(to, t)
		}
		g.flow(t, rs[i], to)
	}
	if fn.Generic && i < len(fn.Results) {
		g.bridge(f, t, fn, fn.Results[i])
	}
}

// call says what a call passes.
func (g *graph) call(f *effects.Func, v effects.V, sites map[effects.V]int) {
	in := f.At(v)
	fn, args := callee(f, in)
	switch {
	case fn != nil:
	case in.Op == effects.Invoke, in.Op == effects.Call && in.Flags&effects.Dynamic != 0:
		g.site(f, v, sites)
		return
	default:
		return
	}
	for i, p := range fn.Params {
		if i >= len(args) {
			break
		}
		a, to := args[i], g.value(fn, p)
		g.flow(f.At(a).Type, g.value(f, a), to)
		if fn.Generic {
			g.given(f, a, to)
			g.bridge(f, f.At(a).Type, fn, fn.At(p).Type)
		}
	}
	if in.Type != nil && in.Type.Kind != effects.Tuple && len(fn.Results) == 1 {
		g.result(f, fn, 0, g.value(f, v), in.Type)
	}
}

// callee returns the function of the program that a static call calls, a literal where it is made among them, and what that is given.
func callee(f *effects.Func, in *effects.Instr) (*effects.Func, []effects.V) {
	fn, args := in.Fn, in.Args
	if in.Op == effects.Call && in.Flags&effects.Dynamic != 0 {
		if made := f.At(in.Args[0]); made.Op == effects.Closure {
			fn, args = made.Fn, in.Args[1:]
		}
	}
	if fn == nil || fn.ID < 0 || !in.Op.Calls() {
		return nil, nil
	}
	return fn, args
}

// A part is a container, and what it contains.
type part struct {
	of   *effects.Func // that has it
	kind byte
	elem *effects.Type
}

// contained notes what the fields of generic types are containers of.
func (g *graph) contained(f *effects.Func, in *effects.Instr) {
	if in.Class == "" || in.Type == nil {
		return
	}
	p, ok := containerOf(f, in.Type.Elem)
	if !ok || !followed(p.elem) {
		return
	}
	class := g.name(f.Build, in.Class)
	for _, q := range g.fields[class] {
		if q.kind == p.kind && g.types.text(q.elem) == g.types.text(p.elem) {
			return
		}
	}
	g.fields[class] = append(g.fields[class], p)
}

func containerOf(f *effects.Func, t *effects.Type) (part, bool) {
	if t != nil {
		switch t.Kind {
		case effects.SliceOf, effects.Array:
			return part{f, inSlice, t.Elem}, true
		case effects.Map:
			return part{f, inMap, t.Elem}, true
		case effects.Chan:
			return part{f, inChan, t.Elem}, true
		}
	}
	return part{}, false
}

// bridgeFields says that the containers in a field of a generic type are the same to the methods of that and to who has an instance.
func (g *graph) bridgeFields() {
	for _, ps := range g.fields {
		for _, p := range ps {
			if p.elem.Kind != effects.TypeParam {
				continue
			}
			for _, q := range ps {
				if q.kind == p.kind && q.elem.Kind != effects.TypeParam {
					g.join(p.kind, q.of, q.elem, p.of, p.elem)
				}
			}
		}
	}
}

// bridge says that elements of a container are the same to the caller of a generic function and to that, under whatever type.
func (g *graph) bridge(f *effects.Func, a *effects.Type, fn *effects.Func, b *effects.Type) {
	for range maxPointers {
		if a == nil || b == nil || a.Kind != b.Kind {
			return
		}
		if a.Kind == effects.Pointer {
			a, b = a.Elem, b.Elem
			continue
		}
		p, ok := containerOf(f, a)
		if !ok {
			return
		}
		a, b = a.Elem, b.Elem
		if a != b {
			g.join(p.kind, f, a, fn, b)
		}
	}
}

// join makes the elements of a type those of a type parameter, and the other way as far as they can be of the type.
func (g *graph) join(kind byte, f *effects.Func, a *effects.Type, fn *effects.Func, b *effects.Type) {
	if a == nil || b == nil {
		return
	}
	x, y := g.element(f, kind, a), g.element(fn, kind, b)
	if x == y || y == 0 {
		return
	}
	if x == 0 { // elements that are neither functions nor interfaces
		if o, ok := g.byType[a]; ok {
			g.starts = append(g.starts, start{y, o})
		}
		return
	}
	k := [2]node{x, y}
	if g.joined[k] {
		return
	}
	g.joined[k] = true
	g.edge(x, y)
	back := g.fresh()
	g.narrow(back, a)
	g.edge(y, back)
	g.edge(back, x)
}
