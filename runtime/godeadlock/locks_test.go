package godeadlock

import (
	"sync"

	"github.com/sasha-s/go-deadlock"
)

// The program whose locks are watched in the tests. Its lines are found by their comments.

type account struct {
	mu  deadlock.Mutex
	sum int
}

type ledger struct {
	sync  deadlock.RWMutex
	lines int
}

type bank struct {
	account account
	ledger  ledger
}

// transfer and audit are the inversion.
//
//lockcheck:ignore lockorder it is what go-deadlock is to report
func (b *bank) transfer() {
	b.account.mu.Lock() // transfer: account
	defer b.account.mu.Unlock()
	b.record() // transfer: record
}

func (b *bank) record() {
	b.ledger.sync.Lock() // record: ledger
	b.ledger.lines++
	b.ledger.sync.Unlock()
}

func (b *bank) audit() {
	b.ledger.sync.RLock() // audit: ledger
	defer b.ledger.sync.RUnlock()

	b.account.mu.Lock() // audit: account
	b.account.sum = 0
	b.account.mu.Unlock()
}

func (b *bank) tryAudit() {
	b.ledger.sync.Lock()
	defer b.ledger.sync.Unlock()
	if b.account.mu.TryLock() {
		b.account.mu.Unlock()
	}
}

//lockcheck:ignore doublelock it is what go-deadlock is to report
func (b *bank) sum() int {
	b.account.mu.Lock() // sum: account
	n := b.account.sum

	b.account.mu.Lock() // sum: again
	return n
}

//lockcheck:ignore rlockrecursion it is what go-deadlock is to report
func (b *bank) count() int {
	b.ledger.sync.RLock() // count: ledger
	defer b.ledger.sync.RUnlock()
	return b.size() // count: size
}

func (b *bank) size() int {
	b.ledger.sync.RLock() // size: ledger
	defer b.ledger.sync.RUnlock()
	return b.ledger.lines
}

func (b *bank) hold(held chan<- bool, release <-chan bool) {
	b.account.mu.Lock() // hold: account
	held <- true
	<-release // hold: release
	b.account.mu.Unlock()
}

func (b *bank) pay() {
	b.account.mu.Lock() // pay: account
	b.account.sum--
	b.account.mu.Unlock()
}

// swap locks through an interface, which is not inlined.
func swap(a, b sync.Locker) {
	a.Lock() // swap: first
	b.Lock() // swap: second
	defer b.Unlock()
	defer a.Unlock()
}
