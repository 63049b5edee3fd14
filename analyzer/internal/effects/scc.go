package effects

// Components numbers the strongly connected components of a graph of n nodes, those that others lead to first, and counts
// the nodes of each (R. Tarjan: Depth-First Search and Linear Graph Algorithms, 1972, https://doi.org/10.1137/0201010; without recursion).
func Components(n int, succs func(int32) []int32) (comp, size []int32) {
	comp = make([]int32, n)
	low, num := make([]int32, n), make([]int32, n)
	for i := range comp {
		comp[i] = -1
	}
	type frame struct {
		v int32
		i int
	}
	var stack []int32
	count := int32(0)
	open := func(v int32) frame {
		count++
		num[v], low[v] = count, count
		stack = append(stack, v)
		return frame{v, 0}
	}
	for root := range int32(n) {
		if num[root] != 0 {
			continue
		}
		work := []frame{open(root)}
		for len(work) > 0 {
			top := &work[len(work)-1]
			if ss := succs(top.v); top.i < len(ss) {
				s := ss[top.i]
				top.i++
				if num[s] == 0 {
					work = append(work, open(s))
				} else if comp[s] < 0 {
					low[top.v] = min(low[top.v], num[s])
				}
				continue
			}
			v := top.v
			work = work[:len(work)-1]
			if len(work) > 0 {
				p := work[len(work)-1].v
				low[p] = min(low[p], low[v])
			}
			if low[v] != num[v] {
				continue
			}
			size = append(size, 0)
			for {
				x := stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				comp[x] = int32(len(size) - 1)
				size[comp[x]]++
				if x == v {
					break
				}
			}
		}
	}
	return comp, size
}
