package threads

import (
	"cmp"
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
)

// cuts are the places in a function where it waits for a goroutine.
type cuts struct {
	instrs map[effects.V]bool
	edges  map[effects.Edge]effects.V // to the cases of a select, and out of loops; with what waits
	defers effects.V                  // a deferred call that waits
	again  effects.V                  // makes what it is about anew
	lost   []effects.V                // make what is waited for anew: from there on nothing is a cut
}

func newCuts() *cuts {
	return &cuts{instrs: map[effects.V]bool{}, edges: map[effects.Edge]effects.V{}}
}

// cutsOf returns the joins of fn with a goroutine that gives some signals. A loop that joins is taken to
// run at least once, unless it holds one of the two ends of the path.
func (s *Scope) cutsOf(fn *effects.Func, signals []op, weak bool, from, to effects.V) *cuts {
	c := newCuts()
	each(fn, func(v effects.V) {
		ops := s.opsOf(Spot{fn, v})
		in := fn.At(v)
		switch {
		case len(ops) == 0:
		case in.Op == effects.Select:
			s.cutCases(c, fn, v, ops, signals, from, to)
		case !matched(signals, ops, weak):
		case in.How == effects.Deferred:
			c.defers = v
		default:
			c.instrs[v] = true
			c.bar(fn, v, from, to)
		}
	})
	for _, l := range fn.Loops() {
		fill, ok := s.fills(fn, &l)
		if !ok || from != 0 && l.Has(from) || !heard(signals, &op{at: fill.at, wait: true, fills: true}) {
			continue
		}
		for _, e := range fill.exits {
			c.edges[e] = fill.send
		}
	}
	return c
}

// cutCases adds the cases of a select that are joins.
func (s *Scope) cutCases(c *cuts, fn *effects.Func, sel effects.V, ops, signals []op, from, to effects.V) {
	n := 0
	for i := range ops {
		if !ops[i].wait || !heard(signals, &ops[i]) {
			continue
		}
		n++
		if e, ok := fn.CaseEdge(sel, ops[i].state); ok {
			c.edges[e] = sel
			c.bar(fn, fn.Blocks[e.From].Last, from, to)
		}
	}
	if n == len(ops) && fn.At(sel).Flags&effects.Blocking != 0 {
		c.instrs[sel] = true
	}
}

// bar makes the loops around a join impassable where they end by their condition.
func (c *cuts) bar(fn *effects.Func, join, from, to effects.V) {
	for _, l := range fn.Loops() {
		if !l.Has(join) || from != 0 && l.Has(from) || to != 0 && l.Has(to) {
			continue
		}
		for _, e := range l.Ends() {
			c.edges[e] = join
		}
	}
}

// maxSteps bounds one search, and maxSearch all those of one scope; what they leave open counts as not reached.
const (
	maxSteps  = 2000
	maxSearch = 40_000
)

// searches counts the steps of searches.
type searches struct {
	steps  int
	open   bool                    // one has come to no end
	consts map[*effects.Func]facts // what is known of the parameters of an instance
}

// exhausted reports whether questions are left open since there were too many.
func (s *searches) exhausted() bool { return s.steps >= maxSearch }

// Reaches reports whether control may get from one instruction of a function, 0 being its start, to another without passing some
// others. It may also be so if there are too many ways.
func (s *Scope) Reaches(fn *effects.Func, from, to effects.V, without map[effects.V]bool) bool {
	ok, _ := s.reaches(fn, from, to, &cuts{instrs: without})
	return ok || s.exhausted()
}

// A stand is where a search is.
type stand struct {
	b     int32
	v     effects.V
	known facts
	lost  bool
}

// reaches reports whether control can get from one instruction, 0 being the start of the function, to another without a cut,
// on a path whose conditions agree with each other; and by what it is cut, if it is.
func (s *searches) reaches(fn *effects.Func, from, to effects.V, c *cuts) (ok bool, by effects.V) {
	if c == nil {
		c = &cuts{}
	}
	start := stand{v: fn.Blocks[0].First, known: s.consts[fn]}
	if from != 0 {
		b := fn.At(from).Block
		start = stand{b: b, v: from + 1, known: s.consts[fn].and(fn, factsAt(fn, b))}
	}
	seen := map[int32][]stand{}
	work := []stand{start}
	for steps := 0; len(work) > 0 && steps < maxSteps && !s.exhausted(); steps++ {
		s.steps++
		p := work[len(work)-1]
		work = work[:len(work)-1]
		block := &fn.Blocks[p.b]
		if p.v == block.First {
			if slices.ContainsFunc(seen[p.b], func(o stand) bool { return o.lost == p.lost && slices.Equal(o.known, p.known) }) {
				continue
			}
			seen[p.b] = append(seen[p.b], p)
		}
		if found, cut := c.within(fn, &p, block.Last, to); found {
			return true, 0
		} else if cut != 0 {
			if cut > 0 {
				by = cmp.Or(by, cut)
			}
			continue
		}
		work, by = s.leave(fn, p, c, work, by)
	}
	s.open = s.open || len(work) > 0
	return false, by
}

// remade tells that a path ends since what it is about is made anew.
const remade effects.V = -1

// within goes through instructions of one block; it tells the cut that it comes to before to.
func (c *cuts) within(fn *effects.Func, p *stand, last, to effects.V) (found bool, cut effects.V) {
	for v := p.v; v <= last; v++ {
		switch {
		case v == to:
			return true, 0
		case v == c.again:
			return false, remade
		case c.instrs[v] && !p.lost:
			return false, v
		case c.defers != 0 && !p.lost && fn.Op(v) == effects.RunDefers:
			return false, c.defers
		}
		p.lost = p.lost || slices.Contains(c.lost, v)
	}
	return false, 0
}

// leave adds to work where a block leads.
func (s *searches) leave(fn *effects.Func, p stand, c *cuts, work []stand, by effects.V) ([]stand, effects.V) {
	succs := fn.Blocks[p.b].Succs
	br := fn.At(fn.Blocks[p.b].Last)
	for i, to := range succs {
		if join, ok := c.edges[effects.Edge{From: p.b, To: to}]; ok && !p.lost {
			by = cmp.Or(by, join)
			continue
		}
		if i == 1 && resolve.Endless(fn, p.b) {
			continue
		}
		known := p.known
		if br.Op == effects.If && succs[0] != succs[1] {
			t, holds := fn.ConditionOf(br.Args[0], i == 0)
			if old, ok := known.value(fn, t); ok && old != holds {
				continue
			}
			known = known.with(fn, t, holds)
		}
		work = append(work, stand{to, fn.Blocks[to].First, known.enter(fn, p.b, to), p.lost})
	}
	return work, by
}
