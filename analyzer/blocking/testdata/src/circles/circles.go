// Package circles: waiting under a lock that the other side needs.
package circles

import (
	"context"
	"sync"
)

// A ledger is written by one goroutine.
type ledger struct {
	mu     sync.Mutex
	lines  chan string
	quit   chan struct{}
	gone   chan struct{}
	sum    int
	idle   *sync.Cond
	idleMu sync.Mutex
}

func open() *ledger {
	l := &ledger{lines: make(chan string), quit: make(chan struct{}), gone: make(chan struct{})}
	l.idle = sync.NewCond(&l.idleMu)
	go l.write()
	return l
}

func (l *ledger) write() {
	defer close(l.gone)
	for {
		select {
		case s := <-l.lines:
			l.book(s)
		case <-l.quit:
			return
		}
	}
}

func (l *ledger) book(s string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sum += len(s)
}

// Put sends while it has what the writer needs between two lines.
func (l *ledger) Put(s string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines <- s // want `send on ledger.lines while ledger.mu is held can block forever: its only receiver, \(\*ledger\).write, locks ledger.mu at circles.go:40 first`
}

// Close waits for the end of a goroutine that may need the lock on its way.
func (l *ledger) Close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	close(l.quit)
	l.wait()
}

func (l *ledger) wait() {
	<-l.gone // want `receive from ledger.gone while ledger.mu is held can block forever: \(\*ledger\).write, which alone closes it, locks ledger.mu at circles.go:40 first`
}

// Rest has a second lock, which everybody who wakes it takes.
func (l *ledger) Rest() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.idleMu.Lock()
	for l.sum > 0 {
		l.idle.Wait() // want `ledger.idle.Wait while ledger.mu is held can block forever: \(\*ledger\).Settle, which alone wakes it, locks ledger.mu at circles.go:76 first`
	}
	l.idleMu.Unlock()
}

func (l *ledger) Settle() {
	l.mu.Lock()
	l.idleMu.Lock()
	l.sum = 0
	l.idle.Broadcast()
	l.idleMu.Unlock()
	l.mu.Unlock()
}

// Open makes one.
func Open() *ledger { return open() }

// A crew counts its members, who look at the state before they leave.
type crew struct {
	mu      sync.RWMutex
	members sync.WaitGroup
	left    bool
}

func (c *crew) Join(ctx context.Context, work func(context.Context)) {
	c.members.Add(1)
	go func() {
		defer c.members.Done()
		work(ctx)
		c.mu.RLock()
		defer c.mu.RUnlock()
		if c.left {
			println("late")
		}
	}()
}

func (c *crew) JoinByGo(work func()) {
	c.members.Go(work)
}

func (c *crew) Leave() {
	c.mu.Lock()
	c.left = true
	c.members.Wait() // want `crew.members.Wait while crew.mu is held can block forever: func literal in \(\*crew\).Join read-locks crew.mu at circles.go:99 before it calls Done`
	c.mu.Unlock()
}

// A team starts its members by Go.
type team struct {
	mu      sync.Mutex
	members sync.WaitGroup
	n       int
}

func (t *team) Start() {
	t.members.Go(func() {
		t.mu.Lock()
		t.n++
		t.mu.Unlock()
	})
}

func (t *team) Stop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.members.Wait() // want `team.members.Wait while team.mu is held can block forever: func literal in \(\*team\).Start locks team.mu at circles.go:127 before it ends`
}

// Local does the same with variables.
func Local(n int) (sum int) {
	var mu sync.Mutex
	done := make(chan int)
	go func() {
		mu.Lock()
		sum += n
		mu.Unlock()
		done <- n
	}()
	mu.Lock()
	defer mu.Unlock()
	<-done // want `receive from done while mu is held can block forever: func literal in Local, which alone sends on it, locks mu at circles.go:144 first`
	return sum
}

// Handed is given the other half by its caller.
type desk struct {
	mu   sync.Mutex
	bell chan struct{}
	n    int
}

func (d *desk) Ring() {
	d.mu.Lock()
	d.n++
	select {
	case d.bell <- struct{}{}:
	default:
	}
	d.mu.Unlock()
}

// Serve waits for a bell that can only be rung under the lock.
func (d *desk) Serve() {
	d.mu.Lock()
	if d.n == 0 {
		<-d.bell // want `receive from desk.bell while desk.mu is held can block forever: \(\*desk\).Ring, which alone sends on it, locks desk.mu at circles.go:163 first`
	}
	d.mu.Unlock()
}

func NewDesk() *desk { return &desk{bell: make(chan struct{})} }

// All cases of the select need the lock.
type fork struct {
	mu   sync.Mutex
	a, b chan int
}

func NewFork() *fork { return &fork{a: make(chan int), b: make(chan int)} }

func (f *fork) A() { f.mu.Lock(); f.mu.Unlock(); f.a <- 1 }
func (f *fork) B() { f.mu.Lock(); f.mu.Unlock(); f.b <- 1 }

func (f *fork) Either() {
	f.mu.Lock()
	defer f.mu.Unlock()
	select { // want `select with fork.a while fork.mu is held can block forever: \(\*fork\).A, which sends on it, locks fork.mu at circles.go:191 first, and so does 1 other way that could end it`
	case <-f.a:
	case <-f.b:
	}
}

// A room of two fills up, too: there is one receiver.
type shelf struct {
	mu    sync.Mutex
	books chan int
	n     int
}

func NewShelf() *shelf {
	s := &shelf{books: make(chan int, 2)}
	go func() {
		for range s.books {
			s.mu.Lock()
			s.n++
			s.mu.Unlock()
		}
	}()
	return s
}

func (s *shelf) Add(b int) {
	s.mu.Lock()
	s.books <- b // want `send on shelf.books while shelf.mu is held can block forever: its only receiver, func literal in NewShelf, locks shelf.mu at circles.go:214 first`
	s.mu.Unlock()
}

// Chain closes stop only when it has heard of a goroutine that needs the lock.
func Chain() {
	d := NewDesk()
	stop, heard := make(chan struct{}), make(chan struct{})
	defer close(stop)
	go func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		<-stop // want `receive from stop while desk.mu is held can block forever: Chain, which closes it, first waits at circles.go:243 for func literal in Chain, which locks desk.mu at circles.go:239`
	}()
	go func() {
		d.mu.Lock()
		close(heard)
		d.mu.Unlock()
	}()
	<-heard
}
