package solve

import (
	"cmp"
	"reflect"
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/held"
	"github.com/lockcheck/lockcheck/analyzer/internal/parallel"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
)

// Input is what a [Program] is made of.
type Input struct {
	Funcs []*effects.Func // in a fixed order; those that they refer to are among them
	// External returns the summary of a function outside, by its package and key; nil if it is not known.
	External func(pkg, key string) *summary.Func
	// Wanted reports whether the locks at the accesses of a function are wanted; nil means always.
	Wanted func(*effects.Func) bool
	Trace  bool // the locks held at every call are wanted
	// Guesses are what calls reach of which nothing in the program tells what they reach, see package calls.
	Guesses map[*effects.Func]map[effects.V][]*effects.Func

	reverse bool // of each level, walk the last component first; for tests
}

// A Program is all functions and what their walks have found.
type Program struct {
	Funcs   []*effects.Func // the ID of a function is its index
	Sums    []*summary.Func
	Results []*held.Result // nil where not walked
	Entries []Entry

	in       Input
	facts    *facts
	untold   map[slot]bool // see told
	callees  [][]int32
	needs    [][]int32 // callees of which the summary may be asked
	outside  []bool    // refers to a function outside that has to do with locks
	relevant []bool
	level    []int32 // of the component
	comp     []int32
	open     []bool // see Open
	inPlace  []bool // see InPlace
}

// maxRounds bounds the iterations over one recursive component.
const maxRounds = 4

// Solve walks the functions.
func Solve(in Input) *Program {
	n := len(in.Funcs)
	p := &Program{Funcs: in.Funcs, in: in, Sums: make([]*summary.Func, n), Results: make([]*held.Result, n)}
	if p.in.External == nil {
		p.in.External = func(string, string) *summary.Func { return nil }
	}
	for i, fn := range in.Funcs {
		fn.ID = i
	}
	p.facts = findFacts(in.Funcs)
	p.untold = untold(in.Funcs)
	p.link()
	p.markRelevant()
	for _, comps := range p.levels() {
		if in.reverse {
			slices.Reverse(comps)
		}
		parallel.Do(len(comps), func(i int) { p.solve(comps[i]) })
	}
	p.enter()
	p.inPlace = make([]bool, n)
	for i, fn := range in.Funcs {
		p.inPlace[i] = fn.InPlace()
	}
	return p
}

// link finds who refers to whom.
func (p *Program) link() {
	p.callees, p.needs, p.outside = make([][]int32, len(p.Funcs)), make([][]int32, len(p.Funcs)), make([]bool, len(p.Funcs))
	for i, fn := range p.Funcs {
		var cs, more []int32
		add := func(c *effects.Func) {
			if c.ID >= 0 {
				cs = append(cs, int32(c.ID))
			}
		}
		for _, ts := range fn.Targets {
			for _, t := range ts {
				switch {
				case t.ID < 0:
				case resolve.Followed(ts):
					cs = append(cs, int32(t.ID))
				default: // if these counted, summaries of half the program would wait for each other
					more = append(more, int32(t.ID))
				}
			}
		}
		for _, ts := range p.in.Guesses[fn] {
			for _, t := range ts {
				add(t)
			}
		}
		p.facts.through(fn, add)
		refer(fn, add, func(pkg, key string) {
			p.outside[i] = p.outside[i] || touchesLocks(p.in.External(pkg, key))
		})
		slices.Sort(cs)
		p.needs[i] = slices.Compact(cs)
		p.callees[i] = p.needs[i]
		if len(more) > 0 {
			more = append(more, p.needs[i]...)
			slices.Sort(more)
			p.callees[i] = slices.Compact(more)
		}
	}
}

// Callees returns the numbers of the functions that one refers to.
func (p *Program) Callees(i int) []int32 { return p.callees[i] }

// InPlace reports whether a function is a literal that is only called by the function around it, also when its body has been forgotten.
func (p *Program) InPlace(i int) bool { return p.inPlace[i] }

// levels returns the components by level.
func (p *Program) levels() [][][]int32 {
	comp, size := effects.Components(len(p.Funcs), func(i int32) []int32 { return p.needs[i] })
	p.comp = comp
	members := make([][]int32, len(size))
	for i, c := range comp {
		members[c] = append(members[c], int32(i))
	}
	level := make([]int32, len(size))
	var out [][][]int32
	for c, ms := range members { // those that others lead to come first
		for _, i := range ms {
			for _, callee := range p.needs[i] {
				if d := comp[callee]; int(d) != c {
					level[c] = max(level[c], level[d]+1)
				}
			}
		}
		for int(level[c]) >= len(out) {
			out = append(out, nil)
		}
		out[level[c]] = append(out[level[c]], ms)
	}
	p.level = level
	return out
}

// factsFor returns what functions of a component are told of the program.
func (p *Program) factsFor(comp int32) *resolve.Facts {
	return &resolve.Facts{
		Summary: func(fn *effects.Func) *summary.Func {
			if fn.ID < 0 {
				return nil
			}
			if c := p.comp[fn.ID]; c == comp || p.level[c] < p.level[comp] {
				return p.Sums[fn.ID]
			}
			return nil
		},
		External: p.in.External, Mutable: p.mutable, Sibling: p.facts.Sibling, Kept: p.facts.keeps.Kept, Told: p.told, Guesses: p.guesses, Element: p.facts.Element, Sentinel: p.sentinel,
	}
}

