package record

import (
	"sync/atomic"
	"unsafe"

	"github.com/lockcheck/lockcheck/runtime/internal/decide"
)

// A Lock is what is kept beside each lock. The zero value is that of a lock which was
// never locked. Its fields are changed by the goroutine that holds the lock
// exclusively, only. Its address names the lock.
type Lock struct {
	// The last exclusive acquisition, as it stands in the list of the goroutine.
	Owner uintptr // slot of the goroutine, or 0
	Entry uintptr // where the entry before it is; 0 if one of them is not in the slot, or says less than all
	Index uint64  // number of entries before it

	// The same, for acquisitions in turn with those of other locks, which take its entry.
	tag   uint64  // of the goroutine; 0 if the acquisition must be looked at in any case
	under uint64  // chain before it
	chain uint64  // chain after it
	pc    uintptr // call site, which tells the mode, too
	depth uint32  // as in Entry

	reader uintptr // slot of a goroutine that read-locked it, or 0

	class uint32
	Inst  uint32 // number of this lock; 0 if it was never locked
}

// Modes are bits. A lock that is not exclusive has other holders than owner.
const (
	Write = 0
	Read  = 1 << 0
	Try   = 1 << 1 // acquired by an attempt, which cannot block
	RW    = 1 << 3 // set for all modes of a lock that has readers

	Plain = 1 << 4 // set in an Entry if all that there is to know about it is in its key
	modes = Plain - 1
)

// Acquired notes that the goroutine has acquired l, and must be called by the method
// that its user calls. If something is new, it is told to the engine, which may
// report. Read locks are noted by AcquiredRead.
//
//go:norace
//go:noinline
func Acquired(l *Lock, mode uint32) {
	var id uint64
	var pc uintptr
	if slow {
		id, pc = whoSlow()
	} else {
		id, pc = self()
	}
	AcquiredAt(l, mode, id, pc)
}

// AcquiredAt is Acquired for a caller that knows its goroutine and its call site.
//
//go:norace
//go:noinline
//go:nocheckptr
func AcquiredAt(l *Lock, mode uint32, id uint64, pc uintptr) {
	if l.Owner != 0 {
		s := (*Slot)(unsafe.Add(nil, l.Owner))
		if n := s.N; s.Quick == id && n < Inline && l.tag == s.Tag && l.pc == pc && l.under == s.Held[n].Chain {
			h := &s.Held[n+1]
			h.Lock = address(l)
			h.PC = pc
			h.Under = l.under
			h.Chain = l.chain
			h.class = l.class
			h.Inst = l.Inst
			h.Mode = uint16(mode) | Plain
			h.Mark = 0
			h.depth = l.depth
			s.N = n + 1
			l.Entry = uintptr(unsafe.Pointer(&s.Held[n]))
			l.Index = n
			return
		}
	}
	s := find(id)
	n := s.N
	h := acquire(s, l, mode, pc)
	l.Owner = uintptr(unsafe.Pointer(s))
	l.Entry = 0
	if n < Inline && h.Mode&Plain != 0 {
		l.Entry = uintptr(unsafe.Pointer(&s.Held[n]))
	}
	l.Index = n
	l.under = h.Under
	l.chain = h.Chain
	l.pc = pc
	l.depth = h.depth
	if h.Mode&Plain != 0 {
		l.tag = s.Tag
	} else {
		l.tag = 0
	}
}

// Again reports whether the goroutine, whose id is given, makes its last exclusive acquisition of
// l anew, at the same place, with the same locks held, and with nothing to look at. If so, it is noted.
//
//go:norace
//go:nocheckptr
func (l *Lock) Again(id uint64, pc uintptr) bool {
	if l.Entry == 0 {
		return false
	}
	s := (*Slot)(unsafe.Add(nil, l.Owner))
	h := (*[2]Entry)(unsafe.Add(nil, l.Entry))
	if s.Quick != id || s.N != l.Index || h[1].Lock != address(l) || h[1].PC != pc || h[1].Under != h[0].Chain || h[1].Mode&Read != 0 {
		return false // a call through an interface may be of Lock once, and of RLock another time
	}
	s.N = l.Index + 1
	return true
}

