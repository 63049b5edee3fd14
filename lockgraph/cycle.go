package lockgraph

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// Options selects what Cycles looks at.
type Options struct {
	// MinConfidence says which edges to ignore: those with less. It is not the
	// same as dropping cycles afterwards, since a longer cycle is silent if
	// one of its hops is in a cycle already reported, whatever the confidence
	// of that. A caller with bands asks once for each band.
	MinConfidence int

	// Apart reports whether the threads a and b, as in Edge.Thread, never run
	// at the same time, so that they cannot be two goroutines of one cycle. It
	// must be symmetric, and is asked often. Nil stands for a function that
	// returns true if they are the same and not empty: a thread is then one
	// goroutine. With another function, a thread may be whatever the caller
	// makes of it.
	Apart func(a, b string) bool
}

func (o Options) apart() apart {
	if o.Apart == nil {
		return sameThread
	}
	return o.Apart
}

// A Cycle is a circle of goroutines that can come to wait for each other, each
// holding what the one before it waits for.
type Cycle struct {
	// Edges has one edge for each goroutine. Edges[i].To == Edges[i+1].From,
	// and the last leads back to the first, which starts at the smallest class.
	Edges []Edge

	// Writers are pending writers, one for each class which one goroutine
	// holds and another wants in read mode, in the order of Edges.
	Writers []Acquisition

	// Doubt says that two of the goroutines hold locks of one class in modes
	// that exclude each other. If it is always the same lock, there is no
	// deadlock. Callers downgrade.
	Doubt bool

	// Confidence is the least of the edges' confidences.
	Confidence int
}

// Classes returns the classes of the cycle in order, each once.
func (c Cycle) Classes() []Class {
	out := make([]Class, len(c.Edges))
	for i, e := range c.Edges {
		out[i] = e.From
	}
	return out
}

// Key names the cycle by its classes alone, as "A -> B -> A". It starts so that
// it is the smallest of all rotations.
func (c Cycle) Key() string {
	classes := c.Classes()
	if len(classes) == 0 {
		return ""
	}
	first := slices.Min(classes)
	var best []Class
	for i, c := range classes {
		if c != first {
			continue
		}
		turned := slices.Concat(classes[i:], classes[:i])
		if best == nil || slices.Compare(turned, best) < 0 {
			best = turned
		}
	}
	var sb strings.Builder
	for _, class := range best {
		sb.WriteString(string(class))
		sb.WriteString(" -> ")
	}
	sb.WriteString(string(best[0]))
	return sb.String()
}

// Fingerprint is 16 hex digits that depend on Key only, for baselines and SARIF.
func (c Cycle) Fingerprint() string {
	sum := sha256.Sum256([]byte(c.Key()))
	return hex.EncodeToString(sum[:8])
}

// Cycles returns the feasible cycles of the graph, as described in the package
// comment, sorted by Key. It takes linear time for finding the strongly connected
// components, and bounded time in each of them; see search.go.
func (g *Graph) Cycles(o Options) []Cycle {
	out := g.linkCycles(o)
	for _, r := range g.regions(o) {
		out = append(out, r.search()...)
	}
	keys := make(map[string]bool, len(out))
	type keyed struct {
		key string
		Cycle
	}
	list := make([]keyed, 0, len(out))
	for _, c := range out {
		key := c.Key()
		if !keys[key] {
			keys[key] = true
			list = append(list, keyed{key, c})
		}
	}
	slices.SortFunc(list, func(a, b keyed) int { return strings.Compare(a.key, b.key) })
	out = out[:0]
	for _, k := range list {
		out = append(out, k.Cycle)
	}
	return out
}

// confident returns a filter for frontier.
func (o Options) confident() func(*Edge) bool {
	return func(e *Edge) bool { return e.Confidence >= o.MinConfidence }
}

// hopOf makes a hop of entries with the same classes.
func hopOf(from, to int32, list []*entry, o Options) hop {
	slices.SortFunc(list, compareEntry)
	var vs []Edge
	for _, ent := range list {
		vs = frontier(vs, ent.variants, maxVariants, o.confident(), edgeDominates)
	}
	return newHop(from, to, vs)
}

// linkCycles finds, for each class, the best cycle made of the two directions
// of one link.
func (g *Graph) linkCycles(o Options) []Cycle {
	type key struct {
		class Class
		link  string
	}
	byLink := make(map[key][]*entry)
	for i := range g.entries {
		ent := &g.entries[i]
		if e := &ent.variants[0]; ent.from == ent.to && e.Link != "" {
			k := key{e.From, e.Link}
			byLink[k] = append(byLink[k], ent)
		}
	}
	var pairs []key
	for k := range byLink {
		inverse := InverseLink(k.link)
		if _, ok := byLink[key{k.class, inverse}]; ok && !strings.HasPrefix(k.link, "^") {
			pairs = append(pairs, k)
		}
	}
	slices.SortFunc(pairs, func(a, b key) int {
		if c := strings.Compare(string(a.class), string(b.class)); c != 0 {
			return c
		}
		return strings.Compare(a.link, b.link)
	})
	var out []Cycle
	c := chooser{never: o.apart(), writers: g.Writers}
	for i, k := range pairs {
		if i == 0 || pairs[i-1].class != k.class {
			out = append(out, Cycle{}) // the best of this class, so far none
		}
		there := hopOf(0, 0, byLink[k], o)
		back := hopOf(0, 0, byLink[key{k.class, InverseLink(k.link)}], o)
		found, ok := c.choose([]*hop{&there, &back})
		if best := &out[len(out)-1]; ok && (best.Edges == nil || betterCycle(found, *best)) {
			*best = found
		}
	}
	return slices.DeleteFunc(out, func(c Cycle) bool { return c.Edges == nil })
}

// betterCycle reports whether a is to be preferred to b.
func betterCycle(a, b Cycle) bool {
	if a.Doubt != b.Doubt {
		return b.Doubt
	}
	if a.Confidence != b.Confidence {
		return a.Confidence > b.Confidence
	}
	return a.steps() < b.steps()
}

func (c Cycle) steps() int {
	n := 0
	for i := range c.Edges {
		n += c.Edges[i].steps()
	}
	return n
}
