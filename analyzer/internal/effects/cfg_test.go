package effects

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// graphOf makes a function of blocks with these successors. Each block has a few instructions; one without successors returns.
func graphOf(succs [][]int32) *Func {
	f := &Func{Recover: -1, Code: make([]Instr, 1), First: 1, Blocks: make([]Block, len(succs))}
	add := func(b int, op Op) { f.Code = append(f.Code, Instr{Op: op, Block: int32(b)}) }
	for b, ss := range succs {
		f.Blocks[b].First = V(len(f.Code))
		for range b % 3 {
			add(b, RunDefers)
		}
		switch len(ss) {
		case 0:
			add(b, Return)
		case 1:
			add(b, Jump)
		default:
			add(b, If)
		}
		f.Blocks[b].Last, f.Blocks[b].Succs = V(len(f.Code)-1), ss
	}
	for b, ps := range f.OrderedPreds() {
		f.Blocks[b].Preds = ps
	}
	return f
}

func randomGraph(r *rand.Rand) *Func {
	n := 1 + r.IntN(9)
	succs := make([][]int32, n)
	for b := range succs {
		for range r.IntN(3) {
			succs[b] = append(succs[b], int32(r.IntN(n)))
		}
	}
	f := graphOf(succs)
	if r.IntN(3) == 0 {
		f.Recover = r.IntN(n)
	}
	return f
}

// reachable returns the blocks that can be reached from some, without entering those that are avoided.
func reachable(f *Func, from []int32, avoid func(int32) bool) map[int32]bool {
	seen := map[int32]bool{}
	var walk func(int32)
	walk = func(b int32) {
		if seen[b] || avoid != nil && avoid(b) {
			return
		}
		seen[b] = true
		for _, s := range f.Blocks[b].Succs {
			walk(s)
		}
	}
	for _, b := range from {
		walk(b)
	}
	return seen
}

// dominates is the definition: the block is not reached without the other.
func dominates(f *Func, a, b int32) bool {
	return a == b || reachable(f, []int32{0}, nil)[b] && !reachable(f, []int32{0}, func(x int32) bool { return x == a })[b]
}

func onRandomGraphs(t *testing.T, check func(t *testing.T, f *Func, r *rand.Rand)) {
	t.Helper()
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 1))
		f := randomGraph(r)
		t.Run(fmt.Sprint(seed), func(t *testing.T) { check(t, f, r) })
		if t.Failed() {
			for b := range f.Blocks {
				t.Logf("b%d: %v", b, f.Blocks[b].Succs)
			}
			return
		}
	}
}

func TestGraph(t *testing.T) {
	type graph struct {
		name  string
		succs [][]int32
		order []int32
		idom  []int32
		loop  []bool
	}
	for _, c := range []graph{
		{"one block", [][]int32{{}}, []int32{0}, []int32{-1}, []bool{false}},
		{"a block on itself", [][]int32{{0}}, []int32{0}, []int32{-1}, []bool{true}},
		{"diamond", [][]int32{{1, 2}, {3}, {3}, {}}, []int32{0, 2, 1, 3}, []int32{-1, 0, 0, 0}, []bool{false, false, false, false}},
		{"loop with exit", [][]int32{{1}, {2, 3}, {1}, {}}, []int32{0, 1, 3, 2}, []int32{-1, 0, 1, 1}, []bool{false, true, true, false}},
		{"both ways to one block", [][]int32{{1, 1}, {}}, []int32{0, 1}, []int32{-1, 0}, []bool{false, false}},
		{"not reached", [][]int32{{2}, {2}, {}}, []int32{0, 2}, []int32{-1, -1, 0}, []bool{false, false, false}},
		{"two entries of a loop", [][]int32{{1, 2}, {2}, {1, 3}, {}}, []int32{0, 1, 2, 3}, []int32{-1, 0, 0, 2}, []bool{false, true, true, false}},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := graphOf(c.succs).Graph()
			if !slices.Equal(g.Order, c.order) {
				t.Errorf("order %v, want %v", g.Order, c.order)
			}
			if !slices.Equal(g.Loop, c.loop) {
				t.Errorf("loops %v, want %v", g.Loop, c.loop)
			}
			for b, want := range c.idom {
				if got := g.Idom(int32(b)); got != want {
					t.Errorf("b%d is dominated by b%d, want b%d", b, got, want)
				}
			}
		})
	}
}

