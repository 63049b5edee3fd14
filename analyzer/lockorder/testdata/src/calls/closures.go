// Purpose: function literals and function parameters that run under a lock, and
// those that do not.

package calls

import (
	"sort"
	"sync"
)

// Called in place and through a variable.
type Sender struct{ mu sync.Mutex }
type Inbox struct {
	mu sync.Mutex
	n  int
}

func DeliverBad(s *Sender, i *Inbox) {
	put := func() {
		i.mu.Lock()
		i.n++
		i.mu.Unlock()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	put() // want `Inbox\.mu is locked while Sender\.mu is held, but closures\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
}

func CollectBad(s *Sender, i *Inbox) {
	i.mu.Lock()
	defer i.mu.Unlock()
	func() { s.mu.Lock(); s.mu.Unlock() }()
}

// Only made under the lock.
type Poster struct {
	mu   sync.Mutex
	hook func()
}
type Basket struct {
	mu sync.Mutex
	n  int
}

func DeliverOk(p *Poster, b *Basket) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hook = func() {
		b.mu.Lock()
		b.n++
		b.mu.Unlock()
	}
}

func CollectOk(p *Poster, b *Basket) {
	b.mu.Lock()
	defer b.mu.Unlock()
	func() { p.mu.Lock(); p.mu.Unlock() }()
}

// The callee calls its parameter with its lock held.
type Registry struct {
	mu    sync.Mutex
	items []int
}

func (r *Registry) each(f func(int)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, item := range r.items {
		f(item)
	}
}

func (r *Registry) eachCopy(f func(int)) {
	r.mu.Lock()
	items := append([]int(nil), r.items...)
	r.mu.Unlock()
	for _, item := range items {
		f(item)
	}
}

type Total struct {
	mu sync.Mutex
	n  int
}

func (t *Total) add(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.n += n
}

func (t *Total) ResetBad(r *Registry) {
	t.mu.Lock()
	defer t.mu.Unlock()
	r.mu.Lock() // want `Registry\.mu is locked while Total\.mu is held, but closures\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
	r.items = nil
	r.mu.Unlock()
}

func (t *Total) SumBad(r *Registry) {
	r.each(func(n int) { t.add(n) })
}

type Sum struct {
	mu sync.Mutex
	n  int
}

func (s *Sum) add(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n += n
}

func (s *Sum) ResetOk(r *Registry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r.mu.Lock()
	r.items = nil
	r.mu.Unlock()
}

func (s *Sum) SumOk(r *Registry) {
	r.eachCopy(func(n int) { s.add(n) })
}

// The caller holds the lock, the callee merely calls.
type Ring struct{ mu sync.Mutex }
type Slot struct{ mu sync.Mutex }

func (s *Slot) take() {
	s.mu.Lock()
	s.mu.Unlock()
}

func apply(f func()) { f() }
func start(f func()) { go f() }

func (r *Ring) TurnBad(s *Slot) {
	r.mu.Lock()
	defer r.mu.Unlock()
	apply(s.take) // want `Slot\.mu is locked while Ring\.mu is held, but closures\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
}

func (s *Slot) FillBad(r *Ring) {
	s.mu.Lock()
	defer s.mu.Unlock()
	apply(func() { r.mu.Lock(); r.mu.Unlock() })
}

type Wheel struct{ mu sync.Mutex }
type Spoke struct{ mu sync.Mutex }

func (s *Spoke) take() {
	s.mu.Lock()
	s.mu.Unlock()
}

func (w *Wheel) TurnOk(s *Spoke) {
	w.mu.Lock()
	defer w.mu.Unlock()
	start(s.take)
}

func (s *Spoke) FillOk(w *Wheel) {
	s.mu.Lock()
	defer s.mu.Unlock()
	apply(func() { w.mu.Lock(); w.mu.Unlock() })
}

// A callback of the standard library.
type Weights struct {
	mu sync.Mutex
	of map[string]int
}

type Names struct {
	mu   sync.Mutex
	list []string
}

func (w *Weights) get(name string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.of[name]
}

func (n *Names) SortBad(w *Weights) {
	n.mu.Lock()
	defer n.mu.Unlock()
	sort.Slice(n.list, func(i, j int) bool { return w.get(n.list[i]) < w.get(n.list[j]) }) // want `Weights\.mu is locked while Names\.mu is held, but closures\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
}

func (w *Weights) ForgetBad(n *Names) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n.mu.Lock()
	n.list = nil
	n.mu.Unlock()
}

// sync.Once.Do calls in place.
type Loader struct {
	mu   sync.Mutex
	once sync.Once
}

type Plugin struct{ mu sync.Mutex }

func (l *Loader) LoadBad(p *Plugin) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.once.Do(func() { p.mu.Lock(); p.mu.Unlock() }) // want `Plugin\.mu is locked while Loader\.mu is held, but closures\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
}

func (p *Plugin) UnloadBad(l *Loader) {
	p.mu.Lock()
	defer p.mu.Unlock()
	l.mu.Lock()
	l.mu.Unlock()
}