func (p *Program) mutable(from *effects.Func, class string) bool {
	return p.Mutable(from.Unit.Path, class)
}

func (p *Program) sentinel(from *effects.Func, class string) bool {
	return p.Sentinel(from.Unit.Path, class)
}

func (p *Program) guesses(fn *effects.Func, at effects.V) []*effects.Func {
	return p.in.Guesses[fn][at]
}

// Facts returns what is known of the program after all functions have been walked.
func (p *Program) Facts() *resolve.Facts {
	return &resolve.Facts{
		Summary: func(fn *effects.Func) *summary.Func {
			if fn.ID < 0 {
				return nil
			}
			return p.Sums[fn.ID]
		},
		External: p.in.External, Mutable: p.mutable, Sibling: p.facts.Sibling, Kept: p.facts.keeps.Kept, Told: p.told, Guesses: p.guesses, Element: p.facts.Element, Sentinel: p.sentinel,
	}
}

// maxLightRounds does the same for functions that are not walked: each round of most is the last but one.
const maxLightRounds = 16

// solve finds the summaries of the functions of one component: round by round, until they are stable.
func (p *Program) solve(comp []int32) {
	facts := p.factsFor(p.comp[comp[0]])
	step, rounds, give := p.walk, maxRounds, func(s *summary.Func) { s.Truncated = true }
	if !p.relevant[comp[0]] {
		// What is safe to believe.
		step, rounds, give = p.light, maxLightRounds, func(s *summary.Func) { s.Publishes, s.Lends, s.Fresh, s.Lent = ^uint64(0), 0, 0, 0 }
	}
	recursive := len(comp) > 1 || slices.Contains(p.needs[comp[0]], comp[0])
	comp = p.inOrder(comp)
	for round := 0; ; round++ {
		changed := false
		for _, i := range comp {
			s := step(facts, i)
			changed = changed || recursive && (p.Sums[i] == nil || !same(p.Sums[i], s))
			p.Sums[i] = s
		}
		if !changed {
			return
		}
		if round >= rounds {
			for _, i := range comp {
				give(p.Sums[i])
			}
			return
		}
	}
}

func (p *Program) walk(facts *resolve.Facts, i int32) *summary.Func {
	fn := p.Funcs[i]
	p.Results[i] = held.Walk(facts, fn, held.Options{Locks: p.in.Wanted == nil || p.in.Wanted(fn), Trace: p.in.Trace})
	return p.Results[i].Summary
}

func (p *Program) light(facts *resolve.Facts, i int32) *summary.Func {
	return held.Light(facts, p.Funcs[i])
}

// inOrder returns the functions of a component in an order that depends on nothing but their names and calls: callees first, as far as
// that can be.
func (p *Program) inOrder(comp []int32) []int32 {
	if len(comp) < 2 {
		return comp
	}
	byName := func(fns []int32) []int32 {
		fns = slices.Clone(fns)
		slices.SortStableFunc(fns, func(a, b int32) int {
			x, y := p.Funcs[a], p.Funcs[b]
			return cmp.Or(cmp.Compare(x.Name, y.Name), cmp.Compare(x.Pos.File, y.Pos.File), cmp.Compare(x.Pos.Line, y.Pos.Line), cmp.Compare(x.Pos.Col, y.Pos.Col))
		})
		return fns
	}
	seen := map[int32]bool{}
	out := make([]int32, 0, len(comp))
	type visit struct {
		fn   int32
		next []int32
	}
	id := p.comp[comp[0]]
	enter := func(i int32) visit {
		seen[i] = true
		return visit{i, byName(slices.DeleteFunc(slices.Clone(p.needs[i]), func(c int32) bool { return p.comp[c] != id }))}
	}
	for _, root := range byName(comp) {
		if seen[root] {
			continue
		}
		way := []visit{enter(root)}
		for len(way) > 0 {
			v := &way[len(way)-1]
			if len(v.next) == 0 {
				out = append(out, v.fn)
				way = way[:len(way)-1]
				continue
			}
			c := v.next[0]
			v.next = v.next[1:]
			if !seen[c] {
				way = append(way, enter(c))
			}
		}
	}
	return out
}

// same reports whether two summaries say the same to a caller.
func same(a, b *summary.Func) bool {
	if len(a.Events) != len(b.Events) || a.Publishes != b.Publishes || a.Lends != b.Lends || a.Fresh != b.Fresh || a.Lent != b.Lent ||
		len(a.Exits) != len(b.Exits) || !reflect.DeepEqual(a.Stores, b.Stores) {
		return false
	}
	for i := range a.Events {
		if a.Events[i].Key() != b.Events[i].Key() || len(a.Events[i].Inner) != len(b.Events[i].Inner) {
			return false
		}
	}
	for i := range a.Exits {
		x, y := a.Exits[i], b.Exits[i]
		if len(x.Acquired) != len(y.Acquired) || !reflect.DeepEqual(x.Released, y.Released) {
			return false
		}
		for k := range x.Acquired {
			if x.Acquired[k].Lock != y.Acquired[k].Lock {
				return false
			}
		}
	}
	return true
}
