//lint:file-ignore SA2001 what the locks guard does not matter here

package main

import "sync"

// Locks taken in more than one order, by goroutines whose timing is lucky.
var orders = []scenario{
	{Name: "ab-ba", What: "A-B then B-A, two goroutines", Want: 1, run: abba},
	{Name: "abc-cycle", What: "A-B, B-C, C-A, three goroutines", Want: 1, run: func() { ring(3) }},
	{Name: "abcd-cycle", What: "A-B, B-C, C-D, D-A, four goroutines", Want: 1, run: func() { ring(4) }},
	{Name: "gate", What: "inversion under a common gate lock", Want: 0, run: gate},
	{Name: "one-goroutine", What: "both orders in one goroutine only", Want: 0, run: oneGoroutine},
	{Name: "try-second", What: "inversion whose second step is TryLock", Want: 0, run: trySecond},
	{Name: "try-first", What: "inversion out of a lock taken with TryLock", Want: 1, run: tryFirst},
	{Name: "repeated", What: "the same inversion 100 times", Want: 1, run: repeated},
	{Name: "embedded", What: "inversion of embedded mutexes", Want: 1, run: embedded},
	{Name: "generic", What: "inversion in a generic type", Want: 1, run: generic},
}

// A bank has two locks of different fields.
type bank struct {
	accounts sync.Mutex
	ledger   sync.Mutex
	n        int
}

func (b *bank) transfer() {
	b.accounts.Lock()
	b.ledger.Lock()
	b.n++
	b.ledger.Unlock()
	b.accounts.Unlock()
}

func (b *bank) audit() {
	b.ledger.Lock()
	b.accounts.Lock()
	b.n--
	b.accounts.Unlock()
	b.ledger.Unlock()
}

func abba() {
	b := new(bank)
	inTurn(b.transfer, b.audit)
}

// ring closes a cycle of n locks, each of another variable.
func ring(n int) {
	var a, b, c, d sync.Mutex
	ab := func() { a.Lock(); b.Lock(); b.Unlock(); a.Unlock() }
	bc := func() { b.Lock(); c.Lock(); c.Unlock(); b.Unlock() }
	ca := func() { c.Lock(); a.Lock(); a.Unlock(); c.Unlock() }
	cd := func() { c.Lock(); d.Lock(); d.Unlock(); c.Unlock() }
	da := func() { d.Lock(); a.Lock(); a.Unlock(); d.Unlock() }
	if n == 3 {
		inTurn(ab, bc, ca)
	} else {
		inTurn(ab, bc, cd, da)
	}
}

func gate() {
	var gate sync.Mutex
	b := new(bank)
	inTurn(
		func() { gate.Lock(); b.transfer(); gate.Unlock() },
		func() { gate.Lock(); b.audit(); gate.Unlock() },
	)
}

func oneGoroutine() {
	b := new(bank)
	b.transfer()
	b.audit()
	b.transfer()
}

func trySecond() {
	var a, b sync.Mutex
	inTurn(
		func() { a.Lock(); b.Lock(); b.Unlock(); a.Unlock() },
		func() {
			b.Lock()
			if a.TryLock() {
				a.Unlock()
			}
			b.Unlock()
		},
	)
}

func tryFirst() {
	var a, b sync.Mutex
	inTurn(
		func() {
			if a.TryLock() {
				b.Lock()
				b.Unlock()
				a.Unlock()
			}
		},
		func() { b.Lock(); a.Lock(); a.Unlock(); b.Unlock() },
	)
}

func repeated() {
	b := new(bank)
	for range 100 {
		inTurn(b.transfer, b.audit)
	}
}

type account struct {
	sync.Mutex
	balance int
}

type journal struct {
	sync.Mutex
	lines int
}

func embedded() {
	var a account
	var j journal
	inTurn(
		func() {
			a.Lock()
			defer a.Unlock()
			j.Lock()
			defer j.Unlock()
			a.balance++
			j.lines++
		},
		func() {
			j.Lock()
			defer j.Unlock()
			a.Lock()
			defer a.Unlock()
			j.lines = a.balance
		},
	)
}

type cache[K comparable, V any] struct {
	mu    sync.Mutex
	m     map[K]V
	stats sync.Mutex
	puts  int
}

func (c *cache[K, V]) put(k K, v V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.m[k] = v
	c.stats.Lock()
	defer c.stats.Unlock()
	c.puts++
}

func (c *cache[K, V]) reset() {
	c.stats.Lock()
	defer c.stats.Unlock()
	c.puts = 0
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.m)
}

func generic() {
	c := &cache[string, int]{m: make(map[string]int)}
	inTurn(func() { c.put("a", 1) }, c.reset)
}
