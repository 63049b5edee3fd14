// Package early: Wait in the loop that starts the goroutines.
package early

import "sync"

// Wrong counts all, and waits for them after the first.
func Wrong(fs []func()) {
	var wg sync.WaitGroup
	wg.Add(len(fs))
	for _, f := range fs {
		go func() {
			defer wg.Done()
			f()
		}()
		wg.Wait() // want `wg.Wait never returns if Add at early.go:9 counts more than one: only one goroutine that calls Done has been started in the first round of this loop`
	}
}

// Right waits behind the loop.
func Right(fs []func()) {
	var wg sync.WaitGroup
	wg.Add(len(fs))
	for _, f := range fs {
		go func() {
			defer wg.Done()
			f()
		}()
	}
	wg.Wait()
}

// One counts one at a time.
func One(fs []func()) {
	var wg sync.WaitGroup
	for _, f := range fs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			f()
		}()
		wg.Wait()
	}
}

// Rounds waits for all of a round.
func Rounds(fs []func()) {
	var wg sync.WaitGroup
	wg.Add(len(fs))
	for {
		for _, f := range fs {
			go func() {
				defer wg.Done()
				f()
			}()
		}
		wg.Wait()
		break
	}
}

// Last waits in the last round only.
func Last(fs []func()) {
	var wg sync.WaitGroup
	wg.Add(len(fs))
	for i, f := range fs {
		go func() {
			defer wg.Done()
			f()
		}()
		if i == len(fs)-1 {
			wg.Wait()
		}
	}
}
