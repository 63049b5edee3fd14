// Package siblings has variables that several goroutines share.
package siblings

import (
	"net/http"
	"sync"
	"sync/atomic"
)

func value() int   { return 1 }
func work() error  { return nil }
func other() error { return nil }

func count(n int) int {
	var wg sync.WaitGroup
	total := 0
	for range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			total++ // want `total is assigned by goroutines that line 19 starts and that run at the same time; they race \(sharedvar\)`
		}()
	}
	wg.Wait()
	return total
}

func countRight(n int) int {
	var wg sync.WaitGroup
	var mu sync.Mutex
	total := 0
	for range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			mu.Lock()
			defer mu.Unlock()
			total++
		}()
	}
	wg.Wait()
	return total
}

func atomicRight(n int) int64 {
	var wg sync.WaitGroup
	var total int64
	for range n {
		wg.Go(func() { atomic.AddInt64(&total, 1) })
	}
	wg.Wait()
	return total
}

func group(n int) (err error) {
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			if e := work(); e != nil {
				err = e // want `err is assigned by goroutines that line 58 starts`
			}
		})
	}
	wg.Wait()
	return err
}

func groupRight(n int) error {
	var wg sync.WaitGroup
	errs := make([]error, n)
	for i := range n {
		wg.Go(func() { errs[i] = work() })
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func maps(keys []string) map[string]int {
	var wg sync.WaitGroup
	m := map[string]int{}
	for _, k := range keys {
		wg.Add(1)
		go func() {
			defer wg.Done()
			m[k] = value() // want `the map m is written by goroutines that line 88 starts`
		}()
	}
	wg.Wait()
	return m
}

// Each round waits for its goroutine.
func rounds(keys []string) map[string]int {
	m := map[string]int{}
	for _, k := range keys {
		done := make(chan bool)
		go func() {
			m[k] = value()
			done <- true
		}()
		<-done
	}
	return m
}

// Each round has a variable of its own.
func perRound(keys []string) {
	for range keys {
		n := 0
		go func() {
			n++
			println(n)
		}()
	}
}

func appends(n int) []int {
	var out []int
	done := make(chan bool)
	for i := range n {
		go func() {
			out = append(out, i) // want `out is assigned by goroutines that line 126 starts`
			done <- true
		}()
	}
	for range n {
		<-done
	}
	return out
}

// A channel with room for one is a lock.
func channelLock(n int) {
	var out []int
	var wg sync.WaitGroup
	lock := make(chan bool, 1)
	for i := range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			lock <- true
			out = append(out, i)
			<-lock
		}()
	}
	wg.Wait()
	println(len(out))
}

// With room for more it is none.
func semaphore(n int) {
	var out []int
	var wg sync.WaitGroup
	room := make(chan bool, 4)
	for i := range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			room <- true
			out = append(out, i) // want `out is assigned by goroutines that line 162 starts`
			<-room
		}()
	}
	wg.Wait()
	println(len(out))
}

func two() error {
	var wg sync.WaitGroup
	var err error
	wg.Add(2)
	go func() {
		defer wg.Done()
		err = work()
	}()
	go func() {
		defer wg.Done()
		err = other() // want `err is assigned by the goroutine started at line 177 and assigned here by the one started at line 181; the two race`
	}()
	wg.Wait()
	return err
}

func twoRight() error {
	var wg sync.WaitGroup
	var err1, err2 error
	wg.Add(2)
	go func() {
		defer wg.Done()
		err1 = work()
	}()
	go func() {
		defer wg.Done()
		err2 = other()
	}()
	wg.Wait()
	if err1 != nil {
		return err1
	}
	return err2
}

// The second waits for the first.
func chain() {
	n := 0
	ready := make(chan bool)
	go func() {
		n = value()
		close(ready)
	}()
	go func() {
		<-ready
		println(n)
	}()
}

// A third waits for all, and tells the function.
func closer(n int) int {
	var wg sync.WaitGroup
	var once sync.Once
	sum := 0
	for range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			once.Do(func() { sum = value() })
		}()
	}
	done := make(chan bool)
	go func() {
		wg.Wait()
		close(done)
	}()
	<-done
	return sum
}

func handler() {
	n := 0
	http.HandleFunc("/", func(http.ResponseWriter, *http.Request) {
		n++ // want `n is assigned by goroutines that line 245 starts`
	})
}
