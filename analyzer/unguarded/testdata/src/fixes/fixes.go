// Package fixes has writes that want the lock for themselves.
package fixes

import "sync"

type Set struct {
	mu sync.RWMutex
	m  map[string]bool
}

func (s *Set) Has(k string) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.m[k]
}

func (s *Set) Drop(k string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.m, k)
}

func (s *Set) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.m)
}

func (s *Set) Add(ks ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range ks {
		s.m[k] = true
	}
}

func (s *Set) Len() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.m)
}

func (s *Set) Put(k string) {
	s.mu.RLock() // with the lock
	defer s.mu.RUnlock()
	s.m[k] = true // want `write to the content of Set.m while Set.mu is only read-locked`
}

func (s *Set) PutNew(k string) bool {
	s.mu.RLock()
	if s.m[k] {
		s.mu.RUnlock()
		return false
	}
	s.m[k] = true // want `write to the content of Set.m while Set.mu is only read-locked`
	s.mu.RUnlock()
	return true
}
