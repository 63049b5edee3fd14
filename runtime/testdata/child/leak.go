package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"

	lockcheck "github.com/lockcheck/lockcheck/runtime"
)

// leak has everything done that may need a goroutine of lockcheck's own, and fails if one is still there when those
// who look for leaks would have lost patience, which is after 0.4 s.
func init() {
	programs["leak"] = func() {
		lockcheck.Configure(lockcheck.ReportTo(io.Discard), lockcheck.WaitLimit(10*time.Millisecond), lockcheck.HoldLimit(10*time.Millisecond))
		a, l := new(Account), new(Ledger)
		done := make(chan bool)
		for _, f := range []func(){
			func() { a.mu.Lock(); l.mu.Lock(); l.mu.Unlock(); a.mu.Unlock(); done <- true },
			func() { l.mu.Lock(); a.mu.Lock(); a.mu.Unlock(); l.mu.Unlock(); done <- true },
			func() { a.mu.Lock(); go a.mu.Lock(); time.Sleep(300 * time.Millisecond); a.mu.Unlock(); done <- true },
		} {
			go f()
			<-done
		}
		lockcheck.Settle()
		_ = lockcheck.Dump(io.Discard)
		lockcheck.Configure(lockcheck.HoldLimit(0))
		var left []string
		for start := time.Now(); time.Since(start) < 400*time.Millisecond; time.Sleep(10 * time.Millisecond) {
			if left = ours(); len(left) == 0 {
				return
			}
		}
		fmt.Println(strings.Join(left, "\n\n"))
		os.Exit(1)
	}
}

// ours returns the goroutines that lockcheck started.
func ours() (list []string) {
	buf := make([]byte, 1<<20)
	for g := range bytes.SplitSeq(buf[:runtime.Stack(buf, true)], []byte("\n\n")) {
		if !bytes.Contains(g, []byte("main.main()")) && bytes.Contains(g, []byte("lockcheck/runtime")) {
			list = append(list, string(g))
		}
	}
	return list
}
