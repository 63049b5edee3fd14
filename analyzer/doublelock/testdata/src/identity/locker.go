// Purpose: sync.Locker values: holding &s.mu, passed as arguments, the L of a
// Cond, and the read side that RLocker gives.

package identity

import "sync"

type Gate struct {
	mu    sync.Mutex
	state sync.RWMutex
	open  bool
}

func (g *Gate) LockerBad() {
	var l sync.Locker = &g.mu
	l.Lock()
	g.open = true
	g.mu.Lock() // want `(l|g\.mu) is locked again while this goroutine still holds it from line \d+; this call never returns \(doublelock\)`
	l.Unlock()
}

func (g *Gate) LockerOk() {
	var l sync.Locker = &g.mu
	l.Lock()
	g.open = true
	l.Unlock()
	g.mu.Lock()
	g.open = false
	l.Unlock()
}

func set(l sync.Locker, open *bool) {
	l.Lock()
	*open = true
	l.Unlock()
}

func (g *Gate) ArgumentBad() {
	g.mu.Lock()
	defer g.mu.Unlock()
	set(&g.mu, &g.open) // want `calling set locks g\.mu \(locker\.go:\d+\), which is already held from line \d+; the call never returns \(doublelock\)`
}

func (g *Gate) ArgumentOk() {
	g.mu.Lock()
	defer g.mu.Unlock()
	set(&g.state, &g.open)
}

func (g *Gate) CondBad() {
	c := sync.NewCond(&g.mu)
	c.L.Lock()
	g.open = true
	g.mu.Lock() // want `(c\.L|g\.mu) is locked again while this goroutine still holds it from line \d+; this call never returns \(doublelock\)`
	c.L.Unlock()
}

func (g *Gate) CondOk() {
	c := sync.NewCond(&g.mu)
	c.L.Lock()
	g.open = true
	g.mu.Unlock()
	g.mu.Lock()
	c.L.Unlock()
}

func (g *Gate) ReadSideBad() {
	r := g.state.RLocker()
	r.Lock()
	g.state.Lock() // want `g\.state is locked .*this goroutine still .*read-lock.* line \d+; this call never returns \(doublelock\)`
	g.open = true
	g.state.Unlock()
}

func (g *Gate) ReadSideOk() {
	r := g.state.RLocker()
	r.Lock()
	open := g.open
	r.Unlock()
	g.state.Lock()
	g.open = !open
	g.state.Unlock()
}

func (g *Gate) WriteThenReadBad() {
	g.state.Lock()
	g.open = true
	g.state.RLocker().Lock() // want `g\.state(\.RLocker\(\))? is (read-)?locked .*this goroutine still holds it .*line \d+; this call never returns \(doublelock\)`
	g.state.Unlock()
}

// Two read locks are not for this check.
func (g *Gate) ReadReadOk() {
	g.state.RLock()
	g.state.RLocker().Lock()
	g.state.RLocker().Unlock()
	g.state.RUnlock()
}

// Lock through the value, unlock through the Locker.
func (g *Gate) CrossedOk() {
	l := sync.Locker(&g.mu)
	g.mu.Lock()
	l.Unlock()
	l.Lock()
	g.open = true
	g.mu.Unlock()
}
