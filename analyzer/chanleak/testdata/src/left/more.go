package left

import "sync"

// Sum waits for all before it receives from the first.
func Sum(xs []int) (sum int) {
	out := make(chan int)
	var wg sync.WaitGroup
	for _, x := range xs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			out <- x // want `send on out can block forever: Sum can wait for the goroutine at more.go:16 without receiving all`
		}()
	}
	wg.Wait()
	close(out)
	for v := range out {
		sum += v
	}
	return sum
}

// Two reads the second only if the first is good.
func Two(f, g func() error) error {
	one, two := make(chan error), make(chan error)
	go func() { one <- f() }()
	go func() { two <- g() }() // want `send on two can block forever: Two can return at more.go:30 without receiving from it`
	if err := <-one; err != nil {
		return err
	}
	return <-two
}
