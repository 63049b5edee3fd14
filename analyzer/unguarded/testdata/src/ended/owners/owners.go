// Package owners has objects that a function makes and shares with goroutines, which end too late, or are not the only ones to have them.
package owners

import (
	"sync"
)

// A Tally is locked by its methods.
type Tally struct {
	mu  sync.Mutex
	sum int
}

func (t *Tally) Add(n int) { t.mu.Lock(); t.sum += n; t.mu.Unlock() }
func (t *Tally) Sub(n int) { t.mu.Lock(); t.sum -= n; t.mu.Unlock() }
func (t *Tally) Mul(n int) { t.mu.Lock(); t.sum *= n; t.mu.Unlock() }
func (t *Tally) Div(n int) { t.mu.Lock(); t.sum /= n; t.mu.Unlock() }
func (t *Tally) Zap()      { t.mu.Lock(); t.sum = 0; t.mu.Unlock() }
func (t *Tally) Inc()      { t.mu.Lock(); t.sum++; t.mu.Unlock() }
func (t *Tally) Dec()      { t.mu.Lock(); t.sum--; t.mu.Unlock() }
func (t *Tally) Neg()      { t.mu.Lock(); t.sum = -t.sum; t.mu.Unlock() }
func (t *Tally) Sum() int  { t.mu.Lock(); defer t.mu.Unlock(); return t.sum }

// Done comes too early.
func Early(n int) int {
	t := &Tally{}
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		wg.Done()
		t.Add(n)
	}()
	wg.Wait()
	t.sum /= n // want `write to Tally\.sum without holding Tally\.mu`
	return t.Sum()
}

// So it does here, as what is deferred first runs last.
func EarlyDeferred(n int) int {
	t := &Tally{}
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer t.Add(n)
		defer wg.Done()
		println(n)
	}()
	wg.Wait()
	t.sum /= n // want `write to Tally\.sum without holding Tally\.mu`
	return t.Sum()
}

var last *Tally

// The goroutine hands on what it has got.
func HandedOn(n int) int {
	t := &Tally{}
	var wg sync.WaitGroup
	wg.Go(func() {
		t.Add(n)
		last = t
	})
	wg.Wait()
	t.sum++ // want `write to Tally\.sum without holding Tally\.mu`
	return t.Sum()
}

// Somebody else has it from the start.
func Known(n int) int {
	t := &Tally{}
	last = t
	var wg sync.WaitGroup
	wg.Go(func() { t.Add(n) })
	wg.Wait()
	t.sum++ // want `write to Tally\.sum without holding Tally\.mu`
	return t.Sum()
}

// The object is the caller's.
func Given(t *Tally, n int) int {
	var wg sync.WaitGroup
	wg.Go(func() { t.Add(n) })
	wg.Wait()
	t.sum++ // want `write to Tally\.sum without holding Tally\.mu`
	return t.Sum()
}

// Nothing is added before the goroutine runs: Wait may not know of it.
func Uncounted(n int) int {
	t := &Tally{}
	var wg sync.WaitGroup
	go func() {
		wg.Add(1)
		defer wg.Done()
		t.Add(n)
	}()
	wg.Wait()
	t.sum++ // want `write to Tally\.sum without holding Tally\.mu`
	return t.Sum()
}
