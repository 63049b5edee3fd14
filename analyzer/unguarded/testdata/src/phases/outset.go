package phases

import (
	"errors"
	"sync"
)

// A Switchboard is used after Init only: before that, whatever puts something in its map would fail.
type Switchboard struct {
	mu    sync.Mutex
	lines map[string]int
}

func (s *Switchboard) Init() { s.lines = make(map[string]int) }

func (s *Switchboard) Plug(k string)   { s.mu.Lock(); s.lines[k]++; s.mu.Unlock() }
func (s *Switchboard) Unplug(k string) { s.mu.Lock(); delete(s.lines, k); s.mu.Unlock() }
func (s *Switchboard) Busy(k string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lines[k] > 0
}
func (s *Switchboard) Count() int { s.mu.Lock(); defer s.mu.Unlock(); return len(s.lines) }
func (s *Switchboard) Close()     { s.mu.Lock(); s.lines = nil; s.mu.Unlock() }

// A Desk is locked by those who use it.
type Desk struct {
	mu     sync.Mutex
	papers int
}

func (d *Desk) Begin() { d.mu.Lock() }
func (d *Desk) End()   { d.mu.Unlock() }

func (d *Desk) Put()  { d.papers++ }
func (d *Desk) Take() { d.papers-- }

func (d *Desk) Tidy()  { d.mu.Lock(); d.papers = 0; d.mu.Unlock() }
func (d *Desk) Stack() { d.mu.Lock(); d.papers *= 2; d.mu.Unlock() }
func (d *Desk) Split() { d.mu.Lock(); d.papers /= 2; d.mu.Unlock() }
func (d *Desk) Papers() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.papers
}

// A Ledger is made in a variable that gets something else later on, and that a deferred function has.
type Ledger struct {
	mu    sync.Mutex
	lines []string
}

func Create(name string) (*Ledger, error) {
	l := &Ledger{}
	l.lines = append(l.lines, name)
	var err error
	defer func() {
		if err != nil {
			l.Wipe()
		}
	}()
	if l, err = l.renamed(name); err != nil {
		return nil, err
	}
	return l, nil
}

func (l *Ledger) renamed(name string) (*Ledger, error) {
	if name == "" {
		return nil, errors.New("no name")
	}
	return l, nil
}

func (l *Ledger) Wipe()         { l.mu.Lock(); l.lines = nil; l.mu.Unlock() }
func (l *Ledger) Add(s string)  { l.mu.Lock(); l.lines = append(l.lines, s); l.mu.Unlock() }
func (l *Ledger) Len() int      { l.mu.Lock(); defer l.mu.Unlock(); return len(l.lines) }
func (l *Ledger) First() string { l.mu.Lock(); defer l.mu.Unlock(); return l.lines[0] }

// Check is given a ledger by who has just made it, or by others.
func Check(a, b *Ledger) bool {
	a.lines = b.lines
	return true
}

// A Mill is set up by Init: nobody else gives it its wheel, and all others rely on it.
type Mill struct {
	wheel interface{ Turn() }

	mu    sync.Mutex
	sacks int
}

func (m *Mill) Init(wheel interface{ Turn() }) {
	m.attach(wheel)
	m.sacks = 10
}

func (m *Mill) attach(wheel interface{ Turn() }) { m.wheel = wheel }

func (m *Mill) Grind() {
	m.wheel.Turn()
	m.mu.Lock()
	m.sacks++
	m.mu.Unlock()
}

func (m *Mill) Sell()      { m.mu.Lock(); m.sacks--; m.mu.Unlock() }
func (m *Mill) Burn()      { m.mu.Lock(); m.sacks = 0; m.mu.Unlock() }
func (m *Mill) Sacks() int { m.mu.Lock(); defer m.mu.Unlock(); return m.sacks }
