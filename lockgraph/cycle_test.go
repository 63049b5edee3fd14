package lockgraph

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCycles(t *testing.T) {
	tests := []struct {
		name, graph, want string
	}{
		// What is a cycle.
		{"empty", ``, ``},
		{"one order", `A -> B
			A -> C
			B -> C`, ``},
		{"inversion", `A -> B
			B -> A`, `A -> B -> A`},
		{"three", `B -> C
			C -> A
			A -> B`, `A -> B -> C -> A`},
		{"two components", `A -> B
			B -> A
			B -> X
			X -> Y
			Y -> X`, `A -> B -> A
			X -> Y -> X`},
		{"every inversion of a component", `A -> B
			B -> A
			B -> C
			C -> B
			A -> C
			C -> A`, `A -> B -> A
			A -> C -> A
			B -> C -> B`},
		{"a longer cycle over a reported hop is silent", `A -> B
			B -> A
			B -> C
			C -> A`, `A -> B -> A`},
		{"shortest through each hop", `A -> B
			B -> C
			C -> D
			D -> A
			C -> A`, `A -> B -> C -> A`},
		{"two longer cycles without a common hop", `A -> B
			B -> C
			C -> A
			C -> D
			D -> E
			E -> C`, `A -> B -> C -> A
			C -> D -> E -> C`},

		// Self-edges.
		{"self-edge without link", `A -> A`, ``},
		{"one direction", `A -> A .next`, ``},
		{"both directions", `A -> A .next
			A -> A .^next`, `A -> A -> A`},
		{"in any order", `A -> A .<>`, `A -> A -> A`},
		{"in any order, one thread", `A -> A .<> @main`, ``},
		{"in any order, gated", `A -> A .<> [G!]`, ``},
		{"different links", `A -> A .next
			A -> A .^parent`, ``},
		{"one finding for each class", `A -> A .next %50
			A -> A .^next
			A -> A .parent
			A -> A .^parent`, `A -> A -> A`},
		{"linked, one thread", `A -> A .next @main
			A -> A .^next @main`, ``},
		{"linked, gated", `A -> A .next [G!]
			A -> A .^next [G!]`, ``},
		{"linked, pending writer holds one of the class", `A -> A:r .next
			A:r -> A .^next
			writer A [A]`, `A -> A -> A ? +A`},

		// Threads.
		{"same thread", `A -> B @main
			B -> A @main`, ``},
		{"two threads", `A -> B @main
			B -> A @init`, `A -> B -> A`},
		{"one thread only", `A -> B @main
			B -> A`, `A -> B -> A`},
		{"same thread elsewhere too", `A -> B @main
			A -> B [G]
			B -> A @main`, `A -> B -> A`},
		{"two of three on one thread", `A -> B @main
			B -> C
			C -> A @main`, ``},

		// Gates.
		{"shared gate", `A -> B [G!]
			B -> A [G!]`, ``},
		{"class-equal gate", `A -> B [G]
			B -> A [G]`, `A -> B -> A ?`},
		{"shared on one side", `A -> B [G!]
			B -> A [G]`, `A -> B -> A ?`},
		{"gate on one side", `A -> B [G!]
			B -> A`, `A -> B -> A`},
		{"different gates", `A -> B [G!]
			B -> A [H!]`, `A -> B -> A`},
		{"read-held gate", `A -> B [G:r!]
			B -> A [G:r!]`, `A -> B -> A`},
		{"gate read on one side", `A -> B [G:r!]
			B -> A [G!]`, ``},
		{"ungated place elsewhere", `A -> B [G!]
			A -> B
			B -> A [G!]`, `A -> B -> A`},
		{"certain before confident", `A -> B [G]
			A -> B %30
			B -> A [G]`, `A -> B -> A %30`},
		{"gate of two hops among three", `A -> B [G!]
			B -> C
			C -> A [G!]`, ``},

		// The cycle's own classes as gates.
		{"gate is what the hop waits for", `A -> B [B]
			B -> A`, `A -> B -> A`},
		{"gate is what the hop waits for, shared", `A -> B [B!]
			B -> A`, ``},
		{"gate of own class, with the shorter cycle", `A -> B [C]
			C -> B [A]
			B -> C
			C -> A`, `B -> C -> B`},
		{"gate of own class in a longer cycle", `A -> B
			B -> C [A]
			C -> A`, `A -> B -> C -> A ?`},
		{"shared gate of own class in a longer cycle", `A -> B
			B -> C [A!]
			C -> A`, ``},
		{"nested acquisition", `A -> B
			A -> C [B]
			B -> C [A]
			C -> A`, `A -> C -> A`},

		// What a refused or doubtful cycle leaves to others.
		{"gated inversion does not hide the long way", `A -> B
			B -> A [G!]
			A -> B [G!]
			B -> C [H!]
			C -> A [H!]
			B -> D
			D -> A`, `A -> B -> A`},
		{"gated inversion, long way", `A -> B [G!]
			B -> A [G!]
			B -> C
			C -> A`, `A -> B -> C -> A`},
		{"second shortest", `A -> B [G!]
			B -> C [G!]
			C -> A
			B -> D
			D -> A`, `A -> B -> D -> A`},
		{"doubt does not hide certainty", `A -> B [G]
			B -> A [G]
			B -> C
			C -> A`, `A -> B -> A ?
			A -> B -> C -> A`},
		{"doubtful long cycle", `A -> B [G]
			B -> C
			C -> A [G]`, `A -> B -> C -> A ?`},

		// Modes.
		{"read, read, no writer", `A:r -> B:r
			B:r -> A:r`, ``},
		{"read, read, one writer of two", `A:r -> B:r
			B:r -> A:r
			writer A`, ``},
		{"read, read, both writers", `A:r -> B:r
			B:r -> A:r
			writer A
			writer B`, `A -> B -> A +B +A`},
		{"reader against writer at both", `A -> B:r
			B -> A:r`, `A -> B -> A`},
		{"writer against reader at both", `A:r -> B
			B:r -> A`, `A -> B -> A`},
		{"read, read at one class", `A -> B:r
			B:r -> A`, ``},
		{"read, read at one class, writer", `A -> B:r
			B:r -> A
			writer B`, `A -> B -> A +B`},
		{"writer behind the cycle", `A -> B:r
			B:r -> A
			writer B [A]`, ``},
		{"writer beside the cycle", `A -> B:r
			B:r -> A
			writer B [C]`, `A -> B -> A +B`},
		{"writer reads what the cycle reads", `A:r -> B:r
			B:r -> A
			writer B [A:r]`, `A -> B -> A +B`},
		{"writer reads what the cycle writes", `A -> B:r
			B:r -> A
			writer B [A:r]`, ``},
		{"writer behind a shared gate", `A -> B:r [G!]
			B:r -> A
			writer B [G!]`, ``},
		{"writer behind a class-equal gate", `A -> B:r [G]
			B:r -> A
			writer B [G]`, `A -> B -> A ? +B`},
		{"second writer is free", `A -> B:r [G]
			B:r -> A
			writer B [G]
			writer B [H]`, `A -> B -> A +B`},
		{"writer on the cycle's thread", `A -> B:r @main
			B:r -> A
			writer B @main`, ``},
		{"writer on another thread", `A -> B:r @main
			B:r -> A
			writer B @init`, `A -> B -> A +B`},
		{"two writers, one thread", `A:r -> B:r
			B:r -> A:r
			writer A @main
			writer B @main`, ``},
		{"two writers, one shared lock", `A:r -> B:r
			B:r -> A:r
			writer A [G!]
			writer B [G!]`, ``},
		{"writer holds another of its class", `A -> B:r
			B:r -> A
			writer B [B]`, `A -> B -> A +B`},
		{"writing place preferred to pending writer", `A -> B:r
			A -> B %40
			B:r -> A`, `A -> B -> A %40`},

		// Preferences.
		{"confidence is the least", `A -> B %80
			B -> A %60`, `A -> B -> A %60`},
		{"most confident", `A -> B %80
			A -> B [G] %90
			B -> A %95`, `A -> B -> A %90`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g := mustParse(t, test.graph)
			var got []string
			for _, c := range g.Cycles(Options{}) {
				got = append(got, describe(c))
				checkShape(t, c)
			}
			if diff := cmp.Diff(lines(test.want), got); diff != "" {
				t.Errorf("graph:\n%s\n(-want +got):\n%s", strings.Join(lines(test.graph), "\n"), diff)
			}
		})
	}
}

