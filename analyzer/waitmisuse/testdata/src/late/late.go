// Package late is about Add in the goroutine that it counts.
package late

import (
	"fmt"
	"sync"
)

func work(int) {}

func bad(xs []int) {
	var wg sync.WaitGroup
	for _, x := range xs {
		go func() {
			fmt.Println("start", x)
			wg.Add(1) // want `wg.Add is called in the goroutine that it counts, so Wait at late.go:21 can return before it \(waitmisuse\)`
			defer wg.Done()
			work(x)
		}()
	}
	wg.Wait()
}

func good(xs []int) {
	var wg sync.WaitGroup
	for _, x := range xs {
		wg.Add(1)
		go func() {
			fmt.Println("start", x)
			defer wg.Done()
			work(x)
		}()
	}
	wg.Wait()
}

// badFirst is what the pass waitgroup of go vet reports as well.
func badFirst() {
	var wg sync.WaitGroup
	go func() {
		wg.Add(1) // want `wg.Add is called in the goroutine that it counts, so Wait at late.go:44`
		defer wg.Done()
	}()
	wg.Wait()
}

func worker(wg *sync.WaitGroup) {
	wg.Add(1) // want `wg.Add is called in the goroutine that it counts, so Wait at late.go:55`
	defer wg.Done()
}

func badNamed() {
	var wg sync.WaitGroup
	go worker(&wg)
	wg.Wait()
}

// A name of its own is no literal in a go statement.
func badVariable() {
	var wg sync.WaitGroup
	run := func() {
		wg.Add(1) // want `wg.Add is called in the goroutine that it counts`
		defer wg.Done()
	}
	go run()
	wg.Wait()
}

// The closer waits in a goroutine of its own.
func badCloser(xs []int) chan int {
	ch := make(chan int)
	var wg sync.WaitGroup
	for _, x := range xs {
		go func() {
			y := x * x
			wg.Add(1) // want `wg.Add is called in the goroutine that it counts, so Wait at late.go:82`
			defer wg.Done()
			ch <- y
		}()
	}
	go func() {
		wg.Wait()
		close(ch)
	}()
	return ch
}

// goodNested counts the children while it is counted itself.
func goodNested(n int) {
	var wg sync.WaitGroup
	wg.Add(1)
	go nested(&wg, n)
	wg.Wait()
}

func nested(wg *sync.WaitGroup, n int) {
	defer wg.Done()
	if n > 0 {
		wg.Add(1)
		go nested(wg, n-1)
	}
}

func goodChildren(xs []int) {
	var wg sync.WaitGroup
	wg.Go(func() {
		for _, x := range xs {
			wg.Add(1)
			go func() {
				defer wg.Done()
				work(x)
			}()
		}
	})
	wg.Wait()
}

// goodStarted waits until the goroutine has counted itself.
func goodStarted() {
	var wg sync.WaitGroup
	started := make(chan bool)
	go func() {
		fmt.Println("start")
		wg.Add(1)
		defer wg.Done()
		close(started)
		work(1)
	}()
	<-started
	wg.Wait()
}

type server struct {
	wg   sync.WaitGroup
	quit chan bool
}

func (s *server) start() {
	go s.loop()
}

func (s *server) loop() {
	s.wg.Add(1) // want `s.wg.Add is called in the goroutine that it counts, so Wait at late.go:150`
	defer s.wg.Done()
	<-s.quit
}

func (s *server) stop() {
	close(s.quit)
	s.wg.Wait()
}

type right struct {
	wg   sync.WaitGroup
	quit chan bool
}

func (r *right) start() {
	r.wg.Add(1)
	go r.loop()
}

func (r *right) loop() {
	defer r.wg.Done()
	<-r.quit
}

func (r *right) stop() {
	close(r.quit)
	r.wg.Wait()
}

// A locked adds under a lock, and not when it is closed.
type locked struct {
	mu     sync.Mutex
	closed bool
	wg     sync.WaitGroup
}

func (l *locked) start() {
	go l.handle()
}

func (l *locked) handle() {
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return
	}
	l.wg.Add(1)
	l.mu.Unlock()
	defer l.wg.Done()
}

func (l *locked) stop() {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	l.wg.Wait()
}

// goodInner has the whole of it in one goroutine.
func goodInner() {
	for range 2 {
		go func() {
			var wg sync.WaitGroup
			wg.Add(1)
			go func() {
				defer wg.Done()
				work(1)
			}()
			wg.Wait()
		}()
	}
}

// A runner counts itself under a lock, and its children while it is counted.
type runner struct {
	mu     sync.Mutex
	closed bool
	wg     sync.WaitGroup
}

func (r *runner) start() {
	go r.run()
}

func (r *runner) run() {
	r.mu.Lock()
	if r.closed {
		r.mu.Unlock()
		return
	}
	r.wg.Add(1)
	r.mu.Unlock()
	defer r.wg.Done()
	r.child()
}

func (r *runner) child() {
	r.wg.Add(1)
	go func() {
		defer r.wg.Done()
		work(1)
	}()
}

func (r *runner) stop() {
	r.mu.Lock()
	r.closed = true
	r.mu.Unlock()
	r.wg.Wait()
}
