package main

import "sync"

// Many locks of one field.
var instances = []scenario{
	{Name: "class", What: "opposite orders on different instances of the same two fields", Want: 1, run: func() { inTurn(new(bank).transfer, new(bank).audit) }},
	{Name: "fifty-pairs", What: "the same inversion on 50 pairs of instances", Want: 1, run: fiftyPairs},
	{Name: "instance-order", What: "locks of one field nested in one order over 100 objects", Want: 0, run: instanceOrder},
	{Name: "instance-inversion", What: "locks of one field in both orders, on the same two objects", Want: 1, run: instanceInversion},
	{Name: "hand-over-hand", What: "hand over hand along a list, in one direction", Want: 0, run: handOverHand},
}

func fiftyPairs() {
	for range 50 {
		b := new(bank)
		inTurn(b.transfer, b.audit)
	}
}

type node struct {
	mu   sync.Mutex
	n    int
	next *node
}

// both locks two nodes, the first first.
func both(a, b *node) {
	a.mu.Lock()
	b.mu.Lock()
	a.n, b.n = b.n, a.n
	b.mu.Unlock()
	a.mu.Unlock()
}

func instanceOrder() {
	nodes := make([]node, 100)
	visit := func(step int) func() {
		return func() {
			for i := range nodes {
				for j := i + step; j < len(nodes); j += 7 {
					both(&nodes[i], &nodes[j])
				}
			}
		}
	}
	together(visit(1), visit(2), visit(3))
}

func instanceInversion() {
	a, b := new(node), new(node)
	inTurn(func() { both(a, b) }, func() { both(b, a) })
}

func handOverHand() {
	var list *node
	for range 30 {
		list = &node{next: list}
	}
	walk := func() {
		n := list
		n.mu.Lock()
		for n.next != nil {
			n.next.mu.Lock()
			n.n++
			n.mu.Unlock()
			n = n.next
		}
		n.mu.Unlock()
	}
	together(walk, walk, walk)
}