// checkShape checks what every cycle must be.
func checkShape(t *testing.T, c Cycle) {
	t.Helper()
	conf := 100
	for i, e := range c.Edges {
		if next := c.Edges[(i+1)%len(c.Edges)]; e.To != next.From {
			t.Errorf("%s: hop %d leads to %s, the next starts at %s", c.Key(), i, e.To, next.From)
		}
		if e.From < c.Edges[0].From {
			t.Errorf("%s does not start at its smallest class", c.Key())
		}
		conf = min(conf, e.Confidence)
	}
	if conf != c.Confidence {
		t.Errorf("%s: confidence %d, want %d", c.Key(), c.Confidence, conf)
	}
}

func TestMinConfidence(t *testing.T) {
	g := mustParse(t, `
		A -> B %30
		A -> B [G] %90
		B -> A
		C -> D %40
		D -> C`)
	for _, test := range []struct {
		min  int
		want []string
	}{
		{0, []string{"A -> B -> A %90", "C -> D -> C %40"}},
		{50, []string{"A -> B -> A %90"}},
		{95, nil},
	} {
		var got []string
		for _, c := range g.Cycles(Options{MinConfidence: test.min}) {
			got = append(got, describe(c))
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("at least %d (-want +got):\n%s", test.min, diff)
		}
	}
}

