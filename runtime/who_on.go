//go:build lockcheck && (amd64 || arm64)

package lockcheck

import (
	"runtime"

	"github.com/lockcheck/lockcheck/runtime/internal/record"
)

// The fast path of Lock and Unlock stands in these methods, and not in package record, since a call more
// is a third of its cost. What it does is explained there.

// who returns the id of the goroutine that runs, and the address to which its caller will return.
//
//go:noescape
func who() (id uint64, pc uintptr)

// me returns the id of the goroutine that runs.
//
//go:noescape
func me() uint64

// idOffset is where in the descriptor of a goroutine its id is, or 0 if who and me do not work.
var idOffset = record.IDOffset()

func init() {
	if idOffset != 0 && !whoWorks() {
		idOffset = 0
	}
}

// whoWorks compares what who returns with what the runtime says.
func whoWorks() bool {
	for range 3 {
		id, pc, right := standIn()
		if id != record.Current() || pc != right {
			return false
		}
	}
	return true
}

// standIn stands where Lock does.
//
//go:noinline
func standIn() (id uint64, pc, right uintptr) {
	id, pc = who()
	var pcs [1]uintptr
	runtime.Callers(2, pcs[:])
	return id, pc, pcs[0]
}
