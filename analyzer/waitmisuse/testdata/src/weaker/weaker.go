// Package weaker is about what is only shown with -all.
package weaker

import "sync"

func work() bool { return true }

// The path that has called Done joins the other.
func joins() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		if work() {
			wg.Done()
		}
		work()
	}() // want `the end of the function can end the goroutine without wg.Done, which another path calls at weaker.go:14`
	wg.Wait()
}

// What counts is not in view.
func given(wg *sync.WaitGroup) {
	go func() {
		if !work() {
			return // want `this return ends the goroutine without wg.Done`
		}
		wg.Done()
	}()
}

type gate struct {
	once sync.Once
	mu   sync.Mutex
	cond sync.Cond
	open bool
}

func (g *gate) unlock() {
	g.mu.Lock()
	g.open = true
	g.mu.Unlock()
	g.cond.Broadcast()
}

// The state never turns back.
func (g *gate) oneWay() {
	g.mu.Lock()
	if !g.open {
		g.cond.Wait() // want `g.cond.Wait is not in a loop`
	}
	g.mu.Unlock()
}

// It waits for a signal, which nobody may have sent.
func (g *gate) signal() {
	g.mu.Lock()
	g.cond.Wait() // want `g.cond.Wait is not in a loop`
	g.mu.Unlock()
}

func (g *gate) sometimes() {
	g.once.Do(func() {
		if !g.open {
			g.sometimes() // want `calling \(\*gate\).sometimes can call g.once.Do \(weaker.go:62\), which runs this function since weaker.go:62`
		}
	})
}

type steps []sync.WaitGroup

func (s steps) step(n int) {
	s[n].Wait()
	if n+1 < len(s) {
		s[n+1].Done()
	}
}

// goodSteps picks, in the goroutine, one of many.
func goodSteps(s steps) {
	go func() {
		s.step(1)
	}()
}
