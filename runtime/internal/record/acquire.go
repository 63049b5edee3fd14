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
	class uint32
	inst  uint32 // number of this lock; 0 if it was never locked

	// The last exclusive acquisition.
	owner uintptr // slot of the goroutine
	tag   uint64  // of the goroutine; 0 if the acquisition must be looked at in any case
	under uint64  // chain before it
	chain uint64  // chain after it
	pc    uintptr // call site, which tells the mode, too
	depth uint32  // as in held
}

// Modes are bits. A lock that is not exclusive has other holders than owner.
const (
	Write = 0
	Read  = 1 << 0
	Try   = 1 << 1 // acquired by an attempt, which cannot block
	RW    = 1 << 3 // set for all modes of a lock that has readers

	plain = 1 << 4 // set in an entry if all that there is to know about it is in its key
	modes = plain - 1
)

// Acquired notes that the goroutine has acquired l, and must be called by the method
// that its user calls. If something is new, it is told to the engine, which may
// report. Read locks are noted by AcquiredRead.
//
//go:norace
//go:noinline
//go:nocheckptr
func Acquired(l *Lock, mode uint32) {
	var id uint64
	var pc uintptr
	if slow {
		id, pc = whoSlow()
	} else {
		id, pc = self()
	}
	if l.owner != 0 {
		s := (*slot)(unsafe.Add(nil, l.owner))
		if n := s.n; s.id == id && n < inline && s.alarm == 0 {
			h := &s.held[n+1]
			under := s.held[n].chain
			if h.again(l, pc, under, mode) && s.fresh == s.tag {
				s.n = n + 1
				return
			}
			if l.tag == s.tag && l.under == under && l.pc == pc {
				h.lock = address(l)
				h.pc = pc
				h.under = under
				h.chain = l.chain
				h.class = l.class
				h.inst = l.inst
				h.depth = l.depth
				h.mode = uint16(mode) | plain
				h.mark = 0
				s.n = n + 1
				return
			}
		}
	}
	s := find(id)
	h := acquire(s, l, mode, pc)
	l.owner = uintptr(unsafe.Pointer(s))
	l.under = h.under
	l.chain = h.chain
	l.pc = pc
	l.depth = h.depth
	if h.mode&plain != 0 {
		l.tag = s.tag
	} else {
		l.tag = 0
	}
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
	s := &first[id*golden>>(64-firstBits)]
	if s.id == id {
		if n := s.n; n < inline && s.alarm == 0 && s.fresh == s.tag && s.held[n+1].again(l, pc, s.held[n].chain, mode) {
			s.n = n + 1
			return
		}
	} else {
		s = find(id)
	}
	acquire(s, l, mode, pc)
}

// again reports whether an entry that is not in use any more says the same as one to be
// made, and that everything about that is known.
//
//go:norace
func (h *held) again(l *Lock, pc uintptr, under uint64, mode uint32) bool {
	return h.lock == address(l) && h.pc == pc && h.under == under && h.inst == l.inst &&
		uint32(h.mode) == mode|plain && h.mark == 0
}

func address(l *Lock) uintptr { return uintptr(unsafe.Pointer(l)) }

// acquire appends to the list of s.
//
//go:norace
func acquire(s *slot, l *Lock, mode uint32, pc uintptr) *held {
	if s.fresh != s.tag {
		for i := s.n + 1; i <= inline; i++ {
			s.held[i].lock = 0
		}
		s.fresh = s.tag
	}
	chain, known := consider(s, l, mode, pc)
	n := s.n
	h := s.at(n)
	h.lock = address(l)
	h.pc = pc
	h.under = s.chain()
	h.chain = chain
	h.class = l.class
	h.inst = l.inst
	h.depth = depthOf(pc)
	h.mode = uint16(mode)
	if known {
		h.mode |= plain
	}
	h.mark = 0
	s.n = n + 1
	return h
}

// consider tells the engine of an acquisition if it is new.
//
//go:norace
func consider(s *slot, l *Lock, mode uint32, pc uintptr) (chain uint64, plain bool) {
	if s.alarm&inbox != 0 {
		drain(s)
	}
	if l.class != 0 {
		chain = after(s, l.class, mode)
		key := keyOf(chain, pc)
		if e := lookFor(key); e != nil {
			switch who := e.who; {
			case who == everyone, who == s.tag, s.seen[key&15] == key^s.tag:
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
func after(s *slot, class, mode uint32) uint64 {
	if s.n > 0 {
		if h := s.at(s.n - 1); h.class == class && uint32(h.mode&modes) == mode {
			return h.chain
		}
	}
	return next(s.chain(), class, mode)
}

// ordered reports whether the order of l and the lock of its class that was acquired
// last is known.
//
//go:norace
func ordered(s *slot, l *Lock, mode uint32) bool {
	for i := s.n; i > 0; i-- {
		h := s.at(i - 1)
		if h.class != l.class {
			continue
		}
		if h.lock == address(l) {
			return lookFor(recursionKey(l.class, mode)) != nil
		}
		return h.inst != 0 && l.inst != 0 && lookFor(orderKey(h.inst, l.inst, uint32(h.mode&3)|mode&3<<2)) != nil
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
func ask(s *slot, l *Lock, mode uint32, pc uintptr) (chain uint64, plain bool) {
	r := &decide.Request{
		Goroutine: s.id,
		Lock:      address(l),
		Class:     l.class,
		Instance:  l.inst,
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
	l.class, l.inst = r.Class, r.Instance
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
		who = s.tag
		s.seen[key&15] = key ^ s.tag
	}
	raceDisable()
	spin(&learning)
	learn(key, who)
	if r.Pair {
		learn(orderKey(r.PairWith, l.inst, r.PairModes), everyone)
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
func capture(s *slot, r *decide.Request) {
	r.Held = make([]decide.Held, s.n)
	for i := range r.Held {
		r.Held[i] = s.at(uint64(i)).export()
	}
	r.Kin = kin(s)
	r.Stack = make([]uintptr, maxStack)
	r.Depths = make([]uintptr, maxStack)
	n := stack(r.Stack, r.Depths)
	r.Stack, r.Depths = r.Stack[:n], r.Depths[:n]
}

//go:norace
func (h *held) export() decide.Held {
	return decide.Held{Lock: h.lock, Class: h.class, Instance: h.inst, Mode: decide.Mode(h.mode & 3), PC: h.pc, Depth: uintptr(h.depth)}
}
