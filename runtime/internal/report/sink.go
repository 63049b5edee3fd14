package report

import (
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"sync/atomic"
)

// keep is the number of reports whose text is kept.
const keep = 1024

var sink = struct {
	mu      sync.Mutex
	out     io.Writer // nil: standard error
	json    bool
	handler func(Report)
	ignore  []func(*Report) bool
	fatal   func(Report)
	failed  atomic.Bool // a report was printed that is no note
	kept    []Report
	total   int

	queue   []*Report // to be printed
	writing bool      // somebody is printing
}{}

// Deliver prints a report, unless it is to be ignored, and keeps it. If there is a handler, that is
// called instead of printing. What the program has given to be called (tests of what to ignore, the handler, the writer) is called
// with no lock of ours held: it may lock what it likes, and wait. If another report is being printed, it is left to whoever does that.
func Deliver(r Report) {
	if ignored(&r) {
		return
	}
	sink.mu.Lock()
	sink.total++
	if len(sink.kept) == keep {
		copy(sink.kept, sink.kept[1:])
		sink.kept = sink.kept[:keep-1]
	}
	sink.kept = append(sink.kept, r)
	handler := sink.handler
	if handler == nil && !r.Note {
		sink.failed.Store(true)
	}
	mine := false
	if handler == nil {
		sink.queue = append(sink.queue, &r)
		mine = !sink.writing
		sink.writing = true
	}
	sink.mu.Unlock()
	if handler != nil {
		handler(r)
		return
	}
	if mine {
		flush()
	}
}

// ignored reports whether a report is to be dropped.
func ignored(r *Report) bool {
	sink.mu.Lock()
	ignore := sink.ignore[:len(sink.ignore):len(sink.ignore)] // which only grows
	sink.mu.Unlock()
	return slices.ContainsFunc(ignore, func(f func(*Report) bool) bool { return f(r) })
}

// flush prints what is to be printed until there is nothing left.
func flush() {
	for {
		sink.mu.Lock()
		if len(sink.queue) == 0 {
			sink.writing = false
			sink.mu.Unlock()
			return
		}
		r := sink.queue[0]
		sink.queue = sink.queue[1:]
		out, json := sink.out, sink.json
		sink.mu.Unlock()
		write(out, json, r)
	}
}

// Confirm says that what r reported, or was to report, has lasted for some time. Unless it is to be ignored, the
// function set by [OnLasting] is called.
func Confirm(r Report) {
	if ignored(&r) {
		return
	}
	sink.mu.Lock()
	fatal := sink.fatal
	sink.mu.Unlock()
	if fatal != nil {
		fatal(r)
	}
}

// write prints r.
func write(out io.Writer, json bool, r *Report) {
	if out == nil {
		out = os.Stderr
	}
	var err error
	if json {
		_, err = out.Write(r.JSON())
	} else {
		_, err = io.WriteString(out, r.Text())
	}
	if err != nil && out != os.Stderr {
		fmt.Fprintf(os.Stderr, "lockcheck: cannot write a report: %v\n%s", err, r.Text())
	}
}

// Output returns where reports are printed.
func Output() io.Writer {
	sink.mu.Lock()
	defer sink.mu.Unlock()
	if sink.out == nil {
		return os.Stderr
	}
	return sink.out
}

// SetOutput says where to print reports, nil for standard error, and whether as JSON, a line each.
func SetOutput(w io.Writer, json bool) {
	sink.mu.Lock()
	defer sink.mu.Unlock()
	sink.out, sink.json = w, json
}

// SetHandler has reports handed to f instead of printing them; nil undoes that.
func SetHandler(f func(Report)) {
	sink.mu.Lock()
	defer sink.mu.Unlock()
	sink.handler = f
}

// Ignore has reports dropped for which f returns true.
func Ignore(f func(*Report) bool) {
	sink.mu.Lock()
	defer sink.mu.Unlock()
	sink.ignore = append(sink.ignore, f)
}

// OnLasting sets what is done about a deadlock that has lasted for some time after it was reported.
func OnLasting(f func(Report)) {
	sink.mu.Lock()
	defer sink.mu.Unlock()
	sink.fatal = f
}

// Failed reports whether something was printed, or is about to be, that is no note.
func Failed() bool { return sink.failed.Load() }

// Count returns how many reports were delivered so far.
func Count() int {
	sink.mu.Lock()
	defer sink.mu.Unlock()
	return sink.total
}

// Since returns the reports that were delivered after the first n, the last 1,024 at most.
func Since(n int) []Report {
	sink.mu.Lock()
	defer sink.mu.Unlock()
	first := sink.total - len(sink.kept)
	i := min(max(n-first, 0), len(sink.kept))
	return append([]Report(nil), sink.kept[i:]...)
}
