// Package totals is about Waits in front of which Add and Done do not add up.
package totals

import (
	"sync"
	"time"
)

func work() {}

func badFew() {
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
		work()
	}()
	wg.Wait() // want `wg.Wait never returns: Add has counted 1 more than there are calls of Done \(waitmisuse\)`
}

func badMany() {
	var wg sync.WaitGroup
	wg.Add(1)
	for range 1 {
		work()
	}
	go func() {
		defer wg.Done()
		work()
	}()
	go func() {
		defer wg.Done()
		work()
	}()
	wg.Wait() // want `wg.Done is called 1 more times than Add has counted before this Wait, which crashes`
}

func good() {
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
		work()
	}()
	work()
	wg.Done()
	wg.Wait()
}

// goodTimer has its Done called by a timer.
func goodTimer() {
	var wg sync.WaitGroup
	wg.Add(1)
	time.AfterFunc(time.Second, func() { wg.Done() })
	wg.Wait()
}

func goodValue() {
	var wg sync.WaitGroup
	wg.Add(1)
	time.AfterFunc(time.Second, wg.Done)
	wg.Wait()
}

type task struct{ done func() }

func goodHanded(queue chan task) {
	var wg sync.WaitGroup
	wg.Add(1)
	queue <- task{wg.Done}
	wg.Wait()
}

func goodPointer(queue chan *sync.WaitGroup) {
	var wg sync.WaitGroup
	wg.Add(1)
	queue <- &wg
	wg.Wait()
}

func goodLoop() {
	var wg sync.WaitGroup
	wg.Add(3)
	for range 3 {
		go func() {
			work()
			wg.Done()
		}()
	}
	wg.Wait()
}

func goodBranch(two bool) {
	var wg sync.WaitGroup
	wg.Add(1)
	if two {
		wg.Add(1)
		go func() {
			work()
			wg.Done()
		}()
	}
	go func() {
		work()
		wg.Done()
	}()
	wg.Wait()
}

// goodPhases has a goroutine that calls Done once in each of two phases.
func goodPhases(next chan bool) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		work()
		wg.Done()
		<-next
		wg.Done()
	}()
	wg.Wait()
	wg.Add(1)
	next <- true
	wg.Wait()
}

func start(wg *sync.WaitGroup) {
	wg.Add(1)
	go run(wg)
}

func run(wg *sync.WaitGroup) {
	defer wg.Done()
	work()
}

func goodStart() {
	var wg sync.WaitGroup
	start(&wg)
	wg.Wait()
}

func badStart() {
	var wg sync.WaitGroup
	wg.Add(1)
	start(&wg)
	wg.Wait() // want `wg.Wait never returns: Add has counted 1 more`
}

func badNone(n int, tasks chan func()) {
	var wg sync.WaitGroup
	for range n {
		wg.Add(1)
		go func() {
			for f := range tasks {
				f()
			}
		}()
	}
	close(tasks)
	wg.Wait() // want `wg.Wait never returns once Add at totals.go:\d+ has counted: nothing calls wg.Done`
}

// goodVariable adds what may be negative.
func goodVariable(n int) {
	var wg sync.WaitGroup
	add := func() { wg.Add(n) }
	for range n {
		add()
		wg.Add(1)
		go work()
	}
	wg.Wait()
}

// goodNone counts down by a number.
func goodNone(n int) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Add(1)
		go work()
		wg.Add(-i)
	}
	wg.Wait()
}

func goodDeep(n int) {
	var wg sync.WaitGroup
	for range n {
		wg.Add(1)
		go func() {
			func() {
				defer run(&wg)
			}()
		}()
	}
	wg.Wait()
}

func badLength(fs []func()) {
	var wg sync.WaitGroup
	wg.Add(len(fs))
	for _, f := range fs {
		go f()
	}
	wg.Wait() // want `wg.Wait never returns once Add at totals.go:\d+ has counted: nothing calls wg.Done`
}
