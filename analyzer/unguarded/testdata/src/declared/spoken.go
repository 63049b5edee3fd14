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

// Look is for those who have called Lock before.
func (b *Box) Look(k string) int { return b.m[k] }

func (b *Box) Lock() { b.mu.Lock() }

// A Crate has a lock that callers cannot take.
type Crate struct {
	mu sync.Mutex
	m  map[string]int
}

func (c *Crate) Put(k string, v int) { c.mu.Lock(); c.m[k] = v; c.mu.Unlock() }
func (c *Crate) Drop(k string)       { c.mu.Lock(); delete(c.m, k); c.mu.Unlock() }
func (c *Crate) Get(k string) int    { c.mu.Lock(); defer c.mu.Unlock(); return c.m[k] }

// Peek is for metrics, which need no lock.
func (c *Crate) Peek(k string) int {
	return c.m[k] // want `read of the content of Crate.m without holding Crate.mu`
}
