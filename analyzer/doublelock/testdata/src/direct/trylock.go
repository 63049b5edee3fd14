// Purpose: TryLock holds the lock on its true branch only, and never blocks
// itself; the same through wrappers that return whether they got the lock.

package direct

import (
	"sync"
	"sync/atomic"
)

type Job struct {
	mu     sync.Mutex
	closed atomic.Bool
	n      int
}

func (j *Job) TryOk() {
	if !j.mu.TryLock() {
		return
	}
	defer j.mu.Unlock()
	j.n++
}

func (j *Job) TryThenLockBad() {
	if j.mu.TryLock() {
		j.mu.Lock() // want `j\.mu is locked again while this goroutine still holds it from line 26; this call never returns \(doublelock\)`
		j.n++
		j.mu.Unlock()
	}
}

// Try first, wait if that fails.
func (j *Job) TryElseLockOk() {
	if !j.mu.TryLock() {
		j.mu.Lock()
	}
	j.n++
	j.mu.Unlock()
}

func (j *Job) TryVariableOk() {
	got := j.mu.TryLock()
	if !got {
		j.mu.Lock()
	}
	j.n++
	j.mu.Unlock()
}

func (j *Job) TryVariableBad() {
	got := j.mu.TryLock()
	if got {
		j.mu.Lock() // want `j\.mu is locked again while this goroutine still holds it from line 52; this call never returns \(doublelock\)`
	}
	j.n++
}

// TryLock on a lock that is held is useless, but it returns.
func (j *Job) TryHeldOk() {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.mu.TryLock() {
		j.n++
		j.mu.Unlock()
	}
}

func (j *Job) try() bool { return j.mu.TryLock() }

func (j *Job) WrapperOk() {
	if !j.try() {
		j.mu.Lock()
	}
	j.n++
	j.mu.Unlock()
}

func (j *Job) WrapperBad() {
	if j.try() {
		j.mu.Lock() // want `j\.mu is locked again while this goroutine still holds it from line \d+; this call never returns \(doublelock\)`
		j.n++
		j.mu.Unlock()
	}
}

// acquire reports whether it locked j.mu; no TryLock in sight.
func (j *Job) acquire() bool {
	if j.closed.Load() {
		return false
	}
	j.mu.Lock()
	return true
}

func (j *Job) AcquireOk() {
	if !j.acquire() {
		return
	}
	j.n++
	j.mu.Unlock()
}

func (j *Job) AcquireElseOk() {
	if !j.acquire() {
		j.mu.Lock()
	}
	j.n++
	j.mu.Unlock()
}

func (j *Job) AcquireBad() {
	if j.acquire() {
		j.mu.Lock() // want `j\.mu is locked again while this goroutine still holds it from line \d+; this call never returns \(doublelock\)`
		j.n++
		j.mu.Unlock()
	}
}

// Poll until it succeeds: one lock, one unlock.
func (j *Job) SpinOk() {
	for !j.mu.TryLock() {
	}
	j.n++
	j.mu.Unlock()
}

type Catalog struct {
	mu sync.RWMutex
	n  int
}

func (c *Catalog) TryReadBad() {
	if c.mu.TryRLock() {
		c.mu.Lock() // want `c\.mu is locked .*this goroutine still .*read-lock.* line 134; this call never returns \(doublelock\)`
		c.n++
		c.mu.Unlock()
	}
}

func (c *Catalog) TryReadOk() {
	if c.mu.TryRLock() {
		c.mu.RUnlock()
		c.mu.Lock()
		c.n++
		c.mu.Unlock()
	}
}
