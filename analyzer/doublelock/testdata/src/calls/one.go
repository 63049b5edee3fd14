// Purpose: the second lock is one static call away: method, function with the
// owner as parameter, method expression, call in an expression.

package calls

import "sync"

type Cache struct {
	mu   sync.Mutex
	size int
}

func (c *Cache) evict() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.size = 0
}

func (c *Cache) evictLocked() { c.size = 0 }

func (c *Cache) PutBad() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.size++
	c.evict() // want `calling \(\*Cache\)\.evict locks c\.mu \(one\.go:14\), which is already held from line 22; the call never returns \(doublelock\)`
}

func (c *Cache) PutOk() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.size++
	c.evictLocked()
}

func (c *Cache) PutLaterOk() {
	c.mu.Lock()
	c.size++
	c.mu.Unlock()
	c.evict()
}

// Another cache's lock.
func (c *Cache) PutOtherOk(other *Cache) {
	c.mu.Lock()
	defer c.mu.Unlock()
	other.evict()
}

func shrink(limit int, c *Cache) {
	c.mu.Lock()
	c.size = limit
	c.mu.Unlock()
}

func (c *Cache) ShrinkBad() {
	c.mu.Lock()
	defer c.mu.Unlock()
	shrink(1, c) // want `calling shrink locks c\.mu \(one\.go:50\), which is already held from line 56; the call never returns \(doublelock\)`
}

func (c *Cache) ShrinkOk() {
	c.mu.Lock()
	c.size = 0
	c.mu.Unlock()
	shrink(1, c)
}

func (c *Cache) ExpressionBad() {
	c.mu.Lock()
	defer c.mu.Unlock()
	(*Cache).evict(c) // want `calling \(\*Cache\)\.evict locks c\.mu \(one\.go:14\), which is already held from line 69; the call never returns \(doublelock\)`
}

func (c *Cache) len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.size
}

// Operands are evaluated while the lock is held.
func (c *Cache) GrowBad() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.size = 2*c.len() + 1 // want `calling \(\*Cache\)\.len locks c\.mu \(one\.go:75\), which is already held from line 82; the call never returns \(doublelock\)`
}

func (c *Cache) GrowOk() {
	n := c.len()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.size = 2*n + 1
}

// The arguments of a deferred call are evaluated at the defer statement.
func (c *Cache) DeferArgumentBad() {
	c.mu.Lock()
	defer shrink(c.len(), &Cache{}) // want `calling \(\*Cache\)\.len locks c\.mu \(one\.go:75\), which is already held from line 96; the call never returns \(doublelock\)`
	c.mu.Unlock()
}

func (c *Cache) DeferArgumentOk() {
	defer shrink(c.len(), c)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.size++
}

// Reached through a field: the callee locks what the caller holds.
type Server struct {
	cache *Cache
	hits  int
}

func NewServer() *Server { return &Server{cache: &Cache{}} }

func (s *Server) hit() {
	s.cache.mu.Lock()
	s.hits++
	s.cache.mu.Unlock()
}

func (s *Server) ServeBad() {
	s.cache.mu.Lock()
	defer s.cache.mu.Unlock()
	s.hit() // want `calling \(\*Server\)\.hit locks s\.cache\.mu \(one\.go:117\), which is already held from line 123; the call never returns \(doublelock\)`
}

func (s *Server) ServeEvictBad() {
	s.cache.mu.Lock()
	defer s.cache.mu.Unlock()
	s.cache.evict() // want `calling \(\*Cache\)\.evict locks s\.cache\.mu \(one\.go:14\), which is already held from line 129; the call never returns \(doublelock\)`
}

func (s *Server) ServeOk() {
	s.cache.mu.Lock()
	s.hits = 0
	s.cache.mu.Unlock()
	s.hit()
}

// A callee that locks only on one of its paths still can hang the caller.
func (c *Cache) maybeEvict(full bool) {
	if full {
		c.evict()
	}
}

func (c *Cache) MaybeBad(full bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.maybeEvict(full) // want `calling \(\*Cache\)\.maybeEvict can lock c\.mu \(one\.go:14\), which is already held from line 149; the call then never returns \(doublelock\)`
}

func (c *Cache) MaybeOk(full bool) {
	c.mu.Lock()
	c.size++
	c.mu.Unlock()
	c.maybeEvict(full)
}
