// Purpose: a deferred unlock keeps the lock held to the end of the function,
// and deferred calls run in reverse order with what is still held then.

package direct

import "sync"

type Store struct {
	mu sync.Mutex
	n  int
}

func (s *Store) PutBad() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n++
	s.mu.Lock() // want `s\.mu is locked again while this goroutine still holds it from line 14; this call never returns \(doublelock\)`
	s.n++
	s.mu.Unlock()
}

func (s *Store) PutOk() {
	s.mu.Lock()
	s.n++
	s.mu.Unlock()

	s.mu.Lock()
	defer s.mu.Unlock()
	s.n++
}

// The classic slip of the pen: defer Lock for defer Unlock.
func (s *Store) TypoBad() {
	s.mu.Lock()
	defer s.mu.Lock() // want `s\.mu is locked again while this goroutine still holds it from line 34; this call never returns \(doublelock\)`
	s.n++
}

// A deferred Lock gives back what the body released.
func (s *Store) TypoOk() {
	s.mu.Lock()
	s.pauseLocked()
	s.mu.Unlock()
}

func (s *Store) pauseLocked() {
	s.mu.Unlock()
	defer s.mu.Lock()
}

func (s *Store) flush() {
	s.mu.Lock()
	s.n = 0
	s.mu.Unlock()
}

// flush is deferred last, so it runs first: before the unlock.
func (s *Store) OrderBad() {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.flush() // want `calling \(\*Store\)\.flush locks s\.mu \(deferred\.go:52\), which is already held from line 59; the call never returns \(doublelock\)`
	s.n++
}

func (s *Store) OrderOk() {
	s.mu.Lock()
	defer s.flush()
	defer s.mu.Unlock()
	s.n++
}

// A deferred unlock does not end the critical section at the closing brace of
// a block.
func (s *Store) BlockBad() {
	{
		s.mu.Lock()
		defer s.mu.Unlock()
		s.n++
	}
	s.mu.Lock() // want `s\.mu is locked again while this goroutine still holds it from line 76; this call never returns \(doublelock\)`
	s.n++
	s.mu.Unlock()
}

// A function literal does end it.
func (s *Store) BlockOk() {
	func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.n++
	}()
	s.mu.Lock()
	s.n++
	s.mu.Unlock()
}
