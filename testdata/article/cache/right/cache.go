// Package cache has a fast path that looks into the cache without the lock.
package cache

import "sync"

// A Cache keeps what is slow to make.
type Cache struct {
	mu     sync.Mutex
	values map[string]int
}

// New returns an empty cache.
func New() *Cache { return &Cache{values: map[string]int{}} }

// Get returns the length of a key.
func (c *Cache) Get(key string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if n, ok := c.values[key]; ok {
		return n
	}
	if n, ok := c.values[key]; ok {
		return n
	}
	c.values[key] = len(key)
	return c.values[key]
}
