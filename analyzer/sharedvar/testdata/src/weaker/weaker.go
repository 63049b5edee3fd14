// Package weaker has what may be in order by something that is not known.
package weaker

import (
	"sync"
	"time"
)

func wait(ch chan bool) { <-ch }

func unknown() int {
	n := 0
	done := make(chan bool)
	go func() {
		n = 1
		close(done)
	}()
	wait(done)
	return n // want `n is assigned by the goroutine started at line 14 and read here without waiting for it; the two can race`
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
