package godeadlock

import (
	"bytes"
	"io"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/sasha-s/go-deadlock"

	"github.com/lockcheck/lockcheck/runtime/internal/report"
)

// An Option of [Install] changes what becomes of the settings made before.
type Option func(*adapter)

// KeepCallback has the handler that was set in Opts.OnPotentialDeadlock called after each
// report. The default handler of go-deadlock ends the process, so set another before.
// As always with go-deadlock, the handler must not use any of its locks.
func KeepCallback() Option {
	return func(a *adapter) { a.callback = deadlock.Opts.OnPotentialDeadlock }
}

// KeepLog has the text of go-deadlock also written to what was set in Opts.LogBuf.
func KeepLog() Option { return func(a *adapter) { a.log = deadlock.Opts.LogBuf } }

// Install makes go-deadlock report through lockcheck. It changes deadlock.Opts, which
// go-deadlock reads without synchronisation: call it before the first lock is used, as in
// TestMain or at the start of main. A report no longer ends the process by itself.
func Install(opts ...Option) { install(report.Deliver, opts...) }

// An adapter takes the place of LogBuf and OnPotentialDeadlock.
type adapter struct {
	sink     func(finding)
	callback func()    // after each report, or nil
	log      io.Writer // gets the text, too, or nil
	seen     seen
	after    func(time.Duration) <-chan time.Time // time.After, but in tests

	mu      sync.Mutex      // a leaf: go-deadlock's lock may be held
	reports []*bytes.Buffer // written and not yet taken; the last may be in the making
}

func install(sink func(finding), opts ...Option) *adapter {
	a := &adapter{sink: sink, after: time.After}
	for _, o := range opts {
		o(a)
	}
	deadlock.Opts.LogBuf = a
	deadlock.Opts.OnPotentialDeadlock = a.called
	return a
}

var (
	header     = []byte("POTENTIAL DEADLOCK:")
	waitHeader = []byte("POTENTIAL DEADLOCK:\n")
)

// Write takes a piece of a report. go-deadlock calls it with its own lock held, so pieces
// of two reports are never mixed. What is no report, since the program may write here as
// well, goes to stderr.
func (a *adapter) Write(p []byte) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if bytes.HasPrefix(p, header) {
		a.reports = append(a.reports, new(bytes.Buffer))
	}
	if n := len(a.reports); n > 0 {
		a.reports[n-1].Write(p)
	} else if a.log == nil {
		return os.Stderr.Write(p)
	}
	if a.log != nil {
		return a.log.Write(p)
	}
	return len(p), nil
}

// take returns the text of the report that a call is about. One about an order or a
// recursion was written last, since the lock under which it was written is still held. Of
// those about waiting the first is taken: no fewer were written than calls are made, so it
// is complete.
func (a *adapter) take(waiting bool) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	i := len(a.reports) - 1
	if waiting {
		i = slices.IndexFunc(a.reports, func(b *bytes.Buffer) bool { return bytes.HasPrefix(b.Bytes(), waitHeader) })
	}
	if i < 0 {
		return ""
	}
	text := a.reports[i].String()
	a.reports = slices.Delete(a.reports, i, i+1)
	return text
}

// patience is how long go-deadlock's lock may be held for a report to be delivered.
const patience = time.Second

// called is OnPotentialDeadlock.
func (a *adapter) called() {
	here := callers()
	text := a.take(here.within(locking + "onDeadlockTimeout"))
	done := make(chan struct{})
	// See "Locking" in the package's comment.
	go func() {
		for _, f := range a.findings(text, here) {
			a.sink(f)
		}
		close(done) // not deferred: a panic is to end the process before anything goes on
	}()
	select {
	case <-done:
	case <-a.after(patience):
	}
	if a.callback != nil {
		a.callback()
	}
}
