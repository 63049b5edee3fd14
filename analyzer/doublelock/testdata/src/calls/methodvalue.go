// Purpose: method values. A bound method carries its receiver; calling it under
// the lock is calling the method. Lock and Unlock themselves can be bound.

package calls

import "sync"

type Gauge struct {
	mu   sync.Mutex
	v    int
	hook func()
}

func (g *Gauge) inc() {
	g.mu.Lock()
	g.v++
	g.mu.Unlock()
}

func run(f func())   { f() }
func spawn(f func()) { go f() }

func (g *Gauge) BoundBad() {
	f := g.inc
	g.mu.Lock()
	defer g.mu.Unlock()
	f() // want `g\.mu .*already held from line \d+; the call never returns \(doublelock\)`
}

func (g *Gauge) BoundOk() {
	f := g.inc
	g.mu.Lock()
	g.v = 0
	g.mu.Unlock()
	f()
}

// Bound to another gauge.
func (g *Gauge) BoundOtherOk(other *Gauge) {
	f := other.inc
	g.mu.Lock()
	defer g.mu.Unlock()
	f()
}

func (g *Gauge) PassedBad() {
	g.mu.Lock()
	defer g.mu.Unlock()
	run(g.inc) // want `calling .* locks g\.mu .*already held from line \d+; the call never returns \(doublelock\)`
}

func (g *Gauge) PassedOk() {
	g.mu.Lock()
	g.v = 0
	g.mu.Unlock()
	run(g.inc)
}

// Run by another goroutine.
func (g *Gauge) SpawnedOk() {
	g.mu.Lock()
	defer g.mu.Unlock()
	spawn(g.inc)
}

// Only kept, not called.
func (g *Gauge) KeptOk() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.hook = g.inc
}

func (g *Gauge) LockValueBad() {
	lock := g.mu.Lock
	lock()
	g.mu.Lock() // want `g\.mu is locked again while this goroutine still holds it from line \d+; this call never returns \(doublelock\)`
	g.v++
}

func (g *Gauge) LockValueOk() {
	lock, unlock := g.mu.Lock, g.mu.Unlock
	lock()
	g.v++
	unlock()
	g.mu.Lock()
	g.v++
	unlock()
}

func (g *Gauge) DeferredValueBad() {
	g.mu.Lock()
	defer g.mu.Unlock()
	defer run(g.inc) // want `calling .* locks g\.mu .*already held from line \d+; the call never returns \(doublelock\)`
}

func (g *Gauge) DeferredValueOk() {
	defer run(g.inc)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.v++
}
