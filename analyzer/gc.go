package analyzer

import (
	"os"
	"runtime/debug"
)

// Syntax, types and SSA stay live to the end of a run, so that the garbage collector
// finds little. A small program may use memory up to a limit before it is collected at
// all; for a large one, whose live heap alone is above any such limit, the heap is
// kept near what is live. GOGC and GOMEMLIMIT overrule this.
const (
	smallSource = 18 << 20   // bytes of source; about 50 times that is live
	smallLimit  = 1480 << 20 // bytes of memory
	smallGC     = 400        // percent
	largeGC     = 45
)

// collector returns a function that sets the collector by the size of the source, and
// one that sets it back.
func collector() (tune func(bytes int64), restore func()) {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return func(int64) {}, func() {}
	}
	percent, limit := debug.SetGCPercent(smallGC), debug.SetMemoryLimit(smallLimit)
	return func(bytes int64) {
			if bytes > smallSource {
				debug.SetGCPercent(largeGC)
				debug.SetMemoryLimit(limit)
			}
		}, func() {
			debug.SetGCPercent(percent)
			debug.SetMemoryLimit(limit)
		}
}
