// Package deadlock is what a program sees that has replaced sync by go-deadlock, with
// what go-deadlock lacks taken from sync.
package deadlock

import (
	"os"
	"sync"
	"time"

	"github.com/sasha-s/go-deadlock"
)

type (
	Mutex     = deadlock.Mutex
	RWMutex   = deadlock.RWMutex
	Once      = deadlock.Once
	Pool      = deadlock.Pool
	Map       = deadlock.Map
	WaitGroup = deadlock.WaitGroup

	Cond   = sync.Cond // go-deadlock's NewCond returns it
	Locker = sync.Locker
)

var NewCond = deadlock.NewCond

// Reports go to stderr, where they are counted, and do not end the process. PEER_TIMEOUT
// is the time after which a wait is reported, instead of 30 s.
func init() {
	deadlock.Opts.OnPotentialDeadlock = func() {}
	if d, err := time.ParseDuration(os.Getenv("PEER_TIMEOUT")); err == nil {
		deadlock.Opts.DeadlockTimeout = d
	}
}
