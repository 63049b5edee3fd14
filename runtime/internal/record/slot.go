package record

import (
	"runtime"
	"sync/atomic"
)

// A held is one entry of a goroutine's list: a lock, and its acquisition.
type held struct {
	lock  uintptr // address of the Lock
	pc    uintptr // where it was acquired
	under uint64  // chain of the list below this entry
	chain uint64  // chain up to this entry
	class uint32
	inst  uint32 // of the lock
	depth uint32 // of the frame that acquired it, from the end of the stack
	mode  uint16 // mode bits
	mark  uint16 // set by the watchdog; whoever acquires clears it
}

const inline = 7 // entries in the slot itself

// A slot is what is known of a goroutine. It has no pointers, so that it neither
// keeps locks alive nor costs the collector anything.
type slot struct {
	id    uint64
	tag   uint64 // id and epoch, see turn
	n     uint64 // locks held
	alarm uint32 // what keeps the goroutine from the fast path, see inbox
	_     uint32

	// fresh is the tag at which the entries after the last were written, if they say what
	// is known: who makes the same acquisition again, finds it there.
	fresh uint64

	// The list: entry i is held[i+1]. held[0] is not an entry; its chain is that of a goroutine which
	// holds nothing.
	held [inline + 1]held

	g      uintptr // the goroutine's descriptor, if canAsk
	parent uint64  // id of the goroutine that started it, 0 if not known
	born   uint64  // engine time at which it came to be known

	wait      uintptr // address of the Lock for which it waits
	waitPC    uintptr
	waitMode  uint32
	waitSeq   uint32 // counts waits
	waitClass uint32
	serial    uint64 // numbers slots as they are claimed
	heir      bool   // its parent held locks when it began
	learned   bool   // it has made acquisitions that are part of the graph
	deepCap   uint32
	deep      uintptr // further entries, see deep.go

	seen [16]uint64 // known acquisitions of this goroutine, by their low bits
}

// Slots are in tables of growing size, the first of which always exists. A
// goroutine's slot is in one of a few places in one of the tables, which follow
// from its id; lookups take no lock and wait for nobody.
const (
	tables    = 5
	firstBits = 10 // of the size of the first table
	moreBits  = 3  // each table is 2^3 times larger than the one before
	window    = 4  // places for a goroutine in each table
)

const golden = 0x9E3779B97F4A7C15 // 2^64 divided by the golden ratio

// Bits of alarm.
const (
	muted = 1 << iota // a goroutine of the engine: nothing is learned from it
	inbox             // another goroutine released a lock of this one
)

var (
	first [1<<firstBits + window]slot
	more  [tables - 1]atomic.Pointer[[]slot]
)

// table returns the k-th table, nil if it is not there yet, and by how much to shift
// hashes.
//
//go:norace
func table(k int) (t []slot, shift uint) {
	shift = 64 - firstBits - uint(k)*moreBits
	if k == 0 {
		return first[:], shift
	}
	if p := more[k-1].Load(); p != nil {
		return *p, shift
	}
	return nil, shift
}

// find returns the slot of the goroutine that runs, whose id is given; a new one if
// it has none.
//
//go:norace
//go:noinline
func find(id uint64) *slot {
	h := id * golden >> (64 - firstBits)
	for i := h; i < h+window; i++ {
		if s := &first[i]; s.id == id {
			return s
		}
	}
	raceDisable()
	s := lookup(id)
	if s == nil {
		s = claim(id)
	}
	raceEnable()
	return s
}

// lookup returns the slot of any goroutine, or nil.
//
//go:norace
func lookup(id uint64) *slot {
	for k := range tables {
		t, shift := table(k)
		if t == nil {
			return nil
		}
		h := id * golden >> shift
		for i := h; i < h+window; i++ {
			if s := &t[i]; s.id == id {
				return s
			}
		}
	}
	return nil
}

// A cursor goes over the slots in use. (A function called for each would be seen by
// the race detector.)
type cursor struct{ k, i int }

//go:norace
func (c *cursor) next() *slot {
	for ; c.k < tables; c.k, c.i = c.k+1, 0 {
		t, _ := table(c.k)
		if t == nil {
			return nil
		}
		for c.i < len(t) {
			s := &t[c.i]
			c.i++
			if s.id != 0 {
				return s
			}
		}
	}
	return nil
}

// claim makes a slot for the goroutine that runs.
//
//go:norace
func claim(id uint64) *slot {
	s := take(id)
	for s == nil {
		spin(&claiming)
		if s = take(id); s == nil { // nobody made room meanwhile
			if !reclaim() {
				extend()
			}
			s = take(id)
		}
		atomic.StoreUint32(&claiming, 0)
	}
	atomic.AddInt64(&claimed, 1)
	*s = slot{id: id, tag: id << epochBits, fresh: id << epochBits, deep: s.deep, deepCap: s.deepCap, serial: atomic.AddUint64(&newest, 1)}
	if !slow {
		s.g = gaddr()
		if parentOff != 0 {
			s.parent = gword(parentOff)
		}
	}
	begin(s)
	return s
}

// take claims a free slot for id, if there is one.
//
//go:norace
func take(id uint64) *slot {
	for k := range tables {
		t, shift := table(k)
		if t == nil {
			return nil
		}
		h := id * golden >> shift
		for i := h; i < h+window; i++ {
			if s := &t[i]; s.id == 0 && atomic.CompareAndSwapUint64(&s.id, 0, id) {
				return s
			}
		}
	}
	return nil
}

var (
	claiming  uint32 // a spin lock: who holds it makes room
	claimed   int64  // slots claimed since reclaim
	survivors int64  // slots that reclaim left
)

// spin takes a spin lock. What is done under one is short, or rare.
//
//go:norace
func spin(l *uint32) {
	for !atomic.CompareAndSwapUint32(l, 0, 1) {
		runtime.Gosched()
	}
}

// extend adds a table. The caller holds claiming.
//
//go:norace
func extend() {
	for k := range more {
		if more[k].Load() == nil {
			t := make([]slot, 1<<(firstBits+(k+1)*moreBits)+window)
			more[k].Store(&t)
			return
		}
	}
	panic("lockcheck: internal error: more than a million goroutines hold locks")
}
