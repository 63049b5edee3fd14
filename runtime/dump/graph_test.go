package dump

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestGraph compares components and circles with a naive model, in which everything
// that is reachable is known.
func TestGraph(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		n := 1 + r.IntN(8)
		var gs []*Goroutine
		for i := range n {
			gs = append(gs, &Goroutine{ID: uint64(i + 1)})
		}
		g := newGraph(gs)
		edge := make([][]bool, n)
		for v := range n {
			edge[v] = make([]bool, n)
			var ids []uint64
			for w := range n {
				if r.IntN(2*n) == 0 {
					edge[v][w] = true
					ids = append(ids, uint64(w+1))
				}
			}
			if len(ids) > 0 {
				g.succ[v] = append(g.succ[v], g.lock(ids))
			}
		}
		reach := make([][]bool, n)
		for v := range n {
			reach[v] = slices.Clone(edge[v])
		}
		for k := range n {
			for v := range n {
				for w := range n {
					reach[v][w] = reach[v][w] || reach[v][k] && reach[k][w]
				}
			}
		}

		in := map[uint64]bool{}
		for _, members := range g.components() {
			ids := g.circle(members)
			for i, id := range ids {
				if next := ids[(i+1)%len(ids)]; !edge[id-1][next-1] {
					t.Fatalf("%d does not wait for %d in the circle %d of %v", id, next, ids, edge)
				}
				if j := slices.Index(ids, id); j != i {
					t.Fatalf("%d is twice in the circle %d", id, ids)
				}
			}
			for _, v := range members {
				if v < n {
					in[g.ids[v]] = true
					for _, w := range members {
						if w < n && !reach[v][w] {
							t.Fatalf("%d and %d are in one component of %v", v+1, w+1, edge)
						}
					}
				}
			}
			want := 0
			for v := range n {
				given := slices.Contains(ids, uint64(v+1))
				if !given && slices.ContainsFunc(ids, func(id uint64) bool { return reach[v][id-1] }) {
					want++
				}
			}
			if got := g.reaching(ids); len(got) != want {
				t.Fatalf("%d reach %d, want %d of %v", got, ids, want, edge)
			}
		}
		for v := range n {
			if in[uint64(v+1)] != reach[v][v] {
				t.Fatalf("%d is in a circle: %v, want %v in %v", v+1, in[uint64(v+1)], reach[v][v], edge)
			}
		}
	}
}
