// Purpose: the go statement. The new goroutine starts with nothing held, even if
// the parent waits for nothing and holds everything.

package calls

import (
	"sync"
	"time"
)

type Parent struct{ mu sync.Mutex }
type Child struct{ mu sync.Mutex }

func (c *Child) work() {
	c.mu.Lock()
	defer c.mu.Unlock()
}

func (p *Parent) StartOk(c *Child) {
	p.mu.Lock()
	defer p.mu.Unlock()
	go c.work()
	go func() {
		c.mu.Lock()
		defer c.mu.Unlock()
	}()
	time.AfterFunc(time.Hour, c.work)
}

func (c *Child) StopOk(p *Parent) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p.mu.Lock()
	p.mu.Unlock()
}

// Within the goroutine the order counts.
type Leader struct{ mu sync.Mutex }
type Follower struct{ mu sync.Mutex }

func (l *Leader) StartBad(f *Follower) {
	go func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		f.mu.Lock() // want `Follower\.mu is locked while Leader\.mu is held, but spawn\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
		f.mu.Unlock()
	}()
}

func (f *Follower) StopBad(l *Leader) {
	f.mu.Lock()
	defer f.mu.Unlock()
	l.mu.Lock()
	l.mu.Unlock()
}

// A lock handed to the goroutine leaves the parent.
type Giver struct{ mu sync.Mutex }
type Taker struct{ mu sync.Mutex }

func (g *Giver) HandOk(t *Taker) {
	g.mu.Lock()
	go func() {
		g.mu.Unlock()
		t.mu.Lock()
		t.mu.Unlock()
	}()
}

func (t *Taker) TakeOk(g *Giver) {
	t.mu.Lock()
	defer t.mu.Unlock()
	g.mu.Lock()
	g.mu.Unlock()
}
