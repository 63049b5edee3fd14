// Package names has functions whose names begin or end like others that mean something.
package names

import "sync"

// A Purse is locked by all but a few.
type Purse struct {
	mu    sync.Mutex
	coins int
	open  bool
}

func (p *Purse) Put(n int)  { p.mu.Lock(); p.coins += n; p.mu.Unlock() }
func (p *Purse) Take(n int) { p.mu.Lock(); p.coins -= n; p.mu.Unlock() }
func (p *Purse) Empty()     { p.mu.Lock(); p.coins = 0; p.mu.Unlock() }
func (p *Purse) Double()    { p.mu.Lock(); p.coins *= 2; p.mu.Unlock() }
func (p *Purse) Halve()     { p.mu.Lock(); p.coins /= 2; p.mu.Unlock() }
func (p *Purse) Count() int { p.mu.Lock(); defer p.mu.Unlock(); return p.coins }
func (p *Purse) Owe(n int)  { p.mu.Lock(); p.coins = -n; p.mu.Unlock() }
func (p *Purse) Set(n int)  { p.mu.Lock(); p.coins = n; p.mu.Unlock() }
func (p *Purse) Square()    { p.mu.Lock(); p.coins *= p.coins; p.mu.Unlock() }
func (p *Purse) Grow()      { p.mu.Lock(); p.coins++; p.mu.Unlock() }
func (p *Purse) Shrink()    { p.mu.Lock(); p.coins--; p.mu.Unlock() }
func (p *Purse) Flip()      { p.mu.Lock(); p.coins = -p.coins; p.mu.Unlock() }
func (p *Purse) Add(q int)  { p.mu.Lock(); p.coins += 2 * q; p.mu.Unlock() }
func (p *Purse) Pay(q int)  { p.mu.Lock(); p.coins -= 2 * q; p.mu.Unlock() }
func (p *Purse) Third()     { p.mu.Lock(); p.coins /= 3; p.mu.Unlock() }
func (p *Purse) Fourth()    { p.mu.Lock(); p.coins /= 4; p.mu.Unlock() }
func (p *Purse) Treble()    { p.mu.Lock(); p.coins *= 3; p.mu.Unlock() }
func (p *Purse) Quadruple() { p.mu.Lock(); p.coins *= 4; p.mu.Unlock() }

// Withdraw does not begin with the word with.
func (p *Purse) Withdraw(n int) {
	p.coins -= n // want `write to Purse\.coins without holding Purse\.mu`
}

// Close is called when nobody else has the purse.
func (p *Purse) Close() {
	p.coins = 0
}

// A Gate is locked by all but a few.
type Gate struct {
	mu     sync.Mutex
	locked bool
	passed int
}

func (g *Gate) Shut()      { g.mu.Lock(); g.locked = true; g.mu.Unlock() }
func (g *Gate) Unbar()     { g.mu.Lock(); g.locked = false; g.mu.Unlock() }
func (g *Gate) Toggle()    { g.mu.Lock(); g.locked = !g.locked; g.mu.Unlock() }
func (g *Gate) Bar(b bool) { g.mu.Lock(); g.locked = b; g.mu.Unlock() }
func (g *Gate) Try() bool  { g.mu.Lock(); defer g.mu.Unlock(); return g.locked }
func (g *Gate) Try2() bool { g.mu.Lock(); defer g.mu.Unlock(); return !g.locked }
func (g *Gate) Or(b bool)  { g.mu.Lock(); g.locked = g.locked || b; g.mu.Unlock() }

// IsLocked tells about the gate, not about its mutex.
func (g *Gate) IsLocked() bool {
	return g.locked // want `read of Gate\.locked without holding Gate\.mu`
}

func (g *Gate) Pass()       { g.mu.Lock(); g.passed++; g.mu.Unlock() }
func (g *Gate) Back()       { g.mu.Lock(); g.passed--; g.mu.Unlock() }
func (g *Gate) Clear()      { g.mu.Lock(); g.passed = 0; g.mu.Unlock() }
func (g *Gate) Passed() int { g.mu.Lock(); defer g.mu.Unlock(); return g.passed }
func (g *Gate) Two()        { g.mu.Lock(); g.passed += 2; g.mu.Unlock() }

// PassLocked is for those who hold the mutex.
func (g *Gate) PassLocked() { g.passed++ }

// A Latch is a mutex, though its name does not say so.
type Latch struct{ in sync.Mutex }

func (l *Latch) Lock()   { l.in.Lock() }
func (l *Latch) Unlock() { l.in.Unlock() }

// A Wallclock is none.
type Wallclock struct{ at int }

// A Watch has a latch.
type Watch struct {
	latch Latch
	clock Wallclock
	ticks int // guarded by latch
	tocks int // synchronized with clock
}

func (w *Watch) Tick() { w.latch.Lock(); w.ticks++; w.latch.Unlock() }
func (w *Watch) Back() { w.latch.Lock(); w.ticks--; w.latch.Unlock() }

// Ticks forgets the latch.
func (w *Watch) Ticks() int {
	return w.ticks // want `read of Watch\.ticks without holding Watch\.latch`
}

func (w *Watch) Tock() { w.tocks++ }

func (w *Watch) Tocks() int { return w.tocks }
