// Package names has functions whose names begin or end like others that mean something.
package names

import "sync"

// A Purse is locked by all but a few.
type Purse struct {
	mu    sync.Mutex
	coins int

	settled sync.WaitGroup
}

func (p *Purse) Put(n int)    { p.mu.Lock(); p.coins += n; p.mu.Unlock() }
func (p *Purse) Take(n int)   { p.mu.Lock(); p.coins -= n; p.mu.Unlock() }
func (p *Purse) Empty()       { p.mu.Lock(); p.coins = 0; p.mu.Unlock() }
func (p *Purse) Double()      { p.mu.Lock(); p.coins *= 2; p.mu.Unlock() }
func (p *Purse) Halve()       { p.mu.Lock(); p.coins /= 2; p.mu.Unlock() }
func (p *Purse) Count() int   { p.mu.Lock(); defer p.mu.Unlock(); return p.coins }
func (p *Purse) Owe(n int)    { p.mu.Lock(); p.coins = -n; p.mu.Unlock() }
func (p *Purse) Set(n int)    { p.mu.Lock(); p.coins = n; p.mu.Unlock() }
func (p *Purse) Square()      { p.mu.Lock(); p.coins *= p.coins; p.mu.Unlock() }
func (p *Purse) Grow()        { p.mu.Lock(); p.coins++; p.mu.Unlock() }
func (p *Purse) Shrink()      { p.mu.Lock(); p.coins--; p.mu.Unlock() }
func (p *Purse) Flip()        { p.mu.Lock(); p.coins = -p.coins; p.mu.Unlock() }
func (p *Purse) Add(q int)    { p.mu.Lock(); p.coins += 2 * q; p.mu.Unlock() }
func (p *Purse) Pay(q int)    { p.mu.Lock(); p.coins -= 2 * q; p.mu.Unlock() }
func (p *Purse) Third()       { p.mu.Lock(); p.coins /= 3; p.mu.Unlock() }
func (p *Purse) Fourth()      { p.mu.Lock(); p.coins /= 4; p.mu.Unlock() }
func (p *Purse) Treble()      { p.mu.Lock(); p.coins *= 3; p.mu.Unlock() }
func (p *Purse) PayFifth()    { p.mu.Lock(); p.coins /= 5; p.mu.Unlock() }
func (p *Purse) PaySixth()    { p.mu.Lock(); p.coins /= 6; p.mu.Unlock() }
func (p *Purse) PaySeventh()  { p.mu.Lock(); p.coins /= 7; p.mu.Unlock() }
func (p *Purse) PayEighth()   { p.mu.Lock(); p.coins /= 8; p.mu.Unlock() }
func (p *Purse) PayNinth()    { p.mu.Lock(); p.coins /= 9; p.mu.Unlock() }
func (p *Purse) PayTenth()    { p.mu.Lock(); p.coins /= 10; p.mu.Unlock() }
func (p *Purse) PayEleventh() { p.mu.Lock(); p.coins /= 11; p.mu.Unlock() }
func (p *Purse) PayTwelfth()  { p.mu.Lock(); p.coins /= 12; p.mu.Unlock() }
func (p *Purse) PayA()        { p.mu.Lock(); p.coins /= 13; p.mu.Unlock() }
func (p *Purse) PayB()        { p.mu.Lock(); p.coins /= 14; p.mu.Unlock() }
func (p *Purse) PayC()        { p.mu.Lock(); p.coins /= 15; p.mu.Unlock() }
func (p *Purse) PayD()        { p.mu.Lock(); p.coins /= 16; p.mu.Unlock() }
func (p *Purse) PayE()        { p.mu.Lock(); p.coins /= 17; p.mu.Unlock() }
func (p *Purse) PayF()        { p.mu.Lock(); p.coins /= 18; p.mu.Unlock() }
func (p *Purse) PayG()        { p.mu.Lock(); p.coins /= 19; p.mu.Unlock() }
func (p *Purse) PayH()        { p.mu.Lock(); p.coins /= 20; p.mu.Unlock() }
func (p *Purse) Quadruple()   { p.mu.Lock(); p.coins *= 4; p.mu.Unlock() }

// Withdraw does not begin with the word with.
func (p *Purse) Withdraw(n int) {
	p.coins -= n // want `write to Purse\.coins without holding Purse\.mu`
}

// Reset does not say when it is called.
func (p *Purse) Reset() {
	p.coins = 0 // want `write to Purse\.coins without holding Purse\.mu`
}

// Stop has not waited for anybody yet.
func (p *Purse) Stop() {
	p.coins = 0 // want `write to Purse\.coins without holding Purse\.mu`
	p.settle()
}

// Close has waited for some.
func (p *Purse) Close() {
	p.settle()
	p.coins = 0
}

// Release shows nothing of what its name may mean.
func (p *Purse) Release() {
	p.coins = 0 // want `write to Purse\.coins without holding Purse\.mu`
}

func (p *Purse) settle() { p.settled.Wait() }

// Start has a goroutine that has the purse already.
func (p *Purse) Start() {
	go p.Grow()
	p.coins = 0 // want `write to Purse\.coins without holding Purse\.mu`
}

// Open comes before its goroutine.
func (p *Purse) Open() {
	p.coins = 0
	go p.Grow()
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

// String is for debugging, and must not be called concurrent with any other method.
func (g *Gate) String() string {
	if g.locked {
		return "locked"
	}
	return "open"
}

// Show is as well. It is expected that no other goroutine has the gate then.
func (g *Gate) Show() bool { return g.locked }

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
