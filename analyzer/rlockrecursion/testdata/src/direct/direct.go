// Purpose: a second RLock in one body while the first is held. It hangs when a
// writer comes in between; there is a writer in this package.

package direct

import "sync"

type Registry struct {
	mu    sync.RWMutex
	names map[string]int
}

// Add is the writer.
func (r *Registry) Add(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.names[name]++
}

func (r *Registry) ListBad() int {
	r.mu.RLock()
	n := len(r.names)
	r.mu.RLock() // want `r\.mu is read-locked again while read-locked since line 21; a writer waiting in between deadlocks both \(rlockrecursion\)`
	n += r.names[""]
	r.mu.RUnlock()
	r.mu.RUnlock()
	return n
}

func (r *Registry) ListOk() int {
	r.mu.RLock()
	n := len(r.names)
	r.mu.RUnlock()
	r.mu.RLock()
	n += r.names[""]
	r.mu.RUnlock()
	return n
}

func (r *Registry) DeferBad() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	r.mu.RLock() // want `r\.mu is read-locked again while read-locked since line 41; a writer waiting in between deadlocks both \(rlockrecursion\)`
	defer r.mu.RUnlock()
	return len(r.names)
}

// Another registry of the type.
func (r *Registry) CompareOk(other *Registry) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	other.mu.RLock()
	defer other.mu.RUnlock()
	return len(r.names) == len(other.names)
}

// With the write lock in play it is doublelock's business.
func (r *Registry) UpgradeOk() {
	r.mu.RLock()
	defer r.mu.RUnlock()
	r.mu.Lock()
	r.names = nil
	r.mu.Unlock()
}

func (r *Registry) DowngradeOk() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.mu.RLock()
	defer r.mu.RUnlock()
}

// TryRLock does not wait for the writer.
func (r *Registry) TryOk() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if r.mu.TryRLock() {
		defer r.mu.RUnlock()
	}
	return len(r.names)
}

// What TryRLock got is held.
func (r *Registry) TryBad() int {
	if !r.mu.TryRLock() {
		return 0
	}
	defer r.mu.RUnlock()
	r.mu.RLock() // want `r\.mu is read-locked again while read-locked since line \d+; a writer waiting in between deadlocks both \(rlockrecursion\)`
	defer r.mu.RUnlock()
	return len(r.names)
}

// In a loop, never given back.
func (r *Registry) LoopBad(names []string) (n int) {
	for _, name := range names {
		r.mu.RLock() // want `r\.mu is read-locked again while read-locked since line \d+; a writer waiting in between deadlocks both \(rlockrecursion\)`
		n += r.names[name]
	}
	return n
}

func (r *Registry) LoopOk(names []string) (n int) {
	for _, name := range names {
		r.mu.RLock()
		n += r.names[name]
		r.mu.RUnlock()
	}
	return n
}

func (r *Registry) LoopDeferBad(names []string) (n int) {
	for _, name := range names {
		r.mu.RLock() // want `r\.mu is read-locked again while read-locked since line \d+; a writer waiting in between deadlocks both \(rlockrecursion\)`
		defer r.mu.RUnlock()
		n += r.names[name]
	}
	return n
}

func (r *Registry) LoopDeferOk(others []*Registry) (n int) {
	for _, other := range others {
		other.mu.RLock()
		defer other.mu.RUnlock()
		n += len(other.names)
	}
	return n
}

// The condition is the same both times, or opposite.
func (r *Registry) ConditionBad(deep bool) int {
	if deep {
		r.mu.RLock()
		defer r.mu.RUnlock()
	}
	n := len(r.names)
	if deep {
		r.mu.RLock() // want `r\.mu is read-locked again while read-locked since line \d+; a writer waiting in between deadlocks both \(rlockrecursion\)`
		n++
		r.mu.RUnlock()
	}
	return n
}

func (r *Registry) ConditionOk(deep bool) int {
	if deep {
		r.mu.RLock()
		defer r.mu.RUnlock()
	}
	n := 0
	if !deep {
		r.mu.RLock()
		n++
		r.mu.RUnlock()
	}
	return n
}

// A goroutine's read lock is its own.
func (r *Registry) GoOk() {
	r.mu.RLock()
	defer r.mu.RUnlock()
	go func() {
		r.mu.RLock()
		defer r.mu.RUnlock()
	}()
}
