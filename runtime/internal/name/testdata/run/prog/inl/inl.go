// Package inl has functions that are inlined into others, closures and all.
package inl

import sync "github.com/lockcheck/lockcheck/runtime"

type Box struct{ mu sync.Mutex }

func (b *Box) Do() {
	func() {
		b.mu.Lock() // name: example.com/run/inl.Box.mu field
	}()
}

func Do(b *Box) {
	f := func() {
		b.mu.Lock() // name: example.com/run/inl.Box.mu field
	}
	f()
}
