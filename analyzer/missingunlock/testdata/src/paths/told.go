package paths

import (
	"errors"
	"sync"
)

var errFull = errors.New("full")

type hall struct {
	mu    sync.Mutex
	seats int
}

// beginner is no beginning of anything: the lock stays, and nobody unlocks it.
func (h *hall) beginner(n int) bool {
	h.mu.Lock()
	if n > h.seats {
		h.mu.Unlock()
		return false
	}
	h.seats -= n
	return true // want `this return leaves h\.mu locked since line \d+`
}

type stage struct {
	mu    sync.Mutex
	seats int
}

// reserve leaves the lock to those who get no error, and who call done.
func (s *stage) reserve(n int) error {
	s.mu.Lock()
	if n > s.seats {
		s.mu.Unlock()
		return errFull
	}
	s.seats -= n
	return nil
}

func (s *stage) done() { s.mu.Unlock() }
