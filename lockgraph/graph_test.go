package lockgraph

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestVariants(t *testing.T) {
	tests := []struct {
		name, add, want string
	}{
		{"same twice", `A -> B
			A -> B`, `A -> B`},
		{"fewer gates", `A -> B [G H]
			A -> B [G]`, `A -> B [G]`},
		{"other gates", `A -> B [H]
			A -> B [G]`, `A -> B [G]
			A -> B [H]`},
		{"read gate restricts less", `A -> B [G]
			A -> B [G:r]`, `A -> B [G:r]`},
		{"gate not shared restricts less", `A -> B [G!]
			A -> B [G]`, `A -> B [G]`},
		{"more confident", `A -> B %50
			A -> B %60`, `A -> B %60`},
		{"less restricted, less confident", `A -> B [G] %60
			A -> B %50`, `A -> B %50
			A -> B [G] %60`},
		{"less restricted, as confident", `A -> B [G] %50
			A -> B %50`, `A -> B %50`},
		{"any thread", `A -> B @main
			A -> B`, `A -> B`},
		{"two threads", `A -> B @main
			A -> B @init`, `A -> B @init
			A -> B @main`},
		{"shorter witness", `A -> B #3
			A -> B #2`, `A -> B #2`},
		{"modes apart", `A:r -> B [G]
			A -> B
			A -> B:r`, `A -> B
			A -> B:r
			A:r -> B [G]`},
		{"links apart", `A -> A
			A -> A .next
			A -> A .^next`, `A -> A
			A -> A .^next
			A -> A .next`},
		{"link between classes is dropped", `A -> B .next`, `A -> B`},
		{"four at most", `A -> B [E]
			A -> B [D]
			A -> B [G]
			A -> B [F]
			A -> B [C]`, `A -> B [C]
			A -> B [D]
			A -> B [E]
			A -> B [F]`},
		{"late newcomer dominates three", `A -> B [C H]
			A -> B [D H]
			A -> B [E H]
			A -> B [I J]
			A -> B [K L]
			A -> B [H]`, `A -> B [H]
			A -> B [I J]
			A -> B [K L]`},
		{"gates are normalised", `A -> B [H A G:r G]`, `A -> B [G H]`},
		{"confidence is clamped", `A -> B %0
			B -> C %1000`, `A -> B %1
			B -> C`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, e := range mustParse(t, test.add).Edges() {
				got = append(got, describeEdge(e))
			}
			if diff := cmp.Diff(lines(test.want), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestWriters(t *testing.T) {
	g := mustParse(t, `
		writer A [G H]
		writer A [G] @main
		writer A [H] @main
		writer A [H]
		writer B [B C!]`)
	g.AddWriter(Acquisition{Class: "Z", Mode: Read})
	var got []string
	for _, c := range g.Classes() {
		for _, w := range g.Writers(c) {
			got = append(got, describeWriter(w))
		}
	}
	want := []string{"writer A [G] @main", "writer A [H]", "writer B [B C!]"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if ws := g.Writers("nowhere"); ws != nil {
		t.Errorf("writers of an unknown class: %v", ws)
	}
	if cs := g.Classes(); !slices.Equal(cs, []Class{"A", "B"}) {
		t.Errorf("classes %v", cs)
	}
}

func TestSelfEdges(t *testing.T) {
	g := mustParse(t, `
		B -> B
		A -> B
		A -> A .next`)
	var got []string
	for _, e := range g.SelfEdges() {
		got = append(got, describeEdge(e))
	}
	if diff := cmp.Diff([]string{"A -> A .next", "B -> B"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAddDoesNotModify(t *testing.T) {
	gates := []Gate{{Class: "H"}, {Class: "G"}, {Class: "A"}}
	g := New()
	g.AddEdge(Edge{From: "A", To: "B", Gates: gates, Confidence: 100})
	g.AddWriter(Acquisition{Class: "A", Held: gates})
	if gates[0].Class != "H" || gates[1].Class != "G" || gates[2].Class != "A" {
		t.Errorf("the caller's gates have become %v", gates)
	}
	g.Edges()[0].From = "X"
	if g.Edges()[0].From != "A" {
		t.Error("Edges does not return a copy")
	}
}

func TestInverseLink(t *testing.T) {
	for _, test := range [][2]string{{"", ""}, {"next", "^next"}, {"^next", "next"}} {
		if got := InverseLink(test[0]); got != test[1] {
			t.Errorf("InverseLink(%q) = %q, want %q", test[0], got, test[1])
		}
	}
}

func TestPanics(t *testing.T) {
	for name, f := range map[string]func(*Graph){
		"no class":  func(g *Graph) { g.AddEdge(Edge{From: "A", Confidence: 100}) },
		"no writer": func(g *Graph) { g.AddWriter(Acquisition{}) },
		"bad mode":  func(g *Graph) { g.AddEdge(Edge{From: "A", To: "B", ToMode: 2}) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			f(New())
		}()
	}
}

func TestComponents(t *testing.T) {
	// 0 -> 1 -> 2 -> 0, 2 -> 3 -> 4 -> 3, 5
	a := adjacency{start: []int32{0, 1, 2, 4, 5, 6, 6}, to: []int32{1, 2, 0, 3, 4, 3}}
	comp, n := components(a, nil)
	if n != 3 || comp[0] != comp[1] || comp[1] != comp[2] || comp[3] != comp[4] ||
		comp[0] == comp[3] || comp[5] == comp[0] || comp[5] == comp[3] {
		t.Errorf("%d components: %v", n, comp)
	}
	_, n = components(a, func(i int32) bool { return i == 2 }) // without 2 -> 0
	if n != 5 {
		t.Errorf("%d components, want 5", n)
	}
}
