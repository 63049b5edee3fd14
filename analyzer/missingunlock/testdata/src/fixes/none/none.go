// Purpose: findings without a fix. This file has no golden one.

package none

import "sync"

type yes bool

type node struct {
	mu   sync.Mutex
	n    int
	next *node
}

func (n *node) work() {}

func (n *node) self() *node { return n }

// The lock is that of what a call returns.
func (n *node) call() {
	n.self().mu.Lock()
	if n.n == 0 {
		return // want `this return leaves .* locked`
	}
	n.self().mu.Unlock()
	n.work()
}

// When it returns, n is another node.
func (n *node) moved() {
	n.mu.Lock()
	m := n
	if n = n.next; n == nil {
		return // want `this return leaves n.mu locked`
	}
	m.mu.Unlock()
	m.work()
}

// The name n means something else there.
func (n *node) hidden() int {
	n.mu.Lock()
	if n := n.next; n != nil {
		return 1 // want `this return leaves n.mu locked`
	}
	n.mu.Unlock()
	n.work()
	return 2
}

// The lock is not held on every path.
func (n *node) loop(ks []int) {
	for _, k := range ks {
		n.mu.Lock()
		if k == 0 {
			break
		}
		n.n += k
		n.mu.Unlock()
	}
} // want `the end of the function can leave n.mu locked`

// Kept in a variable, the result would be bool, and not yes.
func (n *node) typed() yes {
	n.mu.Lock()
	if n.next != nil {
		return n.n > 0 // want `this return leaves n.mu locked`
	}
	n.mu.Unlock()
	n.work()
	return false
}

// The type of the shift is that of the result.
func (n *node) shift() uint8 {
	n.mu.Lock()
	if n.next != nil {
		return 1 << n.n // want `this return leaves n.mu locked`
	}
	n.mu.Unlock()
	n.work()
	return 0
}

// A function of its own locks.
func (n *node) helper(k int) int {
	n.lock()
	if k == 1 {
		return 1 // want `this return leaves n.mu locked`
	}
	n.unlock()
	return 2
}

func (n *node) lock()   { n.mu.Lock() }
func (n *node) unlock() { n.mu.Unlock() }

// What work does may make n.next another node.
func (n *node) field() int {
	n.next.mu.Lock()
	n.step()
	if n.n == 0 {
		return 0 // want `this return leaves n.next.mu locked`
	}
	n.next.mu.Unlock()
	n.work()
	return 1
}

func (n *node) step() { n.next = n.next.next }
