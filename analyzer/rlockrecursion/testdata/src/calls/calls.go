// Purpose: the second RLock is in a callee: one call, three calls, a method
// value, literals, callbacks, wrappers, formatting.

package calls

import (
	"fmt"
	"sort"
	"strings"
	"sync"
)

type Catalog struct {
	mu    sync.RWMutex
	items []string
}

// Add is the writer.
func (c *Catalog) Add(item string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.items = append(c.items, item)
}

func (c *Catalog) Len() int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return len(c.items)
}

func (c *Catalog) String() string {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return strings.Join(c.items, ",")
}

func (c *Catalog) lenLocked() int { return len(c.items) }

func (c *Catalog) OneBad() int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return 2 * c.Len() // want `calling \(\*Catalog\)\.Len read-locks c\.mu \(calls\.go:26\).* read-locked (since|from) line 40; a writer waiting in between deadlocks both \(rlockrecursion\)`
}

func (c *Catalog) OneOk() int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return 2 * c.lenLocked()
}

func (c *Catalog) LaterOk() int {
	c.mu.RLock()
	n := len(c.items)
	c.mu.RUnlock()
	return n + c.Len()
}

func (c *Catalog) OtherOk(other *Catalog) int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return len(c.items) + other.Len()
}

// Three calls.
func (c *Catalog) first() int        { return second(1, c) }
func second(k int, c *Catalog) int   { return k * c.third() }
func (c *Catalog) third() int        { return c.Len() }
func (c *Catalog) background()       { go c.third() }
func (c *Catalog) elsewhere() int    { return second(1, &Catalog{}) }
func apply(c *Catalog, f func() int) { f() }

func (c *Catalog) ChainBad() int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.first() // want `calling \(\*Catalog\)\.first read-locks c\.mu \(calls\.go:26\).* read-locked (since|from) line 73; a writer waiting in between deadlocks both \(rlockrecursion\)`
}

func (c *Catalog) ChainOk() int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	c.background()
	return c.elsewhere()
}

func (c *Catalog) ValueBad() int {
	f := c.Len
	c.mu.RLock()
	defer c.mu.RUnlock()
	return f() // want `c\.mu.* read-locked (since|from) line \d+; a writer waiting in between deadlocks both \(rlockrecursion\)`
}

func (c *Catalog) ValueOk() int {
	f := c.Len
	c.mu.RLock()
	n := len(c.items)
	c.mu.RUnlock()
	return n + f()
}

func (c *Catalog) LiteralBad() {
	c.mu.RLock()
	defer c.mu.RUnlock()
	func() { c.mu.RLock(); c.mu.RUnlock() }() // want `c\.mu.* read-locked (since|from) line \d+; a writer waiting in between deadlocks both \(rlockrecursion\)`
}

func (c *Catalog) LiteralOk() func() int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return func() int { return c.Len() }
}

func (c *Catalog) DeferredBad() {
	c.mu.RLock()
	defer c.mu.RUnlock()
	defer c.Len() // want `calling \(\*Catalog\)\.Len read-locks c\.mu \(calls\.go:26\).* read-locked (since|from) line \d+; a writer waiting in between deadlocks both \(rlockrecursion\)`
}

func (c *Catalog) DeferredOk() {
	defer c.Len()
	c.mu.RLock()
	defer c.mu.RUnlock()
}

// each calls f with c.mu read-locked.
func (c *Catalog) each(f func(string)) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	for _, item := range c.items {
		f(item)
	}
}

func (c *Catalog) EachBad() {
	c.each(func(string) { c.Len() }) // want `c\.mu.*a writer waiting in between deadlocks both \(rlockrecursion\)`
}

func (c *Catalog) EachOk() (n int) {
	c.each(func(item string) { n += len(item) })
	return n
}

func (c *Catalog) EachOtherOk(other *Catalog) {
	c.each(func(string) { other.Len() })
}

func (c *Catalog) CallbackBad() {
	c.mu.RLock()
	defer c.mu.RUnlock()
	apply(c, func() int { return c.Len() }) // want `c\.mu.* read-locked (since|from) line \d+; a writer waiting in between deadlocks both \(rlockrecursion\)`
}

func (c *Catalog) CallbackOk() {
	c.mu.RLock()
	defer c.mu.RUnlock()
	apply(c, func() int { return c.lenLocked() })
}

func (c *Catalog) FormatBad() string {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return fmt.Sprintf("%d: %v", len(c.items), c) // want `String.* read-locks c\.mu.* read-locked (since|from) line \d+; a writer waiting in between deadlocks both \(rlockrecursion\)`
}

func (c *Catalog) FormatOk() string {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return fmt.Sprintf("%d: %p", len(c.items), c)
}

func (c *Catalog) SortBad(keys []string) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	sort.Slice(keys, func(i, j int) bool { return c.Len() > i }) // want `c\.mu.* read-locked (since|from) line \d+; a writer waiting in between deadlocks both \(rlockrecursion\)`
}

func (c *Catalog) SortOk(keys []string) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	sort.Slice(keys, func(i, j int) bool { return c.lenLocked() > i })
}

// Wrappers.
func (c *Catalog) rlock()   { c.mu.RLock() }
func (c *Catalog) runlock() { c.mu.RUnlock() }

func (c *Catalog) WrapperBad() int {
	c.rlock()
	defer c.runlock()
	return c.Len() // want `calling \(\*Catalog\)\.Len read-locks c\.mu \(calls\.go:26\).* read-locked (since|from) line \d+; a writer waiting in between deadlocks both \(rlockrecursion\)`
}

func (c *Catalog) WrapperOk() int {
	c.rlock()
	n := len(c.items)
	c.runlock()
	return n + c.Len()
}

// The callee gives the read lock back before it takes it again.
func (c *Catalog) yieldLocked() {
	c.mu.RUnlock()
	c.mu.RLock()
}

func (c *Catalog) YieldOk() int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	c.yieldLocked()
	return len(c.items)
}

// A flag tells the callee.
func (c *Catalog) count(locked bool) int {
	if !locked {
		c.mu.RLock()
		defer c.mu.RUnlock()
	}
	return len(c.items)
}

func (c *Catalog) FlagBad() int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.count(false) // want `calling \(\*Catalog\)\.count read-locks c\.mu \(calls\.go:\d+\).* read-locked (since|from) line \d+; a writer waiting in between deadlocks both \(rlockrecursion\)`
}

func (c *Catalog) FlagOk() int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.count(true)
}

// A callee leaks its read lock on an early return.
func (c *Catalog) peek(i int) string {
	c.mu.RLock()
	if i >= len(c.items) {
		return ""
	}
	item := c.items[i]
	c.mu.RUnlock()
	return item
}

func (c *Catalog) PeekBad() string {
	return c.peek(0) +
		c.peek(1) // want `calling \(\*Catalog\)\.peek read-locks c\.mu \(calls\.go:\d+\).* read-locked (since|from) line \d+; a writer waiting in between deadlocks both \(rlockrecursion\)`
}