// Undone reports whether l is what the goroutine acquired last, exclusively. If so, that is
// undone.
//
//go:norace
//go:nocheckptr
func (l *Lock) Undone(id uint64) bool {
	if l.Entry == 0 {
		return false
	}
	s := (*Slot)(unsafe.Add(nil, l.Owner))
	h := (*[2]Entry)(unsafe.Add(nil, l.Entry))
	if s.ID != id || s.N != l.Index+1 || h[1].Lock != address(l) {
		return false
	}
	s.N = l.Index
	return true
}

// Reader returns the slot of a goroutine that acquires or releases l for reading, or, if that is not
// known at once, of another: look at its id.
//
//go:norace
//go:nocheckptr
func (l *Lock) Reader(id uint64) *Slot {
	if s := (*Slot)(unsafe.Add(nil, l.reader)); l.reader != 0 && s.ID == id {
		return s
	}
	return &First[id*golden>>(64-firstBits)]
}

// AgainRead is Again for read locks, by the slot from Reader.
//
//go:norace
//go:nocheckptr
func (l *Lock) AgainRead(s *Slot, id uint64, pc uintptr) bool {
	//lockcheck:ignore atomicmix others only set it to 0, and what is held is checked as well
	if s.Quick != id || s.N >= Inline {
		return false
	}
	h := (*[2]Entry)(unsafe.Pointer(&s.Held[s.N]))
	if h[1].Lock != address(l) || h[1].PC != pc || h[1].Under != h[0].Chain || h[1].Mode&(Plain|Read) != Plain|Read {
		return false
	}
	s.N++
	return true
}

// UndoneRead is Undone for read locks, by the slot from Reader.
//
//go:norace
func (l *Lock) UndoneRead(s *Slot, id uint64) bool {
	n := s.N
	if s.ID != id || n-1 >= Inline || s.Held[n].Lock != address(l) {
		return false
	}
	s.N = n - 1
	return true
}

// AcquiredRead is Acquired for locks that others may hold at once.
//
//go:norace
//go:noinline
func AcquiredRead(l *Lock, mode uint32) {
	var id uint64
	var pc uintptr
	if slow {
		id, pc = whoSlow()
	} else {
		id, pc = self()
	}
	acquire(find(id), l, mode, pc)
}

// AcquiredReadAt is AcquiredRead for a caller that knows its goroutine and its call site.
//
//go:norace
func AcquiredReadAt(l *Lock, mode uint32, id uint64, pc uintptr) {
	s := find(id)
	acquire(s, l, mode, pc)
	if l.reader == 0 {
		l.reader = uintptr(unsafe.Pointer(s)) // others find theirs at home, or go the long way
	}
}

func address(l *Lock) uintptr { return uintptr(unsafe.Pointer(l)) }

// acquire appends to the list of s.
//
//go:norace
func acquire(s *Slot, l *Lock, mode uint32, pc uintptr) *Entry {
	//lockcheck:ignore atomicmix others only set it to 0, and alarm is looked at next
	if s.Quick == 0 {
		if s.holes {
			s.compact()
		}
		for i := s.N + 1; i <= Inline; i++ {
			s.Held[i].Lock = 0
		}
		raceDisable()
		atomic.StoreUint64(&s.Quick, s.ID) // before alarm is looked at
		raceEnable()
	}
	chain, known := consider(s, l, mode, pc)
	n := s.N
	h := s.at(n)
	h.Lock = address(l)
	h.PC = pc
	h.Under = s.chain()
	h.Chain = chain
	h.class = l.class
	h.Inst = l.Inst
	h.depth = depthOf(pc)
	h.Mode = uint16(mode)
	if known {
		h.Mode |= Plain
	}
	h.Mark = 0
	s.N = n + 1
	return h
}

// consider tells the engine of an acquisition if it is new.
//
//go:norace
func consider(s *Slot, l *Lock, mode uint32, pc uintptr) (chain uint64, plain bool) {
	if s.alarm&inbox != 0 {
		drain(s)
	}
	if l.class != 0 {
		chain = after(s, l.class, mode)
		key := keyOf(chain, pc)
		if e := lookFor(key); e != nil {
			switch who := e.who; {
			case who == everyone, who == s.Tag, s.seen[key&15] == key^s.Tag:
				return chain, true
			case who == instances && ordered(s, l, mode):
				return chain, false
			}
		}
	}
	if s.alarm&muted != 0 {
		return after(s, l.class, mode), false
	}
	return ask(s, l, mode, pc)
}

