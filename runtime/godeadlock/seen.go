package godeadlock

import "sync"

// seen remembers keys, of which the first use counts.
type seen struct {
	mu   sync.Mutex
	keys map[string]bool
}

// maxSeen bounds what is remembered. When it is reached, a bug may be reported again.
const maxSeen = 4096

// first reports whether a key is used for the first time.
func (s *seen) first(key string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.keys[key] {
		return false
	}
	if s.keys == nil || len(s.keys) == maxSeen {
		s.keys = make(map[string]bool)
	}
	s.keys[key] = true
	return true
}