// Edges of low confidence must not crowd out one of high confidence that is
// more restricted.
func TestMinConfidenceBeforeCap(t *testing.T) {
	g := mustParse(t, `
		A -> B [G1] %10
		A -> B [G2] %10
		A -> B [G3] %10
		A -> B [G4] %10
		A -> B [G5 G6] %90
		B -> A`)
	got := g.Cycles(Options{MinConfidence: 50})
	if len(got) != 1 || got[0].Confidence != 90 {
		t.Errorf("got %v", got)
	}
}

func TestKey(t *testing.T) {
	cycle := func(classes string) Cycle {
		var c Cycle
		for _, s := range strings.Fields(classes) {
			c.Edges = append(c.Edges, Edge{From: Class(s)})
		}
		return c
	}
	for _, test := range []struct{ classes, want string }{
		{"", ""},
		{"A", "A -> A"},
		{"B A", "A -> B -> A"},
		{"C A B", "A -> B -> C -> A"},
		{"A C A B", "A -> B -> A -> C -> A"},
	} {
		if got := cycle(test.classes).Key(); got != test.want {
			t.Errorf("Key of %q is %q, want %q", test.classes, got, test.want)
		}
	}
	a, b := cycle("A B").Fingerprint(), cycle("B A").Fingerprint()
	if a != b || len(a) != 16 {
		t.Errorf("fingerprints %q, %q", a, b)
	}
}

func TestRing(t *testing.T) {
	for _, test := range []struct{ classes, want int }{
		{maxHops, 1},
		{maxHops + 1, 0},
		{20_000, 0}, // no recursion may be as deep as this
	} {
		g := New()
		for i := range test.classes {
			g.AddEdge(Edge{From: class(i), To: class((i + 1) % test.classes), Confidence: 100})
		}
		cycles := g.Cycles(Options{})
		if len(cycles) != test.want {
			t.Errorf("ring of %d: %d cycles, want %d", test.classes, len(cycles), test.want)
		}
		for _, c := range cycles {
			checkShape(t, c)
		}
	}
}
