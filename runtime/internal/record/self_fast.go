//go:build amd64 || arm64

package record

// self returns the id of the goroutine that runs, and the address to which the caller of the
// function that called the function that calls self will return: the call of Lock, if Lock
// calls a function of this package and that calls self.
//
//go:noescape
func self() (id uint64, pc uintptr)

// goid returns the id of the goroutine that runs.
//
//go:noescape
func goid() uint64

// gword returns a word of the descriptor of the goroutine that runs.
//
//go:noescape
func gword(off uintptr) uint64

// gaddr returns the address of the descriptor of the goroutine that runs. The Go
// runtime uses a descriptor again after its goroutine has ended, but never frees one.
//
//go:noescape
func gaddr() uintptr

// frames stores up to max return addresses of the functions that run, beginning
// with that of its caller, and for each the distance of the frame to which it
// returns from the end of the stack. It stops at whatever is not a frame
// of this stack.
//
//go:noescape
func frames(pcs, depths *uintptr, max uintptr) uintptr

const canSelf = true
