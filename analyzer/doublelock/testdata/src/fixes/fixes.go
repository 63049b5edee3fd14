// Purpose: fixes of locks that are taken by who holds them.

package fixes

import "sync"

type cache struct {
	mu sync.RWMutex
	m  map[string]int
}

func (c *cache) typo() {
	c.mu.Lock() // guards m
	// Released at the end.
	defer c.mu.Lock() // want `c.mu is locked again`
	c.m = nil
}

func (c *cache) typoRead() int {
	c.mu.RLock()
	defer c.mu.Lock() // want `c.mu is locked for writing`
	return len(c.m)
}

// The unlock is there: it is not clear what the second Lock is for.
func (c *cache) typoUnclear() {
	c.mu.Lock()
	defer c.mu.Lock() // want `c.mu is locked again`
	c.m = nil
	if len(c.m) == 1 {
		c.mu.Unlock()
		panic("never")
	}
}

func (c *cache) Put(k string, v int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.m) == 100 {
		c.Clear() /* all */ // want `calling \(\*cache\).Clear locks c.mu`
	}
	c.m[k] = v
}

func (c *cache) Inc(k string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.m[k] = 1 + c.Sum(k, "") // want `calling \(\*cache\).Sum read-locks c.mu`
}

func (c *cache) Clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.clearLocked()
}

func (c *cache) clearLocked() { clear(c.m) }

func (c *cache) Sum(ks ...string) (n int) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.SumLocked(ks...)
}

// SumLocked expects the lock held.
func (c *cache) SumLocked(ks ...string) (n int) {
	for _, k := range ks {
		n += c.m[k]
	}
	return n
}

// The sibling has another signature.
func (c *cache) Drop(k string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.Delete(k) // want `calling \(\*cache\).Delete locks c.mu`
}

func (c *cache) Delete(k string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.deleteLocked(k, false)
}

func (c *cache) deleteLocked(k string, force bool) { delete(c.m, k) }

// What calls itself locked locks.
func (c *cache) Swap() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.Reset() // want `calling \(\*cache\).Reset locks c.mu`
}

func (c *cache) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.m = nil
}

func (c *cache) resetLocked() { c.Reset() }

// A write lock is not what a reader holds.
func (c *cache) Read() {
	c.mu.RLock()
	defer c.mu.RUnlock()
	c.Clear() // want `calling \(\*cache\).Clear locks c.mu`
}
