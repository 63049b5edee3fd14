// Package weaker has what may be in order by something that is not known.
package weaker

import (
	"sync"
	"sync/atomic"
	"time"
)

var wait func(ch chan bool) // a function that is not known

func unknown() int {
	n := 0
	done := make(chan bool)
	go func() {
		n = 1
		close(done)
	}()
	wait(done)
	return n // want `n is assigned by the goroutine started at line 15 and read here without waiting for it; the two can race`
}

func somePaths(ok bool) int {
	n := 0
	done := make(chan bool)
	go func() {
		n = 1
		close(done)
	}()
	if ok {
		<-done
	}
	return n // want `n is assigned .* can race`
}

func timer() *time.Timer {
	n := 0
	t := time.AfterFunc(time.Hour, func() { n = 1 })
	println(n) // want `n is assigned .* can race`
	return t
}

type keyLocks struct{ keys chan string }

func (k keyLocks) Lock(key string) func() { k.keys <- key; return func() { <-k.keys } }

// Perhaps all keys are one lock.
func ownLock(k keyLocks) int {
	n := 0
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			unlock := k.Lock("a")
			n++ // want `n is assigned .* can race`
			unlock()
		})
	}
	wg.Wait()
	return n
}

// What is done behind the count is not done for the last one.
func lastTooEarly(tasks []func() error, report func(string)) {
	var left atomic.Int32
	left.Store(int32(len(tasks)))
	var mu sync.Mutex
	text := ""
	for _, t := range tasks {
		go func() {
			err := t()
			if left.Add(-1) == 0 {
				report(text)
			}
			mu.Lock()
			text += err.Error() // want `text is assigned .* can race`
			mu.Unlock()
		}()
	}
}

type runner struct{ failed atomic.Bool }

// Others may set it back.
func (r *runner) run(tasks []func() error) error {
	var failure error
	var wg sync.WaitGroup
	for _, t := range tasks {
		wg.Go(func() {
			if err := t(); err != nil && r.failed.CompareAndSwap(false, true) {
				failure = err // want `failure is assigned .* can race`
			}
		})
	}
	wg.Wait()
	return failure
}
