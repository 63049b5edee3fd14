// Package never has locks that stay locked, and such that others unlock.
package never

import "sync"

type S struct {
	mu sync.Mutex
	m  map[string]int
}

func (s *S) Get(k string) int { s.mu.Lock(); defer s.mu.Unlock(); return s.m[k] }
func (s *S) Set(k string, v int) {
	s.mu.Lock() // want `s\.mu is locked here and never unlocked: who locks it next, as \(\*S\)\.Get does at never\.go:\d+, waits for ever`
	s.m[k] = v
}

// pair: begin/end
type P struct {
	mu sync.Mutex
	n  int
}

func (p *P) Begin() { p.mu.Lock() }
func (p *P) End()   { p.mu.Unlock() }

// by other name
type Q struct {
	mu sync.Mutex
}

func (q *Q) Start() func() { q.mu.Lock(); return q.mu.Unlock }

type R struct {
	mu sync.Mutex
	l  sync.Locker
}

func NewR() *R     { r := &R{}; r.l = &r.mu; return r }
func (r *R) Take() { r.mu.Lock() }
func (r *R) Give() { r.l.Unlock() }

// callers unlock
type T struct {
	mu sync.Mutex
	n  int
}

func (t *T) lock() { t.mu.Lock() }
func (t *T) Inc()  { t.lock(); t.n++; t.mu.Unlock() }

// embedded
type U struct {
	sync.Mutex
	n int
}

func (u *U) Hold() { u.Lock(); u.n++ }

// in a goroutine
type V struct {
	mu sync.Mutex
	n  int
}

func (v *V) Work() {
	v.mu.Lock()
	go func() { v.n++; v.mu.Unlock() }()
}

// A W that is closed keeps others out for good.
type W struct {
	mu sync.Mutex
}

func (w *W) Close() { w.mu.Lock() }
