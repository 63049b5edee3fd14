// Purpose: objects nobody else has yet. What a constructor does with the locks
// of a fresh object, in whatever order, no other goroutine can meet.

package lifetime

import "sync"

type Pair struct {
	a, b sync.Mutex
	n    int
}

func NewPairOk() *Pair {
	p := &Pair{}
	p.b.Lock()
	p.a.Lock()
	p.n = 1
	p.a.Unlock()
	p.b.Unlock()
	return p
}

func (p *Pair) UseOk() {
	p.a.Lock()
	defer p.a.Unlock()
	p.b.Lock()
	defer p.b.Unlock()
	p.n++
}

// Published first, then locked.
type Couple struct {
	a, b sync.Mutex
	n    int
}

var couples = make(chan *Couple, 8)

func NewCoupleBad() *Couple {
	c := &Couple{}
	couples <- c
	c.b.Lock()
	c.a.Lock() // want `Couple\.a is locked while Couple\.b is held, but lifetime\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
	c.n = 1
	c.a.Unlock()
	c.b.Unlock()
	return c
}

func (c *Couple) UseBad() {
	c.a.Lock()
	defer c.a.Unlock()
	c.b.Lock()
	defer c.b.Unlock()
	c.n++
}

// A goroutine of its own is publication, too.
type Twin struct {
	a, b sync.Mutex
	n    int
}

func NewTwinBad() *Twin {
	t := &Twin{}
	go t.use()
	t.b.Lock()
	t.a.Lock() // want `Twin\.a is locked while Twin\.b is held, but lifetime\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
	t.n = 1
	t.a.Unlock()
	t.b.Unlock()
	return t
}

func (t *Twin) use() {
	t.a.Lock()
	defer t.a.Unlock()
	t.b.Lock()
	defer t.b.Unlock()
	t.n++
}

// The lock of a fresh object is taken under a lock that everybody has; whoever
// finds the object later takes the two the other way round.
type Room struct {
	mu    sync.Mutex
	house *House
}

type House struct {
	mu    sync.Mutex
	rooms []*Room
}

func (h *House) AddOk() {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := &Room{house: h}
	r.mu.Lock()
	h.rooms = append(h.rooms, r)
	r.mu.Unlock()
}

func (r *Room) LeaveOk() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.house.mu.Lock()
	r.house.rooms = nil
	r.house.mu.Unlock()
}

// The same on an object that is not fresh any more.
type Floor struct {
	mu    sync.Mutex
	tower *Tower
}

type Tower struct {
	mu     sync.Mutex
	floors []*Floor
}

func (t *Tower) AddBad() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, f := range t.floors {
		f.mu.Lock() // want `Floor\.mu is locked while Tower\.mu is held, but lifetime\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
		f.tower = t
		f.mu.Unlock()
	}
}

func (f *Floor) LeaveBad() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tower.mu.Lock()
	f.tower.floors = nil
	f.tower.mu.Unlock()
}

// The constructor's helper is part of construction.
type Frame struct {
	a, b sync.Mutex
	n    int
}

func (f *Frame) init() {
	f.b.Lock()
	f.a.Lock()
	f.n = 1
	f.a.Unlock()
	f.b.Unlock()
}

func NewFrameOk() *Frame {
	f := &Frame{}
	f.init()
	return f
}

func (f *Frame) UseOk() {
	f.a.Lock()
	defer f.a.Unlock()
	f.b.Lock()
	defer f.b.Unlock()
	f.n++
}
