// Package fixes has writes that want the lock for themselves.
package fixes

import "sync"

type Set struct {
	mu sync.RWMutex
	m  map[string]bool
}

func (s *Set) Has(k string) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.m[k]
}

func (s *Set) Drop(k string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.m, k)
}

func (s *Set) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.m)
}

func (s *Set) Add(ks ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range ks {
		s.m[k] = true
	}
}

func (s *Set) Len() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.m)
}

func (s *Set) Put(k string) {
	s.mu.RLock() // with the lock
	defer s.mu.RUnlock()
	s.m[k] = true // want `write to the content of Set.m while Set.mu is only read-locked`
}

func (s *Set) PutNew(k string) bool {
	s.mu.RLock()
	if s.m[k] {
		s.mu.RUnlock()
		return false
	}
	s.m[k] = true // want `write to the content of Set.m while Set.mu is only read-locked`
	s.mu.RUnlock()
	return true
}

// An Account has methods that forget the lock.
type Account struct {
	mu      sync.Mutex
	balance int
	lastly  *int
}

func (a *Account) Deposit(n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.balance += n
}

func (a *Account) Withdraw(n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.balance -= n
}

func (a *Account) Double() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.balance *= 2
}

func (a *Account) Balance() int { return a.balance } // want `read of Account.balance without holding Account.mu`

// Forfeit keeps its comments.
func (a *Account) Forfeit() {
	// Down to
	a.balance = 0 // want `write to Account.balance without holding Account.mu`
	// nothing.
}

func (a *Account) Last() *int {
	if a.lastly == nil { // want `read of Account.lastly without holding Account.mu, before it is read again`
		a.mu.Lock()
		defer a.mu.Unlock()
		if a.lastly == nil {
			a.lastly = new(int)
		}
	}
	return a.lastly
}

// A Meter reads its lock for reading, and tells others: no fix where it does.
type Meter struct {
	sync.RWMutex
	n int
}

func (m *Meter) Add(n int) {
	m.Lock()
	defer m.Unlock()
	m.n += n
}

func (m *Meter) Sub(n int) {
	m.Lock()
	defer m.Unlock()
	m.n -= n
}

func (m *Meter) Tripled() int {
	m.RLock()
	defer m.RUnlock()
	return 3 * m.n
}

func (m *Meter) N() int {
	return m.n // want `read of Meter.n without holding Meter.RWMutex`
}

func (m *Meter) Tell(f func(int)) {
	f(m.n) // want `read of Meter.n without holding Meter.RWMutex`
}
