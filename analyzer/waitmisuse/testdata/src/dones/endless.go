package dones

import (
	"sync"
	"time"
)

// The range over a ticker has no end; the only way out calls Done.
func goodTick(stop func() bool, f func()) {
	var wg sync.WaitGroup
	wg.Add(2)
	t := time.NewTicker(time.Second)
	go func() {
		for range t.C {
			if stop() {
				wg.Done()
				return
			}
			f()
		}
	}()
	go func() {
		for range time.Tick(time.Minute) {
			if stop() {
				wg.Done()
				break
			}
		}
	}()
	wg.Wait()
}

// Nobody closes again, which is made here.
func goodOwn(stop func() bool) {
	var wg sync.WaitGroup
	wg.Add(1)
	again := make(chan bool, 1)
	again <- true
	go func() {
		for range again {
			if stop() {
				wg.Done()
				return
			}
			again <- true
		}
	}()
	wg.Wait()
}

// The range ends when again is closed.
func badOwn(stop func() bool) {
	var wg sync.WaitGroup
	wg.Add(1)
	again := make(chan bool, 1)
	again <- true
	go func() {
		for range again {
			if stop() {
				wg.Done()
				return
			}
		}
	}() // want `the end of the function ends the goroutine without wg.Done`
	close(again)
	wg.Wait()
}

// The loop has an end of its own.
func badCount(stop func() bool) {
	var wg sync.WaitGroup
	wg.Add(1)
	t := time.NewTicker(time.Second)
	go func() {
		for range 10 {
			<-t.C
			if stop() {
				wg.Done()
				return
			}
		}
	}() // want `the end of the function ends the goroutine without wg.Done`
	wg.Wait()
}
