// Package helpers has functions whose callers must hold a lock.
package helpers

import "sync"

type Queue struct {
	mu    sync.Mutex
	items []int
	n     int
}

// push is called with mu held, but for one call.
func (q *Queue) push(x int) {
	q.items = append(q.items, x)
	q.n++
}

func (q *Queue) Put(x int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.push(x)
}

func (q *Queue) PutAll(xs ...int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, x := range xs {
		q.push(x)
	}
}

func (q *Queue) Len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.n + len(q.items)
}

func (q *Queue) Clear() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.items = nil
	q.n = 0
}

func (q *Queue) Hurry(x int) {
	q.push(x) // want `calling \(\*Queue\).push without holding Queue.mu, with which other calls protect its (write to|read of) Queue.\w+ at helpers.go:1\d`
}

// pop is always called with mu held, two calls deep.
func (q *Queue) pop() int { return q.first() }

func (q *Queue) first() int {
	x := q.items[0]
	q.items = q.items[1:]
	q.n--
	return x
}

func (q *Queue) Get() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.pop()
}

// peekLocked says by its name what it needs.
func (q *Queue) peekLocked() int { return q.items[0] }

// Top must be called with the lock held.
func (q *Queue) Top() int { return q.items[0] }

// lock and unlock are helpers that move the lock.
func (q *Queue) lock()   { q.mu.Lock() }
func (q *Queue) unlock() { q.mu.Unlock() }

func (q *Queue) Double() {
	q.lock()
	defer q.unlock()
	q.n *= 2
}

// Each calls back with the lock held.
func (q *Queue) Each(f func(int)) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, x := range q.items {
		f(x)
	}
}

// Sum is right: the literal runs in Each.
func (q *Queue) Sum() int {
	sum := 0
	q.Each(func(x int) { sum += x + q.n })
	return sum
}

// Later hands the work to a goroutine, which has no lock.
func (q *Queue) Later(x int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	go q.drop(x) // want `calling \(\*Queue\).drop without holding Queue.mu`
}

func (q *Queue) drop(n int) { q.n -= n }

func (q *Queue) Drop() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.drop(1)
}

// nested has a function literal in another: what the inner one captures is made by a function that the outer
// one captures.
func nested(mk func() *Queue, keep func(*Queue)) {
	made := mk
	if keep == nil {
		made = func() *Queue { return &Queue{} }
	}
	func() {
		q := made()
		go func() {
			q.drain(keep)
		}()
	}()
}

func (q *Queue) drain(keep func(*Queue)) { keep(q) }

// A ring has a function whose parameter tells whether its caller holds the lock.
type ring struct {
	mu   sync.Mutex
	err  error
	r, w int
}

func (r *ring) state(locked bool) error {
	if !locked {
		r.mu.Lock()
		defer r.mu.Unlock()
	}
	if r.w == r.r {
		return r.err
	}
	return nil
}

func (r *ring) Read(n int) error {
	if n == 0 {
		return r.state(false)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.state(true); err != nil {
		return err
	}
	r.r += n
	return nil
}

func (r *ring) Write(n int) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.state(true); err != nil {
		return err
	}
	r.w += n
	return nil
}

func (r *ring) Fail(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.err = err
}
