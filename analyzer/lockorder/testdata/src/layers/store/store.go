// Package store has both locks and one of the orders. Alone it is fine.
package store

import "sync"

// An Index has a lock that its users take themselves.
type Index struct {
	Mu   sync.Mutex
	Keys []string
}

// A Store has its lock behind methods.
type Store struct {
	mu   sync.Mutex
	rows map[string]int
}

// Lock locks the store.
func (s *Store) Lock() { s.mu.Lock() }

// Unlock unlocks the store.
func (s *Store) Unlock() { s.mu.Unlock() }

// Put locks the store, then the index.
func (s *Store) Put(x *Index, key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rows[key]++
	x.Mu.Lock()
	x.Keys = append(x.Keys, key)
	x.Mu.Unlock()
}

// Each calls f with the store locked.
func (s *Store) Each(f func(key string)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key := range s.rows {
		f(key)
	}
}

// Front and Back are global locks; Shift takes Front, then Back.
var Front, Back sync.Mutex

// Shift locks Front, then Back.
func Shift() {
	Front.Lock()
	defer Front.Unlock()
	Back.Lock()
	defer Back.Unlock()
}
