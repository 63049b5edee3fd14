// Purpose: what only -all shows. The lock is certain and the path is not: the
// conditions on it are compared by text, and these may or may not exclude each
// other as far as the text goes.

package weaker

import "sync"

type Tx struct {
	mu   sync.Mutex
	n    int
	safe bool
}

func (t *Tx) add(locked bool) {
	if !locked {
		t.mu.Lock()
		defer t.mu.Unlock()
	}
	t.n++
}

// The caller's own condition is the callee's argument, turned round.
func (t *Tx) ForwardBad(locked bool) {
	if locked {
		t.mu.Lock()
		defer t.mu.Unlock()
	}
	t.add(!locked) // want `calling \(\*Tx\)\.add can lock t\.mu \(weaker\.go:\d+\), which is already held from line \d+; the call then never returns \(doublelock\)`
}

func (t *Tx) ForwardOk(locked bool) {
	if locked {
		t.mu.Lock()
		defer t.mu.Unlock()
	}
	t.add(locked)
}

// The pair is incomplete: with concurrent set, nobody unlocks. Two branches on one
// condition that disagree about the lock look like a flag, which may be elsewhere.
func (t *Tx) PairBad(concurrent bool) {
	if concurrent {
		t.mu.Lock()
	}
	t.n++
	if !concurrent {
		t.n++
	}
	t.mu.Lock() // want `t\.mu can be locked again while this goroutine still holds it from line \d+; this call then never returns \(doublelock\)`
	t.n++
	t.mu.Unlock()
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

// The flag is never set.
func (t *Tx) LoopBad(items []int) {
	held := false
	for _, item := range items {
		if item > 0 && !held {
			t.mu.Lock() // want `t\.mu can be locked again while this goroutine still holds it from line \d+; this call then never returns \(doublelock\)`
		}
		t.n += item
	}
	if held {
		t.mu.Unlock()
	}
}

func (t *Tx) LoopOk(items []int) {
	held := false
	for _, item := range items {
		if item > 0 && !held {
			t.mu.Lock()
			held = true
		}
		t.n += item
	}
	if held {
		t.mu.Unlock()
	}
}

// over-reported: the first iteration is not the second, which takes arithmetic.
func (t *Tx) FirstLastOk(items []int) {
	for i := range items {
		if i == 0 {
			t.mu.Lock() // want `t\.mu can be locked again while this goroutine still holds it from line \d+; this call then never returns \(doublelock\)`
		}
		t.n++
		if i == len(items)-1 {
			t.mu.Unlock()
		}
	}
}

func (t *Tx) flush() {
	t.mu.Lock()
	t.n = 0
	t.mu.Unlock()
}

// over-reported: that release is nil means that the lock is not held, which no
// condition says.
func (t *Tx) ReleaseOk(items []int) {
	var release func()
	if len(items) > 1 {
		t.mu.Lock()
		release = t.mu.Unlock
	}
	t.n++
	if release != nil {
		release()
	}
	t.flush() // want `calling \(\*Tx\)\.flush can lock t\.mu \(weaker\.go:\d+\), which is already held from line \d+; the call then never returns \(doublelock\)`
}
