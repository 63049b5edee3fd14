// Package deadlock is what a program sees that has replaced sync by linkdata/deadlock,
// with what that lacks taken from sync.
package deadlock

import (
	"os"
	"sync"
	"time"

	"github.com/linkdata/deadlock"
)

type (
	Mutex   = deadlock.Mutex
	RWMutex = deadlock.RWMutex

	Cond      = sync.Cond
	Locker    = sync.Locker
	Map       = sync.Map
	Once      = sync.Once
	Pool      = sync.Pool
	WaitGroup = sync.WaitGroup
)

var NewCond = sync.NewCond

// See the package for go-deadlock.
func init() {
	deadlock.Opts.WriteLocked(func() {
		deadlock.Opts.OnPotentialDeadlock = func() {}
		if d, err := time.ParseDuration(os.Getenv("PEER_TIMEOUT")); err == nil {
			deadlock.Opts.DeadlockTimeout = d
		}
	})
}
