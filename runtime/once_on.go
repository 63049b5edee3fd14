//go:build lockcheck

package lockcheck

import (
	"sync"
	"sync/atomic"

	"github.com/lockcheck/lockcheck/runtime/internal/record"
)

// A Once is a [sync.Once] that is watched: those who come while the function runs wait for it as for a
// lock.
type Once struct {
	r    record.Lock
	done atomic.Bool
	mu   sync.Mutex
}

// Do calls f if it is the first call of Do for this Once, as [sync.Once.Do] does.
//
//go:norace
//go:noinline
func (o *Once) Do(f func()) {
	if o.done.Load() {
		record.Passed(&o.r, record.Write) // it would have waited, had it come while f ran
		return
	}
	if !o.mu.TryLock() {
		record.Wait(&o.r, record.Write)
		o.mu.Lock()
		record.Got()
	}
	record.Acquired(&o.r, record.Write)
	defer o.unlock()
	if !o.done.Load() {
		defer o.done.Store(true)
		f()
	}
}

func (o *Once) unlock() {
	record.Released(&o.r)
	o.mu.Unlock()
}

// OnceFunc returns a function that calls f once only, as [sync.OnceFunc] does: if f panics,
// each call panics with the same value.
func OnceFunc(f func()) func() {
	call := OnceValue(func() struct{} { f(); return struct{}{} })
	return func() { call() }
}

// OnceValue returns a function that calls f once only and returns what f returned, as
// [sync.OnceValue] does.
func OnceValue[T any](f func() T) func() T {
	call := OnceValues(func() (T, struct{}) { return f(), struct{}{} })
	return func() T { v, _ := call(); return v }
}

// OnceValues returns a function that calls f once only and returns what f returned, as
// [sync.OnceValues] does.
func OnceValues[T1, T2 any](f func() (T1, T2)) func() (T1, T2) {
	var s struct {
		once     Once
		returned bool
		panicked any
		v1       T1
		v2       T2
	}
	return func() (T1, T2) {
		s.once.Do(func() {
			defer func() {
				f = nil // what it refers to may be collected
				if !s.returned {
					if s.panicked = recover(); s.panicked != nil {
						panic(s.panicked) // this first time with the stack of f below it
					}
				}
			}()
			s.v1, s.v2 = f()
			s.returned = true
		})
		if !s.returned {
			panic(s.panicked)
		}
		return s.v1, s.v2
	}
}
