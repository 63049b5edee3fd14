// Purpose: what a deferred call locks, it locks while those locks are held whose
// unlocks are deferred before it.

package direct

import "sync"

type Journal struct{ mu sync.Mutex }
type Disk struct{ mu sync.Mutex }

func (d *Disk) sync() {
	d.mu.Lock()
	defer d.mu.Unlock()
}

// sync runs first, under j.mu.
func CommitBad(j *Journal, d *Disk) {
	j.mu.Lock()
	defer j.mu.Unlock()
	defer d.sync() // want `Disk\.mu is locked while Journal\.mu is held, but defers\.go:26 locks them in the other order; two goroutines can deadlock \(lockorder\)`
}

func ReplayBad(j *Journal, d *Disk) {
	d.mu.Lock()
	defer d.mu.Unlock()
	j.mu.Lock()
	defer j.mu.Unlock()
}

type Log struct{ mu sync.Mutex }
type Tape struct{ mu sync.Mutex }

func (t *Tape) sync() {
	t.mu.Lock()
	defer t.mu.Unlock()
}

// sync runs last, with nothing held.
func CommitOk(l *Log, t *Tape) {
	defer t.sync()
	l.mu.Lock()
	defer l.mu.Unlock()
}

func ReplayOk(l *Log, t *Tape) {
	t.mu.Lock()
	defer t.mu.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock()
}

// The branch's own defer ends with the function, so it is held here.
type Menu struct{ mu sync.Mutex }
type Page struct{ mu sync.Mutex }

func ShowBad(m *Menu, p *Page, locked bool) {
	if !locked {
		m.mu.Lock()
		defer m.mu.Unlock()
	}
	p.mu.Lock() // want `Page\.mu is locked while Menu\.mu is held, but defers\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
	p.mu.Unlock()
}

func HideBad(m *Menu, p *Page) {
	p.mu.Lock()
	m.mu.Lock()
	m.mu.Unlock()
	p.mu.Unlock()
}

// The conditions exclude each other: Card.mu is never held at the second lock.
type Deck struct{ mu sync.Mutex }
type Card struct{ mu sync.Mutex }

func DrawOk(d *Deck, c *Card, fast bool) {
	if fast {
		c.mu.Lock()
		defer c.mu.Unlock()
	}
	if !fast {
		d.mu.Lock()
		defer d.mu.Unlock()
	}
}

func ShuffleOk(d *Deck, c *Card) {
	d.mu.Lock()
	defer d.mu.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
}
