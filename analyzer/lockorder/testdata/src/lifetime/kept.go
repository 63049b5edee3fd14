package lifetime

import (
	"sync"
	"time"
)

type Reg struct {
	mu sync.Mutex
	m  map[string]*A
	bs map[string]*B
}

type sched struct {
	run func()
	n   int
}

func newSched(run func()) *sched { return &sched{run: run} }

type A struct {
	mu sync.Mutex
	s  *sched
	n  int
}

func (a *A) runSched() { a.mu.Lock(); a.n++; a.mu.Unlock() }

func (r *Reg) NewA(name string) *A {
	a := &A{}
	a.s = newSched(a.runSched)
	r.mu.Lock()
	defer r.mu.Unlock()
	a.reset()
	r.m[name] = a
	return a
}

func (a *A) reset() { a.mu.Lock(); a.n = 0; a.mu.Unlock() }

func (r *Reg) drop(name string) {
	r.mu.Lock()
	delete(r.m, name)
	r.mu.Unlock()
}

func (a *A) Close(r *Reg, name string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	r.drop(name)
}

type B struct {
	mu   sync.Mutex
	cond *sync.Cond
	tm   *time.Timer
	n    int
	log  func(string, ...any)
}

func (b *B) Noticef(f string, args ...any) { b.log(f, append([]any{b.n}, args...)...) }

func (r *Reg) NewB(name string, timed bool) *B {
	b := &B{}
	b.mu.Lock()
	b.cond = sync.NewCond(&b.mu)
	b.init()
	if timed {
		b.Noticef("a %s", name)
	}
	r.mu.Lock()
	r.bs[name] = b
	r.mu.Unlock()
	b.mu.Unlock()
	return b
}

func (b *B) init() { b.n = 3 }

func (r *Reg) CloseAll() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, b := range r.bs {
		b.mu.Lock()
		b.n++
		b.mu.Unlock()
	}
}

type C struct {
	mu sync.Mutex
	t  *time.Timer
	n  int
}

func (c *C) expire() { c.mu.Lock(); c.n++; c.mu.Unlock() }

func (r *Reg) NewC(out bool) {
	c := &C{}
	c.mu.Lock()
	if !out {
		c.t = time.AfterFunc(time.Second, c.expire)
	}
	c.n = 1
	if out {
		r.mu.Lock()
		r.mu.Unlock()
	}
	c.mu.Unlock()
}

func (r *Reg) EndC(c *C) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c.expire()
}

func (r *Reg) NewD(out bool) {
	c := &C{}
	c.mu.Lock()
	if out {
		c.t = time.AfterFunc(time.Second, c.expire)
	}
	c.n = 1
	if out {
		r.mu.Lock() // bad
		r.mu.Unlock()
	}
	c.mu.Unlock()
}
