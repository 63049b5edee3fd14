// Purpose: a struct copy has a lock of its own. (Copying locks is bad for other
// reasons; the copylocks check of go vet says so.)

package identity

import "sync"

type Record struct {
	mu sync.Mutex
	n  int
}

func (r *Record) CopyOk() int {
	c := *r
	r.mu.Lock()
	defer r.mu.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	return r.n + c.n
}

func (r *Record) CopyBad() int {
	c := *r
	c.mu.Lock()
	defer c.mu.Unlock()
	r.mu.Lock()
	defer r.mu.Unlock()
	c.mu.Lock() // want `c\.mu is locked again while this goroutine still holds it from line \d+; this call never returns \(doublelock\)`
	return r.n + c.n
}

func (r Record) bump() {
	r.mu.Lock()
	r.n++
	r.mu.Unlock()
}

// The callee gets a copy, made while the original was unlocked.
func (r *Record) ValueReceiverOk() {
	c := *r
	r.mu.Lock()
	defer r.mu.Unlock()
	c.bump()
}

func SwapOk(a, b Record) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	b.mu.Lock()
	defer b.mu.Unlock()
	return a.n + b.n
}

// A pointer copy is the same record.
func (r *Record) PointerCopyBad() {
	c := r
	c.mu.Lock()
	defer c.mu.Unlock()
	r.mu.Lock() // want `[cr]\.mu is locked again while this goroutine still holds it from line \d+; this call never returns \(doublelock\)`
}
