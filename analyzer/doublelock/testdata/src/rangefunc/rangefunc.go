// Purpose: range over functions. The loop body is a callback of the iterator: an
// iterator that yields with its lock held hangs with a body that takes it. The
// report is at the range statement, as it is at the call for other callbacks.

package rangefunc

import (
	"iter"
	"slices"
	"sync"
)

type Bag struct {
	mu    sync.Mutex
	items []int
}

func NewBag() *Bag { return &Bag{items: []int{1, 2}} }

func (b *Bag) add(v int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.items = append(b.items, v)
}

// All yields with the lock held.
func (b *Bag) All() iter.Seq[int] {
	return func(yield func(int) bool) {
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, v := range b.items {
			if !yield(v) {
				return
			}
		}
	}
}

// Snapshot yields from a copy.
func (b *Bag) Snapshot() iter.Seq[int] {
	return func(yield func(int) bool) {
		b.mu.Lock()
		items := slices.Clone(b.items)
		b.mu.Unlock()
		for _, v := range items {
			if !yield(v) {
				return
			}
		}
	}
}

func (b *Bag) BodyBad() {
	for v := range b.All() { // want `b\.mu.*\(doublelock\)`
		b.add(v)
	}
}

func (b *Bag) BodyOk() {
	for v := range b.Snapshot() {
		b.add(v)
	}
}

func (b *Bag) BodyOtherOk(other *Bag) {
	for v := range b.All() {
		other.add(v)
	}
}

func (b *Bag) SumOk() (sum int) {
	for v := range b.All() {
		if v < 0 {
			return sum
		}
		sum += v
	}
	return sum
}

func (b *Bag) HeldBad() (sum int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for v := range b.All() { // want `b\.mu.*already held from line \d+.*\(doublelock\)`
		sum += v
	}
	return sum
}

func (b *Bag) HeldOk() (sum int) {
	b.mu.Lock()
	b.items = append(b.items, 3)
	b.mu.Unlock()
	for v := range b.All() {
		sum += v
	}
	return sum
}

// The iterator is the method itself, not a function it returns.
func (b *Bag) each(yield func(int) bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, v := range b.items {
		if !yield(v) {
			return
		}
	}
}

func (b *Bag) MethodBad() {
	for v := range b.each { // want `b\.mu.*\(doublelock\)`
		b.add(v)
	}
}

func (b *Bag) MethodOk() (sum int) {
	for v := range b.each {
		sum += v
	}
	return sum
}
