package calls

import (
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// A site is a call of which the targets are found.
type site struct {
	fn      *effects.Func
	at      effects.V
	targets []target
}

// A target is a function that a call reaches.
type target struct {
	fn     *effects.Func
	method bool // the receiver is not among the arguments, but in the interface
}

// A callee is what is called on a set: of type typ, a method if it has a name.
type callee struct {
	in   set
	typ  *effects.Type
	name string
}

// implied is a question whether a type implements an interface.
type implied struct {
	ob int32
	by *effects.Type
}

// maxRounds bounds the rounds: one that is cut short has found what the calls reach which were found so far.
const maxRounds = 60

// solve finds the targets of all sites.
func (g *graph) solve() {
	g.sets = newSets(len(g.objects))
	known, static := -1, len(g.from)
	for range maxRounds {
		g.spread()
		g.resolved = map[callee][]target{}
		g.from, g.to = g.from[:static], g.to[:static]
		n := 0
		hubs := hubs{}
		for i := range g.sites {
			s := &g.sites[i]
			s.targets = g.reached(s)
			n += len(s.targets)
			g.pass(s, hubs)
		}
		if n == known {
			return
		}
		known = n
	}
}

// spread finds what comes to each node.
func (g *graph) spread() {
	n := int(g.count) + 1
	preds, at := grouped(n, g.to, g.from)
	owners := make([]int32, len(g.starts))
	obs := make([]int32, len(g.starts))
	for i, s := range g.starts {
		owners[i], obs[i] = s.at, s.ob
	}
	own, ownAt := grouped(n, owners, obs)
	comp, size := effects.Components(n, func(v int32) []int32 { return preds[at[v]:at[v+1]] })
	members := make([]int32, n)
	from := make([]int32, len(size)+1)
	for c, k := range size {
		from[c+1] = from[c] + k
	}
	next := slices.Clone(from)
	for v := range n {
		members[next[comp[v]]] = int32(v)
		next[comp[v]]++
	}
	g.at = make([]set, n)
	var parts []set
	var objects []int32
	for c := range size {
		ms := members[from[c]:from[c+1]]
		parts, objects = parts[:0], objects[:0]
		for _, v := range ms {
			objects = append(objects, own[ownAt[v]:ownAt[v+1]]...)
			for _, p := range preds[at[v]:at[v+1]] {
				if int(comp[p]) != c {
					parts = append(parts, g.at[p])
				}
			}
		}
		all := g.sets.union(parts, objects)
		if len(ms) == 1 {
			if t := g.filters[ms[0]]; t != nil {
				all = g.filtered(all, t)
			}
		}
		for _, v := range ms {
			g.at[v] = all
		}
	}
}

// grouped returns values by key, and where those of each key are.
func grouped(n int, keys, values []int32) (by, at []int32) {
	at = make([]int32, n+1)
	for _, k := range keys {
		at[k+1]++
	}
	for i := range n {
		at[i+1] += at[i]
	}
	next := slices.Clone(at)
	by = make([]int32, len(keys))
	for i, k := range keys {
		by[next[k]] = values[i]
		next[k]++
	}
	return by, at
}

// filtered returns the objects of a set that implement an interface, and the functions among them.
func (g *graph) filtered(in set, t *effects.Type) set {
	k := narrowed{in, t}
	n, ok := g.sets.filtered[k]
	if !ok {
		var list []int32
		for _, o := range g.sets.all[in] {
			if g.objects[o].boxed == nil || g.implements(o, t) {
				list = append(list, o)
			}
		}
		n = g.sets.of(list)
		g.sets.filtered[k] = n
	}
	return n
}

func (g *graph) implements(o int32, t *effects.Type) bool {
	k := implied{o, t}
	yes, ok := g.implied[k]
	if !ok {
		yes = true
		for _, sig := range t.Methods {
			if _, has := g.objects[o].boxed.Method(sig); !has {
				yes = false
				break
			}
		}
		g.implied[k] = yes
	}
	return yes
}

// reached returns the targets of a site, as far as they are known.
func (g *graph) reached(s *site) []target {
	in := s.fn.At(s.at)
	k := callee{in: g.at[g.value(s.fn, in.Args[0])], typ: s.fn.At(in.Args[0]).Type}
	if k.in == 0 {
		return nil
	}
	if in.Op == effects.Invoke {
		k.name = in.Sym
	}
	ts, ok := g.resolved[k]
	if ok {
		return ts
	}
	sig := signature(k.typ, k.name)
	for _, o := range g.sets.all[k.in] {
		switch ob := &g.objects[o]; {
		case k.name == "" && ob.boxed == nil:
			if alike(ob.typ, k.typ) {
				ts = append(ts, target{ob.fn, false})
			}
		case k.name == "" || ob.boxed == nil:
		case sig == "":
			for _, m := range ob.boxed.Methods {
				if methodName(m.Sig) == k.name {
					ts = append(ts, target{g.method(m), true})
				}
			}
		case g.implements(o, k.typ):
			m, _ := ob.boxed.Method(sig)
			ts = append(ts, target{g.method(m), true})
		}
	}
	g.resolved[k] = ts
	return ts
}

// method returns the function of a method.
func (g *graph) method(m effects.BoxedMethod) *effects.Func {
	if m.Fn != nil {
		return m.Fn
	}
	return g.stub(m.Pkg, m.Key)
}

// nameOf returns the name of a function by its key.
func nameOf(pkg, key string) string {
	if strings.HasPrefix(key, pkg) {
		return key
	}
	return pkg + "." + strings.Replace(key, pkg+".", "", 1)
}

// A hub passes arguments and results of the calls that have one list of targets.
type hub struct {
	args    []node // without the receiver
	results []node
	recv    node // the interface
}

// hubs are those of one round.
type hubs map[*target]*hub

// pass connects a call with its targets.
func (g *graph) pass(s *site, hs hubs) {
	if len(s.targets) == 0 {
		return
	}
	h := hs[&s.targets[0]]
	if h == nil {
		h = g.hub(s.targets)
		hs[&s.targets[0]] = h
	}
	in := s.fn.At(s.at)
	for i, a := range in.Args[1:] {
		if i < len(h.args) && h.args[i] != 0 {
			g.flow(s.fn.At(a).Type, g.value(s.fn, a), h.args[i])
		}
	}
	g.edge(g.value(s.fn, in.Args[0]), h.recv)
	if in.Type == nil || len(h.results) == 0 {
		return
	}
	if in.Type.Kind != effects.Tuple {
		g.flow(in.Type, h.results[0], g.value(s.fn, s.at))
		return
	}
	for _, u := range s.fn.Uses(s.at) {
		if x := s.fn.At(u); x.Op == effects.Extract && int(x.Index) < len(h.results) {
			g.flow(x.Type, h.results[x.Index], g.value(s.fn, u))
		}
	}
}

// hub makes a hub, and connects it with the targets.
func (g *graph) hub(ts []target) *hub {
	h := &hub{}
	at := func(list *[]node, i int) node {
		for len(*list) <= i {
			*list = append(*list, 0)
		}
		if (*list)[i] == 0 {
			(*list)[i] = g.fresh()
		}
		return (*list)[i]
	}
	for _, t := range ts {
		if t.fn.ID < 0 {
			continue
		}
		params := t.fn.Params
		if t.method && len(params) > 0 {
			if p := t.fn.At(params[0]).Type; p != nil && p.Kind == effects.Signature {
				if h.recv == 0 {
					h.recv = g.fresh()
				}
				g.edge(h.recv, g.value(t.fn, params[0]))
			}
			params = params[1:]
		}
		for i, p := range params {
			if n := g.value(t.fn, p); n != 0 {
				g.flow(t.fn.At(p).Type, at(&h.args, i), n)
			}
		}
		for i, r := range g.res[t.fn.ID] {
			if r != 0 {
				g.flow(t.fn.Results[i], r, at(&h.results, i))
			}
		}
	}
	return h
}
