// Package callers has places that are guarded by what callers hold, or should.
package callers

import (
	"runtime"
	"sync"
	"time"
)

type door struct {
	mu    sync.Mutex
	state int
}

type Door struct{ door }

func (d *Door) set(s int)  { d.state = s }
func (d *Door) State() int { d.mu.Lock(); defer d.mu.Unlock(); return d.state }
func (d *Door) Open()      { d.mu.Lock(); defer d.mu.Unlock(); d.set(1) }
func (d *Door) Shut()      { d.mu.Lock(); defer d.mu.Unlock(); d.set(2) }
func (d *Door) Clear()     { d.set(0) } // want `calling \(\*Door\).set without holding door.mu, with which other calls protect its write to door.state`

// With the lock around what it is handed.
type Sum struct {
	mu sync.Mutex
	n  int
}

func (s *Sum) with(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}

func (s *Sum) Up()       { s.with(func() { s.n++ }) }
func (s *Sum) Down()     { s.with(func() { s.n-- }) }
func (s *Sum) Set(n int) { s.n = n } // want `write to Sum.n without holding Sum.mu, which is held at 2 of its 2 other accesses`

// What is handed is called after the lock is given back.
type Late struct {
	mu sync.Mutex
	n  int
}

func (l *Late) after(f func()) {
	l.mu.Lock()
	l.mu.Unlock()
	f()
}

func (l *Late) Up()       { l.after(func() { l.n++ }) }
func (l *Late) Down()     { l.after(func() { l.n-- }) }
func (l *Late) Set(n int) { l.n = n }

// Nobody keeps to the comment.
type Loose struct {
	mu sync.Mutex
	n  int // guarded by mu
}

func (l *Loose) Set(n int) { l.n = n } // want `write to Loose.n without holding Loose.mu, as its declaration at callers.go:58 requires`
func (l *Loose) Get() int  { return l.n }

// Nobody but the constructor writes.
type Fixed struct {
	mu sync.Mutex
	n  int // guarded by mu
}

func NewFixed() *Fixed    { f := new(Fixed); f.n = 1; return f }
func (f *Fixed) Get() int { return f.n }

// A helper with and without the lock.
type Shelf struct {
	mu    sync.Mutex
	m     map[string]time.Time
	swept time.Time
}

func (s *Shelf) Put(k string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.m[k] = time.Now()
	s.sweep()
}

func (s *Shelf) Drop(k string) {
	s.mu.Lock()
	delete(s.m, k)
	s.mu.Unlock()
	s.sweep() // want `calling \(\*Shelf\).sweep without holding Shelf.mu, with which other calls protect its write to Shelf.swept`
}

func (s *Shelf) sweep() {
	if now := time.Now(); now.Sub(s.swept) > time.Minute {
		s.swept = now
	}
}

// Slices in a map, handed out.
type Lists struct {
	mu sync.Mutex
	m  map[string][]int
}

func (l *Lists) Add(k string, v int) { l.mu.Lock(); defer l.mu.Unlock(); l.m[k] = append(l.m[k], v) }
func (l *Lists) Zero(k string)       { l.mu.Lock(); defer l.mu.Unlock(); clear(l.m[k]) }
func (l *Lists) First(k string, v int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.m[k][0] = v
}
func (l *Lists) Get(k string) []int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.m[k] // want `\(\*Lists\).Get hands out the slice of Lists.m, whose content Lists.mu guards`
}

// Copies are handed out.
type Copies struct {
	mu sync.Mutex
	m  map[string][]int
}

func (c *Copies) Add(k string, v int) { c.mu.Lock(); defer c.mu.Unlock(); c.m[k] = append(c.m[k], v) }
func (c *Copies) First(k string, v int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.m[k][0] = v
}
func (c *Copies) Get(k string) []int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]int(nil), c.m[k]...)
}

// A finalizer runs in another goroutine, whatever function sets it.
type Pool struct {
	mu   sync.Mutex
	open int
}
type Conn struct{ p *Pool }

func (p *Pool) New() *Conn {
	c := &Conn{p}
	p.mu.Lock()
	p.open++
	p.mu.Unlock()
	runtime.SetFinalizer(c, func(c *Conn) {
		c.p.open-- // want `write to Pool.open without holding Pool.mu`
	})
	return c
}
func (p *Pool) Open() int { p.mu.Lock(); defer p.mu.Unlock(); return p.open }
func (p *Pool) Zero()     { p.mu.Lock(); defer p.mu.Unlock(); p.open = 0 }

// Elements of a slice in a new object.
type stripe struct {
	mu sync.Mutex
	q  []int
}
type shard struct{ stripes []stripe }
type Shards struct{ shards []*shard }

func (s *shard) run() {
	for i := range s.stripes {
		st := &s.stripes[i]
		st.mu.Lock()
		st.q = st.q[:0]
		st.mu.Unlock()
	}
}

func (a *Shards) Add(i int) {
	st := &a.shards[i].stripes[i]
	st.mu.Lock()
	st.q = append(st.q, 1)
	st.mu.Unlock()
}

func (a *Shards) Len(i int) int {
	st := &a.shards[i].stripes[i]
	st.mu.Lock()
	defer st.mu.Unlock()
	return len(st.q)
}

func NewShards(n, m int) *Shards {
	a := &Shards{shards: make([]*shard, n)}
	for i := range a.shards {
		s := &shard{stripes: make([]stripe, m)}
		for j := range s.stripes {
			s.stripes[j].q = make([]int, 0, 3)
		}
		a.shards[i] = s
		go s.run()
	}
	return a
}
