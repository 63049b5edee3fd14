package record

import (
	"sync/atomic"
	"unsafe"

	"github.com/lockcheck/lockcheck/runtime/internal/decide"
)

// Released notes that the goroutine is about to release l, which it holds exclusively,
// or another does: that is legal. It reports whether anyone is known to hold it.
//
//go:norace
//go:noinline
//go:nocheckptr
func Released(l *Lock) bool {
	var id uint64
	if slow {
		id = idSlow()
	} else {
		id = goid()
	}
	if l.owner != 0 {
		if s := (*slot)(unsafe.Add(nil, l.owner)); s.id == id && pop(s, address(l)) {
			return true
		}
	}
	return release(find(id), l)
}

// ReleasedRead is Released for a read lock.
//
//go:norace
//go:noinline
func ReleasedRead(l *Lock) bool {
	var id uint64
	if slow {
		id = idSlow()
	} else {
		id = goid()
	}
	s := &first[id*golden>>(64-firstBits)]
	if s.id != id {
		s = find(id)
	}
	return pop(s, address(l)) || release(s, l)
}

// pop takes the last entry off the list if it is that of lock.
//
//go:norace
func pop(s *slot, lock uintptr) bool {
	n := s.n
	if n-1 >= inline || s.held[n].lock != lock {
		return false
	}
	s.n = n - 1
	return true
}

// release takes an entry off anywhere in the list, or off that of another goroutine.
//
//go:norace
func release(s *slot, l *Lock) bool {
	if s.alarm&inbox != 0 {
		drain(s)
	}
	return remove(s, address(l), false) || foreign(s, l)
}

// remove takes the last entry of lock, or the first, out of the list of s, and sums up
// anew what comes after it.
//
//go:norace
func remove(s *slot, lock uintptr, oldest bool) bool {
	i := uint64(0)
	for k := range s.n {
		if s.at(k).lock == lock {
			if i = k + 1; oldest {
				break
			}
		}
	}
	if i == 0 {
		return false
	}
	last := s.n - 1
	for ; i <= last; i++ {
		*s.at(i - 1) = *s.at(i)
	}
	s.n = last
	s.sum()
	return true
}

// sum computes the chains of a list anew. What stands after it is of no use any more.
//
//go:norace
func (s *slot) sum() {
	chain := s.held[0].chain
	for n := range s.n {
		h := s.at(n)
		h.under = chain
		if n == 0 || s.at(n-1).class != h.class || s.at(n-1).mode&modes != h.mode&modes {
			chain = next(chain, h.class, uint32(h.mode&modes))
		}
		h.chain = chain
	}
	if s.n < inline {
		s.held[s.n+1].lock = 0
	}
}

// Locks that another goroutine released, until their holder takes note of it.
var (
	handLock  uint32 // a spin lock
	handovers [256]handover
	hands     int
)

type handover struct {
	id   uint64
	lock uintptr
}

// foreign notes that s's goroutine releases a lock which another acquired, and reports whether one
// did.
//
//go:norace
func foreign(s *slot, l *Lock) bool {
	lock := address(l)
	raceDisable()
	spin(&handLock)
	var from *slot
	for c := (cursor{}); from == nil; {
		o := c.next()
		if o == nil {
			break
		}
		if o != s && holds(o, lock) && !handed(o.id, lock) {
			from = o
		}
	}
	if from != nil && hands < len(handovers) {
		handovers[hands] = handover{from.id, lock}
		hands++
		atomic.StoreUint32(&from.alarm, from.alarm|inbox)
	}
	atomic.StoreUint32(&handLock, 0)
	buried := from == nil && exhume(lock)
	raceEnable()
	if (from != nil || buried) && s.alarm&muted == 0 && l.class != 0 {
		class := l.class
		enter(func() []*decide.Finding { decide.Handed(class); return nil })
	}
	return from != nil || buried
}

// Unlocked reports that a lock is about to be unlocked which nobody holds. Package sync
// ends the program for that.
//
//go:norace
func Unlocked(l *Lock) {
	s := running()
	if s.alarm&muted != 0 {
		return
	}
	m := &decide.Misuse{Goroutine: s.id, Lock: address(l), Class: l.class, LastPC: l.pc, Last: l.tag >> epochBits}
	m.Stack = make([]uintptr, maxStack)
	m.Stack = m.Stack[:stack(m.Stack, nil)]
	deliver(enter(func() []*decide.Finding { return decide.Unlocked(m) }))
}

// handed reports whether the holder has yet to note that another released lock. The
// caller holds handLock.
//
//go:norace
func handed(id uint64, lock uintptr) bool {
	for _, h := range handovers[:hands] {
		if h.id == id && h.lock == lock {
			return true
		}
	}
	return false
}

// drain takes note of what others released.
//
//go:norace
func drain(s *slot) {
	raceDisable()
	spin(&handLock)
	kept := 0
	for _, h := range handovers[:hands] {
		if h.id == s.id {
			remove(s, h.lock, true)
			continue
		}
		handovers[kept] = h
		kept++
	}
	hands = kept
	atomic.StoreUint32(&s.alarm, s.alarm&^inbox)
	atomic.StoreUint32(&handLock, 0)
	raceEnable()
}

//go:norace
func holds(s *slot, lock uintptr) bool {
	for i := range min(s.n, maxDeep) {
		if h := s.peek(i); h != nil && h.lock == lock {
			return true
		}
	}
	return false
}
