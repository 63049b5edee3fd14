// Purpose: an unlock of the wrong kind is replaced by the right one.

package fixes

import "sync"

func (s *store) deferred() int {
	s.rw.RLock()
	defer s.rw.Unlock() /* at the end */ // want `s.rw is read-locked since line 8: Unlock crashes, RUnlock is meant`
	return s.n
}

func (s *store) written() {
	s.rw.Lock()
	s.n++
	s.rw.RUnlock() // want `s.rw is locked since line 14: RUnlock crashes, Unlock is meant`
}

type cache struct {
	sync.RWMutex
	n int
}

func (c *cache) promoted() int {
	c.RLock()
	n := c.n
	c.Unlock() // want `c is read-locked since line 25: Unlock crashes, RUnlock is meant`
	return n
}
