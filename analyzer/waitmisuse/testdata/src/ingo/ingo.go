// Package ingo is about Done in a function that WaitGroup.Go starts.
package ingo

import "sync"

func work() {}

func bad() {
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			defer wg.Done() // want `wg.Done is called in the function given to Go at ingo.go:11, which calls it, too`
			work()
		})
	}
	wg.Wait()
}

func good() {
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			work()
		})
	}
	wg.Wait()
}

// goodOther calls Done of another.
func goodOther(done *sync.WaitGroup) {
	var wg sync.WaitGroup
	wg.Go(func() {
		defer done.Done()
		work()
	})
	wg.Wait()
}

type server struct {
	wg sync.WaitGroup
}

func (s *server) bad() {
	s.wg.Go(s.run)
}

func (s *server) run() {
	work()
	s.wg.Done() // want `s.wg.Done is called in the function given to Go at ingo.go:44, which calls it, too`
}

func (s *server) stop() { s.wg.Wait() }
