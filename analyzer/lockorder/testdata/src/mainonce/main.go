// Purpose: a program with one goroutine. Both orders occur, one after the other;
// nobody is there to hold the other lock. Also init, which is over before main
// begins, and a goroutine that is started once and has both orders to itself.
package main

import "sync"

var (
	aMu, bMu sync.Mutex
	n        int
)

func init() {
	bMu.Lock()
	aMu.Lock()
	n++
	aMu.Unlock()
	bMu.Unlock()
}

func abOk() {
	aMu.Lock()
	bMu.Lock()
	n++
	bMu.Unlock()
	aMu.Unlock()
}

func baOk() {
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

func workerOk(done chan bool) {
	cMu.Lock()
	dMu.Lock()
	m++
	dMu.Unlock()
	cMu.Unlock()

	dMu.Lock()
	cMu.Lock()
	m++
	cMu.Unlock()
	dMu.Unlock()
	close(done)
}

func main() {
	abOk()
	for range 3 {
		baOk()
	}
	done := make(chan bool)
	go workerOk(done)
	<-done
	println(n, m)
}
