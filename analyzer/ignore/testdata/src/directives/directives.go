// Purpose: directives that silence findings of all checks, at the finding and at a
// step that proves it; those that silence nothing; and malformed ones, which have
// no effect. All checks run here, not ignore alone.

package directives

import (
	"directives/store"
	"sync"
)

type T struct {
	mu sync.Mutex
	rw sync.RWMutex
	n  int
}

func (t *T) PlainBad() {
	t.mu.Lock()
	t.mu.Lock() // want `t\.mu is locked again .*\(doublelock\)`
}

func (t *T) AboveOk() {
	t.mu.Lock()
	//lockcheck:ignore doublelock a test of the hang detector
	t.mu.Lock()
}

func (t *T) BehindOk() {
	t.mu.Lock()
	t.mu.Lock() //lockcheck:ignore doublelock a test of the hang detector
}

// At the first Lock, which is a step of the proof.
func (t *T) StepOk() {
	t.mu.Lock() //lockcheck:ignore doublelock a test of the hang detector
	t.n++
	t.n--
	t.mu.Lock()
}

// FunctionOk hangs.
//
//lockcheck:ignore doublelock a test of the hang detector
func (t *T) FunctionOk() {
	t.mu.Lock()
	t.n++
	t.n--
	t.mu.Lock()
}

func (t *T) SeveralOk() {
	t.mu.Lock()
	//lockcheck:ignore lockorder,doublelock a test of the hang detector
	t.mu.Lock()
}

func (t *T) LintOk() {
	t.mu.Lock()
	//lint:ignore doublelock a test of the hang detector
	t.mu.Lock()
}

func (t *T) NolintOk() {
	t.mu.Lock()
	t.mu.Lock() //nolint:lockcheck // a test of the hang detector
}

func (t *T) OtherToolBad() {
	t.mu.Lock()
	t.mu.Lock() //nolint:errcheck // want `t\.mu is locked again .*\(doublelock\)`
}

func (t *T) OtherCheckBad() {
	t.mu.Lock()
	//lockcheck:ignore lockorder wrong check // want `^lockcheck:ignore directive silences nothing \(ignore\)$`
	t.mu.Lock() // want `t\.mu is locked again .*\(doublelock\)`
}

func (t *T) TooFarBad() {
	t.mu.Lock()
	t.n++
	//lockcheck:ignore doublelock too far away // want `^lockcheck:ignore directive silences nothing \(ignore\)$`
	t.n++

	t.mu.Lock() // want `t\.mu is locked again .*\(doublelock\)`
}

func (t *T) NoReasonBad() {
	t.mu.Lock()
	t.n++
	/* want `^lockcheck:ignore directive gives no reason; write //lockcheck:ignore check reason \(ignore\)$` */ //lockcheck:ignore doublelock
	t.mu.Lock()                                                                                                 // want `t\.mu is locked again .*\(doublelock\)`
}

func (t *T) NoCheckBad() {
	t.mu.Lock()
	t.n++
	/* want `^lockcheck:ignore directive names no check; write //lockcheck:ignore check reason \(ignore\)$` */ //lockcheck:ignore
	t.mu.Lock()                                                                                                // want `t\.mu is locked again .*\(doublelock\)`
}

func (t *T) UnknownBad() {
	t.mu.Lock()
	t.n++
	//lockcheck:ignore deadlock it is fine // want `^lockcheck:ignore directive names deadlock, which is not a check \(ignore\)$`
	t.mu.Lock() // want `t\.mu is locked again .*\(doublelock\)`
}

// Nothing is found here any more.
func (t *T) FixedBad() {
	t.mu.Lock()
	//lockcheck:ignore doublelock was true once // want `^lockcheck:ignore directive silences nothing \(ignore\)$`
	t.mu.Unlock()
}

func (t *T) Write() {
	t.rw.Lock()
	t.rw.Unlock()
}

func (t *T) RecursionBad() {
	t.rw.RLock()
	t.rw.RLock() // want `t\.rw is read-locked again .*\(rlockrecursion\)`
}

func (t *T) RecursionOk() {
	t.rw.RLock()
	//lockcheck:ignore rlockrecursion the only writer is done
	t.rw.RLock()
}

// Both orders; the other side of A and B is silenced in package store.
func BA() {
	store.B.Lock()
	defer store.B.Unlock()
	store.A.Lock()
	store.A.Unlock()
}

func DC() {
	store.D.Lock()
	defer store.D.Unlock()
	store.C.Lock() // want `store\.C is locked while store\.D is held, .*\(lockorder\)`
	store.C.Unlock()
}

type U struct{ a, b sync.Mutex }

func (u *U) AB() {
	u.a.Lock()
	u.b.Lock()
	u.b.Unlock()
	u.a.Unlock()
}

// The second of two sides.
func (u *U) BA() {
	u.b.Lock()
	//lockcheck:ignore lockorder AB runs before BA
	u.a.Lock()
	u.a.Unlock()
	u.b.Unlock()
}
