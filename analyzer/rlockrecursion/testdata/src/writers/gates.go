package writers

import "sync"

// Shelf.mu is only ever locked under Store.mu: readers under its read lock, writers under
// its write lock, so that no writer comes between two read locks.
type Store struct {
	mu    sync.RWMutex
	shelf Shelf
}

type Shelf struct {
	mu    sync.RWMutex
	boxes []int
}

func (s *Shelf) sum(i int) int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if i == len(s.boxes) {
		return 0
	}
	return s.boxes[i] + s.sum(i+1)
}

func (s *Shelf) add(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.boxes = append(s.boxes, n)
}

func (s *Store) SumOk() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.shelf.sum(0)
}

func (s *Store) AddOk(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shelf.add(n)
}

// Pile has no such gate.
type Pile struct {
	mu    sync.RWMutex
	boxes []int
}

func (p *Pile) sumBad(i int) int {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if i == len(p.boxes) {
		return 0
	}
	return p.boxes[i] + p.sumBad(i+1) // want `calling \(\*Pile\)\.sumBad read-locks p\.mu \(gates\.go:\d+\), which is read-locked since line \d+; a writer waiting in between deadlocks both \(rlockrecursion\)`
}

func (p *Pile) SumBad() int { return p.sumBad(0) }

func (p *Pile) Add(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.boxes = append(p.boxes, n)
}
