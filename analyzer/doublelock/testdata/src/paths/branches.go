// Purpose: unlocks on branches. Released on every branch is released; forgotten
// on one branch is held on that branch.

package paths

import "sync"

type Branch struct {
	mu sync.Mutex
	n  int
}

func (b *Branch) BothOk(fast bool) {
	b.mu.Lock()
	if fast {
		b.mu.Unlock()
	} else {
		b.n++
		b.mu.Unlock()
	}
	b.mu.Lock()
	b.n++
	b.mu.Unlock()
}

func (b *Branch) BothBad(fast bool) {
	b.mu.Lock()
	if fast {
		b.mu.Unlock()
	} else {
		b.n++
	}
	b.mu.Lock() // want `b\.mu can be locked again while this goroutine still holds it from line \d+; this call then never returns \(doublelock\)`
	b.n++
	b.mu.Unlock()
}

func (b *Branch) SwitchOk(kind int) {
	b.mu.Lock()
	switch kind {
	case 0:
		b.mu.Unlock()
	case 1, 2:
		b.n++
		b.mu.Unlock()
	default:
		b.mu.Unlock()
	}
	b.mu.Lock()
	b.n++
	b.mu.Unlock()
}

func (b *Branch) SwitchBad(kind int) {
	b.mu.Lock()
	switch kind {
	case 0:
		b.mu.Unlock()
	case 1, 2:
		b.n++
	default:
		b.mu.Unlock()
	}
	b.mu.Lock() // want `b\.mu can be locked again while this goroutine still holds it from line \d+; this call then never returns \(doublelock\)`
	b.n++
	b.mu.Unlock()
}

func (b *Branch) FallthroughOk(kind int) {
	b.mu.Lock()
	switch kind {
	case 0:
		b.n++
		fallthrough
	default:
		b.mu.Unlock()
	}
	b.mu.Lock()
	b.n++
	b.mu.Unlock()
}

func (b *Branch) TypeSwitchOk(v any) {
	b.mu.Lock()
	switch v := v.(type) {
	case int:
		b.n = v
		b.mu.Unlock()
	case string:
		b.mu.Unlock()
		b.n = len(v)
	default:
		b.mu.Unlock()
		return
	}
	b.mu.Lock()
	b.n++
	b.mu.Unlock()
}

func (b *Branch) TypeSwitchBad(v any) {
	b.mu.Lock()
	switch v := v.(type) {
	case int:
		b.n = v
	default:
		b.mu.Unlock()
		return
	}
	b.mu.Lock() // want `b\.mu is locked again while this goroutine still holds it from line \d+; this call never returns \(doublelock\)`
	b.n++
}

func (b *Branch) SelectOk(in, quit chan int) {
	b.mu.Lock()
	select {
	case v := <-in:
		b.n = v
		b.mu.Unlock()
	case <-quit:
		b.mu.Unlock()
		return
	default:
		b.mu.Unlock()
	}
	b.mu.Lock()
	b.n++
	b.mu.Unlock()
}

func (b *Branch) SelectBad(in, quit chan int) {
	b.mu.Lock()
	select {
	case v := <-in:
		b.n = v
		b.mu.Unlock()
	case <-quit:
		b.mu.Unlock()
		return
	default:
		b.n++
	}
	b.mu.Lock() // want `b\.mu can be locked again while this goroutine still holds it from line \d+; this call then never returns \(doublelock\)`
	b.n++
	b.mu.Unlock()
}

// Each case locks for itself.
func (b *Branch) SelectLoopOk(in, quit chan int) {
	for i := 0; i < 3; i++ {
		select {
		case v := <-in:
			b.mu.Lock()
			b.n = v
			b.mu.Unlock()
		case <-quit:
			b.mu.Lock()
			b.n = 0
			b.mu.Unlock()
			return
		default:
		}
	}
}

// An early return under the lock is not a path to the second Lock.
func (b *Branch) ReturnOk(stop bool) {
	b.mu.Lock()
	if stop {
		defer b.mu.Unlock()
		b.n = 0
		return
	}
	b.mu.Unlock()
	b.mu.Lock()
	b.n++
	b.mu.Unlock()
}

// A short-circuit condition whose operands lock.
func (b *Branch) positive() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.n > 0
}

func (b *Branch) ShortCircuitOk() bool {
	return b.positive() && b.positive() || b.positive()
}

func (b *Branch) ShortCircuitBad(ask bool) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return ask && b.positive() // want `calling \(\*Branch\)\.positive locks b\.mu \(branches\.go:\d+\), which is already held from line \d+; the call never returns \(doublelock\)`
}
