// Package stacks gets the stacks of all goroutines. It is apart from package tell since dumps
// are made where no locks are watched, too, and package tell brings the engine with it.
package stacks

import "runtime"

// All returns the text that the Go runtime prints of all goroutines, 64 MiB of it at
// most. It stops the world.
func All() []byte {
	for n := 1 << 16; ; n *= 2 {
		buf := make([]byte, n)
		if m := runtime.Stack(buf, true); m < n || n >= 1<<26 {
			return buf[:m]
		}
	}
}
