package record

import (
	"runtime"
	"sync/atomic"
	"unsafe"
)

// An Entry is one entry of a goroutine's list: a lock, and its acquisition.
type Entry struct {
	Lock  uintptr // address of the Lock
	PC    uintptr // where it was acquired
	Under uint64  // chain of the list below this entry
	Chain uint64  // chain up to this entry
	class uint32
	Inst  uint32 // of the lock
	Mode  uint16 // mode bits
	Mark  uint16 // set by the watchdog; whoever acquires clears it
	depth uint32 // of the frame that acquired it, from the end of the stack
}

const Inline = 7 // entries in the Slot itself

// A Slot is what is known of a goroutine. It has no pointers, so that it neither
// keeps locks alive nor costs the collector anything.
type Slot struct {
	ID    uint64
	Tag   uint64 // id and epoch, see turn
	N     uint64 // locks held
	alarm uint32 // what to look at, see inbox
	_     uint32

	// Quick is ID, if entries after the last, which say what was acquired there before, say what is known:
	// who makes the same acquisition again, finds it there. It is 0 if the goroutine has to look
	// first: at a new epoch, or at alarm.
	Quick uint64

	// The list: entry i is Held[i+1]. Held[0] is not an entry; its chain is that of a goroutine which
	// holds nothing.
	Held [Inline + 1]Entry

	g      uintptr // the goroutine's descriptor, if canAsk
	_      narrow
	parent uint64 // id of the goroutine that started it, 0 if not known
	born   uint64 // engine time at which it came to be known

	wait      uintptr // address of the Lock for which it waits
	waitPC    uintptr
	waitMode  uint32
	waitSeq   uint32 // counts waits
	waitClass uint32
	serial    uint64 // numbers slots as they are claimed
	heir      bool   // its parent held locks when it began
	learned   bool   // it has made acquisitions that are part of the graph
	holes     bool   // entries were taken out of the list, see compact
	deepCap   uint32
	deep      uintptr // further entries, see deep.go

	seen [16]uint64 // known acquisitions of this goroutine, by their low bits
}

// narrow makes up for what an address is shorter than 8 bytes. What is changed by 64-bit atomic operations has to be at a multiple of that on
// 32-bit processors, too, in each slot of a table.
type narrow = [8 - unsafe.Sizeof(uintptr(0))]byte

// It does not compile if it is not so.
const (
	_ = -(unsafe.Sizeof(Slot{}) % 8)
	_ = -(unsafe.Offsetof(Slot{}.ID) % 8)
	_ = -(unsafe.Offsetof(Slot{}.Quick) % 8)
)

// Slots are in tables of growing size, the first of which always exists. A
// goroutine's Slot is in one of a few places in one of the tables, which follow
// from its id; lookups take no lock and wait for nobody.
const (
	tables    = 5
	firstBits = 10 // of the size of the first table
	moreBits  = 3  // each table is 2^3 times larger than the one before
	window    = 4  // places for a goroutine in the first table
	further   = 16 // and in each of the others
)

const golden = 0x9E3779B97F4A7C15 // 2^64 divided by the golden ratio

// Bits of alarm.
const (
	muted = 1 << iota // a goroutine of the engine: nothing is learned from it
	inbox             // another goroutine released a lock of this one
)

var (
	First [1<<firstBits + window]Slot
	more  [tables - 1]atomic.Pointer[[]Slot]
)

// table returns the k-th table, nil if it is not there yet, and by how much to shift
// hashes.
//
//go:norace
func table(k int) (t []Slot, shift uint) {
	shift = 64 - firstBits - uint(k)*moreBits
	if k == 0 {
		return First[:], shift
	}
	if p := more[k-1].Load(); p != nil {
		return *p, shift
	}
	return nil, shift
}

// find returns the Slot of the goroutine that runs, whose id is given; a new one if
// it has none.
//
//go:norace
//go:noinline
func find(id uint64) *Slot {
	h := id * golden >> (64 - firstBits)
	for i := h; i < h+window; i++ {
		if s := &First[i]; s.ID == id {
			return s
		}
	}
	raceDisable()
	s := lookup(id)
	if s == nil {
		s = claim(id)
		begin(s)
	}
	raceEnable()
	return s
}

// places returns the number of places for a goroutine in the k-th table.
//
//go:norace
func places(k int) uint64 {
	if k == 0 {
		return window
	}
	return further
}

// lookup returns the Slot of any goroutine, or nil.
//
//go:norace
func lookup(id uint64) *Slot {
	for k := range tables {
		t, shift := table(k)
		if t == nil {
			return nil
		}
		h := id * golden >> shift
		for i := h; i < h+places(k); i++ {
			if s := &t[i]; s.ID == id {
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
func (c *cursor) next() *Slot {
	for ; c.k < tables; c.k, c.i = c.k+1, 0 {
		t, _ := table(c.k)
		if t == nil {
			return nil
		}
		for c.i < len(t) {
			s := &t[c.i]
			c.i++
			if s.ID != 0 {
				return s
			}
		}
	}
	return nil
}

// claim makes a Slot for the goroutine that runs.
//
//go:norace
func claim(id uint64) *Slot {
	s := take(id)
	for s == nil {
		spin(&claiming)
		if s = take(id); s == nil { // nobody made room meanwhile
			left, all := sweep()
			if s = take(id); s == nil || left > all*2/5 {
				extend()
			}
			if s == nil {
				s = take(id)
			}
		}
		atomic.StoreUint32(&claiming, 0)
	}
	*s = Slot{ID: id, Tag: id << epochBits, Quick: id, deep: s.deep, deepCap: s.deepCap, serial: atomic.AddUint64(&newest, 1)}
	if !slow {
		s.g = gaddr()
		if parentOff != 0 {
			s.parent = gword(parentOff)
		}
	}
	return s
}

// take claims a free Slot for id, if there is one.
//
//go:norace
func take(id uint64) *Slot {
	for k := range tables {
		t, shift := table(k)
		if t == nil {
			return nil
		}
		h := id * golden >> shift
		for i := h; i < h+places(k); i++ {
			if s := &t[i]; s.ID == 0 && atomic.CompareAndSwapUint64(&s.ID, 0, id) {
				return s
			}
		}
	}
	return nil
}

var (
	claiming uint32 // a spin lock: who holds it makes room
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
			t := make([]Slot, 1<<(firstBits+(k+1)*moreBits)+further)
			more[k].Store(&t)
			return
		}
	}
	panic("lockcheck: internal error: more than a million goroutines hold locks")
}
