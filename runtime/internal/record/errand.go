package record

import (
	"sync"
	"sync/atomic"
	"time"
)

// An errand is work that is done on the side. Its goroutine is started when there is some and ends
// when there is no more: one that waited for work would be a leak in the eyes of those who look for
// leaks. It is started by the goroutine that has the work, and so is in that one's bubble of
// testing/synctest, if it is in one.
type errand struct {
	out  uint32      // 1 while a goroutine is at it
	step func() bool // does a part, and reports whether there was one
	left func() bool // whether there is one

	mu sync.Mutex // tells the race detector that its goroutines follow each other, and init
}

// pass goes through l, which tells the race detector that all that went through it before
// came before.
func pass(l sync.Locker) {
	l.Lock()
	defer l.Unlock()
}

// start has the work done that its caller made. The race detector must not see who started whom: all that the
// program's goroutines do before would come before what the engine does after.
//
//go:norace
func (e *errand) start() {
	raceDisable()
	if atomic.CompareAndSwapUint32(&e.out, 0, 1) {
		go e.run()
	}
	raceEnable()
}

//go:norace
func (e *errand) run() {
	Mute()
	for {
		e.all()
		raceDisable()
		atomic.StoreUint32(&e.out, 0)
		again := e.left() && atomic.CompareAndSwapUint32(&e.out, 0, 1) // it came when we were about to go
		raceEnable()
		if !again {
			return
		}
	}
}

func (e *errand) all() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for e.step() {
	}
}

// InBubble reports whether the goroutine that runs is in a bubble of testing/synctest, where time is
// not what it is outside.
func InBubble() bool {
	now := time.Now()
	return now == now.Round(0) // no reading of the monotonic clock
}
