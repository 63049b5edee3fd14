package record

import (
	"sync/atomic"
	"unsafe"

	"github.com/lockcheck/lockcheck/runtime/internal/decide"
)

// Who started whom, and who waited for whom: what a goroutine did before it started another, the other
// can only have done later; what one did before it was waited for, the one that waited can only
// follow. The Go runtime tells a goroutine's parent, and the WaitGroups of this
// module tell who was waited for. When exactly a go statement was executed is not
// known: that is taken to be when the new goroutine locks for the first time.

// begin notes a goroutine that is seen for the first time.
//
//go:norace
func begin(s *Slot) {
	s.born = tick()
	p := lookup(s.parent)
	if s.parent == 0 || p == nil {
		return
	}
	// What the parent does from now on is told apart from what it did before.
	turn(p)
	if p.N == 0 || p.alarm&muted != 0 {
		return
	}
	s.heir = true
	s.Held[0].Chain = next(p.chain(), 0, 7)
	id, parent := s.ID, p.exportWait()
	enter(func() []*decide.Finding { decide.Inherit(id, parent); return nil })
}

// now is the engine's time: it counts the events that order goroutines.
var now uint64

//go:norace
func tick() uint64 {
	raceDisable()
	t := atomic.AddUint64(&now, 1)
	raceEnable()
	return t
}

// turn begins an epoch of a goroutine.
//
//go:norace
func turn(s *Slot) {
	s.Tag = s.ID<<epochBits | (s.Tag+1)&(1<<epochBits-1)
	//lockcheck:ignore atomicmix the slot is its goroutine's own
	s.Quick = 0
}

// Mute declares the goroutine that runs one of the engine's own, from which nothing is
// to be learned, and for whose locks nothing is reported.
//
//go:norace
func Mute() {
	id := idOf()
	raceDisable()
	s := lookup(id)
	if s == nil {
		s = claim(id) // and nobody began with it
	}
	atomic.StoreUint32(&s.alarm, s.alarm|muted)
	atomic.StoreUint64(&s.Quick, 0)
	raceEnable()
}

//go:norace
func atomicNow() uint64 {
	raceDisable()
	t := atomic.LoadUint64(&now)
	raceEnable()
	return t
}

// kin returns the goroutine of s and its ancestors, as far as they have slots.
//
//go:norace
func kin(s *Slot) []decide.Kin {
	list := make([]decide.Kin, 0, 4)
	for s != nil && len(list) < 8 {
		list = append(list, decide.Kin{Goroutine: s.ID, Parent: s.parent, Born: s.born})
		if s.parent == 0 {
			break
		}
		raceDisable()
		s = lookup(s.parent)
		raceEnable()
	}
	return list
}

// A Group is what is kept beside a WaitGroup.
type Group struct{ pending uint32 }

// Done notes that the goroutine is about to call Done on the WaitGroup of g.
//
//go:norace
func Done(g *Group) {
	s := running()
	if !s.learned && !s.heir {
		return
	}
	g.pending = 1
	id, at := s.ID, tick()
	group := uintptr(unsafe.Pointer(g))
	enter(func() []*decide.Finding { decide.Done(group, id, at); return nil })
	turn(s)
}

// Joined notes that the goroutine has waited for the WaitGroup of g.
//
//go:norace
func Joined(g *Group) {
	if g.pending == 0 {
		return
	}
	g.pending = 0
	s := running()
	state, at := s.exportWait(), tick()
	group := uintptr(unsafe.Pointer(g))
	t := enter(func() []*decide.Finding { return decide.Joined(group, state, at) })
	turn(s)
	deliver(t)
}

// running returns the Slot of the goroutine that runs.
//
//go:norace
func running() *Slot { return find(idOf()) }

//go:norace
func idOf() uint64 {
	if slow {
		return idSlow()
	}
	return goid()
}
