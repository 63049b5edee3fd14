package threads

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
)

// cuts are the places of a function at which a goroutine is known to have ended.
type cuts struct {
	instrs map[effects.V]bool
	edges  map[effects.Edge]effects.V // with the wait by which
	lost   []effects.V                // make what is waited for anew: from there on waiting tells nothing of the goroutine
}

func newCuts() *cuts {
	return &cuts{instrs: map[effects.V]bool{}, edges: map[effects.Edge]effects.V{}}
}

func (c *cuts) some() bool { return len(c.instrs)+len(c.edges) > 0 }

// first returns the first instruction that waits.
func (c *cuts) first() effects.V {
	least := effects.V(0)
	take := func(v effects.V) {
		if least == 0 || v < least {
			least = v
		}
	}
	for v := range c.instrs {
		take(v)
	}
	for _, v := range c.edges {
		take(v)
	}
	return least
}

func (c *cuts) add(o *cuts) {
	for v := range o.instrs {
		c.instrs[v] = true
	}
	for e, v := range o.edges {
		c.edges[e] = v
	}
	c.lost = append(c.lost, o.lost...)
}

// comes reports whether control can get from one instruction to another without passing a third.
func (f *View) comes(from, to, not effects.V) bool { return f.passes(&cuts{}, from, to, not) }

// passes reports whether control can get from one instruction, 0 being the start of the function, to another without a cut, and without
// passing the origin of an object.
func (f *View) passes(c *cuts, from, to, origin effects.V) bool {
	type place struct {
		b    int32
		i    effects.V
		lost bool
	}
	start := place{0, f.Blocks[0].First, false}
	if from != 0 {
		start = place{f.At(from).Block, from + 1, false}
	}
	seen := map[place]bool{}
	work := []place{start}
next:
	for len(work) > 0 {
		p := work[len(work)-1]
		work = work[:len(work)-1]
		for i := p.i; i <= f.Blocks[p.b].Last; i++ {
			if i == to {
				return true
			}
			if i == origin || c.instrs[i] && !p.lost {
				continue next
			}
			p.lost = p.lost || slices.Contains(c.lost, i)
		}
		for k, s := range f.Blocks[p.b].Succs {
			if _, cut := c.edges[effects.Edge{From: p.b, To: s}]; cut && !p.lost || k == 1 && resolve.Endless(f.Func.Func, p.b) {
				continue
			}
			if to := (place{s, f.Blocks[s].First, p.lost}); !seen[to] {
				seen[to] = true
				work = append(work, to)
			}
		}
	}
	return false
}

// bar makes the loops around a wait impassable where they end by their condition: who waits in a loop waits for as many as
// he has started. That does not hold for a loop in which one of the two ends of the way is.
func (f *View) bar(c *cuts, wait, from, to effects.V) {
	within := func(l effects.Loop, v effects.V) bool { return v != 0 && l.Body[f.At(v).Block] }
	for _, l := range f.Loops() {
		if !within(l, wait) || within(l, from) || within(l, to) {
			continue
		}
		for _, e := range l.Ends() {
			c.edges[e] = wait
		}
	}
}
