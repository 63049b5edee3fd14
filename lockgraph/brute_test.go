package lockgraph

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// The cycles of small graphs by brute force: every simple cycle of classes,
// every choice of edges, every choice of writers, judged by a second, naive
// statement of the rules.

// A party is a goroutine that stands somewhere in a cycle.
type party struct {
	holds  []Gate
	own    int // index in holds of its From, or -1 for a writer
	wants  Class
	thread string
}

func hopParty(e Edge) party {
	holds := append(slices.Clone(e.Gates), Gate{Class: e.From, Mode: e.FromMode})
	return party{holds, len(holds) - 1, e.To, e.Thread}
}

func writerParty(a Acquisition) party { return party{a.Held, -1, a.Class, a.Thread} }

// coexist says whether p and q can both stand where they stand, and whether
// that is in doubt.
func coexist(p, q party) (ok, doubt bool) {
	if p.thread != "" && p.thread == q.thread {
		return false, false
	}
	for i, x := range p.holds {
		for j, y := range q.holds {
			if x.Class != y.Class || x.Mode == Read && y.Mode == Read {
				continue
			}
			pOwn, qOwn := i == p.own, j == q.own
			switch {
			case pOwn && y.Shared, qOwn && x.Shared, x.Shared && y.Shared:
				return false, false
			case pOwn && q.own < 0, qOwn && p.own < 0: // a writer that needs a hop's From
				writer := p
				if pOwn {
					writer = q
				}
				if writer.wants == x.Class {
					continue // it holds another of the class it waits for
				}
				return false, false
			case pOwn && q.wants == x.Class, qOwn && p.wants == x.Class:
				continue // the gate is not the lock that the hop waits for
			}
			doubt = true
		}
	}
	return true, doubt
}

// judge says whether edges and writers make a deadlock.
func judge(edges []Edge, writers []Acquisition) (ok, doubt bool) {
	var ps []party
	k := 0
	for _, e := range edges {
		ps = append(ps, hopParty(e))
	}
	for i, e := range edges {
		if e.ToMode == Read && edges[(i+1)%len(edges)].FromMode == Read {
			if k == len(writers) || writers[k].Class != e.To {
				return false, false
			}
			ps = append(ps, writerParty(writers[k]))
			k++
		}
	}
	if k != len(writers) {
		return false, false
	}
	for i := range ps {
		for j := range i {
			ok, d := coexist(ps[j], ps[i])
			if !ok {
				return false, false
			}
			doubt = doubt || d
		}
	}
	return true, doubt
}

// A verdict is what is known of one cycle of classes.
type verdict struct {
	hops  []string // "A->B"
	ok    bool
	doubt bool
	conf  int // the best without doubt, or else with
	steps int
}

// bruteCycles returns the verdict on every simple cycle of two or more classes.
func bruteCycles(g *Graph) map[string]verdict {
	edges := make(map[[2]Class][]Edge)
	for _, e := range g.Edges() {
		edges[[2]Class{e.From, e.To}] = append(edges[[2]Class{e.From, e.To}], e)
	}
	classes := g.Classes()
	out := make(map[string]verdict)

	var walk func(path []Class)
	walk = func(path []Class) {
		last := path[len(path)-1]
		if len(path) > 1 && edges[[2]Class{last, path[0]}] != nil {
			v := verdict{conf: -1}
			var words []string
			for i, c := range path {
				v.hops = append(v.hops, fmt.Sprintf("%s->%s", c, path[(i+1)%len(path)]))
				words = append(words, string(c))
			}
			bruteChoices(g, edges, path, nil, nil, &v)
			out[strings.Join(append(words, words[0]), " -> ")] = v
		}
		for _, c := range classes {
			if c > path[0] && !slices.Contains(path, c) && edges[[2]Class{last, c}] != nil {
				walk(append(slices.Clone(path), c))
			}
		}
	}
	for _, c := range classes {
		walk([]Class{c})
	}
	return out
}

func bruteChoices(g *Graph, edges map[[2]Class][]Edge, path []Class, es []Edge, ws []Acquisition, v *verdict) {
	if i := len(es); i < len(path) {
		for _, e := range edges[[2]Class{path[i], path[(i+1)%len(path)]}] {
			bruteChoices(g, edges, path, append(slices.Clone(es), e), nil, v)
		}
		return
	}
	k := 0
	for i, e := range es {
		if e.ToMode == Read && es[(i+1)%len(es)].FromMode == Read {
			if k == len(ws) {
				for _, w := range g.Writers(e.To) {
					bruteChoices(g, edges, path, es, append(slices.Clone(ws), w), v)
				}
				return
			}
			k++
		}
	}
	ok, doubt := judge(es, ws)
	if !ok {
		return
	}
	conf, steps := 100, 0
	for _, e := range es {
		conf = min(conf, e.Confidence)
		steps += e.steps()
	}
	better := !v.ok || v.doubt && !doubt ||
		v.doubt == doubt && (conf > v.conf || conf == v.conf && steps < v.steps)
	if better {
		v.ok, v.doubt, v.conf, v.steps = true, doubt, conf, steps
	}
}

