//go:build lockcheck

package lockcheck

import (
	"sync"

	"github.com/lockcheck/lockcheck/runtime/internal/record"
)

// Enabled reports whether this package was built with -tags lockcheck.
const Enabled = true

// A Mutex is a [sync.Mutex] that is watched. The zero value is an unlocked mutex. It must not be
// copied after first use.
type Mutex struct {
	r  record.Lock // first: its address is that of the Mutex
	mu sync.Mutex
}

// Lock locks m as [sync.Mutex.Lock] does. It reports what is wrong before it blocks.
//
//go:norace
//go:noinline
func (m *Mutex) Lock() {
	if !m.mu.TryLock() {
		record.Wait(&m.r, record.Write)
		m.mu.Lock()
		record.Got()
	}
	if idOffset == 0 {
		record.Acquired(&m.r, record.Write)
		return
	}
	id, pc := who()
	if !m.r.Again(id, pc) {
		record.AcquiredAt(&m.r, record.Write, id, pc)
	}
}

// TryLock tries to lock m as [sync.Mutex.TryLock] does. As it does not block, no order is
// learned from it, but one is from what is locked later.
//
//go:norace
//go:noinline
func (m *Mutex) TryLock() bool {
	if !m.mu.TryLock() {
		return false
	}
	record.Acquired(&m.r, record.Try)
	return true
}

// Unlock unlocks m as [sync.Mutex.Unlock] does: it may have been locked by another goroutine.
//
//go:norace
//go:noinline
func (m *Mutex) Unlock() {
	if idOffset != 0 && m.r.Undone(me()) {
		m.mu.Unlock()
		return
	}
	if !record.Released(&m.r) && m.mu.TryLock() {
		m.mu.Unlock()
		record.Unlocked(&m.r)
	}
	m.mu.Unlock()
}

// An RWMutex is a [sync.RWMutex] that is watched. The zero value is an unlocked mutex. It must
// not be copied after first use.
type RWMutex struct {
	r  record.Lock
	mu sync.RWMutex
}

// Lock locks rw for writing as [sync.RWMutex.Lock] does. It reports what is wrong before it
// blocks.
//
//go:norace
//go:noinline
func (rw *RWMutex) Lock() {
	if !rw.mu.TryLock() {
		record.Wait(&rw.r, record.RW)
		rw.mu.Lock()
		record.Got()
	}
	if idOffset == 0 {
		record.Acquired(&rw.r, record.RW)
		return
	}
	id, pc := who()
	if !rw.r.Again(id, pc) {
		record.AcquiredAt(&rw.r, record.RW, id, pc)
	}
}

// TryLock tries to lock rw for writing, see [Mutex.TryLock].
//
//go:norace
//go:noinline
func (rw *RWMutex) TryLock() bool {
	if !rw.mu.TryLock() {
		return false
	}
	record.Acquired(&rw.r, record.RW|record.Try)
	return true
}

// Unlock unlocks rw for writing, see [Mutex.Unlock].
//
//go:norace
//go:noinline
func (rw *RWMutex) Unlock() {
	if idOffset != 0 && rw.r.Undone(me()) {
		rw.mu.Unlock()
		return
	}
	if !record.Released(&rw.r) && rw.mu.TryLock() {
		rw.mu.Unlock()
		record.Unlocked(&rw.r)
	}
	rw.mu.Unlock()
}

// RLock locks rw for reading as [sync.RWMutex.RLock] does. It reports what is wrong before it
// blocks.
//
//go:norace
//go:noinline
func (rw *RWMutex) RLock() {
	if !rw.mu.TryRLock() {
		record.Wait(&rw.r, record.RW|record.Read)
		rw.mu.RLock()
		record.Got()
	}
	if idOffset == 0 {
		record.AcquiredRead(&rw.r, record.RW|record.Read)
		return
	}
	id, pc := who()
	if !rw.r.AgainRead(rw.r.Reader(id), id, pc) {
		record.AcquiredReadAt(&rw.r, record.RW|record.Read, id, pc)
	}
}

// TryRLock tries to lock rw for reading, see [Mutex.TryLock].
//
//go:norace
//go:noinline
func (rw *RWMutex) TryRLock() bool {
	if !rw.mu.TryRLock() {
		return false
	}
	record.AcquiredRead(&rw.r, record.RW|record.Read|record.Try)
	return true
}

// RUnlock undoes a single RLock, which may have been that of another goroutine.
//
//go:norace
//go:noinline
func (rw *RWMutex) RUnlock() {
	if idOffset != 0 {
		if id := me(); rw.r.UndoneRead(rw.r.Reader(id), id) {
			rw.mu.RUnlock()
			return
		}
	}
	record.ReleasedRead(&rw.r)
	rw.mu.RUnlock()
}

// RLocker returns a [Locker] that calls rw.RLock and rw.RUnlock.
func (rw *RWMutex) RLocker() Locker { return (*readLocker)(rw) }

type readLocker RWMutex

//go:norace
//go:noinline
func (r *readLocker) Lock() {
	rw := (*RWMutex)(r)
	if !rw.mu.TryRLock() {
		record.Wait(&rw.r, record.RW|record.Read)
		rw.mu.RLock()
		record.Got()
	}
	record.AcquiredRead(&rw.r, record.RW|record.Read)
}

//go:norace
//go:noinline
func (r *readLocker) Unlock() { (*RWMutex)(r).RUnlock() }
