// Purpose: function literals: called in place, through a local variable, and
// deferred. Captured variables are the caller's. Literals that are only built
// under the lock are not calls.

package calls

import "sync"

type Set struct {
	mu   sync.Mutex
	n    int
	done func()
}

func (s *Set) InPlaceBad() {
	s.mu.Lock()
	defer s.mu.Unlock()
	func() { s.mu.Lock(); s.n++; s.mu.Unlock() }() // want `s\.mu .*(still holds it|already held) from line \d+; .* never returns \(doublelock\)`
}

func (s *Set) InPlaceOk() {
	s.mu.Lock()
	s.n = 0
	s.mu.Unlock()
	func() { s.mu.Lock(); s.n++; s.mu.Unlock() }()
}

// The literal's own balanced use of the lock is not the caller's.
func (s *Set) InsideBad() {
	func() {
		s.mu.Lock()
		s.mu.Lock() // want `s\.mu is locked again while this goroutine still holds it from line \d+; this call never returns \(doublelock\)`
	}()
}

func (s *Set) VariableBad() {
	bump := func() {
		s.mu.Lock()
		s.n++
		s.mu.Unlock()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	bump() // want `s\.mu .*already held from line \d+; the call never returns \(doublelock\)`
}

func (s *Set) VariableOk() {
	bump := func() {
		s.mu.Lock()
		s.n++
		s.mu.Unlock()
	}
	bump()
	s.mu.Lock()
	s.n++
	s.mu.Unlock()
	bump()
}

// Two literals over captured variables of the same function.
func LocalBad() int {
	var mu sync.Mutex
	n := 0
	add := func(k int) {
		mu.Lock()
		defer mu.Unlock()
		n += k
	}
	twice := func(k int) {
		mu.Lock()
		defer mu.Unlock()
		add(k) // want `mu .*already held from line \d+; the call never returns \(doublelock\)`
		add(k)
	}
	twice(1)
	return n
}

func LocalOk() int {
	var mu sync.Mutex
	n := 0
	add := func(k int) {
		mu.Lock()
		defer mu.Unlock()
		n += k
	}
	twice := func(k int) {
		add(k)
		add(k)
	}
	twice(1)
	return n
}

// Deferred after the unlock, hence run before it.
func (s *Set) DeferredBad() {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer func() { s.mu.Lock(); s.n++; s.mu.Unlock() }() // want `s\.mu .*(still holds it|already held) from line \d+; .* never returns \(doublelock\)`
	s.n++
}

func (s *Set) DeferredOk() {
	defer func() { s.mu.Lock(); s.n++; s.mu.Unlock() }()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n++
}

// A deferred literal that unlocks, next to a second deferred literal.
func (s *Set) DeferredUnlockOk() {
	s.mu.Lock()
	defer func() {
		s.n--
		s.mu.Unlock()
	}()
	defer func() {
		if s.done != nil {
			s.n++
		}
	}()
	s.n++
}

func (s *Set) DeferredUnlockTwiceOk() {
	s.mu.Lock()
	func() {
		defer func() { s.mu.Unlock() }()
		s.n++
	}()
	s.mu.Lock()
	s.n++
	s.mu.Unlock()
}

// Built and kept under the lock, called by someone else, later.
func (s *Set) KeptOk() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done = func() {
		s.mu.Lock()
		s.n--
		s.mu.Unlock()
	}
}

func (s *Set) ReturnedOk() func() {
	s.mu.Lock()
	defer s.mu.Unlock()
	return func() {
		s.mu.Lock()
		s.n--
		s.mu.Unlock()
	}
}

// Nested two deep, unlocked by the inner literal.
func (s *Set) NestedOk() {
	s.mu.Lock()
	func() {
		func() {
			s.mu.Unlock()
		}()
		s.mu.Lock()
	}()
	s.mu.Unlock()
}
