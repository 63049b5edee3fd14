// Purpose: what counts as a writer. Without one, recursive read locks are merely
// odd. A writer is any Lock that can wait in between: direct, through a
// wrapper, a Locker, a Cond, in a literal or goroutine. TryLock never waits; a
// writer that needs what the reader holds cannot be waiting.

package writers

import "sync"

// No writer anywhere.
type ReadOnly struct {
	mu sync.RWMutex
	n  int
}

func (r *ReadOnly) get() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.n
}

func (r *ReadOnly) SumOk() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.n + r.get()
}

// Only another lock of the type is written.
type Neighbour struct {
	mu    sync.RWMutex
	other sync.RWMutex
	n     int
}

func (x *Neighbour) Set(n int) {
	x.other.Lock()
	x.n = n
	x.other.Unlock()
}

func (x *Neighbour) ReadOk() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.n
}

func (x *Neighbour) ReadBad() int {
	x.other.RLock()
	defer x.other.RUnlock()
	x.other.RLock() // want `x\.other is read-locked again while read-locked since line \d+; a writer waiting in between deadlocks both \(rlockrecursion\)`
	defer x.other.RUnlock()
	return x.n
}

// The writer only tries: it is never waiting.
type Polite struct {
	mu sync.RWMutex
	n  int
}

func (p *Polite) Set(n int) {
	if p.mu.TryLock() {
		p.n = n
		p.mu.Unlock()
	}
}

func (p *Polite) ReadOk() int {
	p.mu.RLock()
	defer p.mu.RUnlock()
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.n
}

// The writer is a wrapper.
type Wrapped struct {
	mu sync.RWMutex
	n  int
}

func (w *Wrapped) lock()   { w.mu.Lock() }
func (w *Wrapped) unlock() { w.mu.Unlock() }

func (w *Wrapped) ReadBad() int {
	w.mu.RLock()
	defer w.mu.RUnlock()
	w.mu.RLock() // want `w\.mu is read-locked again while read-locked since line \d+; a writer waiting in between deadlocks both \(rlockrecursion\)`
	defer w.mu.RUnlock()
	return w.n
}

// The writer goes through a sync.Locker.
type Lockered struct {
	mu sync.RWMutex
	n  int
}

func (l *Lockered) Set(n int) {
	var w sync.Locker = &l.mu
	w.Lock()
	l.n = n
	w.Unlock()
}

func (l *Lockered) ReadBad() int {
	l.mu.RLock()
	defer l.mu.RUnlock()
	l.mu.RLock() // want `l\.mu is read-locked again while read-locked since line \d+; a writer waiting in between deadlocks both \(rlockrecursion\)`
	defer l.mu.RUnlock()
	return l.n
}

// The Locker is the read side: still no writer.
type ReadLockered struct {
	mu sync.RWMutex
	n  int
}

func (l *ReadLockered) Get() int {
	w := l.mu.RLocker()
	w.Lock()
	defer w.Unlock()
	return l.n
}

func (l *ReadLockered) ReadOk() int {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.Get()
}

// The writer is a literal in another goroutine.
type Refreshed struct {
	mu sync.RWMutex
	n  int
}

func (r *Refreshed) Start(in chan int) {
	go func() {
		for n := range in {
			r.mu.Lock()
			r.n = n
			r.mu.Unlock()
		}
	}()
}

func (r *Refreshed) ReadBad() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	r.mu.RLock() // want `r\.mu is read-locked again while read-locked since line \d+; a writer waiting in between deadlocks both \(rlockrecursion\)`
	defer r.mu.RUnlock()
	return r.n
}

// Readers and the writer meet under one gate: while a reader holds it, no writer
// can be waiting for mu.
type Gated struct {
	gate sync.Mutex
	mu   sync.RWMutex
	n    int
}

func (g *Gated) Set(n int) {
	g.gate.Lock()
	defer g.gate.Unlock()
	g.mu.Lock()
	g.n = n
	g.mu.Unlock()
}

func (g *Gated) ReadOk() int {
	g.gate.Lock()
	defer g.gate.Unlock()
	g.mu.RLock()
	defer g.mu.RUnlock()
	g.mu.RLock()
	defer g.mu.RUnlock()
	return g.n
}

// Without the gate they do not.
func (g *Gated) ReadBad() int {
	g.mu.RLock()
	defer g.mu.RUnlock()
	g.mu.RLock() // want `g\.mu is read-locked again while read-locked since line \d+; a writer waiting in between deadlocks both \(rlockrecursion\)`
	defer g.mu.RUnlock()
	return g.n
}

// The one writer is the constructor, on an object nobody else has yet.
type Built struct {
	mu sync.RWMutex
	n  int
}

func NewBuilt(n int) *Built {
	b := &Built{}
	b.mu.Lock()
	b.n = n
	b.mu.Unlock()
	return b
}

func (b *Built) ReadOk() int {
	b.mu.RLock()
	defer b.mu.RUnlock()
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.n
}
