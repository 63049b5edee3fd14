// Package parent has variables that a goroutine shares with the function which starts it.
package parent

import (
	"sync"
	"time"
)

func first() error  { return nil }
func second() error { return nil }
func value() int    { return 1 }

func twoErrors(done chan bool) error {
	var err error
	go func() {
		err = first()
		done <- true
	}()
	err = second() // want `err is assigned by the goroutine started at line 15 and assigned here without waiting for it; the two race \(sharedvar\)`
	<-done
	return err
}

func twoErrorsRight(done chan bool) error {
	var err error
	go func() {
		err = first()
		done <- true
	}()
	<-done
	if err == nil {
		err = second()
	}
	return err
}

func timeout() (n int, err error) {
	done := make(chan struct{})
	go func() {
		n = value()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(time.Second):
	}
	return n, err // want `n is assigned by the goroutine started at line 39 and read here without waiting for it; the two race`
}

// A return assigns to named results.
func timeoutNamed() (n int, err error) {
	done := make(chan struct{})
	go func() {
		n = value()
		close(done)
	}()
	select {
	case <-done:
		return n, nil
	case <-time.After(time.Second):
		return 0, nil // want `n is assigned by the goroutine started at line 53 and assigned here`
	}
}

func timeoutRight() (int, error) {
	var n int
	done := make(chan struct{})
	go func() {
		n = value()
		close(done)
	}()
	select {
	case <-done:
		return n, nil
	case <-time.After(time.Second):
		return 0, nil
	}
}

func named() (err error) {
	go func() {
		err = first()
	}()
	return // want `err is assigned by the goroutine started at line 81 and read here without waiting for it; the two race`
}

func namedRight() (err error) {
	var wg sync.WaitGroup
	defer wg.Wait()
	go func() {
		err := first()
		println(err)
	}()
	return
}

func poll() {
	done := false
	go func() {
		second()
		done = true
	}()
	for !done { // want `done is assigned by the goroutine started at line 99 and read here without waiting for it; the two race`
		time.Sleep(time.Millisecond)
	}
}

func pollRight() {
	var mu sync.Mutex
	done := false
	go func() {
		mu.Lock()
		done = true
		mu.Unlock()
	}()
	for {
		mu.Lock()
		ok := done
		mu.Unlock()
		if ok {
			break
		}
	}
}

func read() {
	n := 1
	go func() {
		println(n)
	}()
	n = 2 // want `n is read by the goroutine started at line 128 and assigned here without waiting for it; the two race`
}

func readRight() {
	n := 1
	n = 2
	go func() {
		println(n)
	}()
	println(n)
}

func maps(keys []string) {
	m := map[string]int{}
	go func() {
		m["x"] = 1
	}()
	println(m["y"]) // want `the map m is written by the goroutine started at line 145 and read here without waiting for it; the two race`
}

func mapsRight() {
	m := map[string]int{}
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		m["x"] = 1
	}()
	wg.Wait()
	println(m["y"])
}

type result struct {
	n   int
	err error
}

func fields() int {
	var r result
	go func() {
		r.n = value()
	}()
	return r.n // want `r.n is assigned by the goroutine started at line 170 and read here without waiting for it; the two race`
}

func fieldsRight() error {
	var r result
	go func() {
		r.n = value()
	}()
	return r.err
}

// The goroutine waits for what the function does afterwards.
func startedLater() {
	var n int
	start := make(chan struct{})
	go func() {
		<-start
		println(n)
	}()
	n = 3
	close(start)
}

func startedTooLate() {
	var n int
	start := make(chan struct{})
	go func() {
		<-start
		println(n)
	}()
	close(start)
	n = 3 // want `n is read by the goroutine started at line 199 and assigned here`
}

// Question and answer.
func pingPong(in, out chan int) {
	var n int
	go func() {
		for range in {
			n++
			out <- n
		}
	}()
	for i := range 10 {
		n = i
		in <- i
		<-out
		println(n)
	}
}

