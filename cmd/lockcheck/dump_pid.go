package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/lockcheck/lockcheck/runtime/dump"
)

// dumpWait is how long a process has time to begin its answer, and dumpPause how long nothing of it may come
// once it has begun: with many goroutines, their stacks take time.
const (
	dumpWait  = 5 * time.Second
	dumpPause = time.Minute
)

var errStopped = errors.New("it began to answer, but stopped")

// instead is what to do with a process that cannot answer.
const instead = "send it SIGQUIT, which ends it, or fetch /debug/pprof/goroutine?debug=2 if it serves that, and give what it prints to lockcheck dump"

// signalDump asks a process for a dump. It makes a folder lockcheck-dump-PID-RANDOM
// in the folder for temporary files, which only its owner may enter, and sends SIGUSR1.
// The handler of package lockcheck looks for such folders that belong to its own user,
// writes dump.json.tmp in them and renames it to dump.json.
func signalDump(pid int, force bool) (*dump.Dump, error) {
	if err := canSignal(pid, force); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", fmt.Sprintf("lockcheck-dump-%d-", pid)) // with mode 0700
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := sendSignal(pid); err != nil {
		return nil, err
	}
	f, err := awaitFile(filepath.Join(dir, "dump.json"), dumpWait, dumpPause, func() bool { return alive(pid) })
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return nil, fmt.Errorf("no answer within %s: %s", dumpWait, silence(pid))
	} else if err != nil {
		return nil, err
	}
	defer f.Close()
	d, err := dump.Parse(f)
	if err != nil {
		return nil, fmt.Errorf("its answer is no dump: %w", cause(err))
	}
	return d, nil
}

// awaitFile opens a file as soon as it is there. A file whose name ends in .tmp, too, is one that it will
// become: while that grows, there is no end of waiting.
func awaitFile(name string, wait, pause time.Duration, alive func() bool) (*os.File, error) {
	last, size := time.Now(), int64(-1)
	for rest := time.Millisecond; ; rest = min(2*rest, 50*time.Millisecond) {
		running := alive()
		f, err := os.Open(name)
		if err == nil || !errors.Is(err, fs.ErrNotExist) {
			return f, err
		}
		if !running {
			return nil, errors.New("it has ended")
		}
		if info, err := os.Stat(name + ".tmp"); err == nil && info.Size() > size {
			last, size = time.Now(), info.Size()
		}
		switch waited := time.Since(last); {
		case size < 0 && waited > wait:
			return nil, os.ErrDeadlineExceeded
		case size >= 0 && waited > pause:
			return nil, errStopped
		}
		time.Sleep(rest)
	}
}
