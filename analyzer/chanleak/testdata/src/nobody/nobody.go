// Package nobody: waits that nothing in the program ends.
package nobody

import (
	"context"
	"sync"
)

// A press prints jobs in a goroutine.
type press struct {
	jobs   chan string
	proofs chan string
	paper  sync.WaitGroup
	inked  *sync.Cond
	dry    bool
}

func newPress() *press {
	p := &press{jobs: make(chan string), proofs: make(chan string), inked: sync.NewCond(&sync.Mutex{})}
	go p.run()
	return p
}

func (p *press) run() {
	for j := range p.jobs {
		p.proofs <- j // want `send on press.proofs never returns: nothing receives from it`
	}
}

// Print has somebody who receives.
func (p *press) Print(j string) { p.jobs <- j }

// Load counts paper that nobody gives back.
func (p *press) Load(n int) {
	for range n {
		p.paper.Add(1)
	}
	p.paper.Wait() // want `press.paper.Wait never returns once Add at nobody.go:36 has counted: nothing calls Done`
}

func (p *press) Dry() {
	p.inked.L.Lock()
	defer p.inked.L.Unlock()
	for !p.dry {
		p.inked.Wait() // want `press.inked.Wait never returns: nothing calls Signal or Broadcast`
	}
}

// Use makes all of them live.
func Use() *press { return newPress() }

func finish(done chan bool) {
	println("finish")
}

// Wait gives done to a function that has forgotten it.
func Wait() {
	done := make(chan bool)
	go finish(done)
	<-done // want `receive from done never returns: nothing sends on it or closes it`
}

func finishSoon(done chan bool) { done <- true }

// WaitSoon does not.
func WaitSoon() {
	done := make(chan bool)
	go finishSoon(done)
	<-done
}

type job struct {
	ctx    context.Context
	cancel context.CancelFunc
}

func start() *job {
	j := &job{}
	j.ctx, _ = context.WithCancel(context.Background())
	go j.watch()
	return j
}

func (j *job) watch() {
	<-j.ctx.Done() // want `receive from job.ctx.Done\(\) never returns: nothing cancels the context`
	println("over")
}

// Start starts one.
func Start() { start() }

// Both cases of the select are dead.
func Both() {
	a, b := make(chan int), make(chan int)
	go look(a, b)
}

func look(a, b chan int) {
	select { // want `select: receive from a never returns: nothing sends on it or closes it`
	case <-a:
	case <-b:
	}
}
