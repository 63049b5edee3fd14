// Package order has accesses that starting and waiting for goroutines keeps apart.
package order

import (
	"sync"
	"sync/atomic"
)

type Pool struct {
	wg   sync.WaitGroup
	done int64
	jobs int64
}

func (p *Pool) work() {
	defer p.wg.Done()
	atomic.AddInt64(&p.done, 1)
}

func (p *Pool) Begin(n int) {
	p.done = 0 // before the goroutines
	for range n {
		p.wg.Add(1)
		go p.work()
	}
}

func (p *Pool) Again(n int) {
	for range n {
		p.wg.Add(1)
		go p.work()
	}
	p.done = 0 // want `plain write to Pool.done`
}

func (p *Pool) Result() int64 {
	p.wg.Wait()
	return p.done
}

func (p *Pool) wait() { p.wg.Wait() }

func (p *Pool) ResultOf() int64 {
	p.wait()
	return p.get()
}

func (p *Pool) get() int64 { return p.done }

func (p *Pool) Early() int64 {
	n := p.done // want `plain read of Pool.done`
	p.wg.Wait()
	return n
}

func (p *Pool) Sometimes(all bool) int64 {
	if all {
		p.wg.Wait()
	}
	return p.done // want `plain read of Pool.done`
}

func (p *Pool) Restart() int64 {
	p.wg.Wait()
	p.wg.Add(1)
	go p.work()
	return p.done // want `plain read of Pool.done`
}

func (p *Pool) Progress() int64 { return atomic.LoadInt64(&p.done) }

func (p *Pool) Half() bool { return atomic.LoadInt64(&p.done) > 50 }

func (p *Pool) Reached(n int64) bool { return atomic.LoadInt64(&p.done) >= n }
