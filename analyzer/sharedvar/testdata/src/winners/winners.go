// Package winners has goroutines of which one goes on: the one that changes an atomic first, or last.
package winners

import (
	"sync"
	"sync/atomic"
)

type task func() error

// The first swap wins.
func good(tasks []task) error {
	var failure error
	var failed atomic.Bool
	var wg sync.WaitGroup
	for _, t := range tasks {
		wg.Go(func() {
			if err := t(); err != nil && failed.CompareAndSwap(false, true) {
				failure = err
			}
		})
	}
	wg.Wait()
	return failure
}

func goodInt(tasks []task) error {
	var failure error
	var failed int32
	var wg sync.WaitGroup
	for _, t := range tasks {
		wg.Go(func() {
			err := t()
			if err == nil || !atomic.CompareAndSwapInt32(&failed, 0, 1) {
				return
			}
			func() { failure = err }()
		})
	}
	wg.Wait()
	return failure
}

func goodSwap(tasks []task) error {
	var failure error
	failed := new(atomic.Bool)
	var wg sync.WaitGroup
	for _, t := range tasks {
		wg.Go(func() {
			if err := t(); err != nil {
				if was := failed.Swap(true); !was {
					failure = err
				}
			}
		})
	}
	wg.Wait()
	return failure
}

// Each number comes once.
func goodCount(tasks []task) error {
	var failure error
	var failed atomic.Int32
	var wg sync.WaitGroup
	for _, t := range tasks {
		wg.Go(func() {
			if err := t(); err != nil && failed.Add(1) == 1 {
				failure = err
			}
		})
	}
	wg.Wait()
	return failure
}

// The last one out reads what the others have done before.
func goodLast(tasks []task, report func(string)) {
	var left atomic.Int32
	left.Store(int32(len(tasks)))
	var mu sync.Mutex
	text := ""
	for _, t := range tasks {
		go func() {
			err := t()
			mu.Lock()
			text += err.Error()
			mu.Unlock()
			if left.Add(-1) == 0 {
				report(text)
			}
		}()
	}
}

// It can be set back, and then there is another winner.
func badReset(tasks []task) error {
	var failure error
	var failed atomic.Bool
	var wg sync.WaitGroup
	for _, t := range tasks {
		wg.Go(func() {
			if err := t(); err != nil && failed.CompareAndSwap(false, true) {
				failure = err // want `failure is assigned by goroutines that line 102 starts`
			} else {
				failed.Store(false)
			}
		})
	}
	wg.Wait()
	return failure
}

// The losers.
func badOthers(tasks []task) error {
	var failure error
	var failed atomic.Bool
	var wg sync.WaitGroup
	for _, t := range tasks {
		wg.Go(func() {
			if err := t(); err != nil && !failed.CompareAndSwap(false, true) {
				failure = err // want `failure is assigned by goroutines that line 120 starts`
			}
		})
	}
	wg.Wait()
	return failure
}

// Each goroutine has a flag of its own.
func badOwn(tasks []task) error {
	var failure error
	var wg sync.WaitGroup
	for _, t := range tasks {
		var failed atomic.Bool
		wg.Go(func() {
			if err := t(); err != nil && failed.CompareAndSwap(false, true) {
				failure = err // want `failure is assigned by goroutines that line 136 starts`
			}
		})
	}
	wg.Wait()
	return failure
}

// The winner does not keep those away who do not ask.
func badBeside(tasks []task) error {
	var failure error
	var failed atomic.Bool
	for _, t := range tasks {
		go func() {
			if err := t(); err != nil && failed.CompareAndSwap(false, true) {
				failure = err
			}
		}()
	}
	return failure // want `failure is assigned by the goroutine started at line 151 and read here`
}

// The flag is in a struct, beside what the winner sets.
func goodStruct(tasks []task) error {
	var first struct {
		set atomic.Bool
		err error
	}
	var wg sync.WaitGroup
	for _, t := range tasks {
		wg.Go(func() {
			if err := t(); err != nil && first.set.CompareAndSwap(false, true) {
				first.err = err
			}
		})
	}
	wg.Wait()
	return first.err
}

// The winner puts an address where nil was.
func goodPointer(tasks []task) error {
	var failure error
	var first atomic.Pointer[error]
	var wg sync.WaitGroup
	for _, t := range tasks {
		wg.Go(func() {
			if err := t(); err != nil && first.CompareAndSwap(nil, &err) {
				failure = err
			}
		})
	}
	wg.Wait()
	return failure
}

// Who loses comes behind who has won.
func goodLoser(a, b func()) (x, y int) {
	var first atomic.Bool
	done := make(chan bool, 2)
	go func() {
		x = 1
		if !first.CompareAndSwap(false, true) {
			y = 1
		}
		a()
		done <- true
	}()
	go func() {
		y = 2
		if !first.CompareAndSwap(false, true) {
			x = 2
		}
		b()
		done <- true
	}()
	<-done
	<-done
	return x, y
}

// What comes after the attempt is not told.
func badLate(a func()) (x int) {
	var first atomic.Bool
	done := make(chan bool, 2)
	go func() {
		if !first.CompareAndSwap(false, true) {
			a()
		}
		x = 1
		done <- true
	}()
	go func() {
		if !first.CompareAndSwap(false, true) {
			x = 2 // want `x is assigned by the goroutine started at line \d+ and assigned here by the one started at line \d+; the two race`
		}
		done <- true
	}()
	<-done
	<-done
	return x
}
