// Package paths has locks that are kept on one path.
package paths

import (
	"errors"
	"runtime"
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
	s.mu.Lock()
	v, ok := s.m[k]
	if !ok {
		return "", errNo // want `this return leaves s.mu locked since line 20 \(missingunlock\)`
	}
	s.mu.Unlock()
	return v, nil
}

func (s *store) found(k string) (string, bool) {
	s.mu.Lock()
	if v, ok := s.m[k]; ok {
		s.mu.Unlock()
		return v, true
	}
	return "", false // want `this return leaves s.mu locked since line 30`
}

func (s *store) deferred(k string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.m[k]
}

func (s *store) readers(k string) string {
	s.rw.RLock()
	if s.n == 0 {
		return "" // want `this return leaves s.rw read-locked since line 45`
	}
	defer s.rw.RUnlock()
	return s.m[k]
}

func (s *store) end(ks []string) {
	s.mu.Lock()
	for _, k := range ks {
		if k == "" {
			s.mu.Unlock()
			return
		}
		delete(s.m, k)
	}
} // want `the end of the function leaves s.mu locked since line 54`

func (s *store) same(k string) error {
	s.mu.Lock()
	if s.m == nil {
		return nil // want `this return leaves s.mu locked since line 65`
	}
	delete(s.m, k)
	s.mu.Unlock()
	return nil
}

// flag unlocks under the condition under which it locks.
func (s *store) flag(lock bool) {
	if lock {
		s.mu.Lock()
	}
	s.n++
	if lock {
		s.mu.Unlock()
	}
}

// try locks for its caller, and says so.
func (s *store) try(k string) bool {
	s.mu.Lock()
	if s.m[k] == "" {
		s.mu.Unlock()
		return false
	}
	return true
}

func (s *store) tries() {
	if s.try("a") {
		s.mu.Unlock()
	}
}

// begin locks for its caller.
func (s *store) begin() error {
	s.mu.Lock()
	if s.m == nil {
		s.mu.Unlock()
		return errNo
	}
	return nil
}

func (s *store) commit() { s.mu.Unlock() }

func (s *store) hands(f func()) {
	s.mu.Lock()
	if s.n == 0 {
		go func() {
			f()
			s.mu.Unlock()
		}()
		return
	}
	s.mu.Unlock()
}

func (s *store) gives() (func(), error) {
	s.mu.Lock()
	if s.n == 0 {
		s.mu.Unlock()
		return nil, errNo
	}
	return func() { s.mu.Unlock() }, nil
}

func (s *store) panics() (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errNo
		}
	}()
	s.rw.Lock()
	if s.n < 0 {
		panic("n") // want `this panic, which is recovered, leaves s.rw locked since line 140`
	}
	s.rw.Unlock()
	return nil
}

func (s *store) crashes() {
	s.rw.Lock()
	if s.n < 0 {
		panic("n")
	}
	s.rw.Unlock()
}

func (s *store) goexit() {
	s.rw.Lock()
	if s.n < 0 {
		runtime.Goexit() // want `runtime.Goexit leaves s.rw locked since line 157`
	}
	s.rw.Unlock()
}

func (s *store) switches(k int) int {
	s.rw.Lock()
	switch k {
	case 1:
		s.rw.Unlock()
		return 1
	case 2:
		return 2 // want `this return leaves s.rw locked since line 165`
	}
	s.rw.Unlock()
	return 3
}

func (s *store) helper(k int) int {
	s.lockRW()
	if k == 1 {
		return 1 // want `this return leaves s.rw locked since line 178`
	}
	s.unlockRW()
	return 2
}

func (s *store) lockRW()   { s.rw.Lock() }
func (s *store) unlockRW() { s.rw.Unlock() }

type queue struct {
	cond *sync.Cond
	msgs []int
	quit chan bool
}

func (q *queue) consume(f func(int)) {
	for {
		q.cond.L.Lock()
		for len(q.msgs) == 0 {
			q.cond.Wait()
			select {
			case <-q.quit:
				return // want `this return leaves q.cond.L locked since line 197`
			default:
			}
		}
		m := q.msgs[0]
		q.msgs = q.msgs[1:]
		q.cond.L.Unlock()
		f(m)
	}
}
