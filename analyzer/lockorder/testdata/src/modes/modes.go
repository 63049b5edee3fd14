// Purpose: reader and writer modes. A read lock waits for a reader only if a
// writer is waiting in between; a cycle in which each such wait has a writer is
// a deadlock, one in which a single wait has none is not.

package modes

import "sync"

// Read locks only, and no writer anywhere.
type Quiet struct{ a, b sync.RWMutex }

func (q *Quiet) ABOk() {
	q.a.RLock()
	defer q.a.RUnlock()
	q.b.RLock()
	defer q.b.RUnlock()
}

func (q *Quiet) BAOk() {
	q.b.RLock()
	defer q.b.RUnlock()
	q.a.RLock()
	defer q.a.RUnlock()
}

// Read locks only, each lock with a writer of its own.
type Busy struct{ a, b sync.RWMutex }

func (b *Busy) SetA() {
	b.a.Lock()
	b.a.Unlock()
}

func (b *Busy) SetB() {
	b.b.Lock()
	b.b.Unlock()
}

func (b *Busy) ABBad() {
	b.a.RLock()
	defer b.a.RUnlock()
	b.b.RLock() // want `Busy\.b is (read-)?locked while Busy\.a is (held|read-held|read-locked).* modes\.go:\d+ .*in the other order; .*can deadlock.*\(lockorder\)`
	defer b.b.RUnlock()
}

func (b *Busy) BABad() {
	b.b.RLock()
	defer b.b.RUnlock()
	b.a.RLock()
	defer b.a.RUnlock()
}

// A writer for one of the two is not enough: the wait for b needs one, too.
type Half struct{ a, b sync.RWMutex }

func (h *Half) SetA() {
	h.a.Lock()
	h.a.Unlock()
}

func (h *Half) ABOk() {
	h.a.RLock()
	defer h.a.RUnlock()
	h.b.RLock()
	defer h.b.RUnlock()
}

func (h *Half) BAOk() {
	h.b.RLock()
	defer h.b.RUnlock()
	h.a.RLock()
	defer h.a.RUnlock()
}

// Each reads one and writes the other: no third party needed.
type Cross struct{ a, b sync.RWMutex }

func (c *Cross) ABBad() {
	c.a.RLock()
	defer c.a.RUnlock()
	c.b.Lock() // want `Cross\.b is locked while Cross\.a is (held|read-held|read-locked).* modes\.go:\d+ .*in the other order; .*can deadlock.*\(lockorder\)`
	defer c.b.Unlock()
}

func (c *Cross) BABad() {
	c.b.RLock()
	defer c.b.RUnlock()
	c.a.Lock()
	defer c.a.Unlock()
}

// A reader of both against a writer of both.
type Snapshot struct{ a, b sync.RWMutex }

func (s *Snapshot) ReadBad() {
	s.a.RLock()
	defer s.a.RUnlock()
	s.b.RLock() // want `Snapshot\.b is (read-)?locked while Snapshot\.a is (held|read-held|read-locked).* modes\.go:\d+ .*in the other order; .*can deadlock.*\(lockorder\)`
	defer s.b.RUnlock()
}

func (s *Snapshot) WriteBad() {
	s.b.Lock()
	defer s.b.Unlock()
	s.a.Lock()
	defer s.a.Unlock()
}

type Ordered struct{ a, b sync.RWMutex }

func (o *Ordered) ReadOk() {
	o.a.RLock()
	defer o.a.RUnlock()
	o.b.RLock()
	defer o.b.RUnlock()
}

func (o *Ordered) WriteOk() {
	o.a.Lock()
	defer o.a.Unlock()
	o.b.Lock()
	defer o.b.Unlock()
}

// b is read-locked only: nobody ever waits for it, so nothing closes the circle.
type Open struct{ a, b sync.RWMutex }

func (o *Open) ABOk() {
	o.a.RLock()
	defer o.a.RUnlock()
	o.b.RLock()
	defer o.b.RUnlock()
}

func (o *Open) BAOk() {
	o.b.RLock()
	defer o.b.RUnlock()
	o.a.Lock()
	defer o.a.Unlock()
}

// The same with somebody who does wait for b.
type Closed struct{ a, b sync.RWMutex }

func (c *Closed) SetB() {
	c.b.Lock()
	c.b.Unlock()
}

func (c *Closed) ABBad() {
	c.a.RLock()
	defer c.a.RUnlock()
	c.b.RLock() // want `Closed\.b is (read-)?locked while Closed\.a is (held|read-held|read-locked).* modes\.go:\d+ .*in the other order; .*can deadlock.*\(lockorder\)`
	defer c.b.RUnlock()
}

func (c *Closed) BABad() {
	c.b.RLock()
	defer c.b.RUnlock()
	c.a.Lock()
	defer c.a.Unlock()
}

// A Mutex and a read lock, without and with a writer.
type Calm struct {
	mu   sync.Mutex
	data sync.RWMutex
}

func (c *Calm) ListOk() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.data.RLock()
	defer c.data.RUnlock()
}

func (c *Calm) FindOk() {
	c.data.RLock()
	defer c.data.RUnlock()
	c.mu.Lock()
	defer c.mu.Unlock()
}

type Lively struct {
	mu   sync.Mutex
	data sync.RWMutex
}

func (l *Lively) Set() {
	l.data.Lock()
	l.data.Unlock()
}

func (l *Lively) ListBad() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.data.RLock() // want `Lively\.data is (read-)?locked while Lively\.mu is held.* modes\.go:\d+ .*in the other order; .*can deadlock.*\(lockorder\)`
	defer l.data.RUnlock()
}

func (l *Lively) FindBad() {
	l.data.RLock()
	defer l.data.RUnlock()
	l.mu.Lock()
	defer l.mu.Unlock()
}

// The writer only tries; it is never waiting.
type Polite struct {
	mu   sync.Mutex
	data sync.RWMutex
}

func (p *Polite) Set() {
	if p.data.TryLock() {
		p.data.Unlock()
	}
}

func (p *Polite) ListOk() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.data.RLock()
	defer p.data.RUnlock()
}

func (p *Polite) FindOk() {
	p.data.RLock()
	defer p.data.RUnlock()
	p.mu.Lock()
	defer p.mu.Unlock()
}

// The read side as a Locker is a read lock.
type Viewed struct {
	mu   sync.Mutex
	data sync.RWMutex
}

func (v *Viewed) ListOk() {
	v.mu.Lock()
	defer v.mu.Unlock()
	r := v.data.RLocker()
	r.Lock()
	defer r.Unlock()
}

func (v *Viewed) FindOk() {
	v.data.RLock()
	defer v.data.RUnlock()
	v.mu.Lock()
	defer v.mu.Unlock()
}
