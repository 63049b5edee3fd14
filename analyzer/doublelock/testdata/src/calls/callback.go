// Purpose: function parameters. A callee that calls its parameter while it
// holds the lock hangs with a literal that takes that lock; a caller that holds
// the lock hangs with a callee that calls such a literal at all.
// The report is at the caller's call: neither half is wrong on its own.

package calls

import "sync"

type Registry struct {
	mu    sync.Mutex
	items []int
}

func (r *Registry) add(v int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.items = append(r.items, v)
}

// each calls f with r.mu held.
func (r *Registry) each(f func(int)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, v := range r.items {
		f(v)
	}
}

// eachCopy calls f with nothing held.
func (r *Registry) eachCopy(f func(int)) {
	r.mu.Lock()
	items := append([]int(nil), r.items...)
	r.mu.Unlock()
	for _, v := range items {
		f(v)
	}
}

// eachAsync calls f from other goroutines.
func (r *Registry) eachAsync(f func(int)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, v := range r.items {
		go f(v)
	}
}

func apply(v int, f func(int)) { f(v) }

func NewRegistry() *Registry { return &Registry{items: []int{1, 2}} }

func (r *Registry) EachBad() {
	r.each(func(v int) { r.add(v) }) // want `r\.mu.*\(doublelock\)`
}

func (r *Registry) EachValueBad() {
	r.each(r.add) // want `r\.mu.*\(doublelock\)`
}

func (r *Registry) EachOk() int {
	sum := 0
	r.each(func(v int) { sum += v })
	return sum
}

// The literal locks another registry.
func (r *Registry) EachOtherOk(other *Registry) {
	r.each(func(v int) { other.add(v) })
}

func (r *Registry) EachCopyOk() {
	r.eachCopy(func(v int) { r.add(v) })
}

func (r *Registry) EachAsyncOk() {
	r.eachAsync(func(v int) { r.add(v) })
}

func (r *Registry) ApplyBad() {
	r.mu.Lock()
	defer r.mu.Unlock()
	apply(1, func(v int) { r.add(v) }) // want `r\.mu.*already held from line \d+.*\(doublelock\)`
}

func (r *Registry) ApplyOk() {
	r.mu.Lock()
	r.items = nil
	r.mu.Unlock()
	apply(1, func(v int) { r.add(v) })
}

// The parameter goes through two callees.
func (r *Registry) eachPositive(f func(int)) {
	r.each(func(v int) {
		if v > 0 {
			f(v)
		}
	})
}

func (r *Registry) EachPositiveBad() {
	r.eachPositive(func(v int) { r.add(v) }) // want `r\.mu.*\(doublelock\)`
}

func (r *Registry) EachPositiveOk() int {
	sum := 0
	r.eachPositive(func(v int) { sum += v })
	return sum
}

// withLock is the "do this under the lock" helper.
func (r *Registry) withLock(f func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f()
}

func (r *Registry) NestBad() {
	r.withLock(func() { r.withLock(func() { r.items = nil }) }) // want `r\.mu.*\(doublelock\)`
}

func (r *Registry) NestOk() {
	r.withLock(func() { r.items = nil })
	r.withLock(func() { r.items = nil })
}
