// Package declared has guards that comments declare. One access is enough to be reported.
package declared

import "sync"

type Cache struct {
	mu sync.Mutex
	// entries is guarded by mu.
	entries map[string]int
	hits    int // protected by mu
	// +checklocks:mu
	misses int
	limit  int
}

func (c *Cache) Get(k string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hits++
	return c.entries[k]
}

func (c *Cache) Miss() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.misses++
	c.entries["miss"] = c.misses
}

func (c *Cache) Put(k string, n int) {
	c.entries[k] = n // want `write to the content of Cache.entries without holding Cache.mu, as its declaration at declared.go:8 requires`
}

func (c *Cache) Hits() int {
	return c.hits // want `read of Cache.hits without holding Cache.mu, as its declaration at declared.go:10 requires`
}

func (c *Cache) Misses() int {
	return c.misses // want `read of Cache.misses without holding Cache.mu, as its declaration at declared.go:11 requires`
}

// SetLimit is right: nothing guards limit.
func (c *Cache) SetLimit(n int) { c.limit = n }

type pair struct {
	a, b int

	lock sync.Mutex // lock protects c and d
	c, d int
	e    int
}

func (p *pair) Set() {
	p.lock.Lock()
	p.c, p.d = 1, 2
	p.lock.Unlock()
}

func (p *pair) C() int {
	return p.c // want `read of pair.c without holding pair.lock, as its declaration at declared.go:48 requires`
}

func (p *pair) E() int { return p.a + p.b + p.e }

var (
	stateMu sync.Mutex
	state   int // guarded by stateMu
)

func Set(n int) {
	stateMu.Lock()
	defer stateMu.Unlock()
	state = n
}

func Get() int {
	return state // want `read of state without holding stateMu, as its declaration at declared.go:67 requires`
}
