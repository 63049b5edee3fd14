package calls

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// Resolve finds the targets of the calls that are not static in the functions of a whole program, and writes them to [effects.Func.Targets]. Functions
// have their place in the list as ID. Open tells the packages that other programs may import; nil means none.
func Resolve(fns []*effects.Func, open func(path string) bool) Guesses {
	if open == nil {
		open = func(string) bool { return false }
	}
	g := newGraph(fns)
	g.connect()
	g.connectHubs()
	g.fromOutside(open)
	at := g.spread()
	return g.resolve(at, open)
}

// A solver finds what comes to each node.
type solver struct {
	*graph
	sets  *sets
	at    []set  // by node
	own   []set  // by node: what is there from the beginning
	preds []node // of each node, beside each other:
	first []int32
	parts []set
}

func (s *solver) predsOf(n node) []node { return s.preds[s.first[n]:s.first[n+1]] }

// spread finds what comes to each node, a component after those that lead to it.
func (g *graph) spread() *solver {
	n := int(g.count) + 1
	s := &solver{graph: g, sets: newSets(len(g.objects)), at: make([]set, n)}
	s.preds, s.first = grouped(n, g.to, g.from)
	g.from, g.to = nil, nil
	s.begin(n)
	comp, size := effects.Components(n, s.predsOf)
	members, first := byComponent(comp, size)
	for c := range size {
		ms := members[first[c]:first[c+1]]
		if len(ms) == 1 || !slices.ContainsFunc(ms, s.filtering) {
			s.evaluate(ms)
		} else {
			s.iterate(ms)
		}
	}
	return s
}

func (s *solver) filtering(n node) bool { _, ok := s.filters[n]; return ok }

// begin finds what is at each node from the beginning.
func (s *solver) begin(n int) {
	keys, values := make([]int32, len(s.starts)), make([]int32, len(s.starts))
	for i, st := range s.starts {
		keys[i], values[i] = st.at, st.ob
	}
	own, first := grouped(n, keys, values)
	s.own = make([]set, n)
	for v := range n {
		if list := own[first[v]:first[v+1]]; len(list) > 0 {
			slices.Sort(list)
			s.own[v] = s.sets.of(slices.Compact(list))
		}
	}
}

// evaluate finds what comes to nodes that all lead to each other. It reports whether that is more than was known.
func (s *solver) evaluate(ms []node) bool {
	parts := s.parts[:0]
	if len(ms) == 1 {
		m := ms[0]
		if f, ok := s.filters[m]; ok {
			for _, p := range s.predsOf(m) {
				parts = append(parts, s.sets.filter(s.at[p], f, func(o int32) bool { return s.passes(o, f) }))
			}
			s.parts = parts
			all := s.sets.union(append(parts, s.own[m]))
			old := s.at[m]
			s.at[m] = all
			return all != old
		}
	}
	for _, m := range ms {
		if s.own[m] != 0 {
			parts = append(parts, s.own[m])
		}
		last := set(0)
		for _, p := range s.predsOf(m) {
			if x := s.at[p]; x != 0 && x != last {
				parts = append(parts, x)
				last = x
			}
		}
	}
	s.parts = parts
	all := s.sets.union(parts)
	old := s.at[ms[0]]
	for _, m := range ms {
		s.at[m] = all
	}
	return all != old
}

// iterate finds what comes to nodes that all lead to each other, some only as far as a filter lets it: component after component of what
// is left of them without the ways into filters, until there is no more.
func (s *solver) iterate(ms []node) {
	local := make(map[node]int32, len(ms))
	for i, m := range ms {
		local[m] = int32(i)
	}
	keys, values := []int32{}, []int32{}
	for i, m := range ms {
		if s.filtering(m) {
			continue
		}
		for _, p := range s.predsOf(m) {
			if k, ok := local[p]; ok {
				keys, values = append(keys, int32(i)), append(values, k)
			}
		}
	}
	preds, at := grouped(len(ms), keys, values)
	comp, size := effects.Components(len(ms), func(n int32) []int32 { return preds[at[n]:at[n+1]] })
	members, first := byComponent(comp, size)
	for i, m := range members {
		members[i] = ms[m]
	}
	for more := true; more; {
		more = false
		for c := range size {
			if s.evaluate(members[first[c]:first[c+1]]) {
				more = true
			}
		}
	}
}

// byComponent returns the nodes of each component beside each other.
func byComponent(comp, size []int32) (members, first []int32) {
	nodes := make([]int32, len(comp))
	for i := range nodes {
		nodes[i] = int32(i)
	}
	return grouped(len(size), comp, nodes)
}

// grouped returns values by key, and where those of each key are.
func grouped(n int, keys, values []int32) (by, first []int32) {
	first = make([]int32, n+1)
	for _, k := range keys {
		first[k+1]++
	}
	for i := range n {
		first[i+1] += first[i]
	}
	next := slices.Clone(first)
	by = make([]int32, len(keys))
	for i, k := range keys {
		by[next[k]] = values[i]
		next[k]++
	}
	return by, first
}

// A question is what is called on a set: functions of a signature, or a method of what implements an interface.
type question struct {
	in   set
	face face
	sig  string
}

// resolve writes the targets of all sites.
func (g *graph) resolve(s *solver, open func(path string) bool) Guesses {
	guesses := Guesses{}
	outer := s.sets.of([]int32{g.outer})
	known := map[question][]*effects.Func{}
	for i := range g.sites {
		st := &g.sites[i]
		in := st.fn.At(st.at)
		t := st.fn.At(in.Args[0]).Type
		k := question{in: s.at[g.value(st.fn, in.Args[0])], sig: t.Text}
		if in.Op == effects.Invoke {
			k.face, k.sig = g.types.face(t), signature(t, in.Sym)
		}
		switch {
		case k.in == 0:
			continue
		case k.in == outer:
			if fns := g.guess(st, t, open); in.Op == effects.Invoke && len(fns) > 0 {
				if guesses[st.fn] == nil {
					guesses[st.fn] = map[effects.V][]*effects.Func{}
				}
				guesses[st.fn][st.at] = fns
			}
			continue
		}
		fns, ok := known[k]
		if !ok {
			fns = g.reached(s.sets.all[k.in], k)
			known[k] = fns
		}
		if len(fns) > 0 {
			if st.fn.Targets == nil {
				st.fn.Targets = map[effects.V][]*effects.Func{}
			}
			st.fn.Targets[st.at] = fns
		}
	}
	return guesses
}

// reached returns the functions that a call reaches, in the order of their names.
func (g *graph) reached(objects []int32, k question) []*effects.Func {
	var fns []*effects.Func
	method := k.sig != "" && k.sig[0] != '('
	for _, o := range objects {
		switch ob := &g.objects[o]; {
		case !method && ob.fn != nil:
			if g.types.alike(ob.sig, k.sig) {
				fns = append(fns, ob.fn)
			}
		case method && ob.boxed != nil:
			if m, ok := g.types.has(ob.boxed, k.sig); ok && g.implements(o, k.face) {
				fns = append(fns, g.method(m))
			}
		}
	}
	slices.SortFunc(fns, func(a, b *effects.Func) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return slices.Clip(slices.Compact(fns))
}

// method returns the function of a method.
func (g *graph) method(m effects.BoxedMethod) *effects.Func {
	if m.Fn != nil {
		return m.Fn
	}
	return g.stub(m.Pkg, m.Key)
}
