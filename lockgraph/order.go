package lockgraph

import (
	"cmp"
	"fmt"
	"slices"
)

// Online topological order, for the runtime half, which must know before it
// blocks whether the acquisition it is about to make closes a cycle.
//
// D. J. Pearce and P. H. J. Kelly, "A Dynamic Topological Sort Algorithm for
// Directed Acyclic Graphs", ACM Journal of Experimental Algorithmics 11, 2007.
// https://doi.org/10.1145/1187436.1210590
//
// Every node has a distinct rank, and every edge goes from lower to higher
// rank. To add from->to:
//
//  1. If rank(from) < rank(to), the order is right already: store the edge.
//  2. Otherwise search forward from to, no further than rank(from). If the
//     search meets from, the edge would close a cycle: refuse it. Any path
//     to..from stays between the two ranks, so the bound loses none, and as
//     the search is breadth first the path found is a shortest one.
//  3. Search backward from from, no further than rank(to).
//  4. The ranks of all nodes found are dealt out again: first to the backward
//     set, then to the forward set, each in its old relative order.
//
// The cost is that of steps 2 to 4 in the affected region only, which is empty
// for most edges of a program with a settled lock order. Algorithms with better
// worst cases (Bender, Fineman, Gilbert, Tarjan 2016) are not used: on sparse
// graphs they are slower and need more memory for each node, and they do not
// support Remove.

// A Node is a vertex of an Order. The zero Node is never issued.
type Node uint32

// An Order keeps a directed graph free of cycles. Its zero value is not
// usable; call NewOrder. It is not safe for concurrent use.
//
// It takes about 65 bytes for each node and 50 for each edge. Has, and Add of
// an edge that is known, cost one hash look-up. Remove costs time in the
// number of the node's edges.
type Order struct {
	rank  []uint32 // by node; a permutation of 0..len-1; slot 0 is unused
	out   [][]Node
	in    [][]Node
	alive []bool
	free  []Node
	edges map[arc]arcPos

	// Scratch space of Add.
	mark    []uint32 // == epoch if found by the current search
	parent  []Node   // of the forward search
	epoch   uint32
	forward []Node
	back    []Node
	pool    []uint32
}

type arc struct{ from, to Node }

// arcPos is where an arc stands in out[from] and in[to], so that it can be
// taken out of both in constant time.
type arcPos struct{ out, in uint32 }

// NewOrder returns an empty order.
func NewOrder() *Order {
	o := &Order{edges: make(map[arc]arcPos)}
	o.grow()
	return o
}

func (o *Order) grow() Node {
	n := Node(len(o.rank))
	o.rank = append(o.rank, uint32(n))
	o.out = append(o.out, nil)
	o.in = append(o.in, nil)
	o.alive = append(o.alive, n != 0)
	o.mark = append(o.mark, 0)
	o.parent = append(o.parent, 0)
	return n
}

// NewNode returns a node without edges. It may be one that was removed before.
func (o *Order) NewNode() Node {
	if k := len(o.free); k > 0 {
		n := o.free[k-1]
		o.free = o.free[:k-1]
		o.alive[n] = true
		return n
	}
	return o.grow()
}

// Remove deletes n and its edges. Its number is then free for NewNode to issue
// again: nothing of the old node is left behind, but a caller that still holds
// n would then name the new one, so forget n first. Using n between Remove
// and its next issue panics.
func (o *Order) Remove(n Node) {
	o.check(n)
	for _, m := range o.out[n] {
		a := arc{n, m}
		o.cutIn(a, o.edges[a].in)
		delete(o.edges, a)
	}
	for _, m := range o.in[n] {
		a := arc{m, n}
		o.cutOut(a, o.edges[a].out)
		delete(o.edges, a)
	}
	// The rank stays with the number: without edges any rank is right, and so
	// ranks remain a permutation.
	o.out[n], o.in[n] = nil, nil
	o.alive[n] = false
	o.free = append(o.free, n)
}

// cutIn takes a out of in[a.to], moving the last element into its place.
func (o *Order) cutIn(a arc, at uint32) {
	list := o.in[a.to]
	last := list[len(list)-1]
	o.in[a.to] = list[:len(list)-1]
	if last != a.from {
		list[at] = last
		moved := arc{last, a.to}
		pos := o.edges[moved]
		pos.in = at
		o.edges[moved] = pos
	}
}

// cutOut takes a out of out[a.from].
func (o *Order) cutOut(a arc, at uint32) {
	list := o.out[a.from]
	last := list[len(list)-1]
	o.out[a.from] = list[:len(list)-1]
	if last != a.to {
		list[at] = last
		moved := arc{a.from, last}
		pos := o.edges[moved]
		pos.out = at
		o.edges[moved] = pos
	}
}

// Has reports whether the edge from->to has been added.
func (o *Order) Has(from, to Node) bool {
	_, ok := o.edges[arc{from, to}]
	return ok
}

