// Package cause has one call under a lock that is wrong for several others.
package cause

import "sync"

type Node struct {
	mu   sync.Mutex
	a, b Part
	c    Part2
}

type Part struct {
	mu sync.Mutex
	n  int
}

type Part2 struct {
	mu sync.Mutex
	n  int
}

func (n *Node) Sync() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.refresh() // want `Part2\.mu is locked while Node\.mu is held, but cause\.go:42 locks them in the other order; two goroutines can deadlock`
}

func (n *Node) refresh() {
	n.a.add()
	n.c.add()
}

func (n *Node) One() {
	n.a.mu.Lock()
	n.lock()
	n.a.mu.Unlock()
}

func (n *Node) Two() {
	n.c.mu.Lock()
	defer n.c.mu.Unlock()
	n.lock()
}

func (n *Node) lock() {
	n.mu.Lock()
	n.b.n++
	n.mu.Unlock()
}

func (p *Part) add() {
	p.mu.Lock()
	p.n++
	p.mu.Unlock()
}

func (p *Part2) add() {
	p.mu.Lock()
	p.n++
	p.mu.Unlock()
}

// Another cause is another finding.
func (n *Node) Three() {
	n.b.mu.Lock()
	defer n.b.mu.Unlock()
	n.c.add() // want `Part2\.mu is locked while Part\.mu is held, but cause\.go:72 locks them in the other order; two goroutines can deadlock`
}

func (n *Node) Four() {
	n.c.mu.Lock()
	n.b.add()
	n.c.mu.Unlock()
}
