//go:build unix && lockcheck

package lockcheck

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"

	"github.com/lockcheck/lockcheck/runtime/internal/report"
)

// Signals that print a dump. The watchdog asks for them.

var signals = struct {
	sync.Mutex
	on bool
	c  chan os.Signal
}{c: make(chan os.Signal, 1)}

func init() {
	handleSignals(current().signals)
}

// handleSignals says whether they are handled.
func handleSignals(on bool) {
	signals.Lock()
	defer signals.Unlock()
	switch {
	case on && !signals.on:
		signal.Notify(signals.c, syscall.SIGQUIT, syscall.SIGUSR1)
	case !on && signals.on:
		signal.Stop(signals.c)
	}
	signals.on = on
}

func handlingSignals() bool {
	signals.Lock()
	defer signals.Unlock()
	return signals.on
}

// serveSignals does what the signals ask for that came since it was called last.
func serveSignals() {
	for {
		select {
		case s := <-signals.c:
			serveSignal(s)
		default:
			return
		}
	}
}

func serveSignal(s os.Signal) {
	if s == syscall.SIGUSR1 && serveRequest() {
		return
	}
	out := report.Output()
	if err := Dump(out); err != nil {
		fmt.Fprintf(os.Stderr, "lockcheck: cannot write a dump: %v\n", err)
	}
	if s == syscall.SIGQUIT {
		// Once more, without us: the program handles it, or the Go runtime
		// prints its stacks and exits.
		handleSignals(false)
		_ = syscall.Kill(os.Getpid(), syscall.SIGQUIT)
		handleSignals(false)
	}
}

// serveRequest writes a dump for "lockcheck dump PID", which has made a directory for it that belongs to
// the same user and nobody else can write to. It reports whether there is one.
func serveRequest() bool {
	dirs, err := filepath.Glob(filepath.Join(os.TempDir(), fmt.Sprintf("lockcheck-dump-%d-*", os.Getpid())))
	if err != nil {
		return false
	}
	served := false
	for _, dir := range dirs {
		info, err := os.Lstat(dir)
		if err != nil || !info.IsDir() || info.Mode().Perm() != 0o700 {
			continue
		}
		if st, ok := info.Sys().(*syscall.Stat_t); !ok || int(st.Uid) != os.Geteuid() {
			continue
		}
		if writeDump(filepath.Join(dir, "dump.json")) == nil {
			served = true
		}
	}
	return served
}

// writeDump writes a dump to a file that has another name until it is complete. That is there, and
// grows, tells the one who waits for it that there will be an answer.
func writeDump(name string) error {
	f, err := os.OpenFile(name+".tmp", os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err := errors.Join(DumpJSON(f), f.Close()); err != nil {
		return err
	}
	return os.Rename(name+".tmp", name)
}
