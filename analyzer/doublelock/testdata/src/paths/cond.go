// Purpose: Cond.Wait releases the lock and takes it back: no second lock, and
// held afterwards.

package paths

import "sync"

type Pipe struct {
	mu    sync.Mutex
	ready *sync.Cond
	space sync.Cond
	n     int
}

func NewPipe() *Pipe {
	p := &Pipe{n: 1}
	p.ready = sync.NewCond(&p.mu)
	p.space.L = &p.mu
	return p
}

func (p *Pipe) TakeOk() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.n == 0 {
		p.ready.Wait()
	}
	p.n--
	return p.n
}

// Wait returns with the lock held.
func (p *Pipe) TakeBad() int {
	p.mu.Lock()
	for p.n == 0 {
		p.ready.Wait()
	}
	p.mu.Lock() // want `p\.mu is locked again while this goroutine still holds it from line \d+; this call never returns \(doublelock\)`
	defer p.mu.Unlock()
	return p.n
}

func (p *Pipe) PutOk() {
	p.mu.Lock()
	for p.n > 9 {
		p.space.Wait()
	}
	p.n++
	p.mu.Unlock()
	p.ready.Signal()
	p.mu.Lock()
	p.n++
	p.mu.Unlock()
}

func (p *Pipe) wait() {
	for p.n == 0 {
		p.ready.Wait()
	}
}

func (p *Pipe) HelperOk() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wait()
	p.n--
}

// Signal and Broadcast need no lock and take none.
func (p *Pipe) SignalOk() {
	p.mu.Lock()
	p.ready.Signal()
	p.space.Broadcast()
	p.mu.Unlock()
}

func LocalCondOk() {
	var mu sync.Mutex
	n := 1
	c := sync.NewCond(&mu)
	c.L.Lock()
	for n == 0 {
		c.Wait()
	}
	c.L.Unlock()
	mu.Lock()
	n--
	mu.Unlock()
}

func LocalCondBad() {
	var mu sync.Mutex
	n := 1
	c := sync.NewCond(&mu)
	c.L.Lock()
	for n == 0 {
		c.Wait()
	}
	mu.Lock() // want `(mu|c\.L) is locked again while this goroutine still holds it from line \d+; this call never returns \(doublelock\)`
	n--
}
