// Package weaker: the locks are of one class, and may be of two objects.
package weaker

import "sync"

type keeper struct {
	mu    sync.Mutex
	store *store
}

type store struct {
	puts   chan int
	expire func(int)
}

func newStore(expire func(int)) *store {
	s := &store{puts: make(chan int), expire: expire}
	go s.run()
	return s
}

func (s *store) run() {
	for n := range s.puts {
		s.expire(n)
	}
}

// New may be the keeper whose lock the store takes.
func New() *keeper {
	k := &keeper{}
	k.store = newStore(func(int) {
		k.mu.Lock()
		defer k.mu.Unlock()
	})
	return k
}

func (k *keeper) Put(n int) {
	k.mu.Lock()
	k.store.puts <- n // want `send on store.puts while keeper.mu is held can block forever: its only receiver, \(\*store\).run, locks keeper.mu at weaker.go:32 first`
	k.mu.Unlock()
}

// A cleaner is kicked by who has set a flag, which it sets back.
type cleaner struct {
	mu     sync.Mutex
	kicked bool
	kick   chan struct{}
	done   chan struct{}
	n      int
}

func newCleaner() *cleaner {
	c := &cleaner{kick: make(chan struct{}, 1), done: make(chan struct{}, 1)}
	go c.run()
	return c
}

func (c *cleaner) run() {
	for {
		select {
		case <-c.kick:
			c.mu.Lock()
			c.n++
			c.kicked = false
			c.mu.Unlock()
		case <-c.done:
			return
		}
	}
}

func (c *cleaner) Kick() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.kicked {
		c.kicked = true
		c.kick <- struct{}{} // want `send on cleaner.kick while cleaner.mu is held can block forever`
	}
}

// Close sends what is received once.
func (c *cleaner) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done <- struct{}{} // want `send on cleaner.done while cleaner.mu is held can block forever`
}
