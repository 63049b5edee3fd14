// Purpose: local locks, shared by the goroutines that capture them.

package instances

import "sync"

func FanOutBad() (n int) {
	var counter, results sync.Mutex
	var wg sync.WaitGroup
	wg.Go(func() {
		counter.Lock()
		defer counter.Unlock()
		results.Lock() // want `results is locked while .*counter is held, but locals\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
		defer results.Unlock()
		n++
	})
	wg.Go(func() {
		results.Lock()
		defer results.Unlock()
		counter.Lock()
		defer counter.Unlock()
		n++
	})
	wg.Wait()
	return n
}

func FanOutOk() (n int) {
	var counter, results sync.Mutex
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			counter.Lock()
			defer counter.Unlock()
			results.Lock()
			defer results.Unlock()
			n++
		})
	}
	wg.Wait()
	return n
}

// The go statement instead of wg.Go; one side is the parent.
func ParentBad(done chan bool) (n int) {
	var first, second sync.Mutex
	go func() {
		first.Lock()
		defer first.Unlock()
		second.Lock() // want `second is locked while .*first is held, but locals\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
		defer second.Unlock()
		n++
		close(done)
	}()
	second.Lock()
	defer second.Unlock()
	first.Lock()
	defer first.Unlock()
	return n
}

// Locks nobody else can have: both orders, one goroutine.
func AloneOk() (n int) {
	var first, second sync.Mutex
	first.Lock()
	second.Lock()
	n++
	second.Unlock()
	first.Unlock()
	second.Lock()
	first.Lock()
	n++
	first.Unlock()
	second.Unlock()
	return n
}

// Each iteration has its own pair.
//
// over-reported: a class is a declaration, and one goroutine for each instance of it
// looks like several for one.
func IterationOk(n int) {
	var wg sync.WaitGroup
	for i := range n {
		var left, right sync.Mutex
		wg.Go(func() {
			if i%2 == 0 {
				left.Lock()
				right.Lock() // want `right is locked while left is held, but locals\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
			} else {
				right.Lock()
				left.Lock()
			}
			left.Unlock()
			right.Unlock()
		})
	}
	wg.Wait()
}
