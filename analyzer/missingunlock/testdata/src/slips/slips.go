// Package slips has unlocks that cannot be right.
package slips

import "sync"

type table struct {
	mu sync.Mutex
	rw sync.RWMutex
	n  int
}

func (t *table) kind() int {
	t.rw.RLock()
	defer t.rw.Unlock() // want `t.rw is read-locked since line 13: Unlock crashes, RUnlock is meant \(missingunlock\)`
	return t.n
}

func (t *table) kind2() {
	t.rw.Lock()
	t.n++
	t.rw.RUnlock() // want `t.rw is locked since line 19: RUnlock crashes, Unlock is meant`
}

// either unlocks as it has locked.
func (t *table) either(write bool) {
	if write {
		t.rw.Lock()
	} else {
		t.rw.RLock()
	}
	t.n++
	if write {
		t.rw.Unlock()
	} else {
		t.rw.RUnlock()
	}
}

func (t *table) twice(err error) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err != nil {
		t.mu.Unlock()
		return err // want `this return unlocks t.mu again by the defer of line 41, after line 43, which crashes`
	}
	t.n++
	return nil
}

func (t *table) straight() {
	t.mu.Lock()
	t.n++
	t.mu.Unlock()
	t.mu.Unlock() // want `t.mu is unlocked again after line 53, which crashes`
}

// pause gives the lock back for a while.
func (t *table) pause(f func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.mu.Unlock()
	f()
	t.mu.Lock()
	t.n++
}

// yields expects the lock held.
func (t *table) yields(f func()) {
	t.mu.Unlock()
	f()
	t.mu.Lock()
}

func (t *table) lent(f func()) {
	t.mu.Unlock()
	f()
	t.mu.Lock()
	if t.n == 0 {
		t.mu.Unlock()
		return
	}
	t.mu.Unlock()
}
