// Package weaker has accesses that may well be right: shown with -all.
package weaker

import "sync/atomic"

// A Stats is counted atomically, and copied to a snapshot that nobody else has.
type Stats struct{ n int64 }

func (s *Stats) Add() { atomic.AddInt64(&s.n, 1) }

func (s *Stats) Snapshot() *Stats { return &Stats{n: atomic.LoadInt64(&s.n)} }

func (s *Stats) Print() {
	println(s.n) // want `plain read of Stats.n`
}

// A Ring has one writer, which may read its own field.
type Ring struct{ head uint64 }

func (r *Ring) Push() {
	atomic.StoreUint64(&r.head, r.head+1) // want `plain read of Ring.head`
}

func (r *Ring) Head() uint64 { return atomic.LoadUint64(&r.head) }

// The old value of a CompareAndSwap is checked by it.
type Bits struct{ v uint32 }

func (b *Bits) Or(x uint32) {
	for {
		old := b.v // want `plain read of Bits.v`
		if atomic.CompareAndSwapUint32(&b.v, old, old|x) {
			return
		}
	}
}

// A Set has no lock for its items: who clears it must be alone.
type Set struct {
	items []int
	hint  uint32
}

func (s *Set) Clear() {
	s.hint = 0 // want `plain write to Set.hint`
	s.items = nil
}

func (s *Set) Has(x int) bool {
	n := s.last()
	return n < len(s.items) && s.items[n] == x
}

func (s *Set) last() int { return int(atomic.LoadUint32(&s.hint)) }

// Exclusive access is told by a channel.
type Server struct {
	exit chan bool
	n    int32
}

func (s *Server) Run() { atomic.AddInt32(&s.n, 1); close(s.exit) }

func (s *Server) Total() int32 {
	<-s.exit
	return s.n // want `plain read of Server.n`
}

// Begins writes before its goroutine runs; others may run already.
func (s *Server) Begins() {
	s.n = 0 // want `plain write to Server.n`
	go s.Run()
}

// A Ref tells who lets go of it last, and reads the sums then.
type Ref struct {
	refs int32
	sum  int32
}

func (r *Ref) Count() { atomic.AddInt32(&r.sum, 1) }

func (r *Ref) drop() int32 { return atomic.AddInt32(&r.refs, -1) }

func (r *Ref) Release() {
	if r.drop() == 0 {
		r.finish()
	}
}

func (r *Ref) finish() {
	println(r.sum) // want `plain read of Ref.sum`
}
