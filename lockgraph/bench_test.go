package lockgraph

import (
	"fmt"
	"io"
	"math/rand/v2"
	"testing"
)

func class(i int) Class { return Class(fmt.Sprintf("example.com/m/p%d.T%d.mu", i%97, i)) }

// sizes are numbers of edges; there is a class for every 4.
var sizes = []int{1e3, 1e4, 1e5, 1e6}

// dagEdges returns n random edges that all go up, and then seeded more that
// each go down beside an existing edge (an inversion) or, if long, from the
// end of a path of two back to its start.
func dagEdges(n, seeded int, long bool) []Edge {
	rnd := rand.New(rand.NewPCG(1, uint64(n)))
	classes := make([]Class, n/4)
	for i := range classes {
		classes[i] = class(i)
	}
	frames := []Frame{{"f", "f.go", 1, 2}, {"g", "g.go", 3, 4}}
	edge := func(i, j int) Edge {
		return Edge{From: classes[i], To: classes[j], Confidence: 90, Held: frames[:1], Acquire: frames, Origin: "p"}
	}
	out := make([]Edge, 0, n+seeded)
	for range n {
		i := rnd.IntN(len(classes) - 1)
		j := i + 1 + rnd.IntN(min(50, len(classes)-1-i))
		out = append(out, edge(i, j))
	}
	for k := range seeded {
		i := (len(classes) - 10) / seeded * k
		if long {
			out = append(out, edge(i, i+1), edge(i+1, i+2), edge(i+2, i))
		} else {
			out = append(out, edge(i, i+1), edge(i+1, i))
		}
	}
	return out
}

func build(edges []Edge) *Graph {
	g := New()
	for _, e := range edges {
		g.AddEdge(e)
	}
	return g
}

func scatter(i int) uint32 { return uint32(i) * 2654435761 >> 7 & 255 }

func perEdge(b *testing.B, n int) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/edge")
}

func BenchmarkAddEdge(b *testing.B) {
	for _, n := range sizes {
		edges := dagEdges(n, 0, false)
		b.Run(fmt.Sprintf("new/%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				build(edges)
			}
			perEdge(b, n)
		})
	}
	edges := dagEdges(1e4, 0, false)
	g := build(edges)
	b.Run("known", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			g.AddEdge(edges[i%len(edges)])
		}
	})
	// The floor: one look-up of a class in a map.
	b.Run("baseline", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			_ = g.ids[edges[i%len(edges)].From]
		}
	})
}

func BenchmarkCycles(b *testing.B) {
	for _, test := range []struct {
		name  string
		every int // one seeded cycle for so many edges
		long  bool
	}{{"dag", 0, false}, {"inversions", 1000, false}, {"triangles", 1000, true}} {
		for _, n := range sizes {
			seeded := 0
			if test.every > 0 {
				seeded = n / test.every
			}
			g := build(dagEdges(n, seeded, test.long))
			b.Run(fmt.Sprintf("%s/%d", test.name, n), func(b *testing.B) {
				found := 0
				for b.Loop() {
					found = len(g.Cycles(Options{}))
				}
				b.ReportMetric(float64(found), "cycles")
				perEdge(b, n)
			})
		}
	}
}

// A dense component in which one shared lock gates everything, and one in
// which threads rule out most: the search must give up in bounded time.
func BenchmarkCyclesRefused(b *testing.B) {
	for _, test := range []struct {
		name string
		set  func(rnd *rand.Rand, e *Edge)
	}{
		{"gated", func(_ *rand.Rand, e *Edge) { e.Gates = []Gate{{"G", Write, true}} }},
		{"halfgated", func(rnd *rand.Rand, e *Edge) {
			e.Gates = []Gate{{Class(fmt.Sprint("G", rnd.IntN(2))), Write, true}}
		}},
		{"classgated", func(rnd *rand.Rand, e *Edge) {
			e.Gates = []Gate{{Class(fmt.Sprint("G", rnd.IntN(2))), Write, false}}
		}},
		{"readers", func(_ *rand.Rand, e *Edge) { e.FromMode, e.ToMode = Read, Read }},
	} {
		for _, n := range []int{1e2, 1e3, 1e4} {
			rnd := rand.New(rand.NewPCG(3, uint64(n)))
			g := New()
			for range n {
				e := Edge{From: class(rnd.IntN(n / 4)), To: class(rnd.IntN(n / 4)), Confidence: 100}
				test.set(rnd, &e)
				g.AddEdge(e)
			}
			b.Run(fmt.Sprintf("%s/%d", test.name, n), func(b *testing.B) {
				found := 0
				for b.Loop() {
					found = len(g.Cycles(Options{}))
				}
				b.ReportMetric(float64(found), "cycles")
				perEdge(b, n)
			})
		}
	}
}

