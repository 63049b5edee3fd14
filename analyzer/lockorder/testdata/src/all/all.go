// Package all: all locks of a slice are locked and unlocked by functions of their own.
package all

import "sync"

// Lock all of them, unlock all of them, in functions of their own.
type block struct {
	mu sync.Mutex
	n  int
}

type blocks struct {
	mu  sync.Mutex
	all []*block
}

func (b *blocks) lockAll() {
	for _, x := range b.all {
		x.mu.Lock()
	}
}

func (b *blocks) unlockAll() {
	for _, x := range b.all {
		x.mu.Unlock()
	}
}

// If the blocks were taken for locked here, the two would be an order: see SumOk.
func (b *blocks) SetOk(n int) {
	b.lockAll()
	b.unlockAll()
	b.mu.Lock()
	b.all[0].n = n
	b.mu.Unlock()
}

func (b *blocks) SumOk() (sum int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lockAll()
	defer b.unlockAll()
	for _, x := range b.all {
		sum += x.n
	}
	return sum
}

// The same with the blocks really held.
type bins struct {
	mu  sync.Mutex
	all []*bin
}

type bin struct {
	mu sync.Mutex
	n  int
}

func (b *bins) lockAll() {
	for _, x := range b.all {
		x.mu.Lock()
	}
}

func (b *bins) unlockAll() {
	for _, x := range b.all {
		x.mu.Unlock()
	}
}

func (b *bins) SetBad(n int) {
	b.lockAll()
	b.mu.Lock() // want `bins\.mu is locked while bin\.mu is held, but all\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
	b.all[0].n = n
	b.mu.Unlock()
	b.unlockAll()
}

func (b *bins) SumBad() (sum int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lockAll()
	defer b.unlockAll()
	for _, x := range b.all {
		sum += x.n
	}
	return sum
}
