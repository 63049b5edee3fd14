package lockgraph

import "slices"

// Feasibility: whether the goroutines of a cycle's hops can all stand where
// the cycle wants them at the same time. The rules are those of the package
// comment. All of them but one concern two hops at a time (clash); the
// exception is the choice of pending writers (pickWriters).

// A clash says how two goroutines get in each other's way.
type clash uint8

const (
	compatible clash = iota
	doubtful         // they hold locks of one class, perhaps the same lock
	exclusive        // they cannot both be there
)

// An apart reports whether what threads a and b name never runs at the same
// time.
type apart func(a, b string) bool

// sameThread says so of one goroutine. It is what Options.Apart is if not set.
func sameThread(a, b string) bool { return a != "" && a == b }

// clashEdges compares two hops of a cycle. The two Froms are not compared with
// each other: in a cycle they are different classes, or linked instances of
// one.
func (never apart) clashEdges(a, b *Edge) clash {
	if never(a.Thread, b.Thread) {
		return exclusive
	}
	if len(a.Gates) == 0 && len(b.Gates) == 0 {
		return compatible
	}
	return max(clashGates(a.Gates, b.Gates), clashFrom(a, b), clashFrom(b, a))
}

func clashGates(a, b []Gate) clash {
	worst := compatible
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch x, y := a[i], b[j]; {
		case x.Class < y.Class:
			i++
		case x.Class > y.Class:
			j++
		default:
			if x.Mode.Excludes(y.Mode) {
				if x.Shared && y.Shared {
					return exclusive
				}
				worst = doubtful
			}
			i++
			j++
		}
	}
	return worst
}

// clashFrom compares the lock that hop a holds as its From with the gates of
// hop b. Being shared is a property of the class, so the gate's word holds for
// the From as well.
func clashFrom(a, b *Edge) clash {
	for _, gt := range b.Gates {
		if gt.Class < a.From {
			continue
		}
		if gt.Class > a.From || !gt.Mode.Excludes(a.FromMode) {
			break
		}
		if gt.Shared {
			return exclusive
		}
		if b.To == a.From {
			break // b waits for a's lock, so the gate is another of its class
		}
		return doubtful
	}
	return compatible
}

// clashWriter compares a writer that is to be pending on its class with a hop.
// A writer that needs one of the cycle's own locks first comes too late: it
// would wait there.
func (never apart) clashWriter(w *Acquisition, e *Edge) clash {
	if never(w.Thread, e.Thread) {
		return exclusive
	}
	worst := compatible
	for _, h := range w.Held {
		if h.Class != e.From || !h.Mode.Excludes(e.FromMode) {
			continue
		}
		if h.Class != w.Class || h.Shared {
			return exclusive
		}
		if e.From == e.To {
			// w holds one instance and wants another. In a cycle of linked
			// instances the one held may be the other hop's.
			worst = doubtful
		}
	}
	return max(worst, clashGates(w.Held, e.Gates))
}

func (never apart) clashWriters(a, b *Acquisition) clash {
	if never(a.Thread, b.Thread) {
		return exclusive
	}
	return clashGates(a.Held, b.Held)
}

// A hop is one step of a cycle: all edges from one class to another, best
// first.
type hop struct {
	from, to int32
	variants []Edge
	taken    bool // part of a reported cycle
	firm     bool // part of a reported cycle without Doubt
}

// newHop puts variants into the order in which choose tries them. They must
// come in the order of Graph.Edges, which decides ties.
func newHop(from, to int32, variants []Edge) hop {
	slices.SortStableFunc(variants, func(a, b Edge) int { return edgeBetter(&a, &b) })
	return hop{from: from, to: to, variants: variants}
}

// maxChoices bounds the partial choices that choose looks at for one cycle. A
// cycle of two hops with all their variants (four for each of the four
// combinations of modes) needs less than 300. Beyond the bound the
// best choice found so far stands, or the cycle counts as infeasible.
const maxChoices = 1 << 12

// A chooser picks one edge for each hop of a cycle, and writers.
type chooser struct {
	never   apart
	writers func(Class) []Acquisition
	sure    bool // refuse Doubt
	doubted bool // set when Doubt made a difference to anything

	cycle   []*hop
	edges   []*Edge
	pending []*Acquisition
	left    int

	found  bool
	doubt  bool
	conf   int
	steps  int
	best   []*Edge
	bestWr []*Acquisition
}

