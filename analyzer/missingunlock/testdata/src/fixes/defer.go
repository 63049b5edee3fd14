// Purpose: the unlock is deferred where this changes no more than the exits that keep the
// lock.

package fixes

import (
	"errors"
	"runtime"
	"strconv"
	"sync"
)

var errNo = errors.New("no")

type store struct {
	mu sync.Mutex
	rw sync.RWMutex
	m  map[string]string
	n  int
}

func (s *store) early(k string) (string, error) {
	s.mu.Lock() // guards m
	v, ok := s.m[k]

	// The key may be missing.
	if !ok {
		return "", errNo // want `this return leaves s.mu locked`
	}
	// All went well.
	s.mu.Unlock() // until here

	return v, nil
}

func (s *store) cases(k int) (n int) {
	s.rw.RLock()
	defer func() { n++ }()
	switch k {
	case 1:
		s.rw.RUnlock()
		return 1
	case 2:
		return 2 // want `this return leaves s.rw read-locked`
	}

	s.rw.RUnlock()

	return 3
}

// The function deferred first runs after the unlock, as it did before.
func (s *store) laterDefers(k string) {
	defer println(k)
	s.mu.Lock()
	if s.m[k] == "" {
		return // want `this return leaves s.mu locked`
	}
	delete(s.m, k)
	s.mu.Unlock()
}

// The unlock is deferred, but too late.
func (s *store) late(k string) string {
	s.rw.RLock()
	if s.n == 0 {
		return "" // want `this return leaves s.rw read-locked`
	}
	defer s.rw.RUnlock()
	return s.m[k]
}

func (s *store) goexit() {
	s.mu.Lock()
	if s.n < 0 {
		runtime.Goexit() // want `runtime.Goexit leaves s.mu locked`
	}
	s.mu.Unlock()
}

func (s *store) literal() func(int) string {
	return func(k int) string {
		s.mu.Lock()
		if s.n == k {
			return "" // want `this return leaves s.mu locked`
		}
		s.mu.Unlock()
		return strconv.Itoa(k)
	}
}

// embedded has the lock's methods, and is of two types.
type embedded[T any] struct {
	sync.Mutex
	v T
}

func (e *embedded[T]) set(v T, ok bool) bool {
	e.Lock()
	e.v = v
	if !ok {
		return false // want `this return leaves e locked`
	}
	e.Unlock()
	return true
}

func sets() {
	new(embedded[int]).set(1, true)
	new(embedded[string]).set("", false)
}
