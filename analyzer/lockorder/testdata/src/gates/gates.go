// Purpose: gate locks. Two orders are harmless when both are taken under one
// common lock which lets only one goroutine in at a time.

package gates

import "sync"

var registry sync.Mutex

type Server struct{ mu sync.Mutex }
type Client struct{ mu sync.Mutex }

func ConnectOk(s *Server, c *Client) {
	registry.Lock()
	defer registry.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
}

func DisconnectOk(s *Server, c *Client) {
	registry.Lock()
	defer registry.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
}

// The gate is taken by the callers.
type Host struct{ mu sync.Mutex }
type Guest struct{ mu sync.Mutex }

func seat(h *Host, g *Guest) {
	h.mu.Lock()
	defer h.mu.Unlock()
	g.mu.Lock()
	defer g.mu.Unlock()
}

func leave(h *Host, g *Guest) {
	g.mu.Lock()
	defer g.mu.Unlock()
	h.mu.Lock()
	defer h.mu.Unlock()
}

func SeatOk(h *Host, g *Guest) {
	registry.Lock()
	defer registry.Unlock()
	seat(h, g)
}

func LeaveOk(h *Host, g *Guest) {
	registry.Lock()
	defer registry.Unlock()
	leave(h, g)
}

// Only one of them goes through the gate.
type Pilot struct{ mu sync.Mutex }
type Tower struct{ mu sync.Mutex }

func LandBad(p *Pilot, t *Tower) {
	registry.Lock()
	defer registry.Unlock()
	p.mu.Lock()
	defer p.mu.Unlock()
	t.mu.Lock() // want `Tower\.mu is locked while Pilot\.mu is held, but gates\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
	defer t.mu.Unlock()
}

func CallBad(p *Pilot, t *Tower) {
	t.mu.Lock()
	defer t.mu.Unlock()
	p.mu.Lock()
	defer p.mu.Unlock()
}

// Both go through a gate, each through another.
var north, south sync.Mutex

type Train struct{ mu sync.Mutex }
type Track struct{ mu sync.Mutex }

func EnterBad(n *Train, k *Track) {
	north.Lock()
	defer north.Unlock()
	n.mu.Lock()
	defer n.mu.Unlock()
	k.mu.Lock() // want `Track\.mu is locked while Train\.mu is held, but gates\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
	defer k.mu.Unlock()
}

func LeaveTrackBad(n *Train, k *Track) {
	south.Lock()
	defer south.Unlock()
	k.mu.Lock()
	defer k.mu.Unlock()
	n.mu.Lock()
	defer n.mu.Unlock()
}

// A gate that is read-locked lets both in.
var season sync.RWMutex

type Actor struct{ mu sync.Mutex }
type Stage struct{ mu sync.Mutex }

func EnterStageBad(a *Actor, s *Stage) {
	season.RLock()
	defer season.RUnlock()
	a.mu.Lock()
	defer a.mu.Unlock()
	s.mu.Lock() // want `Stage\.mu is locked while Actor\.mu is held, but gates\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
	defer s.mu.Unlock()
}

func LeaveStageBad(a *Actor, s *Stage) {
	season.RLock()
	defer season.RUnlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	a.mu.Lock()
	defer a.mu.Unlock()
}

// If one of the two writes the gate, it shuts the other out.
type Singer struct{ mu sync.Mutex }
type Choir struct{ mu sync.Mutex }

func SingOk(s *Singer, c *Choir) {
	season.RLock()
	defer season.RUnlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
}

func RehearseOk(s *Singer, c *Choir) {
	season.Lock()
	defer season.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
}

// The gate belongs to the same object as the locks: whoever meets on the locks
// has met on the gate.
type Engine struct {
	gate       sync.Mutex
	fuel, wind sync.Mutex
}

func (e *Engine) StartOk() {
	e.gate.Lock()
	defer e.gate.Unlock()
	e.fuel.Lock()
	defer e.fuel.Unlock()
	e.wind.Lock()
	defer e.wind.Unlock()
}

func (e *Engine) StopOk() {
	e.gate.Lock()
	defer e.gate.Unlock()
	e.wind.Lock()
	defer e.wind.Unlock()
	e.fuel.Lock()
	defer e.fuel.Unlock()
}

// The gate is released before the second lock: a gate no more.
type Rocket struct {
	gate       sync.Mutex
	fuel, wind sync.Mutex
}

func (r *Rocket) StartBad() {
	r.gate.Lock()
	r.fuel.Lock()
	defer r.fuel.Unlock()
	r.gate.Unlock()
	r.wind.Lock() // want `Rocket\.wind is locked while Rocket\.fuel is held, but gates\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
	defer r.wind.Unlock()
}

func (r *Rocket) StopBad() {
	r.gate.Lock()
	r.wind.Lock()
	defer r.wind.Unlock()
	r.gate.Unlock()
	r.fuel.Lock()
	defer r.fuel.Unlock()
}

// The gate itself is out of order: taken after fuel here, before it there. The
// pair fuel and wind is still guarded.
type Glider struct {
	gate       sync.Mutex
	fuel, wind sync.Mutex
}

func (g *Glider) StartBad() {
	g.fuel.Lock()
	defer g.fuel.Unlock()
	g.gate.Lock() // want `Glider\.gate is locked while Glider\.fuel is held, but gates\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
	defer g.gate.Unlock()
	g.wind.Lock()
	defer g.wind.Unlock()
}

func (g *Glider) StopBad() {
	g.gate.Lock()
	defer g.gate.Unlock()
	g.wind.Lock()
	defer g.wind.Unlock()
	g.fuel.Lock()
	defer g.fuel.Unlock()
}
