package dump

import "slices"

// A graph is a wait-for graph. Its nodes are goroutines and, so that n goroutines which
// wait for m holders need n+m edges instead of n*m, wanted locks. A goroutine has an edge to
// the lock it wants, and that one to each goroutine that must go on first.
type graph struct {
	ids   []uint64 // of goroutine nodes, which come first
	index map[uint64]int
	succ  [][]int
	pred  [][]int // set by reaching, when the graph is complete
}

func newGraph(gs []*Goroutine) *graph {
	g := &graph{index: make(map[uint64]int, len(gs))}
	for _, x := range gs {
		if _, twice := g.index[x.ID]; !twice {
			g.index[x.ID] = len(g.ids)
			g.ids = append(g.ids, x.ID)
		}
	}
	g.succ = make([][]int, len(g.ids))
	return g
}

// lock adds the node of a wanted lock, which points at goroutines that are in the dump.
func (g *graph) lock(ids ...[]uint64) int {
	g.succ = append(g.succ, nil)
	node := len(g.succ) - 1
	for _, list := range ids {
		for _, id := range list {
			if to, ok := g.index[id]; ok {
				g.succ[node] = append(g.succ[node], to)
			}
		}
	}
	return node
}

// components returns the strongly connected components that contain a circle, each in
// order of its nodes, in order of their first.
//
// This is the algorithm of R. Tarjan, Depth-first search and linear graph algorithms, SIAM
// Journal on Computing 1(2), 1972, https://doi.org/10.1137/0201010:
//
//  1. Number nodes in the order in which a depth-first search meets them, and push them
//     on a stack.
//  2. Compute for each node the lowest number among the nodes on the stack that it reaches
//     by tree edges and then one other edge.
//  3. A node whose lowest number is its own is the first met of a component: all above it
//     on the stack, and itself, are that component.
//
// The search keeps its own stack of calls, because a dump may be a chain of 100,000
// goroutines.
func (g *graph) components() [][]int {
	var (
		n     = len(g.succ)
		num   = make([]int, n) // 0: not met
		low   = make([]int, n)
		on    = make([]bool, n)
		stack []int
		found = make([][]int, n) // by first node
		met   int
	)
	type call struct{ node, next int }
	var calls []call
	enter := func(v int) {
		met++
		num[v], low[v] = met, met
		stack = append(stack, v)
		on[v] = true
		calls = append(calls, call{node: v})
	}
	for root := range n {
		if num[root] != 0 {
			continue
		}
		enter(root)
		for len(calls) > 0 {
			c := &calls[len(calls)-1]
			v := c.node
			if c.next < len(g.succ[v]) {
				w := g.succ[v][c.next]
				c.next++
				if num[w] == 0 {
					enter(w)
				} else if on[w] {
					low[v] = min(low[v], num[w])
				}
				continue
			}
			calls = calls[:len(calls)-1]
			if len(calls) > 0 {
				up := calls[len(calls)-1].node
				low[up] = min(low[up], low[v])
			}
			if low[v] != num[v] {
				continue
			}
			i := len(stack) - 1
			for stack[i] != v {
				i--
			}
			// A goroutine points at locks only, so one node is no circle.
			if len(stack)-i > 1 {
				members := slices.Clone(stack[i:])
				slices.Sort(members)
				found[members[0]] = members
			}
			for _, w := range stack[i:] {
				on[w] = false
			}
			stack = stack[:i]
		}
	}
	var comps [][]int
	for _, members := range found {
		if members != nil {
			comps = append(comps, members)
		}
	}
	return comps
}

// circle returns goroutines each of which waits for the next, and the last for the first:
// a shortest circle of the component, through its first goroutine that has one. Of
// a large component, only as many goroutines are tried as can be soon.
func (g *graph) circle(members []int) []uint64 {
	in := make(map[int]bool, len(members))
	for _, v := range members {
		in[v] = true
	}
	var best []int
	steps := 1 << 18
	for _, start := range members {
		if start >= len(g.ids) || steps <= 0 || len(best) == 2 { // a goroutine and a lock: none is shorter
			break
		}
		if c := g.shortest(start, in, &steps); best == nil || len(c) < len(best) {
			best = c
		}
	}
	var ids []uint64
	for _, v := range best {
		if v < len(g.ids) {
			ids = append(ids, g.ids[v])
		}
	}
	return ids
}

// shortest returns a shortest circle through a node, by breadth-first search, and counts
// its steps down.
func (g *graph) shortest(start int, in map[int]bool, steps *int) []int {
	from := map[int]int{}
	for queue := []int{start}; len(queue) > 0; queue = queue[1:] {
		v := queue[0]
		for _, w := range g.succ[v] {
			*steps--
			if w == start {
				path := []int{v}
				for v != start {
					v = from[v]
					path = append(path, v)
				}
				slices.Reverse(path)
				return path
			}
			if _, seen := from[w]; in[w] && !seen {
				from[w] = v
				queue = append(queue, w)
			}
		}
	}
	return nil // not in a component
}

// reaching returns the goroutines that wait, maybe through others, for one of those given,
// without these, in order of their nodes.
func (g *graph) reaching(ids []uint64) []uint64 {
	if g.pred == nil {
		g.pred = make([][]int, len(g.succ))
		for v, ws := range g.succ {
			for _, w := range ws {
				g.pred[w] = append(g.pred[w], v)
			}
		}
	}
	seen := map[int]bool{}
	var queue, found []int
	for _, id := range ids {
		if v, ok := g.index[id]; ok {
			seen[v] = true
			queue = append(queue, v)
		}
	}
	for ; len(queue) > 0; queue = queue[1:] {
		for _, w := range g.pred[queue[0]] {
			if seen[w] {
				continue
			}
			seen[w] = true
			queue = append(queue, w)
			if w < len(g.ids) {
				found = append(found, w)
			}
		}
	}
	slices.Sort(found)
	var all []uint64
	for _, v := range found {
		all = append(all, g.ids[v])
	}
	return all
}
