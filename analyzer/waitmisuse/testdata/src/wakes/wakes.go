// Package wakes is about a Signal or Broadcast that the waiter can miss.
package wakes

import (
	"sync"
	"sync/atomic"
)

type gate struct {
	mu   sync.Mutex
	cond *sync.Cond
	open bool
	done atomic.Bool
}

func newGate() *gate {
	g := &gate{}
	g.cond = sync.NewCond(&g.mu)
	return g
}

func (g *gate) wait() {
	g.mu.Lock()
	for !g.open && !g.done.Load() {
		g.cond.Wait()
	}
	g.mu.Unlock()
}

func (g *gate) bad() {
	g.open = true
	g.cond.Broadcast() // want `g.cond.Broadcast wakes without a lock held since gate.open was set: who tests it at wakes.go:25 can wait after and miss it \(waitmisuse\)`
}

// No data race, but the waiter can be between its test and its Wait.
func (g *gate) badAtomic() {
	g.done.Store(true)
	g.cond.Broadcast() // want `g.cond.Broadcast wakes without a lock held since gate.done was set`
}

func (g *gate) good() {
	g.mu.Lock()
	g.open = true
	g.cond.Broadcast()
	g.mu.Unlock()
}

// goodAfter wakes when the lock is free again.
func (g *gate) goodAfter() {
	g.mu.Lock()
	g.open = true
	g.mu.Unlock()
	g.cond.Signal()
}

// set is called with the lock held.
func (g *gate) set() {
	g.open = true
	g.cond.Broadcast()
}

func (g *gate) goodCaller() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.set()
}
