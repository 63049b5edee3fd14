// Purpose: locks reached by promotion through embedded structs and embedded
// pointers are the locks of the declaring struct.

package direct

import "sync"

type Box struct {
	sync.Mutex
	n int
}

func (b *Box) PutBad() {
	b.Lock()
	b.n++
	b.Lock() // want `b(\.Mutex)? is locked again while this goroutine still holds it from line 14; this call never returns \(doublelock\)`
	b.Unlock()
	b.Unlock()
}

func (b *Box) PutOk() {
	b.Lock()
	b.n++
	b.Unlock()
	b.Lock()
	b.n++
	b.Unlock()
}

// b.Lock and b.Mutex.Lock are one lock.
func (b *Box) SpelledBad() {
	b.Lock()
	b.n++
	b.Mutex.Lock() // want `b(\.Mutex)? is locked again while this goroutine still holds it from line 32; this call never returns \(doublelock\)`
	b.Unlock()
}

// An embedded Mutex and a named one are two.
type TwoBox struct {
	sync.Mutex
	mu sync.Mutex
	n  int
}

func (b *TwoBox) PutOk() {
	b.Lock()
	b.mu.Lock()
	b.n++
	b.mu.Unlock()
	b.Unlock()
}

func (b *TwoBox) PutBad() {
	b.Lock()
	b.mu.Lock()
	b.Lock() // want `b(\.Mutex)? is locked again while this goroutine still holds it from line 54; this call never returns \(doublelock\)`
	b.mu.Unlock()
	b.Unlock()
}

type Base struct {
	mu sync.Mutex
	n  int
}

func (b *Base) touch() {
	b.mu.Lock()
	b.n++
	b.mu.Unlock()
}

type Derived struct {
	*Base
	extra int
}

func NewDerived() *Derived { return &Derived{Base: &Base{}} }

func (d *Derived) TouchBad() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.touch() // want `calling \(\*(Base|Derived)\)\.touch locks d\.(Base\.)?mu \(embedded\.go:67\), which is already held from line 80; the call never returns \(doublelock\)`
}

func (d *Derived) TouchOk() {
	d.mu.Lock()
	d.n++
	d.mu.Unlock()
	d.touch()
}

func (d *Derived) DirectBad() {
	d.mu.Lock()
	d.extra++
	d.Base.mu.Lock() // want `d\.(Base\.)?mu is locked again while this goroutine still holds it from line 93; this call never returns \(doublelock\)`
	d.mu.Unlock()
}

// Two levels: Outer embeds a struct which embeds the Mutex.
type Outer struct {
	Box
	label string
}

func (o *Outer) RenameBad() {
	o.Lock()
	o.label = ""
	o.Lock() // want `o(\.Box)?(\.Mutex)? is locked again while this goroutine still holds it from line 106; this call never returns \(doublelock\)`
	o.Unlock()
}

func (o *Outer) RenameOk() {
	o.Lock()
	o.label = ""
	o.Unlock()
	o.Lock()
	o.n++
	o.Unlock()
}

// The derived struct's own lock is not the base's.
type Shadow struct {
	Base
	mu sync.Mutex
}

func (s *Shadow) TouchOk() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.touch()
}

func (s *Shadow) TouchBad() {
	s.Base.mu.Lock()
	defer s.Base.mu.Unlock()
	s.touch() // want `calling \(\*(Base|Shadow)\)\.touch locks s\.Base\.mu \(embedded\.go:67\), which is already held from line 134; the call never returns \(doublelock\)`
}
