package analyzer

import (
	"os"
	"runtime"
	"runtime/debug"
)

// Syntax and types stay live to the end of a run, and the SSA form of some packages at a time, so that the garbage collector
// finds little. A small program may use memory up to a limit before it is collected at
// all. Of a large one the live heap alone is above any such limit: its heap may grow by a part of what is live, more
// when effects have been made of it, since the peak is where syntax and types are there. GOGC and GOMEMLIMIT overrule this.
const (
	smallSource = 18 << 20   // bytes of source; about 50 times that is live
	smallLimit  = 1280 << 20 // bytes of memory
	smallGC     = 400        // percent
	loadGC      = 45
	walkGC      = 50
)

// A collector sets the garbage collector for the stages of a run.
type collector struct {
	off, large bool
	percent    int   // as it was
	limit      int64 // as it was
}

func newCollector() *collector {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return &collector{off: true}
	}
	return &collector{percent: debug.SetGCPercent(smallGC), limit: debug.SetMemoryLimit(smallLimit)}
}

// listed is told the bytes of source that will be loaded.
func (c *collector) listed(bytes int64) {
	if !c.off && bytes > smallSource {
		c.large = true
		debug.SetMemoryLimit(c.limit)
		c.set(loadGC)
	}
}

// extracted is called when the SSA form is gone.
func (c *collector) extracted() {
	if c.large {
		runtime.GC() // or else the form would count for how far the heap may grow
	}
	c.set(walkGC)
}

func (c *collector) set(percent int) {
	if c.large {
		debug.SetGCPercent(percent)
	}
}

// restore sets the collector back.
func (c *collector) restore() {
	if !c.off {
		debug.SetGCPercent(c.percent)
		debug.SetMemoryLimit(c.limit)
	}
}
