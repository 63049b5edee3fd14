// Package fixes has fields and variables that can be made atomic, and plain accesses that can.
package fixes

import (
	"sync/atomic"
)

type Counter struct {
	// n counts.
	n    int64
	hits uint32 // of the cache
}

func New() *Counter { return &Counter{hits: 0} }

func (c *Counter) Add(d int64) bool {
	if atomic.AddInt64(&c.n, d) > 7 {
		return atomic.CompareAndSwapInt64(&c.n, 7, 0)
	}
	return false
}

func (c *Counter) Change() int64 {
	c.n = 3 // want `plain write to Counter.n`
	c.n++
	c.n--
	c.n += 5
	c.n -= c.step(1)
	x := c.n
	return -c.n + x
}

func (c *Counter) step(n int64) int64 { return n }

// The literal in New names hits.
func (c *Counter) Hit() { atomic.AddUint32(&c.hits, 1) }

func (c *Counter) Hits() uint32 {
	return c.hits // want `plain read of Counter.hits`
}

func (c *Counter) Miss() {
	c.hits-- // want `plain write to Counter.hits`
}

var total uint64

func Count() { atomic.AddUint64(&total, 1) }

func Clear() {
	total = 0 // want `plain write to total`
}

type Big struct {
	Sum int64 // exported: others may use it
	cnt uintptr
}

func (b *Big) Add() {
	atomic.AddInt64(&b.Sum, 1)
	atomic.AddUintptr(&b.cnt, 1)
}

func (b *Big) Double() {
	b.Sum *= 2 // want `plain write to Big.Sum`
}

func (b *Big) Half() {
	b.Sum += 2 // want `plain write to Big.Sum`
}

// Where is one use that no method replaces.
func (b *Big) Where() *uintptr { return &b.cnt }

func (b *Big) Set(n uintptr) {
	b.cnt = n // want `plain write to Big.cnt`
}
