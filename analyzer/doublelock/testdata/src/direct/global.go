// Purpose: package-level locks, on their own, in a struct variable, and behind
// a pointer variable that is set once.

package direct

import "sync"

var (
	countMu sync.Mutex
	count   int

	otherMu sync.Mutex
)

func bump() {
	countMu.Lock()
	defer countMu.Unlock()
	count++
}

func GlobalBad() {
	countMu.Lock()
	count++
	countMu.Lock() // want `countMu is locked again while this goroutine still holds it from line 22; this call never returns \(doublelock\)`
	countMu.Unlock()
}

func GlobalCallBad() {
	countMu.Lock()
	defer countMu.Unlock()
	bump() // want `calling bump locks countMu \(global\.go:16\), which is already held from line 29; the call never returns \(doublelock\)`
}

func GlobalCallOk() {
	countMu.Lock()
	count = 0
	countMu.Unlock()
	bump()
}

func GlobalOtherOk() {
	otherMu.Lock()
	defer otherMu.Unlock()
	bump()
}

var state struct {
	sync.Mutex
	n int
}

func StateBad() {
	state.Lock()
	state.n++
	state.Lock() // want `state(\.Mutex)? is locked again while this goroutine still holds it from line 53; this call never returns \(doublelock\)`
	state.Unlock()
}

func StateOk() {
	state.Lock()
	state.n++
	state.Unlock()
	state.Lock()
	state.n++
	state.Unlock()
}

type service struct {
	mu sync.Mutex
	n  int
}

var std = &service{}

func ServiceBad() {
	std.mu.Lock()
	std.n++
	std.mu.Lock() // want `std\.mu is locked again while this goroutine still holds it from line 76; this call never returns \(doublelock\)`
	std.mu.Unlock()
}

func ServiceOk() {
	std.mu.Lock()
	std.n++
	std.mu.Unlock()
	std.mu.Lock()
	std.n++
	std.mu.Unlock()
}
