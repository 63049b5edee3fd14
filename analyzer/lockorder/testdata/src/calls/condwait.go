// Purpose: Cond.Wait takes its lock again when it is woken. If another lock is
// held during the wait, that is an acquisition in the other order.

package calls

import "sync"

type Mailbox struct {
	mu    sync.Mutex
	trace sync.Mutex
	ready *sync.Cond
	n     int
}

func NewMailbox() *Mailbox {
	m := &Mailbox{}
	m.ready = sync.NewCond(&m.mu)
	return m
}

// Waiting releases m.mu, not m.trace: the next reader holds m.mu and waits for
// m.trace, the woken one holds m.trace and waits for m.mu.
func (m *Mailbox) TakeBad() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.trace.Lock() // want `Mailbox\.trace is locked while Mailbox\.mu is held, but condwait\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
	defer m.trace.Unlock()
	for m.n == 0 {
		m.ready.Wait()
	}
	m.n--
	return m.n
}

type Letterbox struct {
	mu    sync.Mutex
	trace sync.Mutex
	ready *sync.Cond
	n     int
}

func NewLetterbox() *Letterbox {
	l := &Letterbox{}
	l.ready = sync.NewCond(&l.mu)
	return l
}

func (l *Letterbox) TakeOk() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.n == 0 {
		l.ready.Wait()
	}
	l.trace.Lock()
	defer l.trace.Unlock()
	l.n--
	return l.n
}

// The Cond is a value and its L is set by hand; the other lock is the caller's.
type Gate struct {
	mu   sync.Mutex
	open bool
	turn sync.Cond
}

type Guard struct {
	mu   sync.Mutex
	gate *Gate
}

func NewGate() *Gate {
	g := &Gate{}
	g.turn.L = &g.mu
	return g
}

func (g *Gate) pass() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for !g.open {
		g.turn.Wait()
	}
}

func (g *Guard) PatrolBad() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.gate.pass() // want `Gate\.mu is locked while Guard\.mu is held, but condwait\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
}

func (g *Gate) OpenBad(guard *Guard) {
	g.mu.Lock()
	defer g.mu.Unlock()
	guard.mu.Lock()
	g.open = true
	guard.mu.Unlock()
	g.turn.Broadcast()
}
