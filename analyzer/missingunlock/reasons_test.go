package missingunlock_test

import (
	"testing"

	"github.com/lockcheck/lockcheck/analyzer/internal/ssatest"
	"github.com/lockcheck/lockcheck/analyzer/missingunlock"
)

const source = `package p

import "sync"

var Mu sync.Mutex

func Begin(ok bool) bool {
	Mu.Lock()
	if ok {
		return true
	}
	Mu.Unlock()
	return false
}
`

// TestReasons tells why a lock may be kept on purpose.
func TestReasons(t *testing.T) {
	const (
		caller = "who calls may be meant to unlock"
		told   = "a result tells the caller that this way is another one, and not all callers are in view"
		gives  = "some function unlocks such locks for whoever calls it"
	)
	ssatest.Reasons(t, source, missingunlock.Check, 42, caller, told)
	ssatest.Reasons(t, source+"\nfunc End() { Mu.Unlock() }\n", missingunlock.Check, 31, caller, told, gives)
}
