package record

import (
	"sync/atomic"
	"unsafe"

	"github.com/lockcheck/lockcheck/runtime/internal/decide"
	"github.com/lockcheck/lockcheck/runtime/internal/tell"
)

// A goroutine that is about to block says for which lock, and then looks whether those
// it waits for wait for it: directly, or through others. If so, none of them will ever
// go on. The last one to block sees the whole circle, since each says that it waits
// before it looks.
//
// The wait-for graph, by goroutine:
//
//	who waits for a lock           waits for its exclusive holder;
//	who waits to write             waits for every reader;
//	who waits to read, and nobody  waits for every goroutine that waits
//	holds it exclusively           to write, since readers queue behind it.
//
// Each of these must go on before the waiting one can, so any circle is a deadlock. Others' slots
// are read as they change: a circle counts if it is the same the second time, and
// each member was all the while in the same wait, of which a number tells. Those who wait hold
// what they hold.

// Passed notes that the goroutine would have acquired l, had it come earlier. Like Acquired,
// it must be called by the method that the user calls.
//
//go:norace
//go:noinline
func Passed(l *Lock, mode uint32) {
	var id uint64
	var pc uintptr
	if slow {
		id, pc = whoSlow()
	} else {
		id, pc = self()
	}
	if s := find(id); s.N > 0 {
		consider(s, l, mode, pc)
	}
}

// Wait notes that the goroutine is about to block until it can acquire l. It reports
// what will never end, or else what may not end next time. Like Acquired, it must be called by the method that
// the user calls, which then blocks and calls Got.
//
//go:norace
//go:noinline
func Wait(l *Lock, mode uint32) {
	var id uint64
	var pc uintptr
	if slow {
		id, pc = whoSlow()
	} else {
		id, pc = self()
	}
	s := find(id)
	if s.alarm&muted != 0 {
		return
	}
	if s.alarm&inbox != 0 {
		drain(s)
	}
	publish(s, l, mode, pc)
	if !(s.N > 0 && look(s, false)) && !s.blocksItself(address(l), mode) {
		consider(s, l, mode, pc)
	}
	if f := OnWait; f != nil {
		f()
	}
}

// OnDelivered is called by a goroutine that has caused reports, when they are printed. It is set at start.
var OnDelivered = func() {}

// OnWait is called when a goroutine is about to block. It is set at start only.
var OnWait func()

// Got notes that the wait is over.
//
//go:norace
func Got() {
	running().wait = 0
}

//go:norace
func publish(s *Slot, l *Lock, mode uint32, pc uintptr) {
	s.waitClass = l.class
	s.waitMode = mode
	s.waitPC = pc
	s.waitSeq++
	raceDisable()
	atomic.StoreUintptr(&s.wait, address(l))
	raceEnable()
}

// blocksItself reports whether the goroutine holds lock so that it cannot acquire it again.
//
//go:norace
func (s *Slot) blocksItself(lock uintptr, mode uint32) bool {
	for i := range s.N {
		if h := s.peek(i); h != nil && h.Lock == lock && (h.Mode&Read == 0 || mode&Read == 0) {
			return true
		}
	}
	return false
}

// lockedAt returns where the goroutine acquired a lock that it holds, 0 if it does not.
//
//go:norace
func (s *Slot) lockedAt(lock uintptr) uintptr {
	for i := range s.N {
		if h := s.peek(i); h != nil && h.Lock == lock {
			return h.PC
		}
	}
	return 0
}

const maxCircle = 32

// crowd is the number of goroutines beyond which readers are not looked for at once, which takes time in their
// number, but by the watchdog, when a wait has lasted for a second.
const crowd = 512

type circle struct {
	slots [maxCircle]*Slot
	seqs  [maxCircle]uint32
	n     int
}

// look reports a circle of waiting through s, which waits. With again set, s has waited
// for some time, and locks that are unlocked by other goroutines now and then are no excuse.
//
//go:norace
func look(s *Slot, again bool) bool {
	r := &decide.Circle{Again: again}
	if n := ring(s); n > maxCircle {
		r.Members = long(s, n)
		if r.Members == nil {
			return false
		}
	} else {
		var a, b circle
		if !a.through(s, again) || !b.through(s, again) || a != b {
			return false
		}
		if a.n == 1 && !again && s.waitMode&RW == 0 && tell.Started(s.ID, s.lockedAt(s.wait)) {
			return false // a mutex may be used to wait for a goroutine: who is started while it is held may unlock it
		}
		for _, m := range a.slots[:a.n] {
			r.Members = append(r.Members, m.exportWait())
		}
	}
	r.Stack = make([]uintptr, maxStack)
	r.Stack = r.Stack[:stack(r.Stack, nil)]
	deliver(enter(func() []*decide.Finding { return decide.Deadlock(r) }))
	return true
}