// choose returns the best feasible choice for a cycle: without Doubt if
// possible, then with the highest confidence, then with the shortest witness,
// then the first in variant order. It is a depth-first search with pruning; as
// all three measures only get worse as hops are added, a partial choice that
// is not better than the best complete one is given up.
func (c *chooser) choose(hops []*hop) (Cycle, bool) {
	c.cycle, c.left, c.found = hops, maxChoices, false
	c.edges = c.edges[:0]
	c.extend(false, 100, 0)
	if !c.found {
		return Cycle{}, false
	}
	out := Cycle{Doubt: c.doubt, Confidence: c.conf, Edges: make([]Edge, len(c.best))}
	for i, e := range c.best {
		out.Edges[i] = *e
	}
	for _, w := range c.bestWr {
		out.Writers = append(out.Writers, *w)
	}
	return out, true
}

// improves reports whether a choice with these measures beats the best.
func (c *chooser) improves(doubt bool, conf, steps int) bool {
	switch {
	case !c.found:
		return true
	case doubt != c.doubt:
		return c.doubt
	case conf != c.conf:
		return conf > c.conf
	}
	return steps < c.steps
}

func (c *chooser) extend(doubt bool, conf, steps int) {
	i := len(c.edges)
	if i == len(c.cycle) {
		c.complete(doubt, conf, steps)
		return
	}
	vs := c.cycle[i].variants
next:
	for k := range vs {
		if c.left--; c.left < 0 {
			return
		}
		e := &vs[k]
		d := doubt
		for _, prev := range c.edges {
			switch c.never.clashEdges(prev, e) {
			case exclusive:
				continue next
			case doubtful:
				c.doubted = true
				d = true
			}
		}
		if d && c.sure {
			continue
		}
		cf, st := min(conf, e.Confidence), steps+e.steps()
		if !c.improves(d, cf, st) {
			continue
		}
		c.edges = append(c.edges, e)
		c.extend(d, cf, st)
		c.edges = c.edges[:i]
	}
}

// complete applies the rule of modes to a choice for all hops.
func (c *chooser) complete(doubt bool, conf, steps int) {
	var need []Class
	for i, e := range c.edges {
		out := c.edges[(i+1)%len(c.edges)]
		if !e.ToMode.Excludes(out.FromMode) {
			need = append(need, e.To)
		}
	}
	c.pending = c.pending[:0]
	ok := c.pickWriters(need, false)
	if !ok && !c.sure && c.improves(true, conf, steps) {
		ok = c.pickWriters(need, true)
		doubt = true
	}
	if !ok {
		return
	}
	c.found, c.doubt, c.conf, c.steps = true, doubt, conf, steps
	c.best = append(c.best[:0], c.edges...)
	c.bestWr = append(c.bestWr[:0], c.pending...)
}

// pickWriters finds a pending writer for each class of need, such that each
// is compatible with all hops and all other writers: by depth-first search,
// as there are at most four for each class.
func (c *chooser) pickWriters(need []Class, allowDoubt bool) bool {
	if len(need) == 0 {
		return true
	}
	ws := c.writers(need[0])
next:
	for k := range ws {
		if c.left--; c.left < 0 {
			return false
		}
		w := &ws[k]
		worst := compatible
		for _, e := range c.edges {
			worst = max(worst, c.never.clashWriter(w, e))
		}
		for _, p := range c.pending {
			worst = max(worst, c.never.clashWriters(w, p))
		}
		if worst == doubtful {
			c.doubted = true
		}
		if worst == exclusive || worst == doubtful && !allowDoubt {
			continue next
		}
		c.pending = append(c.pending, w)
		if c.pickWriters(need[1:], allowDoubt) {
			return true
		}
		c.pending = c.pending[:len(c.pending)-1]
	}
	return false
}

// clashHops is the least clash between any variants of two hops: what it
// excludes cannot be part of one cycle whatever is chosen.
func (c *chooser) clashHops(a, b *hop) clash {
	least := exclusive
	for i := range a.variants {
		for j := range b.variants {
			if least = min(least, c.never.clashEdges(&a.variants[i], &b.variants[j])); least == compatible {
				return compatible
			}
		}
	}
	if least == doubtful {
		c.doubted = true
		if c.sure {
			return exclusive
		}
	}
	return least
}

// blocks reports whether waiting in hop a can be for what hop b, the next one,
// holds, as far as modes and the mere existence of a writer tell.
func (c *chooser) blocks(a, b *hop) bool {
	for i := range a.variants {
		for j := range b.variants {
			if a.variants[i].ToMode.Excludes(b.variants[j].FromMode) {
				return true
			}
		}
	}
	return len(c.writers(a.variants[0].To)) > 0
}