// Add adds the edge from->to and reports whether it could. If the edge would
// close a cycle it is not added, ok is false, and path is a shortest path from
// to to from which proves it, both ends included; for from == to it is that
// one node. Adding an edge twice is harmless.
func (o *Order) Add(from, to Node) (path []Node, ok bool) {
	o.check(from)
	o.check(to)
	if from == to {
		return []Node{from}, false
	}
	a := arc{from, to}
	if _, ok := o.edges[a]; ok {
		return nil, true
	}
	if o.rank[from] > o.rank[to] {
		if !o.searchForward(to, from) {
			return o.pathTo(from), false
		}
		o.searchBackward(from, to)
		o.reorder()
	}
	o.edges[a] = arcPos{out: uint32(len(o.out[from])), in: uint32(len(o.in[to]))}
	o.out[from] = append(o.out[from], to)
	o.in[to] = append(o.in[to], from)
	return nil, true
}

func (o *Order) check(n Node) {
	if int(n) >= len(o.alive) || !o.alive[n] {
		panic(fmt.Sprintf("lockcheck: internal error: node %d is not in the order", n))
	}
}

func (o *Order) nextEpoch() {
	o.epoch++
	if o.epoch == 0 { // wrapped: old marks would look new
		clear(o.mark)
		o.epoch = 1
	}
}

// searchForward is step 2. It collects in o.forward what is reachable from
// start with a rank below that of goal, and reports whether goal is not.
func (o *Order) searchForward(start, goal Node) bool {
	o.nextEpoch()
	limit := o.rank[goal]
	o.mark[start] = o.epoch
	o.parent[start] = 0
	o.forward = append(o.forward[:0], start)
	for i := 0; i < len(o.forward); i++ {
		n := o.forward[i]
		for _, m := range o.out[n] {
			if o.rank[m] > limit || o.mark[m] == o.epoch {
				continue
			}
			o.mark[m] = o.epoch
			o.parent[m] = n
			if m == goal {
				return false
			}
			o.forward = append(o.forward, m)
		}
	}
	return true
}

// pathTo returns the path of the forward search that ended in goal.
func (o *Order) pathTo(goal Node) []Node {
	var path []Node
	for n := goal; n != 0; n = o.parent[n] {
		path = append(path, n)
	}
	slices.Reverse(path)
	return path
}

// searchBackward is step 3. It collects in o.back what reaches start and has a
// rank above that of limit. It shares the epoch of the forward search: the two
// sets are disjoint, or there would be a cycle.
func (o *Order) searchBackward(start, limit Node) {
	floor := o.rank[limit]
	o.mark[start] = o.epoch
	o.back = append(o.back[:0], start)
	for i := 0; i < len(o.back); i++ {
		for _, m := range o.in[o.back[i]] {
			if o.rank[m] < floor || o.mark[m] == o.epoch {
				continue
			}
			o.mark[m] = o.epoch
			o.back = append(o.back, m)
		}
	}
}

// reorder is step 4.
func (o *Order) reorder() {
	byRank := func(a, b Node) int { return cmp.Compare(o.rank[a], o.rank[b]) }
	slices.SortFunc(o.back, byRank)
	slices.SortFunc(o.forward, byRank)
	o.pool = o.pool[:0]
	i, j := 0, 0
	for i < len(o.back) || j < len(o.forward) {
		if j == len(o.forward) || i < len(o.back) && o.rank[o.back[i]] < o.rank[o.forward[j]] {
			o.pool = append(o.pool, o.rank[o.back[i]])
			i++
		} else {
			o.pool = append(o.pool, o.rank[o.forward[j]])
			j++
		}
	}
	for k, n := range o.back {
		o.rank[n] = o.pool[k]
	}
	for k, n := range o.forward {
		o.rank[n] = o.pool[len(o.back)+k]
	}
}

// invariants returns an error if the order has come to contradict itself. For
// tests: it costs time in the size of the graph.
func (o *Order) invariants() error {
	seen := make([]bool, len(o.rank))
	for n, r := range o.rank {
		if int(r) >= len(seen) || seen[r] {
			return fmt.Errorf("rank %d of node %d is out of range or taken", r, n)
		}
		seen[r] = true
		if !o.alive[n] && len(o.out[n])+len(o.in[n]) > 0 {
			return fmt.Errorf("removed node %d has edges", n)
		}
	}
	outs, ins := 0, 0
	for n := range o.rank {
		outs += len(o.out[n])
		ins += len(o.in[n])
		for i, m := range o.out[n] {
			pos, ok := o.edges[arc{Node(n), m}]
			switch {
			case !ok:
				return fmt.Errorf("edge %d->%d is listed but not in the set", n, m)
			case int(pos.out) != i || o.in[m][pos.in] != Node(n):
				return fmt.Errorf("edge %d->%d is not where the set says", n, m)
			case o.rank[n] >= o.rank[m]:
				return fmt.Errorf("edge %d->%d runs against the ranks %d, %d", n, m, o.rank[n], o.rank[m])
			case !o.alive[m]:
				return fmt.Errorf("edge %d->%d leads to a removed node", n, m)
			}
		}
	}
	if outs != len(o.edges) || ins != len(o.edges) {
		return fmt.Errorf("%d edges, but %d outgoing and %d incoming", len(o.edges), outs, ins)
	}
	return nil
}
