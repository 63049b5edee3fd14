// Purpose: one or both locks are taken in callees. The report is at the call, in
// the function that holds the outer lock.

package calls

import "sync"

type Ledger struct {
	mu      sync.Mutex
	entries int
}

type Account struct {
	mu     sync.Mutex
	ledger *Ledger
}

func (l *Ledger) Record() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries++
}

func (a *Account) freeze() {
	a.mu.Lock()
	defer a.mu.Unlock()
}

func (a *Account) TransferBad() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ledger.Record() // want `Ledger\.mu is locked while Account\.mu is held, but calls\.go:39 locks them in the other order; two goroutines can deadlock \(lockorder\)`
}

func (l *Ledger) AuditBad(accounts []*Account) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, a := range accounts {
		a.freeze()
	}
}

type Book struct {
	mu      sync.Mutex
	entries int
}

type Purse struct {
	mu   sync.Mutex
	book *Book
}

func (b *Book) record() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.entries++
}

func (p *Purse) freeze() {
	p.mu.Lock()
	defer p.mu.Unlock()
}

func (p *Purse) TransferOk() {
	p.mu.Lock()
	p.mu.Unlock()
	p.book.record()
}

func (b *Book) AuditOk(purses []*Purse) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, p := range purses {
		p.freeze()
	}
}

// Three calls on one side, two on the other; the parameters change places.
type Store struct {
	mu       sync.Mutex
	replicas map[int]*Replica
}

type Replica struct {
	mu    sync.Mutex
	store *Store
}

func (s *Store) HeartbeatBad() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sendAll() // want `Replica\.mu is locked while Store\.mu is held, but calls\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
}

func (s *Store) sendAll() {
	for id := range s.replicas {
		send(id, s)
	}
}

func send(id int, s *Store) { s.replicas[id].ping() }

func (r *Replica) ping() {
	r.mu.Lock()
	defer r.mu.Unlock()
}

func (r *Replica) TickBad() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.coalesce()
}

func (r *Replica) coalesce() { r.store.note() }

func (s *Store) note() {
	s.mu.Lock()
	defer s.mu.Unlock()
}

// The callee takes the lock on one of its paths only.
type Sink struct{ mu sync.Mutex }
type Source struct{ mu sync.Mutex }

func (s *Sink) flush(full bool) {
	if full {
		s.mu.Lock()
		s.mu.Unlock()
	}
}

func (s *Source) DrainBad(k *Sink, full bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k.flush(full) // want `Sink\.mu is locked while Source\.mu is held, but calls\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
}

func (k *Sink) PullBad(s *Source) {
	k.mu.Lock()
	defer k.mu.Unlock()
	s.mu.Lock()
	s.mu.Unlock()
}

// On this path it does not.
type Pipe struct{ mu sync.Mutex }
type Valve struct{ mu sync.Mutex }

func (v *Valve) turn(locked bool) {
	if !locked {
		v.mu.Lock()
		defer v.mu.Unlock()
	}
}

func (p *Pipe) OpenOk(v *Valve) {
	p.mu.Lock()
	defer p.mu.Unlock()
	v.turn(true)
}

func (v *Valve) PressOk(p *Pipe) {
	v.mu.Lock()
	defer v.mu.Unlock()
	p.mu.Lock()
	p.mu.Unlock()
}
