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
	if l.Owner != 0 {
		if s := (*Slot)(unsafe.Add(nil, l.Owner)); s.ID == id && pop(s, address(l)) {
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
	s := &First[id*golden>>(64-firstBits)]
	if s.ID != id {
		s = find(id)
	}
	return pop(s, address(l)) || release(s, l)
}

// pop takes the last entry off the list if it is that of lock.
//
//go:norace
func pop(s *Slot, lock uintptr) bool {
	n := s.N
	if n-1 >= Inline || s.Held[n].Lock != lock {
		return false
	}
	s.N = n - 1
	return true
}

// release takes an entry off anywhere in the list, or off that of another goroutine.
//
//go:norace
func release(s *Slot, l *Lock) bool {
	if s.alarm&inbox != 0 {
		drain(s)
	}
	return remove(s, address(l), l.Index, false) || foreign(s, l)
}

// remove takes the last entry of lock, or the first, out of the list of s. It may be at hint. What comes after it is summed up anew at
// once in a short list, and before the next acquisition in a long one: who gives back n locks in any order pays for each the same.
//
//go:norace
func remove(s *Slot, lock uintptr, hint uint64, oldest bool) bool {
	i := uint64(0)
	if !oldest && hint >= Inline && hint < s.N && s.at(hint).Lock == lock {
		i = hint + 1
	}
	for k := range s.N {
		if i > 0 {
			break
		}
		if oldest {
			if s.at(k).Lock == lock {
				i = k + 1
			}
		} else if s.at(s.N-1-k).Lock == lock {
			i = s.N - k
		}
	}
	if i == 0 {
		return false
	}
	if s.N > Inline || s.holes {
		*s.at(i - 1) = Entry{}
		s.hole()
		return true
	}
	last := s.N - 1
	for ; i <= last; i++ {
		*s.at(i - 1) = *s.at(i)
	}
	s.N = last
	s.sum()
	return true
}

// hole shortens a list whose last entries have been taken out.
//
//go:norace
func (s *Slot) hole() {
	n := s.N
	for n > 0 && s.at(n-1).Lock == 0 {
		n--
	}
	s.N = n
	s.holes = n > 0
	raceDisable()
	atomic.StoreUint64(&s.Quick, 0) // until it is compact
	raceEnable()
}

// compact closes the holes of a list.
//
//go:norace
func (s *Slot) compact() {
	n := uint64(0)
	for i := range s.N {
		if h := s.at(i); h.Lock != 0 {
			if i != n {
				*s.at(n) = *h
			}
			n++
		}
	}
	s.N = n
	s.holes = false
	s.sum()
}

// sum computes the chains of a list anew. What stands after it is of no use any more.
//
//go:norace
func (s *Slot) sum() {
	chain := s.Held[0].Chain
	for n := range s.N {
		h := s.at(n)
		h.Under = chain
		if n == 0 || s.at(n-1).class != h.class || s.at(n-1).Mode&modes != h.Mode&modes {
			chain = next(chain, h.class, uint32(h.Mode&modes))
		}
		h.Chain = chain
	}
	if s.N < Inline {
		s.Held[s.N+1].Lock = 0
	}
}

// Locks that another goroutine released, until their holder takes note of it.
var (
	handLock  uint32 // a spin lock
	handovers []handover
)

type handover struct {
	id   uint64
	lock uintptr
}

// foreign notes that s's goroutine releases a lock which another acquired, and reports whether one
// did.
//
//go:norace
func foreign(s *Slot, l *Lock) bool {
	lock := address(l)
	raceDisable()
	spin(&handLock)
	var from *Slot
	for c := (cursor{}); from == nil; {
		o := c.next()
		if o == nil {
			break
		}
		if o != s && holds(o, lock) && !handed(o.ID, lock) {
			from = o
		}
	}
	if from != nil {
		handovers = append(handovers, handover{from.ID, lock})
		atomic.StoreUint32(&from.alarm, from.alarm|inbox)
		atomic.StoreUint64(&from.Quick, 0)
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
	m := &decide.Misuse{Goroutine: s.ID, Lock: address(l), Class: l.class, LastPC: l.pc, Last: l.tag >> epochBits}
	m.Stack = make([]uintptr, maxStack)
	m.Stack = m.Stack[:stack(m.Stack, nil)]
	deliver(enter(func() []*decide.Finding { return decide.Unlocked(m) }))
}

// handed reports whether the holder has yet to note that another released lock. The
// caller holds handLock.
//
//go:norace
func handed(id uint64, lock uintptr) bool {
	for _, h := range handovers {
		if h.id == id && h.lock == lock {
			return true
		}
	}
	return false
}

// drain takes note of what others released.
//
//go:norace
func drain(s *Slot) {
	raceDisable()
	spin(&handLock)
	kept := 0
	for _, h := range handovers {
		if h.id == s.ID {
			remove(s, h.lock, 0, true)
			continue
		}
		handovers[kept] = h
		kept++
	}
	handovers = handovers[:kept]
	atomic.StoreUint32(&s.alarm, s.alarm&^inbox)
	atomic.StoreUint32(&handLock, 0)
	raceEnable()
}

//go:norace
func holds(s *Slot, lock uintptr) bool {
	for i := range min(s.N, maxDeep) {
		if h := s.peek(i); h != nil && h.Lock == lock {
			return true
		}
	}
	return false
}
