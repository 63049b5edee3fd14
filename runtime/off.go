//go:build !lockcheck

package lockcheck

import "sync"

// Enabled reports whether this package was built with -tags lockcheck.
const Enabled = false

// Without -tags lockcheck, all types are those of package sync.
type (
	Cond      = sync.Cond
	Mutex     = sync.Mutex
	Once      = sync.Once
	RWMutex   = sync.RWMutex
	WaitGroup = sync.WaitGroup
)

// NewCond is [sync.NewCond].
func NewCond(l Locker) *Cond { return sync.NewCond(l) }

// OnceFunc is [sync.OnceFunc].
func OnceFunc(f func()) func() { return sync.OnceFunc(f) }

// OnceValue is [sync.OnceValue].
func OnceValue[T any](f func() T) func() T { return sync.OnceValue(f) }

// OnceValues is [sync.OnceValues].
func OnceValues[T1, T2 any](f func() (T1, T2)) func() (T1, T2) { return sync.OnceValues(f) }
