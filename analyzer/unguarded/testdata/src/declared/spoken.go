package declared

import "sync"

// A Box has methods whose comments speak of locks.
type Box struct {
	mu sync.RWMutex
	m  map[string]int
}

func (b *Box) Put(k string, n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.m[k] = n
}

func (b *Box) Drop(k string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.m, k)
}

// Get is quick, since it does with a read lock.
func (b *Box) Get(k string) int {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.m[k]
}

// Count does with a read lock, too.
func (b *Box) Count(k string) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	b.m[k]++ // want `write to the content of Box.m while Box.mu is only read-locked`
}

// Peek is for metrics, which need no lock.
func (b *Box) Peek(k string) int {
	return b.m[k] // want `read of the content of Box.m without holding Box.mu`
}

// Look is for those who have called Lock before.
func (b *Box) Look(k string) int { return b.m[k] }

func (b *Box) Lock() { b.mu.Lock() }