// randomLines returns a random graph as DSL lines.
func randomLines(rnd *rand.Rand) []string {
	classes := 2 + rnd.IntN(4)
	name := func() string { return string(rune('A' + rnd.IntN(classes))) }
	density := rnd.IntN(4)
	locks := func() string {
		var words []string
		for range rnd.IntN(3) {
			w := name()
			if rnd.IntN(3) > 0 {
				w = string(rune('G' + rnd.IntN(2)))
			}
			if rnd.IntN(3) == 0 {
				w += ":r"
			}
			if rnd.IntN(2) == 0 {
				w += "!"
			}
			words = append(words, w)
		}
		if len(words) == 0 || rnd.IntN(4) >= density {
			return ""
		}
		return " [" + strings.Join(words, " ") + "]"
	}
	mode := func() string {
		if rnd.IntN(4) < density {
			return ":r"
		}
		return ""
	}
	thread := func() string {
		if rnd.IntN(5) == 0 {
			return []string{" @main", " @init"}[rnd.IntN(2)]
		}
		return ""
	}
	var out []string
	for range 1 + rnd.IntN(16) {
		a, b := name(), name()
		if a == b && rnd.IntN(4) > 0 {
			continue
		}
		s := a + mode() + " -> " + b + mode() + locks() + thread()
		s += fmt.Sprintf(" %%%d #%d", 10*(1+rnd.IntN(10)), rnd.IntN(4))
		if a == b {
			s += []string{"", " .next", " .^next"}[rnd.IntN(3)]
		}
		out = append(out, s)
	}
	for range rnd.IntN(6) {
		out = append(out, "writer "+name()+locks()+thread())
	}
	return out
}

// gatedTournament returns a graph in which every two classes have one order,
// so that there are no inversions, and most longer cycles are infeasible.
func gatedTournament(rnd *rand.Rand) []string {
	classes, gates, threads := 4+rnd.IntN(3), 2+rnd.IntN(4), rnd.IntN(2)
	var out []string
	for a := range classes {
		for b := range a {
			x, y := a, b
			if rnd.IntN(2) == 0 {
				x, y = b, a
			}
			s := fmt.Sprintf("%c -> %c [G%d!", 'A'+x, 'A'+y, rnd.IntN(gates))
			if rnd.IntN(8) == 0 {
				s += fmt.Sprintf(" H%d", rnd.IntN(2))
			}
			s += "]"
			if rnd.IntN(3) < threads {
				s += fmt.Sprintf(" @t%d", rnd.IntN(3))
			}
			out = append(out, s)
		}
	}
	return out
}

