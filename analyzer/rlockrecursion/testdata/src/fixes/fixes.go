// Purpose: a method that read-locks again is replaced by its sibling that does not.

package fixes

import "sync"

type registry struct {
	mu    sync.RWMutex
	names []string
}

func (r *registry) Add(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.names = append(r.names, name)
}

func (r *registry) Last() string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if r.Len() == 0 { // want `calling \(\*registry\).Len read-locks r.mu`
		return ""
	}
	return r.names[r.lenLocked()-1]
}

func (r *registry) Len() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.lenLocked()
}

func (r *registry) lenLocked() int { return len(r.names) }

// It is not clear which of the two is meant.
func (r *registry) Twice() int {
	r.mu.RLock()
	r.mu.RLock() // want `r.mu is read-locked again`
	defer r.mu.RUnlock()
	return len(r.names)
}

func (r *registry) Slip() int {
	r.mu.RLock()
	defer r.mu.RLock() // want `r.mu is read-locked again`
	return len(r.names)
}
