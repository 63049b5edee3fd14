package identity

import "sync"

// What a field is set to wherever it is set tells whose lock a callback takes.

type pupil struct {
	onClose func()
	open    bool
}

func (c *pupil) Close() {
	c.open = false
	c.onClose()
}

type school struct {
	mu    sync.Mutex
	child *pupil
	n     int
}

func newSchool() *school {
	p := &school{}
	p.child = &pupil{onClose: p.closed}
	return p
}
func (p *school) Stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.child.Close() // want `calling \(\*pupil\)\.Close locks p\.mu`
}
func (p *school) closed() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.n++
}

// desk has a lamp whose function takes the lock of the desk.
type desk struct {
	mu sync.Mutex
	c  *lamp
	n  int
}
type lamp struct{ f func(int) }

func newDesk() *desk {
	p := &desk{}
	p.c = &lamp{f: func(k int) { p.mu.Lock(); p.n += k; p.mu.Unlock() }}
	return p
}
func (p *desk) Do() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.c.f(1) // want `calling func literal in newDesk locks p\.mu`
}
func (p *desk) Do2() {
	p.mu.Lock()
	c := p.c
	p.mu.Unlock()
	c.f(1)
}

// lent is given the function of somebody else.
type lent struct {
	mu sync.Mutex
	c  *bell
	n  int
}
type bell struct{ f func() }

func newLent(o *lent) *lent {
	p := &lent{}
	p.c = &bell{f: func() { o.mu.Lock(); o.n++; o.mu.Unlock() }}
	return p
}
func (p *lent) Do() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.c.f()
}

// either runs what it is given, or its own work.
type either struct {
	mu  sync.Mutex
	run func()
}

func newEither(f func()) *either {
	p := &either{}
	p.run = p.work
	if f != nil {
		p.run = f
	}
	return p
}
func (p *either) work() { p.mu.Lock(); p.mu.Unlock() }
func (p *either) Do() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.run()
}

// nest leads to an egg that leads back.
type nest struct {
	mu sync.Mutex
	c  *egg
}
type egg struct{ up *nest }

func newNest() *nest { n := &nest{}; n.c = &egg{up: n}; return n }
func (n *nest) Direct() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.c.up.mu.Lock() // want `n\.mu is locked again`
	n.c.up.mu.Unlock()
}
