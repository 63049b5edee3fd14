//go:build lockcheck

package lockcheck

import (
	"runtime"
	"sync"

	"github.com/lockcheck/lockcheck/runtime/internal/record"
)

// A Cond is a [sync.Cond] whose lock may be a watched one. Waiting for a Cond is no order of locks,
// but a dump shows it.
type Cond struct {
	// L is held while observing or changing the condition.
	L Locker

	c sync.Cond
}

// NewCond returns a new Cond with Locker l.
func NewCond(l Locker) *Cond { return &Cond{L: l} }

// Wait unlocks c.L and waits, as [sync.Cond.Wait] does.
//
//go:norace
//go:noinline
func (c *Cond) Wait() {
	// Those who wait hold c.L; if that is a read lock, several write the same here.
	c.c.L = (*condLocker)(c)
	c.c.Wait()
	record.Relocked()
	runtime.KeepAlive(c) // so that stacks have its address
}

// Signal wakes one goroutine that waits on c.
func (c *Cond) Signal() { c.c.Signal() }

// Broadcast wakes all goroutines that wait on c.
func (c *Cond) Broadcast() { c.c.Broadcast() }

// A condLocker is a Cond as the lock of the sync.Cond inside it.
type condLocker Cond

func (c *condLocker) Lock()   { c.L.Lock() }
func (c *condLocker) Unlock() { c.L.Unlock() }
