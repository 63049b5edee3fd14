package fixes

import (
	"fmt"
	"runtime"
	"sync"
	"time"
)

// argument gives the literal something.
func argument(xs []int) {
	var wg sync.WaitGroup
	for _, x := range xs {
		// One for each.
		go func(x int) {
			fmt.Println("start", x)
			wg.Add(1) // want `wg.Add is called in the goroutine that it counts`
			defer wg.Done()
			work(x)
		}(x)
	}
	wg.Wait()
}

// undeferred calls Done at the end.
func undeferred() {
	var wg sync.WaitGroup
	go func() {
		time.Sleep(time.Second)
		wg.Add(1) // want `wg.Add is called in the goroutine that it counts`

		work(1)
		wg.Done()
	}()
	wg.Wait()
}

const two = 2

// more is done twice.
func more() {
	var wg sync.WaitGroup
	go func() {
		fmt.Println("start")
		wg.Add(two) // want `wg.Add is called in the goroutine that it counts`
		defer wg.Done()
		defer wg.Done()
		work(1)
	}()
	wg.Wait()
}

// handed gives the WaitGroup to another, behind.
func handed() {
	var wg sync.WaitGroup
	go func() {
		defer wg.Done()
		fmt.Println("start")
		wg.Add(1) // want `wg.Add is called in the goroutine that it counts`
		inner(&wg)
	}()
	wg.Wait()
}

func inner(wg *sync.WaitGroup) {
	wg.Add(1)
	go func() {
		defer wg.Done()
		work(1)
	}()
}

// Where the rest cannot be proved, there is no fix.

// named may be started elsewhere, too.
func named() {
	var wg sync.WaitGroup
	go counts(&wg)
	wg.Wait()
}

func counts(wg *sync.WaitGroup) {
	wg.Add(1) // want `wg.Add is called in the goroutine that it counts`
	defer wg.Done()
}

// variable is not a literal in the go statement.
func variable() {
	var wg sync.WaitGroup
	run := func() {
		wg.Add(1) // want `wg.Add is called in the goroutine that it counts`
		defer wg.Done()
	}
	go run()
	wg.Wait()
}

// condition counts now and then.
func condition(on bool) {
	var wg sync.WaitGroup
	go func() {
		if on {
			wg.Add(1) // want `wg.Add is called in the goroutine that it counts`
			defer wg.Done()
		}
		work(1)
	}()
	wg.Wait()
}

// early can end before.
func early(on bool) {
	var wg sync.WaitGroup
	go func() {
		if !on {
			return
		}
		wg.Add(1) // want `wg.Add is called in the goroutine that it counts`
		defer wg.Done()
		work(1)
	}()
	wg.Wait()
}

// leaves can end without Done.
func leaves(on bool) {
	var wg sync.WaitGroup
	go func(on bool) {
		if !on {
			runtime.Goexit()
		}
		wg.Add(1) // want `wg.Add is called in the goroutine that it counts`
		defer wg.Done()
		work(1)
	}(on)
	wg.Wait()
}

// recovers goes on after a panic, when Done is not deferred yet.
func recovers(xs []int) {
	var wg sync.WaitGroup
	go func() {
		defer func() { fmt.Println(recover()) }()
		fmt.Println(xs[0])
		wg.Add(1) // want `wg.Add is called in the goroutine that it counts`
		defer wg.Done()
		work(1)
	}()
	wg.Wait()
}

// inside is a number that is not known outside.
func inside(xs []int) {
	var wg sync.WaitGroup
	go func(n int) {
		fmt.Println("start")
		wg.Add(n) // want `wg.Add is called in the goroutine that it counts`
		for range n {
			wg.Done()
		}
	}(len(xs))
	wg.Wait()
}

// parameter is called otherwise outside.
func parameter() {
	var group sync.WaitGroup
	go func(wg *sync.WaitGroup) {
		fmt.Println("start")
		wg.Add(1) // want `wg.Add is called in the goroutine that it counts`
		defer wg.Done()
		work(1)
	}(&group)
	group.Wait()
}

// called has a go statement that may not get as far as the goroutine.
func called() {
	var wg sync.WaitGroup
	go func(n int) {
		fmt.Println("start")
		wg.Add(1) // want `wg.Add is called in the goroutine that it counts`
		defer wg.Done()
		work(n)
	}(count())
	wg.Wait()
}

func count() int { return 1 }

// A pool has a WaitGroup that it replaces.
type pool struct {
	wg *sync.WaitGroup
}

func (p *pool) start() {
	go func() {
		fmt.Println("start")
		p.wg.Add(1) // want `p.wg.Add is called in the goroutine that it counts`
		defer p.wg.Done()
		work(1)
	}()
}

func (p *pool) stop() {
	p.wg.Wait()
	p.wg = &sync.WaitGroup{}
}

// again adds once more on each jump.
func again() {
	var wg sync.WaitGroup
	go func() {
		n := 0
	next:
		fmt.Println("start", n)
		wg.Add(1) // want `wg.Add is called in the goroutine that it counts`
		n++
		wg.Done()
		if n < 2 {
			goto next
		}
	}()
	wg.Wait()
}
