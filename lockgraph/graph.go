package lockgraph

import (
	"cmp"
	"slices"
	"strings"
)

// A Graph is a lock-acquisition-order graph. It only grows.
//
// Adding an edge costs one or two hash look-ups for each class and, if its
// pair is known already, a comparison with at most 16 stored variants. The
// reading methods sort, and copy what they return; none of them changes the
// graph. A Graph is not safe for concurrent use: the caller serialises.
type Graph struct {
	ids     map[Class]int32
	names   []Class // by id
	links   map[string]uint32
	index   map[slot]int32 // into entries
	entries []entry
	writers map[int32][]Acquisition // by class id; see variant.go
}

// slot identifies what variants are variants of.
type slot struct {
	from, to int32
	kind     uint32 // link id, then one bit for each mode
}

type entry struct {
	from, to int32
	variants []Edge // see variant.go
}

// New returns an empty graph.
func New() *Graph {
	return &Graph{
		ids:     make(map[Class]int32),
		links:   map[string]uint32{"": 0},
		index:   make(map[slot]int32),
		writers: make(map[int32][]Acquisition),
	}
}

func (g *Graph) id(c Class) int32 {
	if c == "" {
		panic("lockcheck: internal error: lock class without a name")
	}
	id, ok := g.ids[c]
	if !ok {
		id = int32(len(g.names))
		g.ids[c] = id
		g.names = append(g.names, c)
	}
	return id
}

// AddEdge records e. Of all edges with the same classes, modes and link it
// keeps a few variants, those that are restricted least by gates and thread
// and have most confidence; variant.go has the rule. The order in which edges
// are added makes no difference to anything the graph says.
//
// AddEdge panics if a class is empty or a mode is unknown. It clamps
// Confidence, clears Link unless From == To, and normalises Gates.
func (g *Graph) AddEdge(e Edge) {
	from, to := g.id(e.From), g.id(e.To)
	if e.FromMode > Read || e.ToMode > Read {
		panic("lockcheck: internal error: unknown lock mode")
	}
	e.From, e.To = g.names[from], g.names[to] // share the strings
	if from != to {
		e.Link = ""
	}
	e.Confidence = min(max(e.Confidence, 1), 100)
	e.Gates = normalGates(e.Gates, e.From)

	link, ok := g.links[e.Link]
	if !ok {
		link = uint32(len(g.links))
		g.links[e.Link] = link
	}
	key := slot{from, to, link<<2 | uint32(e.FromMode)<<1 | uint32(e.ToMode)}
	i, ok := g.index[key]
	if !ok {
		g.index[key] = int32(len(g.entries))
		g.entries = append(g.entries, entry{from, to, []Edge{e}})
		return
	}
	// Most edges are seen many times. Find that out without an allocation,
	// which insert costs, since it passes e on by address.
	vs := g.entries[i].variants
	for k := range vs {
		if edgeKey(&vs[k], &e) == 0 && edgeBetter(&e, &vs[k]) >= 0 {
			return
		}
	}
	g.insertEdge(i, e)
}

func (g *Graph) insertEdge(i int32, e Edge) {
	ent := &g.entries[i]
	ent.variants = insert(ent.variants, e, edgeKey, edgeBetter)
}

// AddWriter records a write acquisition, whether or not anything is held
// there. For each class a few are kept, those with least held. Acquisitions in
// read mode are ignored.
func (g *Graph) AddWriter(a Acquisition) {
	if a.Mode != Write {
		return
	}
	id := g.id(a.Class)
	a.Class = g.names[id]
	a.Held = normalGates(a.Held, "")
	g.writers[id] = insert(g.writers[id], a, writerKey, writerBetter)
}

// Writers returns up to 4 write acquisitions of c, those with least held first.
func (g *Graph) Writers(c Class) []Acquisition {
	id, ok := g.ids[c]
	if !ok {
		return nil
	}
	return frontier(nil, g.writers[id], maxVariants, nil, writerDominates)
}

// Edges returns the edges of the graph, up to 4 for each pair of classes,
// modes and link, sorted by class, mode and link and then with the least
// restricted first.
func (g *Graph) Edges() []Edge {
	return g.edges(maxVariants, func(*entry) bool { return true })
}

// SelfEdges returns the edges from a class to itself, in the order of Edges.
// Without a Link they say nothing about order, and Cycles ignores them.
func (g *Graph) SelfEdges() []Edge {
	return g.edges(maxVariants, func(ent *entry) bool { return ent.from == ent.to })
}

func (g *Graph) edges(limit int, want func(*entry) bool) []Edge {
	var list []*entry
	for i := range g.entries {
		if want(&g.entries[i]) {
			list = append(list, &g.entries[i])
		}
	}
	slices.SortFunc(list, compareEntry)
	out := make([]Edge, 0, len(list))
	for _, ent := range list {
		out = frontier(out, ent.variants, limit, nil, edgeDominates)
	}
	return out
}

func compareEntry(a, b *entry) int {
	x, y := &a.variants[0], &b.variants[0]
	if c := strings.Compare(string(x.From), string(y.From)); c != 0 {
		return c
	}
	if c := strings.Compare(string(x.To), string(y.To)); c != 0 {
		return c
	}
	return cmp.Or(
		cmp.Compare(x.FromMode, y.FromMode),
		cmp.Compare(x.ToMode, y.ToMode),
		strings.Compare(x.Link, y.Link),
	)
}

// Classes returns all classes that occur in an edge, or as the class of a
// writer, sorted. A class seen only as a gate is not part of the graph.
func (g *Graph) Classes() []Class {
	out := slices.Clone(g.names)
	slices.Sort(out)
	return out
}
