// Package pairs takes two locks of one class in the order of arguments.
package pairs

import (
	"strings"
	"sync"
)

type Acc struct {
	mu  sync.Mutex
	id  int
	nm  string
	bal int
}

func Transfer(a, b *Acc, n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	b.mu.Lock() // want `another Acc\.mu is locked while Acc\.mu is held, in the order of the arguments; two goroutines that call Transfer with the same two the other way round can deadlock`
	defer b.mu.Unlock()
	a.bal -= n
	b.bal += n
}

func Ordered(a, b *Acc, n int) {
	if a.id > b.id {
		a, b = b, a
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	b.mu.Lock()
	defer b.mu.Unlock()
	a.bal -= n
	b.bal += n
}

func Ordered2(a, b *Acc, n int) {
	first, second := a, b
	if strings.Compare(a.nm, b.nm) > 0 {
		first, second = b, a
	}
	first.mu.Lock()
	second.mu.Lock()
	a.bal -= n
	b.bal += n
	second.mu.Unlock()
	first.mu.Unlock()
}

func Ordered3(a, b *Acc, n int) {
	if a.less(b) {
		a.mu.Lock()
		b.mu.Lock()
	} else {
		b.mu.Lock()
		a.mu.Lock()
	}
	a.bal -= n
	b.bal += n
	a.mu.Unlock()
	b.mu.Unlock()
}

func (a *Acc) less(b *Acc) bool { return a.id < b.id }

func (a *Acc) add(n int) {
	a.mu.Lock()
	a.bal += n
	a.mu.Unlock()
}

// A Set has one finding of its own: one for each class of locks.
type Set struct {
	mu sync.Mutex
	m  map[int]bool
}

func (s *Set) has(k int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.m[k]
}

// Union checks that it is not given itself, which orders nothing.
func (s *Set) Union(o *Set) bool {
	if s == o {
		return true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return o.has(1) // want `another Set\.mu is locked while Set\.mu is held, in the order of the arguments; two goroutines that call \(\*Set\)\.Union with the same two`
}

// A Tree is locked by one function that its package alone calls, the parent first.
type Tree struct {
	mu   sync.Mutex
	kids []*Tree
}

func attach(parent, kid *Tree) {
	parent.mu.Lock()
	defer parent.mu.Unlock()
	kid.mu.Lock()
	defer kid.mu.Unlock()
	parent.kids = append(parent.kids, kid)
}

// Attach makes the kid.
func (t *Tree) Attach() { attach(t, &Tree{}) }

// A Pair is locked under a lock that is the same for all.
type Pair struct{ mu sync.Mutex }

var all sync.Mutex

func Swap(a, b *Pair) {
	all.Lock()
	defer all.Unlock()
	a.mu.Lock()
	b.mu.Lock()
	b.mu.Unlock()
	a.mu.Unlock()
}

// Append locks one after the other.
func (s *Set) Append(o *Set) {
	s.mu.Lock()
	m := s.m
	s.mu.Unlock()
	for k := range m {
		o.has(k)
	}
}
