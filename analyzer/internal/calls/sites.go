package calls

import (
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// A site is a call of which the targets are found.
type site struct {
	fn  *effects.Func
	at  effects.V
	hub *hub
}

// A hubKey tells the calls that may reach the same functions by their types alone: of a function value by its signature, of a method by that and the
// interface.
type hubKey struct {
	face  face
	sig   string // with the name of a method
	build string // that the interface is of, see builds
}

// A hub passes the arguments and results between all calls of one type and all that they may reach.
type hub struct {
	args    []node // without the receiver
	results []node
	recv    node   // the interface
	build   string // that the signature is of
}

func (h *hub) arg(g *graph, i int) node    { return g.nth(&h.args, i) }
func (h *hub) result(g *graph, i int) node { return g.nth(&h.results, i) }

// nth returns the i-th of some nodes, which are made when they are needed.
func (g *graph) nth(list *[]node, i int) node {
	for len(*list) <= i {
		*list = append(*list, g.fresh())
	}
	return (*list)[i]
}

// site notes a call that is not static, and what it passes.
func (g *graph) site(f *effects.Func, v effects.V, sites map[effects.V]int) {
	in := f.At(v)
	t := f.At(in.Args[0]).Type
	var k hubKey
	switch {
	case t == nil:
		return
	case in.Op == effects.Invoke:
		k.face, k.sig = g.types.face(t), signature(t, in.Sym)
		if k.sig == "" {
			return
		}
		k.build = g.builds.of(f.Build, t.Name)
	default:
		k.sig = t.Text
	}
	build := g.builds.of(f.Build, k.sig)
	if k.build == "" {
		k.build = build
	}
	h := g.hubs[k]
	if h == nil {
		h = &hub{build: build}
		g.hubs[k] = h
		g.hubOrder = append(g.hubOrder, k)
	}
	sites[v] = len(g.sites)
	g.sites = append(g.sites, site{f, v, h})
	for i, a := range in.Args[1:] {
		if n := g.value(f, a); n != 0 {
			g.flow(f.At(a).Type, n, h.arg(g, i))
		}
	}
	if in.Op == effects.Invoke {
		if h.recv == 0 {
			h.recv = g.fresh()
		}
		g.edge(g.value(f, in.Args[0]), h.recv)
	}
	if n := g.value(f, v); n != 0 {
		g.flow(in.Type, h.result(g, 0), n)
	}
}

// connectHubs connects the calls with all functions that they may reach by their types.
func (g *graph) connectHubs() {
	bySig := map[string][]int32{}
	var anySig []int32
	for o := range g.objects {
		switch ob := &g.objects[o]; {
		case ob.boxed != nil:
		case ob.sig == "" || generic(ob.sig):
			anySig = append(anySig, int32(o))
		default:
			bySig[ob.sig] = append(bySig[ob.sig], int32(o))
		}
	}
	for _, k := range g.hubOrder {
		h := g.hubs[k]
		if k.sig != "" && k.sig[0] != '(' {
			g.connectMethods(h, k)
			continue
		}
		for _, o := range anySig {
			if g.types.alike(g.objects[o].sig, k.sig) {
				g.pass(h, g.objects[o].fn, false)
			}
		}
		if k.sig != "" && !generic(k.sig) {
			for _, o := range bySig[k.sig] {
				if g.objects[o].build == h.build {
					g.pass(h, g.objects[o].fn, false)
				}
			}
			continue
		}
		for o := range g.objects {
			if ob := &g.objects[o]; ob.boxed == nil && ob.sig != "" && !generic(ob.sig) && g.types.alike(ob.sig, k.sig) {
				g.pass(h, ob.fn, false)
			}
		}
	}
}

func (g *graph) connectMethods(h *hub, k hubKey) {
	for _, o := range g.byName[methodName(k.sig)] {
		m, ok := g.types.has(g.objects[o].boxed, k.sig)
		if ok && m.Fn != nil && (generic(k.sig) || generic(m.Sig) || g.builds.of(g.objects[o].boxed.Build, m.Sig) == h.build) && g.implements(o, k.face) {
			g.pass(h, m.Fn, true)
		}
	}
}

// pass connects a hub with a function that its calls may reach.
func (g *graph) pass(h *hub, fn *effects.Func, method bool) {
	if fn.ID < 0 {
		return
	}
	params := fn.Params
	if method && len(params) > 0 {
		if t := fn.At(params[0]).Type; t != nil && t.Kind == effects.Signature {
			g.edge(h.recv, g.value(fn, params[0]))
		}
		params = params[1:]
	}
	for i, p := range params {
		if i < len(h.args) {
			if n := g.value(fn, p); n != 0 {
				g.flow(fn.At(p).Type, h.args[i], n)
			}
		}
	}
	for i, r := range g.res[fn.ID] {
		if r != 0 && i < len(h.results) {
			g.flow(fn.Results[i], r, h.results[i])
		}
	}
}

// implied is a question whether a type has some methods.
type implied struct {
	ob int32
	by face
}

func (g *graph) implements(o int32, by face) bool {
	if by == 0 {
		return true
	}
	k := implied{o, by}
	yes, ok := g.implied[k]
	if !ok {
		yes = true
		for _, sig := range g.types.methods[by] {
			if _, has := g.types.has(g.objects[o].boxed, sig); !has {
				yes = false
				break
			}
		}
		g.implied[k] = yes
	}
	return yes
}

// passes reports whether an object comes through a filter.
func (g *graph) passes(o int32, by filter) bool {
	ob := &g.objects[o]
	switch {
	case by.sig != "":
		return ob.boxed == nil && g.types.alike(ob.sig, by.sig)
	case ob.boxed == nil:
		return true // a function of a type with methods
	}
	return g.implements(o, by.face)
}
