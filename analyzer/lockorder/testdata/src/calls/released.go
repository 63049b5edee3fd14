// Purpose: callees that release what the caller holds before they take another
// lock, and what they hold when they take the first one back.

package calls

import "sync"

type Conn struct {
	mu     sync.Mutex
	closed bool
}

type Pool struct {
	mu    sync.Mutex
	conns []*Conn
}

// closeLocked is entered with c.mu held and leaves with c.mu held; p.mu is
// taken in the gap.
func (c *Conn) closeLocked(p *Pool) {
	c.closed = true
	c.mu.Unlock()
	p.mu.Lock()
	p.conns = nil
	p.mu.Unlock()
	c.mu.Lock()
}

func (c *Conn) CloseOk(p *Pool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closeLocked(p)
}

func (p *Pool) SweepOk() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.conns {
		c.mu.Lock()
		c.closed = true
		c.mu.Unlock()
	}
}

// Without the gap.
type Client struct {
	mu     sync.Mutex
	closed bool
}

type Farm struct {
	mu      sync.Mutex
	clients []*Client
}

func (c *Client) closeLocked(f *Farm) {
	c.closed = true
	f.mu.Lock() // the caller holds c.mu
	f.clients = nil
	f.mu.Unlock()
}

func (c *Client) CloseBad(f *Farm) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closeLocked(f) // want `Farm\.mu is locked while Client\.mu is held, but released\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
}

func (f *Farm) SweepBad() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range f.clients {
		c.mu.Lock()
		c.closed = true
		c.mu.Unlock()
	}
}

// The outer lock is given back and taken again while the inner one stays held:
// two goroutines in DeleteBad are enough.
type Devices struct {
	mu    sync.Mutex
	infos map[string]*Info
}

type Info struct{ mu sync.Mutex }

func (d *Devices) DeleteBad(name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	info := d.infos[name]
	info.mu.Lock() // want `Info\.mu is locked while Devices\.mu is held, but released\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
	defer info.mu.Unlock()
	d.waitLocked()
}

func (d *Devices) waitLocked() {
	d.mu.Unlock()
	d.mu.Lock()
}

type Disks struct {
	mu    sync.Mutex
	parts map[string]*Part
}

type Part struct{ mu sync.Mutex }

func (d *Disks) DeleteOk(name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	part := d.parts[name]
	part.mu.Lock()
	part.mu.Unlock()
	d.waitLocked()
}

func (d *Disks) waitLocked() {
	d.mu.Unlock()
	d.mu.Lock()
}

// A callee that unlocks for its caller, for good.
type Batch struct{ mu sync.Mutex }
type Stats struct{ mu sync.Mutex }

func (b *Batch) finishLocked() { b.mu.Unlock() }

func (b *Batch) CommitOk(s *Stats) {
	b.mu.Lock()
	b.finishLocked()
	s.mu.Lock()
	s.mu.Unlock()
}

func (s *Stats) ReportOk(b *Batch) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b.mu.Lock()
	b.mu.Unlock()
}
