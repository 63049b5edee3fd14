// Purpose: TryLock never waits, so nothing is ordered behind it; what it got is
// held like any other lock.

package direct

import "sync"

type Left struct{ mu sync.Mutex }
type Right struct{ mu sync.Mutex }

// Back off instead of waiting: the remedy, not the illness.
func BackOffOk(l *Left, r *Right) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !r.mu.TryLock() {
		return false
	}
	defer r.mu.Unlock()
	return true
}

func WaitOk(l *Left, r *Right) {
	r.mu.Lock()
	defer r.mu.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock()
}

type Upper struct{ mu sync.Mutex }
type Lower struct{ mu sync.Mutex }

func TryOuterBad(u *Upper, l *Lower) bool {
	if !u.mu.TryLock() {
		return false
	}
	defer u.mu.Unlock()
	l.mu.Lock() // want `Lower\.mu is locked while Upper\.mu is held, but trylock\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
	defer l.mu.Unlock()
	return true
}

func LowerUpperBad(u *Upper, l *Lower) {
	l.mu.Lock()
	defer l.mu.Unlock()
	u.mu.Lock()
	defer u.mu.Unlock()
}

// On the failing branch nothing is held.
type Front struct{ mu sync.Mutex }
type Back struct{ mu sync.Mutex }

func FailedOk(f *Front, b *Back) {
	if !f.mu.TryLock() {
		b.mu.Lock()
		b.mu.Unlock()
		return
	}
	f.mu.Unlock()
}

func BackFrontOk(f *Front, b *Back) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f.mu.Lock()
	defer f.mu.Unlock()
}
