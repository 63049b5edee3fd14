// Purpose: two locks of one type, and the locks of two types, in methods.

package direct

import "sync"

type Cache struct {
	index sync.Mutex
	data  sync.Mutex
	n     int
}

func (c *Cache) GetBad() int {
	c.index.Lock()
	defer c.index.Unlock()
	c.data.Lock() // want `Cache\.data is locked while Cache\.index is held, but methods\.go:24 locks them in the other order; two goroutines can deadlock \(lockorder\)`
	defer c.data.Unlock()
	return c.n
}

func (c *Cache) PutBad(n int) {
	c.data.Lock()
	c.n = n
	c.index.Lock()
	c.index.Unlock()
	c.data.Unlock()
}

type SafeCache struct {
	index sync.Mutex
	data  sync.Mutex
	n     int
}

func (c *SafeCache) GetOk() int {
	c.index.Lock()
	defer c.index.Unlock()
	c.data.Lock()
	defer c.data.Unlock()
	return c.n
}

func (c *SafeCache) PutOk(n int) {
	c.data.Lock()
	c.n = n
	c.data.Unlock()
	c.index.Lock()
	c.index.Unlock()
}

type Ledger struct {
	mu      sync.Mutex
	entries []string
}

type Account struct {
	mu      sync.Mutex
	ledger  *Ledger
	balance int
}

func (a *Account) DepositBad(n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.balance += n
	a.ledger.mu.Lock() // want `Ledger\.mu is locked while Account\.mu is held, but methods\.go:75 locks them in the other order; two goroutines can deadlock \(lockorder\)`
	a.ledger.entries = append(a.ledger.entries, "deposit")
	a.ledger.mu.Unlock()
}

func (l *Ledger) AuditBad(accounts []*Account) (sum int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, a := range accounts {
		a.mu.Lock()
		sum += a.balance
		a.mu.Unlock()
	}
	return sum
}

type Book struct {
	mu      sync.Mutex
	entries []string
}

type Purse struct {
	mu      sync.Mutex
	book    *Book
	balance int
}

func (p *Purse) DepositOk(n int) {
	p.mu.Lock()
	p.balance += n
	p.mu.Unlock()
	p.book.mu.Lock()
	p.book.entries = append(p.book.entries, "deposit")
	p.book.mu.Unlock()
}

func (b *Book) AuditOk(purses []*Purse) (sum int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, p := range purses {
		p.mu.Lock()
		sum += p.balance
		p.mu.Unlock()
	}
	return sum
}
