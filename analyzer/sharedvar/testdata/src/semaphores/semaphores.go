// Package semaphores has channels with room for some values, which bound how many goroutines there are.
package semaphores

import "sync"

func good(jobs []int, limit int, do func(int) error) (failed int) {
	slots := make(chan bool, limit)
	var mu sync.Mutex
	for _, j := range jobs {
		slots <- true
		go func() {
			defer func() { <-slots }()
			if do(j) != nil {
				mu.Lock()
				failed++
				mu.Unlock()
			}
		}()
	}
	for range limit {
		slots <- true
	}
	return failed
}

// The slot is taken in a select, and all are taken by a literal.
func goodSelect(jobs []int, stop <-chan bool, do func(int) error) int {
	failed := 0
	slots := make(chan bool, 3)
	var mu sync.Mutex
	wait := func() {
		for i := 0; i < cap(slots); i++ {
			slots <- true
		}
	}
	for _, j := range jobs {
		select {
		case slots <- true:
		case <-stop:
			return 0
		}
		go func() {
			if do(j) != nil {
				mu.Lock()
				failed++
				mu.Unlock()
			}
			<-slots
		}()
	}
	wait()
	return failed
}

// Each goroutine takes a value out and puts it back, which is waited for.
func goodDrained(jobs []int, do func(int) error) (failed int) {
	slots := make(chan bool, 3)
	for range cap(slots) {
		slots <- true
	}
	var mu sync.Mutex
	for _, j := range jobs {
		<-slots
		go func() {
			if do(j) != nil {
				mu.Lock()
				failed++
				mu.Unlock()
			}
			slots <- true
		}()
	}
	for range cap(slots) {
		<-slots
	}
	return failed
}

// One at a time.
func goodMutex(jobs []int, do func(int) error) int {
	failed := 0
	one := make(chan bool, 1)
	var wg sync.WaitGroup
	for _, j := range jobs {
		wg.Go(func() {
			if do(j) != nil {
				one <- true
				failed++
				<-one
			}
		})
	}
	wg.Wait()
	return failed
}

// The last slot may still be taken.
func badFew(jobs []int, do func(int) error) (failed int) {
	slots := make(chan bool, 3)
	var mu sync.Mutex
	for _, j := range jobs {
		slots <- true
		go func() {
			defer func() { <-slots }()
			if do(j) != nil {
				mu.Lock()
				failed++
				mu.Unlock()
			}
		}()
	}
	for i := 1; i < cap(slots); i++ {
		slots <- true
	}
	return failed // want `failed is assigned by the goroutine started at line 103`
}

// The goroutines take their slots too late.
func badInside(jobs []int, do func(int) error) (failed int) {
	slots := make(chan bool, 3)
	var mu sync.Mutex
	for _, j := range jobs {
		go func() {
			slots <- true
			defer func() { <-slots }()
			if do(j) != nil {
				mu.Lock()
				failed++
				mu.Unlock()
			}
		}()
	}
	for range cap(slots) {
		slots <- true
	}
	return failed // want `failed is assigned by the goroutine started at line 123`
}

// The slot is given back too early.
func badEarly(jobs []int, do func(int) error) (failed int) {
	slots := make(chan bool, 3)
	var mu sync.Mutex
	for _, j := range jobs {
		slots <- true
		go func() {
			err := do(j)
			<-slots
			if err != nil {
				mu.Lock()
				failed++
				mu.Unlock()
			}
		}()
	}
	for range cap(slots) {
		slots <- true
	}
	return failed // want `failed is assigned by the goroutine started at line 145`
}

// Three at a time are not one.
func badMutex(jobs []int, do func(int) error) int {
	failed := 0
	some := make(chan bool, 3)
	var wg sync.WaitGroup
	for _, j := range jobs {
		wg.Go(func() {
			if do(j) != nil {
				some <- true
				failed++ // want `failed is assigned by goroutines that line 167 starts`
				<-some
			}
		})
	}
	wg.Wait()
	return failed
}

// The loop behind waits for all, one by one, by methods.
func goodMethods(jobs []int, do func(int) error) int {
	failed := 0
	s := make(slots, 3)
	var mu sync.Mutex
	for _, j := range jobs {
		s.take()
		go func() {
			defer s.give()
			if do(j) != nil {
				mu.Lock()
				failed++
				mu.Unlock()
			}
		}()
	}
	for range cap(s) {
		s.take()
	}
	return failed
}

type slots chan bool

func (s slots) take() { s <- true }
func (s slots) give() { <-s }

// Nothing is waited for.
func badMethods(jobs []int, do func(int) error) int {
	failed := 0
	s := make(slots, 3)
	other := make(slots, 3)
	var mu sync.Mutex
	for _, j := range jobs {
		s.take()
		go func() {
			defer s.give()
			if do(j) != nil {
				mu.Lock()
				failed++
				mu.Unlock()
			}
		}()
	}
	for range cap(s) {
		other.take()
	}
	return failed // want `failed is assigned by the goroutine started at line 214`
}

// Who has sent to a full channel once for each receive has waited for all.
func goodEmptied(f func() int) (x, y int) {
	sem := make(chan bool, 2)
	sem <- true
	sem <- true
	go func() {
		x = f()
		<-sem
	}()
	go func() {
		y = f()
		<-sem
	}()
	sem <- true
	sem <- true
	x++
	y++
	return
}

// One send too few: one of the two may still run.
func badEmptied(f func() int) (x, y int) {
	sem := make(chan bool, 2)
	sem <- true
	sem <- true
	go func() {
		x = f()
		<-sem
	}()
	go func() {
		y = f()
		<-sem
	}()
	sem <- true
	x++ // want `x is assigned by the goroutine started at line \d+ and (read|assigned) here without waiting for it`
	y++ // want `y is assigned by the goroutine started at line \d+ and (read|assigned) here without waiting for it`
	return
}
