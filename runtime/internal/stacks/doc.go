// Package stacks gets the stacks of all goroutines. It is apart from package tell since dumps
// are made where no locks are watched, too, and package tell brings the engine with it.
package stacks

import "runtime"

const (
	typical = 1 << 10 // bytes of a stack
	most    = 1 << 30
)

// All returns the text that the Go runtime prints of all goroutines, 1 GiB of it at
// most. It stops the world, each time that the room for the text was too small.
func All() []byte {
	for n := 1<<16 + typical*runtime.NumGoroutine(); ; n *= 2 {
		n = min(n, most)
		buf := make([]byte, n)
		if m := runtime.Stack(buf, true); m < n || n == most {
			return buf[:m]
		}
	}
}
