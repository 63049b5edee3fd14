// Purpose: goroutines that cannot meet, because the parent waits for the first
// before it starts the second, or before it goes on itself. Known over-reports: it
// takes the order of start and wait to see it, not only the locks.

package joined

import "sync"

// over-reported: the WaitGroup separates the two rounds.
func TwoRoundsOk() (n int) {
	var a, b sync.Mutex
	var wg sync.WaitGroup
	wg.Go(func() {
		a.Lock()
		b.Lock() // want `b is locked while a is held, but joined\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
		n++
		b.Unlock()
		a.Unlock()
	})
	wg.Wait()
	wg.Go(func() {
		b.Lock()
		a.Lock()
		n++
		a.Unlock()
		b.Unlock()
	})
	wg.Wait()
	return n
}

func OneRoundBad() (n int) {
	var a, b sync.Mutex
	var wg sync.WaitGroup
	wg.Go(func() {
		a.Lock()
		b.Lock() // want `b is locked while .*a is held, but joined\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
		n++
		b.Unlock()
		a.Unlock()
	})
	wg.Go(func() {
		b.Lock()
		a.Lock()
		n++
		a.Unlock()
		b.Unlock()
	})
	wg.Wait()
	return n
}

// over-reported: the receive comes after all that the goroutine does.
func ReceiveOk() (n int) {
	var a, b sync.Mutex
	done := make(chan struct{})
	go func() {
		defer close(done)
		a.Lock()
		b.Lock() // want `b is locked while a is held, but joined\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
		n++
		b.Unlock()
		a.Unlock()
	}()
	<-done
	b.Lock()
	a.Lock()
	n++
	a.Unlock()
	b.Unlock()
	return n
}