// after is the chain of s after an acquisition. Several locks of one class held in
// a row count as one: their number is no matter of order.
//
//go:norace
func after(s *Slot, class, mode uint32) uint64 {
	if s.N > 0 {
		if h := s.at(s.N - 1); h.class == class && uint32(h.Mode&modes) == mode {
			return h.Chain
		}
	}
	return next(s.chain(), class, mode)
}

// ordered reports whether the order of l and the lock of its class that was acquired
// last is known.
//
//go:norace
func ordered(s *Slot, l *Lock, mode uint32) bool {
	for i := s.N; i > 0; i-- {
		h := s.at(i - 1)
		if h.class != l.class {
			continue
		}
		if h.Lock == address(l) {
			return lookFor(recursionKey(l.class, mode)) != nil
		}
		return h.Inst != 0 && l.Inst != 0 && lookFor(orderKey(h.Inst, l.Inst, uint32(h.Mode&3)|mode&3<<2)) != nil
	}
	return true // it was released by another goroutine
}

func orderKey(a, b, modes uint32) uint64 {
	return keyOf(next(uint64(a)|uint64(b)<<32, modes, 5), 1)
}

func recursionKey(class, mode uint32) uint64 { return keyOf(next(uint64(class), mode, 6), 2) }

// ask tells the engine of an acquisition.
//
//go:norace
func ask(s *Slot, l *Lock, mode uint32, pc uintptr) (chain uint64, plain bool) {
	r := &decide.Request{
		Goroutine: s.ID,
		Lock:      address(l),
		Class:     l.class,
		Instance:  l.Inst,
		Mode:      decide.Mode(mode & 3),
		PC:        pc,
		Heir:      s.heir,
		RW:        mode&RW != 0,
		Now:       atomicNow(),
		Object:    unsafe.Pointer(l),
	}
	capture(s, r)
	t := enter(func() []*decide.Finding { return decide.Learn(r) })
	if r.ToName {
		named()
	}
	l.class, l.Inst = r.Class, r.Instance
	if r.Recorded {
		s.learned = true
	}
	chain = after(s, l.class, mode)
	key := keyOf(chain, pc)
	var who uint64
	plain = true
	switch r.Who {
	case decide.Everyone:
		who = everyone
	case decide.Instances:
		who = instances
		plain = false
	default:
		who = s.Tag
		s.seen[key&15] = key ^ s.Tag
	}
	raceDisable()
	spin(&learning)
	learn(key, who)
	if r.Pair {
		learn(orderKey(r.PairWith, l.Inst, r.PairModes), everyone)
	}
	if r.Recursive {
		learn(recursionKey(l.class, mode), everyone)
	}
	atomic.StoreUint32(&learning, 0)
	raceEnable()
	deliver(t)
	return chain, plain
}

// capture copies the list of s and the stack of its goroutine, which runs.
//
//go:norace
func capture(s *Slot, r *decide.Request) {
	r.Held = heldBy(s, r.Lock, r.Class)
	r.Kin = kin(s)
	r.Stack = make([]uintptr, maxStack)
	r.Depths = make([]uintptr, maxStack)
	n := stack(r.Stack, r.Depths)
	r.Stack, r.Depths = r.Stack[:n], r.Depths[:n]
}

// few is the number of locks up to which all that a goroutine holds are told to the engine.
const few = 64

// heldBy copies the list of s, for an acquisition of a lock. Of a long list, such as one of all stripes of a table, only one of the class of the lock
// is wanted, the last.
//
//go:norace
func heldBy(s *Slot, lock uintptr, class uint32) []decide.Held {
	if s.N <= few {
		out := make([]decide.Held, s.N)
		for i := range out {
			out[i] = s.at(uint64(i)).export()
		}
		return out
	}
	last := s.N
	for last > 0 && s.at(last-1).class != class {
		last--
	}
	var out []decide.Held
	for i := range s.N {
		if h := s.at(i); h.class != class || h.Lock == lock || i+1 == last {
			out = append(out, h.export())
		}
	}
	return out
}

//go:norace
func (h *Entry) export() decide.Held {
	return decide.Held{Lock: h.Lock, Class: h.class, Instance: h.Inst, Mode: decide.Mode(h.Mode & 3), RW: h.Mode&RW != 0, PC: h.PC, Depth: uintptr(h.depth)}
}
