// Package lockcheck stands for the real shim: its locks print where they are acquired.
package lockcheck

import (
	"fmt"
	"runtime"
)

type Locker interface {
	Lock()
	Unlock()
}

func here(op string) {
	var pcs [16]uintptr
	n := runtime.Callers(3, pcs[:])
	frames := runtime.CallersFrames(pcs[:n])
	for {
		f, more := frames.Next()
		if f.Function != "runtime.gopanic" {
			fmt.Printf("%s\t%s\t%s\t%d\n", op, f.Function, f.File, f.Line)
			return
		}
		if !more {
			return
		}
	}
}

type Mutex struct{ _ int }

//go:noinline
func (*Mutex) Lock() { here("Lock") }

//go:noinline
func (*Mutex) TryLock() bool { here("TryLock"); return true }
func (*Mutex) Unlock()       {}

type RWMutex struct{ Mutex }

//go:noinline
func (*RWMutex) RLock()   { here("RLock") }
func (*RWMutex) RUnlock() {}
