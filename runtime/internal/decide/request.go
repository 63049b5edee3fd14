package decide

import "unsafe"

// A Mode says how a lock is held or wanted: bits.
type Mode uint32

const (
	Read Mode = 1 << 0 // others may read at the same time
	Try  Mode = 1 << 1 // acquired by an attempt that does not block
)

func (m Mode) exclusive() bool { return m&Read == 0 }

// Excludes reports whether two goroutines cannot hold one lock in modes m and n at once.
func (m Mode) Excludes(n Mode) bool { return m.exclusive() || n.exclusive() }

// A Held is a lock that a goroutine holds.
type Held struct {
	Lock     uintptr // its address; keeps nothing alive
	Class    uint32
	Instance uint32 // number of the lock; no two locks of a process share one
	Mode     Mode
	RW       bool    // the lock has readers; only in what is exported for dumps
	PC       uintptr // where it was acquired: a return address
	Depth    uintptr // of the frame that acquired it from the end of the stack; 0 if not known
}

// A Kin is a goroutine, the one that started it, and when it was first seen.
type Kin struct{ Goroutine, Parent, Born uint64 }

// Who is known to make an acquisition.
type Who uint8

const (
	Mine      Who = iota // the goroutine that asks; others are to ask as well
	Everyone             // nobody need ask again
	Instances            // likewise, but the order of instances is to be asked for
)

// A Request is an acquisition that is about to be made or has just been made.
type Request struct {
	Goroutine uint64
	Kin       []Kin  // the goroutine and its ancestors, as far as they are known
	Now       uint64 // the time; it advances when goroutines begin and when they are waited for
	Heir      bool   // see Inherit

	Lock     uintptr
	Object   unsafe.Pointer // the lock again
	Class    uint32         // 0 if it was never locked; set by Learn
	Instance uint32         // 0 likewise
	Mode     Mode
	PC       uintptr
	Depth    uintptr
	RW       bool // the lock has readers
	Held     []Held
	Stack    []uintptr // of the goroutine, from the call of Lock outwards
	Depths   []uintptr // parallel to Stack, see Held.Depth

	// What Learn answers.
	Who       Who
	Recorded  bool   // the acquisition is a part of the graph
	Pair      bool   // the order of this pair of instances is known from now on:
	PairWith  uint32 // that of the other lock,
	PairModes uint32 // and its mode, and this one's times 4
	Recursive bool   // the goroutine holds the lock already
	ToName    bool   // there are classes to be named
}

// A State is what a goroutine holds and waits for.
type State struct {
	Goroutine, Parent uint64
	Ended             bool // the goroutine is no more
	Held              []Held
	Wait              uintptr // address of a lock, or 0
	WaitClass         uint32
	WaitMode          Mode
	WaitRW            bool // it has readers
	WaitPC            uintptr
	WaitSeq           uint32
}

// A Circle is a list of goroutines each of which waits for the next, and the last for the first.
type Circle struct {
	Members []State
	Stack   []uintptr // of the first
	Again   bool      // it has been so for some time
}
