// Package feed has the writers, and one type without.
package feed

import "sync"

// A Feed is read-locked by its users and written here.
type Feed struct {
	sync.RWMutex
	Items []string
}

// Refresh locks f for writing.
func (f *Feed) Refresh() {
	f.Lock()
	defer f.Unlock()
	f.Items = nil
}

// Len read-locks f.
func (f *Feed) Len() int {
	f.RLock()
	defer f.RUnlock()
	return len(f.Items)
}

// An Archive is never written once it is made.
type Archive struct {
	Mu    sync.RWMutex
	Items []string
}

// Len read-locks a.
func (a *Archive) Len() int {
	a.Mu.RLock()
	defer a.Mu.RUnlock()
	return len(a.Items)
}

// Mu guards Count.
var (
	Mu    sync.RWMutex
	Count int
)

// Reset locks Mu for writing.
func Reset() {
	Mu.Lock()
	Count = 0
	Mu.Unlock()
}

// Get read-locks Mu.
func Get() int {
	Mu.RLock()
	defer Mu.RUnlock()
	return Count
}
