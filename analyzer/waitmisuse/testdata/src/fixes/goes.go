// Package fixes has goroutines that count themselves.
package fixes

import (
	"fmt"
	"sync"
)

func work(int) {}

// doneFirst has nothing in front of the two.
func doneFirst(xs []int) {
	var wg sync.WaitGroup
	for _, x := range xs {
		go func() {
			defer wg.Done()
			wg.Add(1) // want `wg.Add is called in the goroutine that it counts`

			// The rest stays as it is.
			if x < 0 {
				return // early
			}
			defer fmt.Println("done", x)
			work(x)
		}()
	}
	wg.Wait()
}

// addFirst is the common form.
func addFirst(xs []int) {
	var wg sync.WaitGroup
	for _, x := range xs {
		go func() {
			wg.Add(1) // want `wg.Add is called in the goroutine that it counts`
			defer wg.Done()
			work(x)
		}()
	}
	wg.Wait()
}

// apart has statements around the two.
func apart(xs []int) {
	var wg sync.WaitGroup
	for _, x := range xs {
		go func() { // each
			fmt.Println("start", x)
			wg.Add(1) // want `wg.Add is called in the goroutine that it counts`
			y := x * x

			defer wg.Done()

			work(y)
		}()
	}
	wg.Wait()
}

type server struct {
	wg   sync.WaitGroup
	quit chan bool
}

func (s *server) start(n int) {
	for i := range n {
		go func() {
			defer s.wg.Done()
			s.wg.Add(1) // want `s.wg.Add is called in the goroutine that it counts`
			work(i)
			<-s.quit
		}()
	}
}

func (s *server) stop() {
	close(s.quit)
	s.wg.Wait()
}

// empty has nothing else.
func empty() {
	var wg sync.WaitGroup
	go func() {
		defer wg.Done()
		const one = 1
		wg.Add(1) // want `wg.Add is called in the goroutine that it counts`
	}()
	wg.Wait()
}
