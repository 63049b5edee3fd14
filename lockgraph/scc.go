package lockgraph

// Strongly connected components, outside which no edge is part of a cycle.
//
// R. E. Tarjan, "Depth-First Search and Linear Graph Algorithms", SIAM Journal
// on Computing 1(2), 1972. https://doi.org/10.1137/0201010
//
//  1. Visit the nodes depth first, number them in order of discovery, and put
//     each on a stack.
//  2. The low link of a node is the lowest number reachable from its subtree
//     by at most one edge to a node still on the stack.
//  3. When a node is left whose low link is its own number, it is the root of a
//     component: all above it on the stack belong to it. Take them off.
//
// Written without recursion: a lock graph can be one long chain, and the
// runtime half must not grow the stack of a user's goroutine.

// adjacency is a directed graph over 0..n-1 in compressed form: the successors
// of v are to[start[v]:start[v+1]].
type adjacency struct {
	start []int32
	to    []int32
}

// components returns for each node the number of its component, and the number
// of components. skip, if not nil, says which positions of to are not edges.
func components(a adjacency, skip func(i int32) bool) (comp []int32, count int32) {
	n := int32(len(a.start) - 1)
	comp = make([]int32, n)
	var (
		number = make([]int32, n) // 0: not seen
		low    = make([]int32, n)
		next   = make([]int32, n) // the successor to look at next
		stack  []int32            // step 1
		path   []int32            // from the root of the visit to the current node
		seen   int32
	)
	for v := range comp {
		comp[v] = -1
	}
	enter := func(v int32) {
		seen++
		number[v], low[v] = seen, seen
		next[v] = a.start[v]
		stack = append(stack, v)
		path = append(path, v)
	}
	for root := range n {
		if number[root] != 0 {
			continue
		}
		enter(root)
		for len(path) > 0 {
			v := path[len(path)-1]
			if i := next[v]; i < a.start[v+1] {
				next[v]++
				if skip != nil && skip(i) {
					continue
				}
				switch w := a.to[i]; {
				case number[w] == 0:
					enter(w)
				case comp[w] < 0: // still on the stack
					low[v] = min(low[v], number[w]) // step 2
				}
				continue
			}
			path = path[:len(path)-1]
			if len(path) > 0 {
				p := path[len(path)-1]
				low[p] = min(low[p], low[v])
			}
			if low[v] == number[v] { // step 3
				for {
					w := stack[len(stack)-1]
					stack = stack[:len(stack)-1]
					comp[w] = count
					if w == v {
						break
					}
				}
				count++
			}
		}
	}
	return comp, count
}
