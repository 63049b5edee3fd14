package lockgraph

import (
	"math/rand/v2"
	"testing"
)

// naive is a graph that answers questions of reachability by search. It has no
// maps, whose random order would confuse the fuzzer's measure of coverage.
type naive struct {
	known [64]bool
	edge  [64][64]bool
}

func (m *naive) reaches(from, to Node) (steps int, ok bool) {
	var dist [64]int
	dist[from] = 1
	queue := []Node{from}
	for i := 0; i < len(queue); i++ {
		if queue[i] == to {
			return dist[to] - 1, true
		}
		for n, is := range m.edge[queue[i]] {
			if is && dist[n] == 0 {
				dist[n] = dist[queue[i]] + 1
				queue = append(queue, Node(n))
			}
		}
	}
	return 0, false
}

func (m *naive) remove(n Node) {
	m.known[n] = false
	m.edge[n] = [64]bool{}
	for i := range m.edge {
		m.edge[i][n] = false
	}
}

// runOrder performs the operations coded in ops on an Order and on the model.
func runOrder(t *testing.T, ops []byte, maxNodes int) {
	o, m := NewOrder(), new(naive)
	var nodes []Node
	for len(ops) >= 3 {
		op, x, y := ops[0], int(ops[1]), int(ops[2])
		ops = ops[3:]
		switch {
		case len(nodes) < 2 || op%16 == 0 && len(nodes) < maxNodes:
			n := o.NewNode()
			if n == 0 || m.known[n] {
				t.Fatalf("NewNode returned %d, which is in use or zero", n)
			}
			m.known[n] = true
			nodes = append(nodes, n)
		case op%16 == 1:
			i := x % len(nodes)
			o.Remove(nodes[i])
			m.remove(nodes[i])
			nodes[i] = nodes[len(nodes)-1]
			nodes = nodes[:len(nodes)-1]
		default:
			from, to := nodes[x%len(nodes)], nodes[y%len(nodes)]
			if got, want := o.Has(from, to), m.edge[from][to]; got != want {
				t.Fatalf("Has(%d, %d) = %v", from, to, got)
			}
			path, ok := o.Add(from, to)
			steps, cyclic := m.reaches(to, from)
			if ok == cyclic {
				t.Fatalf("Add(%d, %d) = %v, model says cycle: %v", from, to, ok, cyclic)
			}
			if ok {
				m.edge[from][to] = true
				if path != nil {
					t.Fatalf("Add(%d, %d) succeeded with a path", from, to)
				}
			} else {
				if len(path) != steps+1 || path[0] != to || path[steps] != from {
					t.Fatalf("Add(%d, %d): path %v, want %d steps", from, to, path, steps)
				}
				for i := range steps {
					if !m.edge[path[i]][path[i+1]] {
						t.Fatalf("Add(%d, %d): path %v has no edge at %d", from, to, path, i)
					}
				}
			}
		}
		if err := o.invariants(); err != nil {
			t.Fatal(err)
		}
	}
	for from := Node(1); from < 64; from++ {
		for to := Node(1); to < 64; to++ {
			if o.Has(from, to) != m.edge[from][to] {
				t.Fatalf("at the end Has(%d, %d) = %v", from, to, o.Has(from, to))
			}
		}
	}
}

func TestOrderRandom(t *testing.T) {
	for seed := range uint64(200) {
		rnd := rand.New(rand.NewPCG(seed, 0))
		ops := make([]byte, 3*(20+rnd.IntN(300)))
		for i := range ops {
			ops[i] = byte(rnd.Uint32())
		}
		runOrder(t, ops, 2+rnd.IntN(40))
	}
}

func FuzzOrder(f *testing.F) {
	f.Add([]byte{0, 0, 0, 0, 0, 0, 2, 0, 1, 2, 1, 0})
	f.Add([]byte{0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1, 2, 1, 2, 2, 2, 0, 1, 1, 0, 2, 2, 0})
	f.Fuzz(func(t *testing.T, ops []byte) { runOrder(t, ops[:min(len(ops), 600)], 30) })
}

func TestOrderReuse(t *testing.T) {
	o := NewOrder()
	a, b, c := o.NewNode(), o.NewNode(), o.NewNode()
	o.Add(a, b)
	o.Add(b, c)
	o.Remove(b)
	if o.Has(a, b) || o.Has(b, c) {
		t.Error("edges of a removed node remain")
	}
	d := o.NewNode()
	if d != b {
		t.Errorf("NewNode returned %d, want %d again", d, b)
	}
	for _, e := range [][2]Node{{c, d}, {d, a}} { // the other way round
		if path, ok := o.Add(e[0], e[1]); !ok {
			t.Errorf("Add(%v) refused with %v", e, path)
		}
	}
	if path, ok := o.Add(a, c); ok || len(path) != 3 {
		t.Errorf("Add(a, c) = %v, %v", path, ok)
	}
	if err := o.invariants(); err != nil {
		t.Error(err)
	}
}

func TestOrderEpochWraps(t *testing.T) {
	o := NewOrder()
	a, b, c := o.NewNode(), o.NewNode(), o.NewNode()
	o.Add(c, b) // marks with epoch 1
	o.epoch = ^uint32(0)
	if _, ok := o.Add(b, a); !ok {
		t.Error("refused")
	}
	if path, ok := o.Add(a, c); ok || len(path) != 3 {
		t.Errorf("Add(a, c) = %v, %v", path, ok)
	}
}

func TestOrderPanics(t *testing.T) {
	o := NewOrder()
	n, gone := o.NewNode(), o.NewNode()
	o.Remove(gone)
	for _, f := range []func(){
		func() { o.Add(n, gone) },
		func() { o.Add(gone, n) },
		func() { o.Remove(gone) },
		func() { o.Add(0, n) },
		func() { o.Add(n, 1000) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			f()
		}()
	}
}
