// Purpose: generic types and functions. Instances of one generic type share the
// lock class; that says nothing about two values.

package identity

import "sync"

type Cell[T any] struct {
	mu sync.Mutex
	v  T
}

func (c *Cell[T]) get() T {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.v
}

func (c *Cell[T]) set(v T) {
	c.mu.Lock()
	c.v = v
	c.mu.Unlock()
}

func (c *Cell[T]) UpdateBad(f func(T) T) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.v = f(c.get()) // want `calling \(\*Cell(\[.*\])?\)\.get locks c\.mu \(generic\.go:14\), which is already held from line \d+; the call never returns \(doublelock\)`
}

func (c *Cell[T]) UpdateOk(f func(T) T) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.v = f(c.v)
}

func (c *Cell[T]) DirectBad() {
	c.mu.Lock()
	c.mu.Lock() // want `c\.mu is locked again while this goroutine still holds it from line \d+; this call never returns \(doublelock\)`
	c.mu.Unlock()
}

func (c *Cell[T]) DirectOk() {
	c.mu.Lock()
	c.mu.Unlock()
	c.mu.Lock()
	c.mu.Unlock()
}

func InstanceBad(c *Cell[int]) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.set(1) // want `calling \(\*Cell(\[.*\])?\)\.set locks c\.mu \(generic\.go:20\), which is already held from line \d+; the call never returns \(doublelock\)`
}

func InstanceOk(c *Cell[int]) {
	c.mu.Lock()
	c.v = 1
	c.mu.Unlock()
	c.set(2)
}

// Two instances of the generic type, two values.
func ConvertOk(from *Cell[int], to *Cell[string]) {
	from.mu.Lock()
	defer from.mu.Unlock()
	to.set("")
}

func MoveOk[T any](from, to *Cell[T]) {
	from.mu.Lock()
	defer from.mu.Unlock()
	to.set(from.v)
}

func MoveBad[T any](from, to *Cell[T]) {
	from.mu.Lock()
	defer from.mu.Unlock()
	from.set(to.v) // want `calling \(\*Cell(\[.*\])?\)\.set locks from\.mu \(generic\.go:20\), which is already held from line \d+; the call never returns \(doublelock\)`
}

func callMove() { MoveBad(&Cell[int]{}, &Cell[int]{}); MoveOk(&Cell[int]{}, &Cell[int]{}) }

// An embedded generic lock holder.
type Named struct {
	Cell[string]
	tag int
}

func (n *Named) RenameBad() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.set("") // want `calling .*\.set locks n\.(Cell\.)?mu \(generic\.go:20\), which is already held from line \d+; the call never returns \(doublelock\)`
}

func (n *Named) RenameOk() {
	n.mu.Lock()
	n.tag++
	n.mu.Unlock()
	n.set("")
}

// A generic helper: the lock is in the argument.
func under[T any](mu *sync.Mutex, f func() T) T {
	mu.Lock()
	defer mu.Unlock()
	return f()
}

func (n *Named) UnderBad() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return under(&n.mu, func() string { return n.v }) // want `calling under.* locks n\.(Cell\.)?mu \(generic\.go:\d+\), which is already held from line \d+; the call never returns \(doublelock\)`
}

func (n *Named) UnderOk() string {
	return under(&n.mu, func() string { return n.v })
}

func (n *Named) UnderCallbackBad() string {
	return under(&n.mu, func() string { return n.get() }) // want `n\.(Cell\.)?mu.*\(doublelock\)`
}
