// Purpose: paths that do not come back: panics, os.Exit, log.Fatal,
// runtime.Goexit, endless loops, and own functions that end in one of these.
// A lock held when such a path ends is not held afterwards.

package paths

import (
	"errors"
	"fmt"
	"log"
	"os"
	"runtime"
	"sync"
)

type Exit struct {
	mu sync.Mutex
	n  int
}

func (e *Exit) mustBePositive() {
	e.mu.Lock()
	if e.n < 0 {
		panic("negative")
	}
	e.mu.Unlock()
}

func (e *Exit) PanicOk() {
	e.mustBePositive()
	e.mustBePositive()
}

func (e *Exit) warn() {
	e.mu.Lock()
	if e.n <= 0 {
		fmt.Fprint(os.Stderr)
		return
	}
	e.mu.Unlock()
}

// A return is no panic.
func (e *Exit) WarnBad() {
	e.warn()
	e.warn() // want `calling \(\*Exit\)\.warn can lock e\.mu \(exits\.go:\d+\), which is already held from line \d+; the call then never returns \(doublelock\)`
}

func (e *Exit) FatalOk(err error) {
	e.mu.Lock()
	if e.n < 0 {
		log.Fatal(err)
	}
	e.mu.Unlock()
	e.mu.Lock()
	e.n++
	e.mu.Unlock()
}

// fatal does not come back either.
func fatal(args ...any) {
	fmt.Fprintln(os.Stderr, args...)
	os.Exit(1)
}

func (e *Exit) OwnFatalOk() {
	e.mu.Lock()
	if e.n >= 0 {
		e.mu.Unlock()
	} else {
		fatal("negative")
	}
	e.mu.Lock()
	e.n++
	e.mu.Unlock()
}

// report does.
func report(args ...any) {
	fmt.Fprint(os.Stderr)
}

func (e *Exit) OwnFatalBad() {
	e.mu.Lock()
	if e.n > 0 {
		e.mu.Unlock()
	} else {
		report("not positive")
	}
	e.mu.Lock() // want `e\.mu can be locked again while this goroutine still holds it from line \d+; this call then never returns \(doublelock\)`
	e.n++
	e.mu.Unlock()
}

func (e *Exit) GoexitOk() {
	e.mu.Lock()
	if e.n < 0 {
		runtime.Goexit()
	}
	e.mu.Unlock()
	e.mu.Lock()
	e.n++
	e.mu.Unlock()
}

// Recovered in place: the lock goes back on both ways out.
func (e *Exit) RecoverOk(f func()) (err error) {
	e.mu.Lock()
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("recovered: %v", r)
		}
		e.mu.Unlock()
	}()
	f()
	return nil
}

func (e *Exit) RecoverTwiceOk(f func()) error {
	return errors.Join(e.RecoverOk(f), e.RecoverOk(f))
}

// Recovered, but the lock stays: the next call hangs.
func (e *Exit) recoverLeak(fail bool) {
	defer func() { recover() }()
	e.mu.Lock()
	if fail {
		panic("fail")
	}
	e.mu.Unlock()
}

func (e *Exit) RecoverMissed(fail bool) {
	e.recoverLeak(true)
	// not found: the state after a recovered panic is not followed
	e.recoverLeak(true)
}

// The panic runs the deferred literal, which wants the lock the body holds.
func (e *Exit) UnwindMissed(fail bool) {
	// not found: the deferred calls that a panic runs are not followed
	defer func() { e.mu.Lock(); e.n = 0; e.mu.Unlock() }()
	e.mu.Lock()
	if fail {
		panic("fail")
	}
	e.mu.Unlock()
}

func (e *Exit) UnwindOk(fail bool) {
	defer func() { e.mu.Lock(); e.n = 0; e.mu.Unlock() }()
	e.mu.Lock()
	if e.n < 0 {
		e.mu.Unlock()
		panic("negative")
	}
	e.mu.Unlock()
}

// The code after an endless loop is not reached.
func (e *Exit) EndlessOk(in chan int) {
	e.mu.Lock()
	if e.n < 0 {
		for {
		}
	}
	e.mu.Unlock()
	e.mu.Lock()
	e.n++
	e.mu.Unlock()
}
