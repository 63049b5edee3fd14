// Purpose: one order in the imported package, the other here. The report is
// here, at this package's edge; the other side is named by its file and line.

package app

import (
	"layers/store"
	"sync"
)

func RebuildBad(s *store.Store, x *store.Index) {
	x.Mu.Lock()
	defer x.Mu.Unlock()
	s.Lock() // want `store\.Store\.mu is locked while store\.Index\.Mu is held, but .*store\.go:29 locks them in the other order; two goroutines can deadlock \(lockorder\)`
	x.Keys = nil
	s.Unlock()
}

func RebuildOk(s *store.Store, x *store.Index) {
	x.Mu.Lock()
	x.Keys = nil
	x.Mu.Unlock()
	s.Lock()
	s.Unlock()
}

func ShiftBackBad() {
	store.Back.Lock()
	defer store.Back.Unlock()
	store.Front.Lock() // want `store\.Front is locked while store\.Back is held, but .*store\.go:50 locks them in the other order; two goroutines can deadlock \(lockorder\)`
	defer store.Front.Unlock()
}

func ShiftOk() {
	store.Back.Lock()
	store.Back.Unlock()
	store.Shift()
}

// A lock of this package against one of the imported package, which reaches
// ours through a callback only.
type Cache struct {
	mu   sync.Mutex
	keys []string
}

func (c *Cache) RefreshBad(s *store.Store) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s.Lock() // want `store\.Store\.mu is locked while Cache\.mu is held, but app\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
	c.keys = nil
	s.Unlock()
}

func (c *Cache) LoadBad(s *store.Store) {
	s.Each(func(key string) { c.add(key) })
}

func (c *Cache) add(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.keys = append(c.keys, key)
}

type Buffer struct {
	mu   sync.Mutex
	keys []string
}

func (b *Buffer) RefreshOk(s *store.Store) {
	b.mu.Lock()
	b.keys = nil
	b.mu.Unlock()
	s.Lock()
	s.Unlock()
}

func (b *Buffer) LoadOk(s *store.Store) {
	s.Each(func(key string) {
		b.mu.Lock()
		b.keys = append(b.keys, key)
		b.mu.Unlock()
	})
}
