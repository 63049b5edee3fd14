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
