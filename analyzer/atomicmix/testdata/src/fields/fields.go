// Package fields mixes atomic and plain accesses to fields, package variables and elements.
package fields

import (
	"sync"
	"sync/atomic"
	"unsafe"
)

type Counter struct {
	n    int64
	hits uint32
	own  int64
}

func (c *Counter) Add() { atomic.AddInt64(&c.n, 1) }

func (c *Counter) Zero() {
	c.n = 0 // want `plain write to Counter.n, which fields.go:16 accesses atomically; use atomic.StoreInt64 or make it an atomic.Int64 \(atomicmix\)`
}

func (c *Counter) ZeroRight() { atomic.StoreInt64(&c.n, 0) }

func (c *Counter) Value() int64 {
	return c.n // want `plain read of Counter.n, which fields.go:16 accesses atomically; use atomic.LoadInt64 or make it an atomic.Int64`
}

func (c *Counter) ValueRight() int64 { return atomic.LoadInt64(&c.n) }

func (c *Counter) Hit() {
	c.hits++ // want `plain write to Counter.hits, which fields.go:34 accesses atomically; use atomic.AddUint32 or make it an atomic.Uint32`
}

func (c *Counter) Hits() uint32 { return atomic.LoadUint32(&c.hits) }

// Twice is reported once.
func (c *Counter) Twice() int64 {
	if c.n > 3 { // want `plain read of Counter.n`
		return c.n
	}
	return 0
}

// Own is never accessed atomically.
func (c *Counter) Own() int64 { c.own++; return c.own }

// An array, and a slice.
type Buckets struct {
	fixed [8]uint64
	grown []uint64
}

func (b *Buckets) Add(i int) {
	atomic.AddUint64(&b.fixed[i], 1)
	atomic.AddUint64(&b.grown[i], 1)
}

func (b *Buckets) Sum() (n uint64) {
	for i := range b.fixed {
		n += b.fixed[i] // want `plain read of Buckets.fixed, which`
	}
	for i := range b.grown {
		n += b.grown[i] // want `plain read of an element of Buckets.grown, which`
	}
	return n
}

func (b *Buckets) SumRight() (n uint64) {
	for i := range b.fixed {
		n += atomic.LoadUint64(&b.fixed[i])
	}
	for i := range b.grown {
		n += atomic.LoadUint64(&b.grown[i])
	}
	return n
}

// Len reads the slice, not what it holds.
func (b *Buckets) Len() int { return len(b.grown) }

var total int64

var start = time()

func time() int64 { total = 1; return 0 }

func init() { total = 2 }

func Count() { atomic.AddInt64(&total, 1) }

func Total() int64 {
	return total // want `plain read of total, which fields.go:89 accesses atomically`
}

func Clear() {
	total = 0 // want `plain write to total, which fields.go:89 accesses atomically`
}

func TotalRight() int64 { return atomic.LoadInt64(&total) }

// A pointer.
type Node struct {
	next unsafe.Pointer
	data *Counter
}

func (n *Node) Swap(p unsafe.Pointer) unsafe.Pointer { return atomic.SwapPointer(&n.next, p) }

func (n *Node) Next() unsafe.Pointer {
	return n.next // want `plain read of Node.next, which fields.go:107 accesses atomically; use atomic.LoadPointer or make it an atomic.Pointer`
}

func (n *Node) Set(c *Counter) {
	atomic.StorePointer((*unsafe.Pointer)(unsafe.Pointer(&n.data)), unsafe.Pointer(c))
}

func (n *Node) Data() *Counter {
	return n.data // want `plain read of Node.data`
}

// What only takes the address, or the size, reads nothing.
func (c *Counter) Address() *int64 { return &c.n }

func Size() uintptr { return unsafe.Sizeof(Counter{}.n) }

// A new object belongs to who made it.
func New(n int64) *Counter {
	c := &Counter{n: n}
	c.n += 2
	c.fill()
	return c
}

func (c *Counter) fill() { c.hits = 7 }

// Shared was given away before the write.
func Shared(ch chan *Counter) *Counter {
	c := &Counter{}
	ch <- c
	c.n = 2 // want `plain write to Counter.n`
	return c
}

// Guarded is accessed atomically by readers, under the lock by writers.
type Guarded struct {
	mu sync.RWMutex
	n  int64
	m  int64
}

func (g *Guarded) Add() {
	g.mu.RLock()
	atomic.AddInt64(&g.n, 1)
	g.mu.RUnlock()
}

func (g *Guarded) Take() int64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := g.n
	g.n = 0
	return n
}

func (g *Guarded) Peek() int64 {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return g.n // want `plain read of Guarded.n`
}

// The lock keeps writers apart, but Get does not take it.
func (g *Guarded) Put(m int64) {
	g.mu.Lock()
	g.m = m // want `plain write to Guarded.m`
	g.mu.Unlock()
}

func (g *Guarded) Bump() {
	g.mu.Lock()
	atomic.AddInt64(&g.m, 1)
	if g.m > 7 { // no other writer runs
		atomic.StoreInt64(&g.m, 0)
	}
	g.mu.Unlock()
}

func (g *Guarded) Get() int64 { return atomic.LoadInt64(&g.m) }

// Loads do not meet each other.
type Fixed struct{ n int64 }

func (f *Fixed) A() int64 { return atomic.LoadInt64(&f.n) }
func (f *Fixed) B() int64 { return f.n }

// The methods of the types of sync/atomic are not mixed with anything.
type Typed struct{ n atomic.Int64 }

func (t *Typed) Add()       { t.n.Add(1) }
func (t *Typed) Get() int64 { return t.n.Load() }

// A type parameter changes nothing.
type Box[T any] struct {
	v T
	n int32
}

func (b *Box[T]) Add() { atomic.AddInt32(&b.n, 1) }

func (b *Box[T]) Get() int32 {
	return b.n // want `plain read of Box.n`
}

var _ = (&Box[int]{}).Get
