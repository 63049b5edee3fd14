// Package right: waiting under a lock that does no harm.
package right

import (
	"context"
	"sync"
	"time"
)

type ledger struct {
	mu, other sync.Mutex
	rw        sync.RWMutex
	lines     chan string
	quit      chan struct{}
	gone      chan struct{}
	acks      chan int
	sum       int
	stopped   bool
}

func Open() *ledger {
	l := &ledger{lines: make(chan string), quit: make(chan struct{}), gone: make(chan struct{}), acks: make(chan int)}
	go l.write()
	return l
}

func (l *ledger) write() {
	defer close(l.gone)
	l.rw.RLock()
	l.rw.RUnlock()
	for {
		select {
		case s := <-l.lines:
			l.mu.Lock()
			l.sum += len(s)
			l.mu.Unlock()
		case <-l.quit:
			return
		}
	}
}

// Put gives the lock back first.
func (l *ledger) Put(s string) {
	l.mu.Lock()
	l.sum++
	l.mu.Unlock()
	l.lines <- s
}

// Other holds a lock that the writer does not need.
func (l *ledger) Other(s string) {
	l.other.Lock()
	defer l.other.Unlock()
	l.lines <- s
}

// Stop unlocks around the wait.
func (l *ledger) Stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stopped {
		return
	}
	l.stopped = true
	l.mu.Unlock()
	close(l.quit)
	<-l.gone
	l.mu.Lock()
}

// helper unlocks for its caller.
func (l *ledger) helper() {
	l.mu.Unlock()
	<-l.gone
	l.mu.Lock()
}

func (l *ledger) StopByHelper() {
	l.mu.Lock()
	l.helper()
	l.mu.Unlock()
}

// Timed does not wait for ever.
func (l *ledger) Timed(ctx context.Context, s string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case l.lines <- s:
	case <-ctx.Done():
	case <-time.After(time.Second):
	}
}

// Perhaps does not wait at all.
func (l *ledger) Perhaps(s string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case l.lines <- s:
	default:
	}
}

// Reads excludes nobody: both are read locks.
func (l *ledger) Reads() {
	l.rw.RLock()
	defer l.rw.RUnlock()
	<-l.gone
}

// Ack is sent by whoever comes, and not all need the lock.
func (l *ledger) Ack()     { l.acks <- 1 }
func (l *ledger) AckLate() { l.mu.Lock(); l.mu.Unlock(); l.acks <- 2 }

func (l *ledger) WaitAck() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return <-l.acks
}

// Local has its lock behind what ends the wait.
func Local(n int) (sum int) {
	var mu sync.Mutex
	done := make(chan int)
	go func() {
		done <- n
		mu.Lock()
		sum += n
		mu.Unlock()
	}()
	mu.Lock()
	defer mu.Unlock()
	<-done
	return sum
}

// Group waits for goroutines that need the lock behind Done, or only try it.
func Group(f func()) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 3 {
		wg.Add(1)
		go func() {
			f()
			wg.Done()
			mu.Lock()
			mu.Unlock()
		}()
	}
	wg.Add(1)
	go func() {
		defer wg.Done()
		if mu.TryLock() {
			mu.Unlock()
		}
	}()
	mu.Lock()
	wg.Wait()
	mu.Unlock()
}

// Room is sent to once.
func Room(f func() int) int {
	var mu sync.Mutex
	c := make(chan int, 1)
	mu.Lock()
	c <- f()
	mu.Unlock()
	mu.Lock()
	defer mu.Unlock()
	return <-c
}

// A waiter gets its result in a channel with room for it.
type waiter struct{ done chan error }

type pool struct {
	mu      sync.Mutex
	waiters []*waiter
}

func (p *pool) Wait() error {
	p.mu.Lock()
	w := &waiter{done: make(chan error, 1)}
	p.waiters = append(p.waiters, w)
	p.mu.Unlock()
	return <-w.done
}

func (p *pool) Wake() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, w := range p.waiters {
		w.done <- nil
	}
}

// A child has the lock of the parent, the goroutine that of the child.
type node struct {
	mu     sync.Mutex
	done   chan struct{}
	parent *node
	n      int
}

func grow(parent *node) *node {
	c := &node{done: make(chan struct{}), parent: parent}
	go c.live()
	return c
}

func (c *node) live() {
	c.mu.Lock()
	c.n++
	c.mu.Unlock()
	close(c.done)
}

func (p *node) Grow() {
	p.mu.Lock()
	defer p.mu.Unlock()
	c := grow(p)
	<-c.done
}

// Before the goroutine that waits is started, the lock is taken and given back.
func Before() {
	n := &node{done: make(chan struct{})}
	n.mu.Lock()
	n.n++
	n.mu.Unlock()
	go func() {
		n.mu.Lock()
		defer n.mu.Unlock()
		<-n.done
	}()
	close(n.done)
}

// A cond that is woken without the second lock.
type gate struct {
	outer, mu sync.Mutex
	open      *sync.Cond
	is        bool
}

func NewGate() *gate {
	g := &gate{}
	g.open = sync.NewCond(&g.mu)
	return g
}

func (g *gate) Enter() {
	g.outer.Lock()
	defer g.outer.Unlock()
	g.mu.Lock()
	for !g.is {
		g.open.Wait()
	}
	g.mu.Unlock()
}

func (g *gate) Open() {
	g.mu.Lock()
	g.is = true
	g.open.Broadcast()
	g.mu.Unlock()
}

// Chain hears of a goroutine that does without the lock.
func Chain() {
	n := &node{done: make(chan struct{})}
	stop, heard := make(chan struct{}), make(chan struct{})
	defer close(stop)
	go func() {
		n.mu.Lock()
		defer n.mu.Unlock()
		<-stop
	}()
	go func() {
		close(heard)
		n.mu.Lock()
		n.mu.Unlock()
	}()
	<-heard
}
