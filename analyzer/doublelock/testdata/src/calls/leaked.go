// Purpose: a callee keeps the lock on one of its returns; the caller locks
// again. Also the deliberate form of it, where the result tells the caller
// whether it holds the lock.

package calls

import (
	"errors"
	"sync"
)

type Shelf struct {
	mu    sync.Mutex
	books map[string]int
}

// load forgets the unlock on its early return.
func (s *Shelf) load(title string) (int, bool) {
	s.mu.Lock()
	v, ok := s.books[title]
	if !ok {
		return 0, false
	}
	s.mu.Unlock()
	return v, true
}

// One forgotten unlock, one report: it stands in LoadOrStoreBad, where it is certain,
// and counts this.
func (s *Shelf) LoadTwiceCounted(title string) {
	s.load(title)
	s.load(title)
}

func (s *Shelf) LoadOrStoreBad(title string) int {
	v, ok := s.load(title)
	if !ok {
		s.mu.Lock() // want `s\.mu is locked again while this goroutine still holds it from line \d+; this call never returns \(doublelock\)`
		s.books = map[string]int{title: 1}
		s.mu.Unlock()
	}
	return v
}

// The same where nothing else is wrong.
type Rack struct {
	mu    sync.Mutex
	books map[string]int
}

func (r *Rack) load(title string) (int, bool) {
	r.mu.Lock()
	v, ok := r.books[title]
	if !ok {
		return 0, false
	}
	r.mu.Unlock()
	return v, true
}

func (r *Rack) LoadTwiceBad(title string) {
	r.load(title)
	r.load(title) // want `calling \(\*Rack\)\.load can lock r\.mu \(leaked\.go:\d+\), which is already held from line \d+; the call then never returns \(doublelock\)`
}

// loadOk is load with the unlock in its place.
func (s *Shelf) loadOk(title string) (int, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, ok := s.books[title]
	if !ok {
		return 0, false
	}
	return v, true
}

func (s *Shelf) LoadTwiceOk(title string) {
	s.loadOk(title)
	s.loadOk(title)
}

// find means it: it keeps the lock exactly when it reports false.
func (s *Shelf) find(title string) bool {
	s.mu.Lock()
	if _, ok := s.books[title]; !ok {
		return false
	}
	s.mu.Unlock()
	return true
}

func (s *Shelf) FindOk(title string) {
	if !s.find(title) {
		s.books = map[string]int{title: 1}
		s.mu.Unlock()
		return
	}
	s.mu.Lock()
	s.books[title]++
	s.mu.Unlock()
}

func (s *Shelf) FindBad(title string) {
	if !s.find(title) {
		s.mu.Lock() // want `s\.mu is locked again while this goroutine still holds it from line \d+; this call never returns \(doublelock\)`
		s.books = map[string]int{title: 1}
		s.mu.Unlock()
	}
}

var errGone = errors.New("gone")

// open keeps the lock when there is no error: close gives it back.
func (s *Shelf) open(title string) error {
	s.mu.Lock()
	if s.books[title] < 0 {
		s.mu.Unlock()
		return errGone
	}
	return nil
}

func (s *Shelf) close() { s.mu.Unlock() }

func (s *Shelf) OpenOk(title string) error {
	if err := s.open(title); err != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.books = nil
		return err
	}
	defer s.close()
	return nil
}

func (s *Shelf) OpenBad(title string) error {
	if err := s.open(title); err != nil {
		return err
	}
	defer s.close()
	return s.open("next") // want `calling \(\*Shelf\)\.open (locks|can lock) s\.mu \(leaked\.go:\d+\), which is already held from line \d+; the call (then )?never returns \(doublelock\)`
}

// Two callees: the first one's only way out keeps the lock, the second locks.
type Gossip struct {
	mu     sync.Mutex
	closed bool
}

func NewGossip() *Gossip { return &Gossip{closed: true} }

func (g *Gossip) drain() {
	for {
		g.mu.Lock()
		if g.closed {
			break
		}
		g.mu.Unlock()
	}
}

func (g *Gossip) drainOk() {
	for {
		g.mu.Lock()
		if g.closed {
			g.mu.Unlock()
			break
		}
		g.mu.Unlock()
	}
}

func (g *Gossip) stop() {
	g.mu.Lock()
	g.closed = true
	g.mu.Unlock()
}

func (g *Gossip) ShutdownBad() {
	g.drain()
	g.stop() // want `calling \(\*Gossip\)\.stop locks g\.mu \(leaked\.go:\d+\), which is already held from line \d+; the call never returns \(doublelock\)`
}

func (g *Gossip) ShutdownOk() {
	g.drainOk()
	g.stop()
}
