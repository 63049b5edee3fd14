// Package values is about Done as a value: a method value, or a function in a variable.
package values

import "sync"

func work() error { return nil }

func badMethodValue() {
	var wg sync.WaitGroup
	wg.Add(1)
	done := wg.Done
	go func() {
		if work() != nil {
			return // want `this return ends the goroutine without wg.Done, which another path calls at values.go:16`
		}
		done()
	}()
	wg.Wait()
}

func goodMethodValue() {
	var wg sync.WaitGroup
	wg.Add(1)
	done := wg.Done
	go func() {
		defer done()
		if work() != nil {
			return
		}
	}()
	wg.Wait()
}

func badVariable() {
	var wg sync.WaitGroup
	wg.Add(1)
	finish := func() { wg.Done() }
	go func() {
		if work() != nil {
			return // want `this return ends the goroutine without wg.Done, which another path calls at values.go:37`
		}
		finish()
	}()
	wg.Wait()
}

func goodVariable(k int) {
	var wg sync.WaitGroup
	wg.Add(1)
	finish := func() { wg.Done() }
	go func() {
		switch k {
		case 0:
			finish()
			return
		case 1:
			wg.Done()
			return
		}
		finish()
	}()
	wg.Wait()
}

func badGo() {
	var wg sync.WaitGroup
	wg.Go(wg.Done) // want `wg.Done is called in the function given to Go at values.go:67, which calls it, too`
	wg.Wait()
}

// goodArgument leaves it to whom it is given.
func goodArgument() {
	var wg sync.WaitGroup
	wg.Add(1)
	go run(wg.Done)
	wg.Wait()
}

func run(done func()) {
	if work() != nil {
		done()
		return
	}
	done()
}

// goodOnce may call it twice, which a Once makes one.
func goodOnce() {
	var wg sync.WaitGroup
	wg.Add(1)
	done := sync.OnceFunc(wg.Done)
	go func() {
		defer done()
		if work() != nil {
			done()
		}
	}()
	wg.Wait()
}

// goodAsync lets somebody else call it on one path.
func goodAsync(async func(func())) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		if work() != nil {
			async(wg.Done)
			return
		}
		wg.Done()
	}()
	wg.Wait()
}