func BenchmarkOrderAdd(b *testing.B) {
	for _, test := range []struct {
		name string
		from func(rnd *rand.Rand, n int) (from, to Node)
	}{
		// Locks are created in the order in which they are taken.
		{"settled", func(rnd *rand.Rand, n int) (Node, Node) {
			i := 1 + rnd.IntN(n-1)
			return Node(i), Node(i + 1 + rnd.IntN(min(50, n-i)))
		}},
		// A random order, not known in advance, between locks that are near.
		{"unsettled", func(rnd *rand.Rand, n int) (Node, Node) {
			i := 1 + rnd.IntN(n-1)
			j := i + 1 + rnd.IntN(min(50, n-i))
			if scatter(i) > scatter(j) {
				i, j = j, i
			}
			return Node(i), Node(j)
		}},
	} {
		for _, n := range sizes {
			rnd := rand.New(rand.NewPCG(1, uint64(n)))
			arcs := make([]arc, n)
			for i := range arcs {
				arcs[i].from, arcs[i].to = test.from(rnd, n/4)
			}
			b.Run(fmt.Sprintf("%s/%d", test.name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					o := NewOrder()
					for range n / 4 {
						o.NewNode()
					}
					for _, a := range arcs {
						o.Add(a.from, a.to)
					}
				}
				perEdge(b, n)
			})
		}
	}
	o := NewOrder()
	x, y := o.NewNode(), o.NewNode()
	o.Add(x, y)
	b.Run("known", func(b *testing.B) {
		for b.Loop() {
			o.Add(x, y)
		}
	})
	b.Run("refused", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			o.Add(y, x)
		}
	})
	// The floor: a map of pairs, without any order.
	b.Run("baseline", func(b *testing.B) {
		m := map[arc]bool{{x, y}: true}
		for b.Loop() {
			_ = m[arc{x, y}]
		}
	})
}

// A short-lived lock under a long-lived one, the common case of the runtime
// half.
func BenchmarkOrderChurn(b *testing.B) {
	o := NewOrder()
	global := o.NewNode()
	for range 10_000 {
		o.Add(global, o.NewNode())
	}
	b.ReportAllocs()
	for b.Loop() {
		n := o.NewNode()
		o.Add(global, n)
		o.Remove(n)
	}
}

func BenchmarkEncode(b *testing.B) {
	g := build(dagEdges(1e4, 0, false))
	for b.Loop() {
		if err := g.Encode(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
	perEdge(b, 1e4)
}

// Many long infeasible cycles: a ladder of 60 rungs, closed to a ring by one
// edge, in which every hop has several variants and the two ends one thread.
func BenchmarkCyclesLadder(b *testing.B) {
	const rungs = 60
	g := New()
	for i := range rungs {
		for _, x := range []int{0, 1} {
			for _, y := range []int{0, 1} {
				for v := range maxVariants {
					e := Edge{From: class(2*i + x), To: class(2*((i+1)%rungs) + y), Confidence: 100}
					e.Gates = []Gate{{Class(fmt.Sprint("G", v)), Read, true}}
					if i == 0 || i == rungs-1 {
						e.Thread = "main"
					}
					g.AddEdge(e)
				}
			}
		}
	}
	for b.Loop() {
		if len(g.Cycles(Options{})) != 0 {
			b.Fatal("found a cycle")
		}
	}
}
