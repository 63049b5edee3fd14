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
	t.add(!locked) // want `calling \(\*Tx\)\.add can lock t\.mu \(weaker\.go:17\), which is already held from line 26; the call then never returns \(doublelock\)`
}

func (t *Tx) ForwardOk(locked bool) {
	if locked {
		t.mu.Lock()
		defer t.mu.Unlock()
	}
	t.add(locked)
}

// The panic runs the deferred literal, which wants the lock that the body holds.
func (t *Tx) UnwindBad(fail bool) {
	defer func() { t.mu.Lock(); t.n = 0; t.mu.Unlock() }() // want `calling func literal in \(\*Tx\)\.UnwindBad can lock t\.mu \(weaker\.go:42\), which is already held from line 43; the call then never returns \(doublelock\)`
	t.mu.Lock()
	if fail {
		panic("fail")
	}
	t.mu.Unlock()
}

func (t *Tx) UnwindOk(fail bool) {
	defer func() { t.mu.Lock(); t.n = 0; t.mu.Unlock() }()
	t.mu.Lock()
	if t.n < 0 {
		t.mu.Unlock()
		panic("negative")
	}
	t.mu.Unlock()
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
	t.flush() // want `calling \(\*Tx\)\.flush can lock t\.mu \(weaker\.go:61\), which is already held from line 71; the call then never returns \(doublelock\)`
}
