// Package deferred has goroutines that deferred functions start: they begin when the function ends.
package deferred

import "sync"

func stop(reason string) {}

// All of the body is before the goroutine.
func atEnd(work func() string) {
	reason := ""
	defer func() {
		go func() {
			reason += "."
			stop(reason)
		}()
	}()
	reason = work()
}

// The result is read again when the deferred functions have run.
func result(work func() error) (err error) {
	defer func() {
		go func() { err = nil }()
	}()
	err = work()
	return err // want `err is assigned by the goroutine started at line 23 and read here`
}

// What is deferred before runs after.
func later(work func() string) {
	reason := ""
	defer func() {
		reason = "late" // want `reason is assigned by the goroutine started at line 37 and assigned here`
		stop(reason)
	}()
	defer func() {
		go func() {
			reason = "goroutine"
			stop(reason)
		}()
	}()
	reason = work()
}

// What is deferred after runs before.
func earlier(work func() string) {
	reason := ""
	defer func() {
		go func() {
			reason = "goroutine"
			stop(reason)
		}()
	}()
	defer func() {
		reason = "early"
		stop(reason)
	}()
	reason = work()
}

// The deferred function itself goes on beside its goroutine.
func inside(work func() string) {
	reason := ""
	defer func() {
		go func() {
			reason = "goroutine"
			stop(reason)
		}()
		reason = "" // want `reason is assigned by the goroutine started at line 65 and assigned here`
	}()
	reason = work()
}

// The wait is deferred before, and so waits for the goroutine.
func waited(work func() string) {
	reason := ""
	var wg sync.WaitGroup
	defer func() {
		wg.Wait()
		stop(reason)
	}()
	defer func() {
		wg.Add(1)
		go func() {
			defer wg.Done()
			reason = "goroutine"
		}()
	}()
	reason = work()
}

// The variable is of the caller of a literal that ends before the caller goes on.
func literal(work func() string) {
	reason := ""
	func() {
		defer func() {
			go func() {
				reason = "goroutine"
				stop(reason)
			}()
		}()
		reason = work()
	}()
	reason = work() // want `reason is assigned by the goroutine started at line 97 and assigned here`
}
