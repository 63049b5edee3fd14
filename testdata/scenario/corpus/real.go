package main

import (
	"sync"
	"time"
)

// Deadlocks that happen in every run.
var reals = []scenario{
	{Name: "self", What: "a mutex locked twice", Want: 1, Hangs: true, run: self},
	{Name: "self-after-try", What: "a mutex locked twice, after another goroutine's failed TryLock", Want: 1, Hangs: true, run: selfAfterTry},
	{Name: "upgrade", What: "RLock then Lock in one goroutine", Want: 1, Hangs: true, run: upgrade},
	{Name: "real-ab-ba", What: "A-B and B-A, both wait", Want: 1, Hangs: true, run: realABBA, Mention: []string{"realAB", "realBA"}},
	{Name: "real-three", What: "three goroutines in a ring, all wait", Want: 1, Hangs: true, run: realThree, Mention: []string{"realOne", "realTwo", "realThird"}},
	{Name: "real-writer", What: "recursive RLock, a writer waits in between", Want: 1, Hangs: true, run: realWriter},
	{Name: "once-self", What: "Once.Do within its own function", Want: 1, Hangs: true, run: onceSelf},
}

func self() {
	b := new(bank)
	b.accounts.Lock()
	defer b.accounts.Unlock()
	b.transfer()
}

func selfAfterTry() {
	var a sync.Mutex
	a.Lock()
	together(func() {
		if a.TryLock() {
			a.Unlock()
		}
	})
	a.Lock()
}

func upgrade() {
	m := new(maps)
	m.names.RLock()
	defer m.names.RUnlock()
	if m.n == 0 {
		m.names.Lock()
		m.n++
		m.names.Unlock()
	}
}

func realABBA() {
	b, gate := new(bank), newBarrier(2)
	together(func() { realAB(b, gate) }, func() { realBA(b, gate) })
}

func realAB(b *bank, gate *barrier) {
	b.accounts.Lock()
	gate.wait()
	b.ledger.Lock()
}

func realBA(b *bank, gate *barrier) {
	b.ledger.Lock()
	gate.wait()
	b.accounts.Lock()
}

type ring3 struct{ a, b, c sync.Mutex }

func realThree() {
	r, gate := new(ring3), newBarrier(3)
	together(func() { realOne(r, gate) }, func() { realTwo(r, gate) }, func() { realThird(r, gate) })
}

func realOne(r *ring3, gate *barrier)   { r.a.Lock(); gate.wait(); r.b.Lock() }
func realTwo(r *ring3, gate *barrier)   { r.b.Lock(); gate.wait(); r.c.Lock() }
func realThird(r *ring3, gate *barrier) { r.c.Lock(); gate.wait(); r.a.Lock() }

func realWriter() {
	m := new(maps)
	m.names.RLock()
	go m.write()
	time.Sleep(100 * time.Millisecond) // until it waits
	m.names.RLock()
}

func onceSelf() {
	var once sync.Once
	var f func()
	f = func() { once.Do(f) }
	once.Do(f)
}