func TestGraphWithoutBlocks(t *testing.T) {
	f := &Func{Code: make([]Instr, 1), First: 1, Recover: -1}
	if g := f.Graph(); len(g.Order) != 0 {
		t.Error(g.Order)
	}
	f.Returns(func(V) { t.Error("a return") })
}

func TestDominators(t *testing.T) {
	onRandomGraphs(t, func(t *testing.T, f *Func, r *rand.Rand) {
		g := f.Graph()
		reached := reachable(f, []int32{0}, nil)
		for a := range int32(len(f.Blocks)) {
			if g.Reached(a) != reached[a] {
				t.Errorf("b%d: reached %v", a, g.Reached(a))
			}
			for b := range int32(len(f.Blocks)) {
				if got, want := g.Dominates(a, b), dominates(f, a, b); got != want {
					t.Errorf("b%d dominates b%d: %v, want %v", a, b, got, want)
				}
			}
			d := g.Idom(a)
			for b := range int32(len(f.Blocks)) {
				if reached[a] && b != a && dominates(f, b, a) && (d < 0 || !dominates(f, b, d)) {
					t.Errorf("b%d dominates b%d, but not b%d, which is said to do so immediately", b, a, d)
				}
			}
			if d >= 0 && (d == a || !dominates(f, d, a)) {
				t.Errorf("b%d does not dominate b%d", d, a)
			}
		}
	})
}

func TestOrder(t *testing.T) {
	onRandomGraphs(t, func(t *testing.T, f *Func, r *rand.Rand) {
		g := f.Graph()
		for i, b := range g.Order {
			if g.Place[b] != int32(i) {
				t.Errorf("b%d is at %d, not at %d", b, i, g.Place[b])
			}
			for _, s := range f.Blocks[b].Succs {
				// An edge that goes back closes a cycle.
				if int(g.Place[s]) <= i && g.Comp[s] != g.Comp[b] {
					t.Errorf("b%d stands before b%d", s, b)
				}
			}
		}
		if len(g.Order) != len(reachable(f, []int32{0}, nil)) {
			t.Errorf("order %v", g.Order)
		}
	})
}

func TestComponents(t *testing.T) {
	onRandomGraphs(t, func(t *testing.T, f *Func, r *rand.Rand) {
		g := f.Graph()
		for a := range int32(len(f.Blocks)) {
			from := reachable(f, f.Blocks[a].Succs, nil)
			if g.Loop[a] != from[a] {
				t.Errorf("b%d is on a cycle: %v", a, g.Loop[a])
			}
			for b := range int32(len(f.Blocks)) {
				mutual := a == b || from[b] && reachable(f, f.Blocks[b].Succs, nil)[a]
				if (g.Comp[a] == g.Comp[b]) != mutual {
					t.Errorf("b%d and b%d in one component: %v", a, b, !mutual)
				}
				if from[b] && g.Comp[b] > g.Comp[a] {
					t.Errorf("b%d leads to b%d, but has the lower component", a, b)
				}
			}
		}
	})
}

// ways reports whether an instruction can be reached from behind another, one instruction at a time.
func ways(f *Func, a, b V, not func(int32) bool) bool {
	seen := map[V]bool{}
	var walk func(v V) bool
	after := func(v V) bool {
		bl := &f.Blocks[f.Code[v].Block]
		if v < bl.Last {
			return walk(v + 1)
		}
		return slices.ContainsFunc(bl.Succs, func(s int32) bool { return (not == nil || !not(s)) && walk(f.Blocks[s].First) })
	}
	walk = func(v V) bool {
		if v == b {
			return true
		}
		if seen[v] {
			return false
		}
		seen[v] = true
		return after(v)
	}
	return after(a)
}

