// Purpose: locking that depends on a condition which is tested again: the two
// tests are one fact. With contradicting tests there is no path; with the same
// test twice there is.

package paths

import "sync"

type Tx struct {
	mu   sync.Mutex
	n    int
	safe bool
}

func (t *Tx) IfDeferOk(concurrent bool) {
	if concurrent {
		t.mu.Lock()
		defer t.mu.Unlock()
	}
	t.n++
}

func (t *Tx) IfDeferBad(concurrent bool) {
	if concurrent {
		t.mu.Lock()
		defer t.mu.Unlock()
	}
	t.n++
	if concurrent {
		t.mu.Lock() // want `t\.mu is locked again while this goroutine still holds it from line \d+; this call never returns \(doublelock\)`
		t.mu.Unlock()
	}
}

func (t *Tx) IfElseOk(concurrent bool) {
	if concurrent {
		t.mu.Lock()
		defer t.mu.Unlock()
	}
	t.n++
	if !concurrent {
		t.mu.Lock()
		t.mu.Unlock()
	}
}

func (t *Tx) PairOk(concurrent bool) {
	if concurrent {
		t.mu.Lock()
	}
	t.n++
	if concurrent {
		t.mu.Unlock()
	}
	t.mu.Lock()
	t.n++
	t.mu.Unlock()
}

// The condition is computed, then kept in a variable.
func (t *Tx) ComputedOk(other *Tx) {
	distinct := other != t
	t.mu.Lock()
	if distinct {
		other.mu.Lock()
	}
	t.n += other.n
	if distinct {
		other.mu.Unlock()
	}
	t.mu.Unlock()
}

// The comparison itself is the condition.
func (t *Tx) SameOk(other *Tx) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if other != t {
		other.mu.Lock()
		defer other.mu.Unlock()
	}
	t.n += other.n
}

func (t *Tx) SameMissed(other *Tx) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if other == t {
		// not found: a comparison of pointers does not make two names one lock
		other.mu.Lock()
		defer other.mu.Unlock()
	}
	t.n += other.n
}

func (t *Tx) add(locked bool) {
	if !locked {
		t.mu.Lock()
		defer t.mu.Unlock()
	}
	t.n++
}

func (t *Tx) ParameterOk() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.add(true)
}

func (t *Tx) ParameterBad() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.add(false) // want `calling \(\*Tx\)\.add (locks|can lock) t\.mu \(conditional\.go:\d+\), which is already held from line \d+; the call (then )?never returns \(doublelock\)`
}

func (t *Tx) ParameterUnlockedOk() {
	t.add(false)
	t.mu.Lock()
	t.add(true)
	t.mu.Unlock()
	t.add(false)
}

// Passed on unchanged: each caller answers for itself.
func (t *Tx) addTwice(locked bool) {
	t.add(locked)
	t.add(locked)
}

func (t *Tx) PassedOk() {
	t.addTwice(false)
	t.mu.Lock()
	t.addTwice(true)
	t.mu.Unlock()
}

func (t *Tx) PassedBad() {
	t.mu.Lock()
	t.addTwice(false) // want `calling \(\*Tx\)\.addTwice (locks|can lock) t\.mu \(conditional\.go:\d+\), which is already held from line \d+; the call (then )?never returns \(doublelock\)`
	t.mu.Unlock()
}

// The caller's own condition is the callee's argument.
func (t *Tx) ForwardOk(locked bool) {
	if locked {
		t.mu.Lock()
		defer t.mu.Unlock()
	}
	t.add(locked)
}

// A nil test as condition.
func (t *Tx) OptionalOk(mu *sync.Mutex) {
	if mu != nil {
		mu.Lock()
	}
	t.n++
	if mu != nil {
		mu.Unlock()
	}
	if mu != nil {
		mu.Lock()
		defer mu.Unlock()
	}
	t.n++
}

func (t *Tx) OptionalBad(mu *sync.Mutex) {
	if mu != nil {
		mu.Lock()
	}
	t.n++
	if mu == nil {
		return
	}
	mu.Lock() // want `mu is locked again while this goroutine still holds it from line \d+; this call never returns \(doublelock\)`
	t.n++
}
