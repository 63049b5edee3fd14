// Purpose: a boolean variable remembers whether the lock is held.

package paths

import "sync"

type Batch struct {
	mu sync.Mutex
	n  int
}

func (b *Batch) FlagOk(items []int) {
	held := false
	if len(items) > 1 {
		b.mu.Lock()
		held = true
	}
	b.n += len(items)
	if !held {
		b.mu.Lock()
	}
	b.n++
	b.mu.Unlock()
}

func (b *Batch) FlagBad(items []int) {
	held := false
	if len(items) > 1 {
		b.mu.Lock()
		held = true
	}
	b.n += len(items)
	if held {
		b.mu.Lock() // want `b\.mu is locked again while this goroutine still holds it from line \d+; this call never returns \(doublelock\)`
	}
	b.n++
}

func (b *Batch) FlagUnlockOk(items []int) {
	held := false
	if len(items) > 1 {
		b.mu.Lock()
		held = true
	}
	b.n++
	if held {
		b.mu.Unlock()
	}
	b.mu.Lock()
	b.n++
	b.mu.Unlock()
}

// Locked on first use in a loop, once.
func (b *Batch) LoopOk(items []int) {
	held := false
	for _, item := range items {
		if item > 0 && !held {
			b.mu.Lock()
			held = true
		}
		b.n += item
	}
	if held {
		b.mu.Unlock()
	}
}

// The deferred literal asks the flag.
func (b *Batch) CapturedOk(items []int) {
	b.mu.Lock()
	held := true
	defer func() {
		if held {
			b.mu.Unlock()
		}
	}()
	if len(items) > 1 {
		b.mu.Unlock()
		held = false
		b.flush()
		b.mu.Lock()
		held = true
	}
	b.n++
}

func (b *Batch) CapturedBad(items []int) {
	b.mu.Lock()
	held := true
	defer func() {
		if held {
			b.mu.Unlock()
		}
	}()
	if len(items) > 1 {
		held = false
		b.flush() // want `calling \(\*Batch\)\.flush locks b\.mu \(flag\.go:\d+\), which is already held from line \d+; the call never returns \(doublelock\)`
	}
	b.n++
}

func (b *Batch) flush() {
	b.mu.Lock()
	b.n = 0
	b.mu.Unlock()
}

// The unlock function as flag: nil when there is nothing to release.
func (b *Batch) ReleaseOk(items []int) {
	var release func()
	if len(items) > 1 {
		b.mu.Lock()
		release = b.mu.Unlock
	}
	b.n++
	if release != nil {
		release()
	}
	b.flush()
}
