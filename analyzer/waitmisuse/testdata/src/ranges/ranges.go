// Package ranges is about goroutines that are started by, or have, a range over a function.
package ranges

import (
	"iter"
	"sync"
)

func work() error { return nil }

func bad(s iter.Seq[int]) {
	var wg sync.WaitGroup
	for range s {
		wg.Add(1)
		go func() {
			if work() != nil {
				return // want `this return ends the goroutine without wg.Done`
			}
			wg.Done()
		}()
	}
	wg.Wait()
}

func good(s iter.Seq[int]) {
	var wg sync.WaitGroup
	for range s {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if work() != nil {
				return
			}
		}()
	}
	wg.Wait()
}

func badInside(s iter.Seq[int]) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		for range s {
			if work() != nil {
				return // want `this return ends the goroutine without wg.Done`
			}
		}
		wg.Done()
	}()
	wg.Wait()
}

func goodInside(s iter.Seq[int]) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		for range s {
			if work() != nil {
				wg.Done()
				return
			}
		}
		wg.Done()
	}()
	wg.Wait()
}

// goodWait tests again in the next round.
func goodWait(s iter.Seq[int], c *sync.Cond, n *int) {
	c.L.Lock()
	for range s {
		if *n == 0 {
			c.Wait()
		}
	}
	c.L.Unlock()
}
