// Purpose: generic types. The class is the generic type's, whatever the instance.

package instances

import "sync"

type Cell[T any] struct {
	mu sync.Mutex
	v  T
}

type Watch[T any] struct {
	mu   sync.Mutex
	cell *Cell[T]
	seen int
}

func (w *Watch[T]) PollBad() (v T) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cell.mu.Lock() // want `Cell(\[.*\])?\.mu is locked while Watch(\[.*\])?\.mu is held, but generic\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
	v = w.cell.v
	w.cell.mu.Unlock()
	return v
}

func (c *Cell[T]) NotifyBad(w *Watch[T]) {
	c.mu.Lock()
	defer c.mu.Unlock()
	w.mu.Lock()
	w.seen++
	w.mu.Unlock()
}

type Slot[T any] struct {
	mu sync.Mutex
	v  T
}

type Probe[T any] struct {
	mu   sync.Mutex
	slot *Slot[T]
	seen int
}

func (p *Probe[T]) PollOk() (v T) {
	p.mu.Lock()
	slot := p.slot
	p.mu.Unlock()
	slot.mu.Lock()
	v = slot.v
	slot.mu.Unlock()
	return v
}

func (s *Slot[T]) NotifyOk(p *Probe[T]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p.mu.Lock()
	p.seen++
	p.mu.Unlock()
}

// One order in the generic code, the other in code that uses an instance.
type Box[T any] struct {
	sync.Mutex
	v T
}

type Owner struct {
	mu   sync.Mutex
	name Box[string]
}

func Swap[T any](b *Box[T], o *Owner, v T) {
	b.Lock()
	defer b.Unlock()
	o.touch() // want `Owner\.mu is locked while (Box(\[.*\])?(\.Mutex)?|Owner\.name\S*) is held, but generic\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
	b.v = v
}

func (o *Owner) touch() {
	o.mu.Lock()
	defer o.mu.Unlock()
}

func (o *Owner) SwapBad(name string) {
	Swap(&o.name, o, name)
}

func (o *Owner) RenameBad(name string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.name.Lock()
	o.name.v = name
	o.name.Unlock()
}
