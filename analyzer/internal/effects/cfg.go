package effects

import (
	"slices"
	"sync"
)

// derived is what is worked out of a function when it is first asked for.
type derived struct {
	of *Func // the function of which this is an instance, which has it all

	once  sync.Once
	graph *Graph

	usesOnce sync.Once
	uses     []V     // users, grouped by what is used
	from     []int32 // where the users of an instruction start in uses

	madeOnce sync.Once
	made     []V

	loopsOnce sync.Once
	loops     []Loop
}

// A Graph tells how control flows in a function.
type Graph struct {
	Order []int32 // blocks in reverse postorder from the entry; those that are not reached are missing
	Place []int32 // block -> place in Order; -1 if it is not reached
	Comp  []int32 // block -> number of its strongly connected component
	Loop  []bool  // block lies on a cycle

	idom      []int32 // immediate dominator; the entry's and that of what is not reached: -1
	pre, post []int32 // numbers of a walk of the dominator tree
}

// Renew forgets what was worked out of the code of a function, which whoever makes it has changed.
func (f *Func) Renew() { f.derived = derived{} }

// Graph returns the control flow of the function.
func (f *Func) Graph() *Graph {
	if f.of != nil {
		return f.of.Graph()
	}
	f.once.Do(func() { f.graph = newGraph(f) })
	return f.graph
}

func newGraph(f *Func) *Graph {
	n := len(f.Blocks)
	g := &Graph{Place: make([]int32, n), Loop: make([]bool, n)}
	succs := func(b int32) []int32 { return f.Blocks[b].Succs }
	var post []int32
	if n > 0 {
		postorder(0, succs, make([]bool, n), &post)
	}
	slices.Reverse(post)
	g.Order = post
	for i := range g.Place {
		g.Place[i] = -1
	}
	for i, b := range g.Order {
		g.Place[b] = int32(i)
	}
	var size []int32
	g.Comp, size = Components(n, succs)
	for b := range f.Blocks {
		g.Loop[b] = size[g.Comp[b]] > 1
		for _, s := range f.Blocks[b].Succs {
			g.Loop[b] = g.Loop[b] || s == int32(b)
		}
	}
	g.dominators(f)
	return g
}

func postorder(root int32, succs func(int32) []int32, seen []bool, post *[]int32) {
	if seen[root] {
		return
	}
	seen[root] = true
	type frame struct {
		b int32
		i int
	}
	stack := []frame{{root, 0}}
	for len(stack) > 0 {
		top := &stack[len(stack)-1]
		if ss := succs(top.b); top.i < len(ss) {
			s := ss[top.i]
			top.i++
			if !seen[s] {
				seen[s] = true
				stack = append(stack, frame{s, 0})
			}
			continue
		}
		*post = append(*post, top.b)
		stack = stack[:len(stack)-1]
	}
}

// dominators finds the immediate dominators (K. Cooper, T. Harvey, K. Kennedy: A Simple, Fast Dominance Algorithm, 2001,
// https://hdl.handle.net/1911/96345).
func (g *Graph) dominators(f *Func) {
	n := len(f.Blocks)
	g.idom = make([]int32, n)
	for i := range g.idom {
		g.idom[i] = -1
	}
	if n == 0 {
		return
	}
	g.idom[0] = 0
	for changed := true; changed; {
		changed = false
		for _, b := range g.Order[1:] {
			d := int32(-1)
			for _, p := range f.Blocks[b].Preds {
				if g.Place[p] < 0 || g.idom[p] < 0 {
					continue
				}
				if d < 0 {
					d = p
					continue
				}
				for x, y := p, d; ; {
					switch {
					case g.Place[x] > g.Place[y]:
						x = g.idom[x]
						continue
					case g.Place[y] > g.Place[x]:
						y = g.idom[y]
						continue
					}
					d = x
					break
				}
			}
			if d != g.idom[b] {
				g.idom[b] = d
				changed = true
			}
		}
	}
	g.idom[0] = -1
	g.number(n)
}

