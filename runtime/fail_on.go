//go:build lockcheck

package lockcheck

import (
	"flag"
	"os"
	"sync/atomic"
	"unsafe"

	"github.com/lockcheck/lockcheck/runtime/internal/record"
	"github.com/lockcheck/lockcheck/runtime/internal/report"
)

// A test binary in which something was reported fails, as one does in which the race detector has found something. Package testing has no
// hook for that, but a switch: os.Exit(0) panics while tests run (-test.paniconexit0, which go test always sets), and does so until
// package testing, at the end of the tests, undoes what it has done; it does that if the flag is still set. So the flag is cleared when
// something is reported: the tests run to their end, TestMain goes on, profiles are written, and an os.Exit(0) becomes exit code 2.
//
// Weighed against: to exit at once (the other tests and reports are lost, and what TestMain cleans up), to fail the test that runs (it is
// known by its address in a stack trace only), to give a profile a name that cannot be written (what follows in TestMain is lost).

func init() { record.OnDelivered = failTests }

var failing atomic.Bool

// failTests has the test binary fail when its tests have ended, if something was reported. A goroutine of the program calls it, so that the
// race detector knows that the flags were defined before.
//
//go:norace
func failTests() {
	raceDisable()
	fail := !failing.Load() && report.Failed() && current().exit && failing.CompareAndSwap(false, true)
	raceEnable()
	if fail && clearPanicOnExit() {
		_, _ = os.Stderr.WriteString("lockcheck: something was reported, so this test binary fails: if nothing else is wrong, by a panic when it exits (LOCKCHECK=exit=off lets it pass)\n")
	}
}

// clearPanicOnExit clears the flag, and reports whether it was set. It writes past package flag, and out of sight of the race detector: who
// reads the flag does so when all tests have ended.
//
//go:norace
func clearPanicOnExit() bool {
	f := flag.Lookup("test.paniconexit0")
	if f == nil {
		return false
	}
	if v, ok := f.Value.(flag.Getter); !ok || v.Get() != true {
		return false
	}
	set := (*bool)((*[2]unsafe.Pointer)(unsafe.Pointer(&f.Value))[1])
	*set = false
	return true
}