func TestReachesBeforeFollow(t *testing.T) {
	onRandomGraphs(t, func(t *testing.T, f *Func, r *rand.Rand) {
		barred := int32(r.IntN(len(f.Blocks)))
		not := func(b int32) bool { return b == barred }
		for a := f.First; int(a) < len(f.Code); a++ {
			followed := map[V]bool{}
			f.Follow(a, func(v V) bool { followed[v] = true; return true })
			for b := f.First; int(b) < len(f.Code); b++ {
				if got, want := f.Reaches(a, b, nil), ways(f, a, b, nil); got != want {
					t.Errorf("v%d reaches v%d: %v, want %v", a, b, got, want)
				}
				if got, want := f.Reaches(a, b, not), ways(f, a, b, not); got != want {
					t.Errorf("v%d reaches v%d without b%d: %v, want %v", a, b, barred, got, want)
				}
				if got, want := followed[b], ways(f, a, b, nil); got != want {
					t.Errorf("v%d is followed by v%d: %v, want %v", a, b, got, want)
				}
				if got, want := f.Before(a, b), before(f, a, b); got != want {
					t.Errorf("v%d before v%d: %v, want %v", a, b, got, want)
				}
			}
		}
	})
}

// before is the definition for instructions that are reached; for others what is in one block is in order.
func before(f *Func, a, b V) bool {
	x, y := f.Code[a].Block, f.Code[b].Block
	if x == y {
		return a < b
	}
	return dominates(f, x, y)
}

// TestFollowStops checks that nothing is visited behind an instruction at which a direction ends, unless there is another way.
func TestFollowStops(t *testing.T) {
	onRandomGraphs(t, func(t *testing.T, f *Func, r *rand.Rand) {
		stop := V(r.IntN(len(f.Code)-1) + 1)
		start := V(r.IntN(len(f.Code)-1) + 1)
		visited := map[V]int{}
		f.Follow(start, func(v V) bool { visited[v]++; return v != stop })
		want := map[V]bool{}
		var walk func(v V)
		after := func(v V) {
			if bl := &f.Blocks[f.Code[v].Block]; v < bl.Last {
				walk(v + 1)
			} else {
				for _, s := range bl.Succs {
					walk(f.Blocks[s].First)
				}
			}
		}
		walk = func(v V) {
			if !want[v] {
				if want[v] = true; v != stop {
					after(v)
				}
			}
		}
		after(start)
		for v := f.First; int(v) < len(f.Code); v++ {
			if want[v] != (visited[v] > 0) {
				t.Errorf("from v%d, stopping at v%d: v%d is visited %d times", start, stop, v, visited[v])
			}
		}
	})
}

func TestEveryReturn(t *testing.T) {
	onRandomGraphs(t, func(t *testing.T, f *Func, r *rand.Rand) {
		reached := reachable(f, []int32{0}, nil)
		var returns []V
		f.Returns(func(v V) { returns = append(returns, v) })
		var want []V
		for b := range f.Blocks {
			if v := f.Blocks[b].Last; f.Op(v) == Return && b != f.Recover && reached[int32(b)] {
				want = append(want, v)
			}
		}
		if !slices.Equal(returns, want) {
			t.Errorf("returns %v, want %v", returns, want)
		}
		for b := range int32(len(f.Blocks)) {
			all := !slices.ContainsFunc(want, func(v V) bool { return !dominates(f, b, f.Code[v].Block) })
			if got := f.EveryReturn(b); got != all {
				t.Errorf("every return is behind b%d: %v, want %v", b, got, all)
			}
		}
	})
}

func TestUses(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		n := 1 + r.IntN(20)
		f := &Func{Code: make([]Instr, n+1), First: 1}
		for i := range f.Code[1:] {
			for range r.IntN(4) {
				f.Code[i+1].Args = append(f.Code[i+1].Args, V(r.IntN(n+1)))
			}
		}
		for v := V(1); int(v) <= n; v++ {
			var want []V
			for i := range f.Code {
				for _, a := range f.Code[i].Args {
					if a == v {
						want = append(want, V(i))
					}
				}
			}
			if !slices.Equal(f.Uses(v), want) {
				t.Errorf("uses of v%d: %v, want %v", v, f.Uses(v), want)
			}
		}
	}
}
