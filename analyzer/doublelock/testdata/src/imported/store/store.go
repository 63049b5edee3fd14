// Package store is the imported half: what its functions do with locks reaches
// the importer as facts.
package store

import "sync"

// Mu guards Count.
var (
	Mu    sync.Mutex
	Count int
)

// Bump locks Mu.
func Bump() {
	Mu.Lock()
	defer Mu.Unlock()
	Count++
}

// A Store has a lock of its own behind methods.
type Store struct {
	mu   sync.Mutex
	Data sync.RWMutex
	rows map[string]int
}

// New returns an empty store.
func New() *Store { return &Store{rows: map[string]int{}} }

// Lock locks the store for several calls of the Locked methods.
func (s *Store) Lock() { s.mu.Lock() }

// Unlock ends what Lock began.
func (s *Store) Unlock() { s.mu.Unlock() }

// Put locks the store.
func (s *Store) Put(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.PutLocked(key)
}

// PutLocked needs the lock held.
func (s *Store) PutLocked(key string) { s.rows[key]++ }

// Each calls f for each row, with the store locked.
func (s *Store) Each(f func(key string)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key := range s.rows {
		f(key)
	}
}

// Keys returns the keys, without keeping the lock.
func (s *Store) Keys() (keys []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key := range s.rows {
		keys = append(keys, key)
	}
	return keys
}

// PauseLocked releases the store's lock for a moment.
func (s *Store) PauseLocked() {
	s.mu.Unlock()
	s.mu.Lock()
}

// Refresh locks Data for writing.
func (s *Store) Refresh() {
	s.Data.Lock()
	defer s.Data.Unlock()
	s.rows = map[string]int{}
}

// A Guarded value is generic.
type Guarded[T any] struct {
	sync.Mutex
	Value T
}

// Set locks g.
func (g *Guarded[T]) Set(v T) {
	g.Lock()
	defer g.Unlock()
	g.Value = v
}