func onePath(ok bool) (err error) {
	done := make(chan bool)
	go func() {
		err = first()
		done <- true
	}()
	if !ok {
		return second() // want `err is assigned by the goroutine started at line 226 and assigned here`
	}
	<-done
	return err
}

func otherPath(ok bool) (err error) {
	if ok {
		go func() { err = first() }()
	} else {
		err = second()
		println(err)
	}
	select {}
}

func helper() int {
	n := 0
	run := func() {
		n = value()
	}
	go run()
	return n // want `n is assigned by the goroutine started at line 252 and read here`
}

func helperRight() int {
	n := 0
	var wg sync.WaitGroup
	run := func() {
		defer wg.Done()
		n = value()
	}
	wait := func() { wg.Wait() }
	wg.Add(1)
	go run()
	wait()
	return n
}

func deferred() {
	n := 0
	defer func() { println(n) }() // want `n is assigned by the goroutine started at line 273 and read here`
	go func() {
		n = value()
	}()
}

func deferredRight() {
	n := 0
	done := make(chan bool)
	defer func() { println(n) }()
	go func() {
		n = value()
		close(done)
	}()
	defer func() { <-done }()
}

// What is done before the start is not done after it: the flag tells.
func flag(in chan int) {
	n, closing := 0, false
	for v := range in {
		if closing {
			continue
		}
		n = v
		if v < 0 {
			closing = true
			go func() { println(n) }()
		}
	}
}

func flagWrong(in chan int) {
	n, closing := 0, false
	for v := range in {
		if !closing {
			println(v)
		}
		n = v // want `n is read by the goroutine started at line 313 and assigned here`
		if v < 0 {
			closing = true
			go func() { println(n) }()
		}
	}
}

// Who has started it waits for it.
func sameCondition(async bool) int {
	n := 0
	done := make(chan bool)
	if async {
		go func() {
			n = value()
			close(done)
		}()
	}
	if async {
		<-done
	}
	return n
}

// The call is not deferred yet where the function returns early.
func deferredLate(ns []int) {
	n := 0
	var wg sync.WaitGroup
	for _, i := range ns {
		if i < 0 {
			return
		}
		wg.Go(func() { println(n) })
	}
	defer func() { n++ }()
	wg.Wait()
}

func deferredLateWrong(ns []int) {
	n := 0
	var wg sync.WaitGroup
	for range ns {
		wg.Go(func() { println(n) })
	}
	defer func() { n++ }() // want `n is read by the goroutine started at line 352 and assigned here`
}

// Compilers read n after the receive, and who writes this counts on it.
func returnedWithJoin() (int, bool) {
	n := 0
	done := make(chan bool)
	go func() {
		n = value()
		done <- true
	}()
	return n, <-done
}

func namedWithJoin() (n int, ok bool) {
	m := 0
	done := make(chan bool)
	defer println()
	go func() {
		m = value()
		done <- true
	}()
	return m + 1, <-done
}

func returnedBeforeJoin() (int, bool) {
	n := 0
	done := make(chan bool)
	go func() {
		n = value()
		done <- true
	}()
	m := 2 * n // want `n is assigned by the goroutine started at line \d+ and read here without waiting for it`
	ok := <-done
	return m, ok
}

func returnedWithDeferredJoin() (int, bool) {
	n := 0
	done := make(chan bool)
	go func() {
		n = value()
		done <- true
	}()
	defer func() { <-done }()
	return n, known() // want `n is assigned by the goroutine started at line \d+ and read here without waiting for it`
}

func known() bool { return true }

func returnedWithLock() (int, bool) {
	n := 0
	var mu sync.Mutex
	go func() {
		mu.Lock()
		defer mu.Unlock()
		n = value()
	}()
	mu.Lock()
	defer mu.Unlock()
	return n, known()
}