// number numbers the dominator tree, so that dominance is told by two comparisons.
func (g *Graph) number(n int) {
	g.pre, g.post = make([]int32, n), make([]int32, n)
	kids := make([][]int32, n)
	for _, b := range g.Order {
		if d := g.idom[b]; d >= 0 {
			kids[d] = append(kids[d], b)
		}
	}
	type frame struct {
		b int32
		i int
	}
	count := int32(0)
	stack := []frame{{0, 0}}
	count++
	g.pre[0] = count
	for len(stack) > 0 {
		top := &stack[len(stack)-1]
		if top.i < len(kids[top.b]) {
			k := kids[top.b][top.i]
			top.i++
			count++
			g.pre[k] = count
			stack = append(stack, frame{k, 0})
			continue
		}
		count++
		g.post[top.b] = count
		stack = stack[:len(stack)-1]
	}
}

// Reached reports whether control can get from the entry to a block.
func (g *Graph) Reached(b int32) bool { return g.Place[b] >= 0 }

// Idom returns the block that immediately dominates another, -1 if there is none.
func (g *Graph) Idom(b int32) int32 { return g.idom[b] }

// Dominates reports whether every way from the entry to block b passes block a; a block dominates itself.
func (g *Graph) Dominates(a, b int32) bool {
	if a == b {
		return true
	}
	return g.pre[a] > 0 && g.pre[b] > 0 && g.pre[a] <= g.pre[b] && g.post[b] <= g.post[a]
}

// Before reports whether every way to instruction b passes instruction a first. An instruction is not before itself.
func (f *Func) Before(a, b V) bool {
	x, y := f.Code[a].Block, f.Code[b].Block
	if x == y {
		return a < b
	}
	return x >= 0 && y >= 0 && f.Graph().Dominates(x, y)
}

// Reaches reports whether control can get from behind instruction a to instruction b, without entering a block for which
// not is true; it may be nil.
func (f *Func) Reaches(a, b V, not func(block int32) bool) bool {
	from, to := f.Code[a].Block, f.Code[b].Block
	if from == to && a < b {
		return true
	}
	seen := make([]bool, len(f.Blocks))
	stack := append([]int32(nil), f.Blocks[from].Succs...)
	for len(stack) > 0 {
		x := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if seen[x] || not != nil && not(x) {
			continue
		}
		if x == to {
			return true
		}
		seen[x] = true
		stack = append(stack, f.Blocks[x].Succs...)
	}
	return false
}

// Follow calls visit for each instruction behind one, in all directions in which it returns true.
func (f *Func) Follow(v V, visit func(V) bool) {
	seen := make([]bool, len(f.Blocks))
	walk := func(from, last V) bool {
		for i := from; i <= last; i++ {
			if !visit(i) {
				return false
			}
		}
		return true
	}
	b := f.Code[v].Block
	if !walk(v+1, f.Blocks[b].Last) {
		return
	}
	stack := append([]int32(nil), f.Blocks[b].Succs...)
	for len(stack) > 0 {
		x := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if seen[x] {
			continue
		}
		seen[x] = true
		if walk(f.Blocks[x].First, f.Blocks[x].Last) {
			stack = append(stack, f.Blocks[x].Succs...)
		}
	}
}

// EveryReturn reports whether every return that is reached, but the one behind a recovered panic, is behind a block.
func (f *Func) EveryReturn(b int32) bool {
	g := f.Graph()
	for i := range f.Blocks {
		if f.Op(f.Blocks[i].Last) == Return && i != f.Recover && g.Reached(int32(i)) && !g.Dominates(b, int32(i)) {
			return false
		}
	}
	return true
}

// Returns calls visit for the returns that are reached, but the one behind a recovered panic.
func (f *Func) Returns(visit func(V)) {
	g := f.Graph()
	for i := range f.Blocks {
		if v := f.Blocks[i].Last; f.Op(v) == Return && i != f.Recover && g.Reached(int32(i)) {
			visit(v)
		}
	}
}

// OrderedPreds returns the predecessors of a block in the order of their blocks.
func (f *Func) OrderedPreds() [][]int32 {
	preds := make([][]int32, len(f.Blocks))
	for b := range f.Blocks {
		for _, s := range f.Blocks[b].Succs {
			if int(s) < len(preds) {
				preds[s] = append(preds[s], int32(b))
			}
		}
	}
	return preds
}
