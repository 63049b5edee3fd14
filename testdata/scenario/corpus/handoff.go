//lint:file-ignore SA2001 what the locks guard does not matter here

package main

import (
	"sync"
	"time"
)

// Locks that another goroutine unlocks, which Go allows.
var handoffs = []scenario{
	{Name: "handed-on", What: "a lock handed on for unlocking orders nothing any more", Want: 0, run: handedOn},
	{Name: "signal", What: "a mutex used as a signal, as it was before", Want: 0, run: signal},
}

func handedOn() {
	var a, b sync.Mutex
	locked, unlocked := make(chan struct{}), make(chan struct{})
	inTurn(
		func() {
			go func() { <-locked; a.Unlock(); close(unlocked) }()
			a.Lock()
			close(locked)
			<-unlocked
			b.Lock()
			b.Unlock()
		},
		func() { b.Lock(); a.Lock(); a.Unlock(); b.Unlock() },
	)
}

func signal() {
	var m sync.Mutex
	for range 3 { // the hand-off is seen
		m.Lock()
		together(m.Unlock)
	}
	for range 3 {
		m.Lock()
		go func() { time.Sleep(10 * time.Millisecond); m.Unlock() }()
		m.Lock() // waits for the other's Unlock
		m.Unlock()
	}
}
