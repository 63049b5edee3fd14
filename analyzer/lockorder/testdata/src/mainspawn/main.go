// Purpose: a program with several goroutines: one order in main and the other in
// a goroutine; both orders in a function of which several goroutines run.
package main

import "sync"

var (
	aMu, bMu sync.Mutex
	n        int
)

func abBad() {
	aMu.Lock()
	bMu.Lock() // want `bMu is locked while aMu is held, but main\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
	n++
	bMu.Unlock()
	aMu.Unlock()
}

func baBad() {
	bMu.Lock()
	aMu.Lock()
	n++
	aMu.Unlock()
	bMu.Unlock()
}

var (
	cMu, dMu sync.Mutex
	m        int
)

func workerBad() {
	cMu.Lock()
	dMu.Lock() // want `dMu is locked while cMu is held, but main\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
	m++
	dMu.Unlock()
	cMu.Unlock()

	dMu.Lock()
	cMu.Lock()
	m++
	cMu.Unlock()
	dMu.Unlock()
}

func main() {
	var wg sync.WaitGroup
	wg.Go(abBad)
	baBad()
	for range 4 {
		wg.Go(workerBad)
	}
	wg.Wait()
}
