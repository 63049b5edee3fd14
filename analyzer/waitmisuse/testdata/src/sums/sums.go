// Package sums is about Conds whose condition is arithmetic.
package sums

import "sync"

type ring struct {
	mu         sync.Mutex
	cond       *sync.Cond
	head, tail int
}

func newRing() *ring {
	r := &ring{}
	r.cond = sync.NewCond(&r.mu)
	return r
}

func (r *ring) bad() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.tail-r.head == 0 {
		r.cond.Wait() // want `r.cond.Wait is not in a loop that tests the condition`
	}
	r.head++
	return r.head
}

func (r *ring) good() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	for r.tail-r.head == 0 {
		r.cond.Wait()
	}
	r.head++
	return r.head
}

func (r *ring) badPut() {
	r.tail++
	r.cond.Signal() // want `r.cond.Signal wakes without a lock held since ring.tail was set: who tests it at sums.go:32`
}

func (r *ring) goodPut() {
	r.mu.Lock()
	r.tail++
	r.mu.Unlock()
	r.cond.Signal()
}

// goodLog tests something, but waits whatever that is.
func (r *ring) goodLog() {
	r.mu.Lock()
	if r.tail > 9 {
		println("full")
	}
	r.cond.Wait()
	r.mu.Unlock()
}
