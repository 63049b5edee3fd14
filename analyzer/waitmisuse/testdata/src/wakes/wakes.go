// Package wakes is about a Signal or Broadcast that the waiter can miss.
package wakes

import (
	"context"
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
	g.cond.Broadcast() // want `g.cond.Broadcast wakes without a lock held since gate.open was set: who tests it at wakes.go:26 can wait after and miss it \(waitmisuse\)`
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

func (g *gate) badContext(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() {
		g.cond.Broadcast() // want `g.cond.Broadcast wakes without a lock when the context is done: who tests it at wakes.go:77 can wait after and miss it`
	})
	defer stop()
	g.mu.Lock()
	defer g.mu.Unlock()
	for !g.open && ctx.Err() == nil {
		g.cond.Wait()
	}
	return ctx.Err()
}

func (g *gate) badGoroutine(ctx context.Context) error {
	go func() {
		<-ctx.Done()
		g.cond.Broadcast() // want `g.cond.Broadcast wakes without a lock when the context is done`
	}()
	g.mu.Lock()
	defer g.mu.Unlock()
	for !g.open && ctx.Err() == nil {
		g.cond.Wait()
	}
	return ctx.Err()
}

func (g *gate) badValue(ctx context.Context) error {
	defer context.AfterFunc(ctx, g.cond.Broadcast)() // want `context.AfterFunc wakes without a lock when the context is done`
	g.mu.Lock()
	defer g.mu.Unlock()
	for !g.open && ctx.Err() == nil {
		g.cond.Wait()
	}
	return ctx.Err()
}

func (g *gate) goodContext(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.cond.Broadcast()
	})
	defer stop()
	g.mu.Lock()
	defer g.mu.Unlock()
	for !g.open && ctx.Err() == nil {
		g.cond.Wait()
	}
	return ctx.Err()
}

// goodOther tests another context than the one that wakes.
func (g *gate) goodOther(ctx, parent context.Context) {
	defer context.AfterFunc(parent, g.cond.Broadcast)()
	g.mu.Lock()
	defer g.mu.Unlock()
	for !g.open && ctx.Err() == nil {
		g.cond.Wait()
	}
}

func badLocal() {
	var mu sync.Mutex
	c := sync.NewCond(&mu)
	done := false
	go func() {
		done = true
		c.Signal() // want `c.Signal wakes without a lock held since what is waited for was set`
	}()
	mu.Lock()
	for !done {
		c.Wait()
	}
	mu.Unlock()
}

func goodLocal() {
	var mu sync.Mutex
	c := sync.NewCond(&mu)
	done := false
	go func() {
		mu.Lock()
		done = true
		mu.Unlock()
		c.Signal()
	}()
	mu.Lock()
	for !done {
		c.Wait()
	}
	mu.Unlock()
}

func clock() int { return 12 }

func (g *gate) enter() { g.mu.Lock() }
func (g *gate) leave() { g.mu.Unlock() }

// badClock calls a function whose name has a lock in it.
func badClock() {
	var mu sync.Mutex
	c := sync.NewCond(&mu)
	late := false
	go func() {
		late = clock() > 11
		c.Signal() // want `c.Signal wakes without a lock held since what is waited for was set`
	}()
	mu.Lock()
	for !late {
		c.Wait()
	}
	mu.Unlock()
}

// goodEnter locks by a function whose name has none.
func (g *gate) goodEnter() {
	g.enter()
	g.open = true
	g.leave()
	g.cond.Signal()
}

// A buffer has two Conds with one lock.
type buffer struct {
	mu          sync.Mutex
	full, empty *sync.Cond
	n           int
}

func newBuffer() *buffer {
	b := &buffer{}
	b.full, b.empty = sync.NewCond(&b.mu), sync.NewCond(&b.mu)
	return b
}

func (b *buffer) put() {
	b.mu.Lock()
	for b.n == 9 {
		b.full.Wait()
	}
	b.mu.Unlock()
}

// goodEmpty wakes nobody who tests n.
func (b *buffer) goodEmpty() {
	b.n = 0
	b.empty.Signal()
}