// ring returns how many goroutines there are in a circle through s in which each waits for the exclusive holder of a lock, 0 if
// there is no such circle. Each has one to wait for, so it takes no memory to follow them.
//
//go:norace
func ring(s *Slot) int {
	const most = 1 << 20
	o := s
	for n := 1; n < most; n++ {
		lock := o.wait
		if lock == 0 {
			return 0
		}
		own := owner(lock)
		if own == nil || !own.excludes(lock) {
			return 0
		}
		if own == s {
			return n
		}
		o = own
	}
	return 0
}

// long returns the members of a ring of n goroutines, nil if it is another one the second time.
//
//go:norace
func long(s *Slot, n int) []decide.State {
	var members []decide.State
	slots := make([]*Slot, 0, n)
	for o := s; len(slots) < n; {
		slots = append(slots, o)
		members = append(members, o.exportWait())
		lock := o.wait
		if lock == 0 {
			return nil
		}
		if o = owner(lock); o == nil || !o.excludes(lock) {
			return nil
		}
	}
	for i, o := range slots {
		next := slots[(i+1)%n]
		if o.waitSeq != members[i].WaitSeq || o.wait != members[i].Wait || !next.excludes(o.wait) {
			return nil
		}
	}
	return members
}

// through searches for a circle through s: depth first.
//
//go:norace
func (c *circle) through(s *Slot, again bool) bool {
	var seen [256]*Slot
	var todo [256]step
	c.n = 0
	nseen, ntodo := 0, 1
	todo[0] = step{s, 0}
	for ntodo > 0 {
		ntodo--
		t := todo[ntodo]
		if t.level >= maxCircle {
			continue
		}
		c.slots[t.level] = t.s
		c.seqs[t.level] = t.s.waitSeq
		c.n = t.level + 1
		lock := t.s.wait
		if lock == 0 {
			continue
		}
		mode := t.s.waitMode
		own := owner(lock)
		if own != nil && own.excludes(lock) {
			if own == s {
				return true
			}
			push(own, t.level, &todo, &ntodo, &seen, &nseen)
			continue
		}
		if mode&RW == 0 || !again && atomic.LoadInt64(&survivors) > crowd {
			continue
		}
		for cur := (cursor{}); ; {
			o := cur.next()
			if o == nil {
				break
			}
			blocks := false
			if mode&Read == 0 {
				blocks = (o != t.s || t.level == 0) && holds(o, lock)
			} else {
				blocks = o != t.s && o.wait == lock && o.waitMode&Read == 0
			}
			if !blocks {
				continue
			}
			if o == s {
				return true
			}
			push(o, t.level, &todo, &ntodo, &seen, &nseen)
		}
	}
	return false
}

type step struct {
	s     *Slot
	level int
}

//go:norace
func push(o *Slot, level int, todo *[256]step, ntodo *int, seen *[256]*Slot, nseen *int) {
	for _, p := range seen[:*nseen] {
		if p == o {
			return
		}
	}
	if *nseen == len(seen) || *ntodo == len(todo) {
		return
	}
	seen[*nseen] = o
	*nseen++
	todo[*ntodo] = step{o, level + 1}
	*ntodo++
}

// owner returns the Slot of the last goroutine that acquired a lock exclusively. The
// lock is one that a goroutine waits for, so it exists.
//
//go:norace
//go:nocheckptr
func owner(lock uintptr) *Slot {
	o := (*Lock)(unsafe.Add(nil, lock)).Owner
	if o == 0 {
		return nil
	}
	return (*Slot)(unsafe.Add(nil, o))
}

// excludes reports whether the goroutine holds lock exclusively.
//
//go:norace
func (s *Slot) excludes(lock uintptr) bool {
	for i := range min(s.N, maxDeep) {
		if h := s.peek(i); h != nil && h.Lock == lock && h.Mode&Read == 0 {
			return true
		}
	}
	return false
}

// Relocked says that the lock acquired last was acquired on behalf of the caller of the function that
// calls it.
//
//go:norace
//go:noinline
func Relocked() {
	s := running()
	if s.N == 0 {
		return
	}
	var pc uintptr
	if slow {
		_, pc = whoSlow()
	} else {
		_, pc = self()
	}
	h := s.at(s.N - 1)
	h.PC = pc
}
