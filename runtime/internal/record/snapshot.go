package record

import (
	"runtime"
	"sync/atomic"

	"github.com/lockcheck/lockcheck/runtime/internal/decide"
	"github.com/lockcheck/lockcheck/runtime/internal/tell"
)

// maxStack is the number of frames kept of a stack.
const maxStack = 32

// stack stores the stack of the goroutine that runs, without frames of this
// package, and for each frame how far it is from the end of the stack (0 if that is not known).
//
//go:norace
func stack(pcs, depths []uintptr) int {
	n := runtime.Callers(3, pcs)
	if depths == nil || slow {
		return n
	}
	var fpcs, fdepths [maxStack + 8]uintptr
	m := int(frames(&fpcs[0], &fdepths[0], uintptr(len(fpcs))))
	// Physical frames are a part of what Callers returns, in the same order.
	i := 0
	for j := range n {
		for k := i; k < m; k++ {
			if fpcs[k] == pcs[j] {
				depths[j] = fdepths[k]
				i = k + 1
				break
			}
		}
	}
	return n
}

// depthOf returns how far the frame to which a function close to this one returns, at pc, is from the end
// of the stack; 0 if it is not known.
//
//go:norace
func depthOf(pc uintptr) uint32 {
	if slow {
		return 0
	}
	var pcs, depths [8]uintptr
	n := frames(&pcs[0], &depths[0], uintptr(len(pcs)))
	for i := range n {
		if pcs[i] == pc {
			return uint32(depths[i])
		}
	}
	return 0
}

// exportWait copies what a goroutine holds and waits for.
//
//go:norace
func (s *Slot) exportWait() decide.State {
	st := decide.State{
		Goroutine: s.ID,
		Parent:    s.parent,
		Wait:      s.wait,
		WaitMode:  decide.Mode(s.waitMode &^ RW),
		WaitRW:    s.waitMode&RW != 0,
		WaitPC:    s.waitPC,
		WaitSeq:   s.waitSeq,
	}
	if st.Wait != 0 {
		st.WaitClass = s.waitClass
	}
	for i := range min(s.N, maxDeep) {
		if h := s.peek(i); h != nil {
			st.Held = append(st.Held, h.export())
		}
	}
	return st
}

// Snapshot returns the state of all goroutines that hold a lock or wait for one. That
// of a goroutine which runs may be a moment old.
//
//go:norace
func Snapshot() []decide.State {
	raceDisable()
	spin(&claiming)
	sweep()
	atomic.StoreUint32(&claiming, 0)
	raceEnable()
	var out []decide.State
	for c := (cursor{}); ; {
		s := c.next()
		if s == nil {
			break
		}
		if s.N == 0 && s.wait == 0 || s.alarm&muted != 0 {
			continue
		}
		st := s.exportWait()
		for range 3 {
			again := s.exportWait()
			if same(&st, &again) {
				break
			}
			st = again
		}
		st.Held = withoutHanded(s, st.Held)
		out = append(out, st)
	}
	return append(out, orphans()...)
}

//go:norace
func same(a, b *decide.State) bool {
	if a.Goroutine != b.Goroutine || a.Wait != b.Wait || a.WaitSeq != b.WaitSeq || len(a.Held) != len(b.Held) {
		return false
	}
	for i := range a.Held {
		if a.Held[i] != b.Held[i] {
			return false
		}
	}
	return true
}

// withoutHanded leaves out the locks that others released.
//
//go:norace
func withoutHanded(s *Slot, list []decide.Held) []decide.Held {
	if s.alarm&inbox == 0 {
		return list
	}
	raceDisable()
	spin(&handLock)
	out := list[:0]
	for _, h := range list {
		if !handed(s.ID, h.Lock) {
			out = append(out, h)
		}
	}
	atomic.StoreUint32(&handLock, 0)
	raceEnable()
	return out
}

// Goroutines that ended while they held locks. Another may still release these.
var grave []decide.State

// maxGraves bounds what a program costs that leaves all its locks locked.
const maxGraves = 4096

// bury keeps what a goroutine that is no more holds. The caller holds claiming.
//
//go:norace
func bury(s *Slot) {
	if s.alarm&inbox != 0 {
		drain(s)
	}
	if s.N > 0 && len(grave) < maxGraves && s.alarm&muted == 0 {
		st := s.exportWait()
		st.Ended = true
		grave = append(grave, st)
	}
	s.N, s.wait = 0, 0
}

// exhume forgets that a goroutine that is no more holds a lock, and reports whether one did.
//
//go:norace
func exhume(lock uintptr) bool {
	spin(&claiming)
	defer atomic.StoreUint32(&claiming, 0)
	for i := range grave {
		g := &grave[i]
		for k, h := range g.Held {
			if h.Lock == lock {
				g.Held = append(g.Held[:k:k], g.Held[k+1:]...)
				if last := len(grave) - 1; len(g.Held) == 0 {
					grave[i] = grave[last]
					grave[last] = decide.State{}
					grave = grave[:last]
				}
				return true
			}
		}
	}
	return false
}

//go:norace
func orphans() []decide.State {
	raceDisable()
	spin(&claiming)
	out := append([]decide.State(nil), grave...)
	atomic.StoreUint32(&claiming, 0)
	raceEnable()
	return out
}

// Sites returns, for each of some classes, calls that lock its locks.
func Sites(classes []uint32) [][]uintptr {
	out := make([][]uintptr, len(classes))
	enterOpenly(func() []*decide.Finding {
		for i, c := range classes {
			out[i] = decide.Sites(c)
		}
		return nil
	})
	return out
}

// Counts returns how much was learned, and how many acquisitions could not be remembered.
func Counts() (decide.Stats, uint64) {
	var s decide.Stats
	enterOpenly(func() []*decide.Finding { s = decide.Counts(); return nil })
	return s, dropped
}

// Parent returns the id of the goroutine that started another, if that is known.
//
//go:norace
func Parent(id uint64) uint64 {
	raceDisable()
	s := lookup(id)
	raceEnable()
	if s == nil {
		return 0
	}
	return s.parent
}

// dead reports whether a goroutine that had a slot has ended.
//
//go:norace
func dead(id uint64) bool {
	raceDisable()
	s := lookup(id)
	raceEnable()
	if s == nil {
		return true
	}
	return canAsk && s.g != 0 && !askAlive(s.g, id)
}

// Current returns the id of the goroutine that runs.
//
//go:norace
func Current() uint64 { return running().ID }

// The hooks are set before any goroutine of the engine is started, which is done in init functions.
var _ = hooks()

func hooks() bool {
	tell.Parent = Parent
	decide.Dead = dead
	decide.Collected = func(instance uint32) {
		enter(func() []*decide.Finding { decide.Forget(instance); return nil })
	}
	return true
}
