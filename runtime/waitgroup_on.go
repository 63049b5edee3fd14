//go:build lockcheck

package lockcheck

import (
	"sync"

	"github.com/lockcheck/lockcheck/runtime/internal/record"
)

// A WaitGroup is a [sync.WaitGroup] that is watched: what goroutines did before Done
// comes before what the one that waits does after Wait.
type WaitGroup struct {
	wg sync.WaitGroup
	g  record.Group
}

// Add adds delta to the counter, as [sync.WaitGroup.Add] does.
func (wg *WaitGroup) Add(delta int) {
	if delta < 0 {
		record.Done(&wg.g)
	}
	wg.wg.Add(delta)
}

// Done decrements the counter by one.
func (wg *WaitGroup) Done() {
	record.Done(&wg.g)
	wg.wg.Done()
}

// Wait blocks until the counter is zero.
func (wg *WaitGroup) Wait() {
	wg.wg.Wait()
	record.Joined(&wg.g)
}

// Go calls f in a new goroutine and adds that to the WaitGroup, as [sync.WaitGroup.Go] does.
func (wg *WaitGroup) Go(f func()) {
	wg.wg.Go(func() {
		defer record.Done(&wg.g)
		f()
	})
}