func TestCyclesAgainstBruteForce(t *testing.T) {
	seeds := uint64(6000)
	if testing.Short() {
		seeds = 500
	}
	reported, long := 0, 0
	for seed := range seeds {
		rnd := rand.New(rand.NewPCG(seed, 1))
		text := strings.Join(randomLines(rnd), "\n")
		if seed%3 == 2 {
			text = strings.Join(gatedTournament(rnd), "\n")
		}
		g := mustParse(t, text)
		all := bruteCycles(g)
		fail := func(format string, args ...any) {
			t.Helper()
			t.Fatalf("seed %d: %s\n%s\n\n%s", seed, fmt.Sprintf(format, args...), text, dump(g))
		}

		got := make(map[string]Cycle)
		var firmHops, anyHops []string // of reported cycles
		for _, c := range g.Cycles(Options{}) {
			checkShape(t, c)
			if c.Edges[0].From == c.Edges[0].To {
				continue // linked: see TestCycles
			}
			reported++
			key := c.Key()
			v := all[key]
			if ok, doubt := judge(c.Edges, c.Writers); !ok || doubt != c.Doubt {
				fail("%s: judged %v, doubt %v", describe(c), ok, doubt)
			}
			if v.doubt != c.Doubt || v.conf != c.Confidence || v.steps != c.steps() {
				fail("%s (%d steps) is not the best choice: %+v", describe(c), c.steps(), v)
			}
			got[key] = c
			anyHops = append(anyHops, v.hops...)
			if !c.Doubt {
				firmHops = append(firmHops, v.hops...)
			}
			if len(c.Edges) > 2 {
				long++
			}
		}

		overlaps := func(hops, with []string) bool {
			return slices.ContainsFunc(hops, func(h string) bool { return slices.Contains(with, h) })
		}
		for key, v := range all {
			c, is := got[key]
			switch {
			case !v.ok:
				if is {
					fail("%s is infeasible but reported", key)
				}
			case len(v.hops) == 2:
				if !is {
					fail("inversion %s is not reported", key)
				}
			case !is && !v.doubt:
				if !overlaps(v.hops, firmHops) {
					fail("%s is not reported, nor any other with a hop of it", key)
				}
			case !is:
				if !overlaps(v.hops, anyHops) {
					fail("%s with doubt is not reported, nor any other with a hop of it", key)
				}
			default:
				// A longer cycle that is reported shares no hop with others.
				for other, o := range got {
					if other == key || !c.Doubt && o.Doubt {
						continue
					}
					if overlaps(v.hops, all[other].hops) {
						fail("%s and %s have a hop in common", key, other)
					}
				}
			}
		}
	}
	if reported < int(seeds)/4 || long < int(seeds)/100 {
		t.Errorf("only %d cycles, %d of them longer, in %d graphs", reported, long, seeds)
	}
	t.Logf("%d cycles, %d of them longer", reported, long)
}

// Nothing that the graph says may depend on the order of insertion.
func TestInsertionOrder(t *testing.T) {
	for seed := range uint64(300) {
		rnd := rand.New(rand.NewPCG(seed, 2))
		var text []string
		for range 1 + rnd.IntN(6) { // more lines: more variants than are kept
			text = append(text, randomLines(rnd)...)
		}
		if seed%3 == 0 { // beyond maxStored
			for range 40 {
				text = append(text, fmt.Sprintf("A -> B [G%d H%d] %%%d", rnd.IntN(6), rnd.IntN(6), 10+rnd.IntN(90)),
					fmt.Sprintf("writer A [G%d H%d]", rnd.IntN(6), rnd.IntN(6)))
			}
		}
		want := ""
		for i := range 6 {
			g := mustParse(t, strings.Join(text, "\n"))
			var enc strings.Builder
			if err := g.Encode(&enc); err != nil {
				t.Fatal(err)
			}
			got := dump(g) + enc.String()
			if i == 0 {
				want = got
			} else if got != want {
				t.Fatalf("seed %d: after shuffling\n%s\ninstead of\n%s", seed, got, want)
			}
			rnd.Shuffle(len(text), func(i, j int) { text[i], text[j] = text[j], text[i] })
		}
	}
}

// For each hop by itself, the search finds a shortest feasible cycle.
func TestShortestCycle(t *testing.T) {
	found, none := 0, 0
	for seed := range uint64(1000) {
		rnd := rand.New(rand.NewPCG(seed, 4))
		text := gatedTournament(rnd)
		g := mustParse(t, strings.Join(text, "\n"))
		all := bruteCycles(g)
		for _, sure := range []bool{true, false} {
			for _, r := range g.regions(Options{}) {
				r.prepare()
				r.sure = sure
				r.comp, _ = components(r.adjacency, nil)
				for i := range r.hops {
					e := r.hops[i].variants[0]
					name := fmt.Sprintf("%s->%s", e.From, e.To)
					want, shorter := 0, 0
					for _, v := range all {
						if slices.Contains(v.hops, name) && v.ok && !(sure && v.doubt) &&
							(want == 0 || len(v.hops) < want) {
							want = len(v.hops)
						}
					}
					for _, v := range all {
						if slices.Contains(v.hops, name) && (want == 0 || len(v.hops) <= want) {
							shorter++
						}
					}
					c, ok := r.shortestCycle(int32(i))
					for j := range r.hops {
						r.hops[j].taken, r.hops[j].firm = false, false
					}
					switch {
					case len(c.Edges) == want:
					case shorter > maxTries && !ok:
						continue // within its rights
					default:
						t.Fatalf("seed %d, without doubt %v: cycle through %s has %d hops, want %d\n%s",
							seed, sure, name, len(c.Edges), want, strings.Join(text, "\n"))
					}
					if ok {
						found++
					} else {
						none++
					}
				}
			}
		}
	}
	if found < 1000 || none < 1000 {
		t.Errorf("only %d found, %d not", found, none)
	}
}
