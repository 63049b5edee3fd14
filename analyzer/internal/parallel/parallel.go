// Package parallel runs the steps of a pass on all processors.
//
// A step that panics ends the pass: the panic of the first such step is passed on to the caller, as [Panic] with the stack of the
// goroutine in which it happened, so that an internal error is reported as if there was one goroutine only.
package parallel

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// A Panic is what a step has panicked with.
type Panic struct {
	Value any
	Stack []byte // of the goroutine that ran the step
	step  int
}

func (p *Panic) Error() string { return fmt.Sprint(p.Value) }

// Do calls f for 0 to n-1, as many at a time as there are processors, and waits for all. The order in which the calls begin is that of the
// numbers.
func Do(n int, f func(i int)) {
	workers := min(runtime.GOMAXPROCS(0), n)
	if workers <= 1 {
		for i := range n {
			f(i)
		}
		return
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	var mu sync.Mutex
	var first *Panic
	step := func(i int) {
		defer func() {
			if r := recover(); r != nil {
				mu.Lock()
				defer mu.Unlock()
				if first == nil || i < first.step {
					first = &Panic{r, debug.Stack(), i}
				}
			}
		}()
		f(i)
	}
	for range workers {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				step(i)
			}
		})
	}
	wg.Wait()
	if first != nil {
		panic(first)
	}
}
