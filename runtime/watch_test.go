//go:build lockcheck

package lockcheck

import (
	"flag"
	"strings"
	"testing"
	"time"

	"github.com/lockcheck/lockcheck/runtime/internal/report"
)

// TestDeadline has the watchdog look at times of its own: the dump is made once, after the deadline.
func TestDeadline(t *testing.T) {
	before := report.Output()
	var out strings.Builder
	Configure(ReportTo(&out))
	defer Configure(ReportTo(before))
	deadline := time.Now().Add(time.Hour)
	w := &watchdog{waits: make(map[waitID]time.Time), warned: make(map[waitID]bool), looked: make(map[waitID]bool), deadline: deadline}
	const sentence = "lockcheck: the tests come near their deadline\n"
	for _, at := range []struct {
		now  time.Time
		busy bool // it looks again soon
		want int  // dumps so far
	}{
		{deadline.Add(-time.Second), true, 0},
		{deadline.Add(time.Second), true, 1},
		{deadline.Add(time.Minute), false, 1},
	} {
		if busy := w.look(at.now); busy != at.busy {
			t.Errorf("%v after the deadline: busy is %v", at.now.Sub(deadline), busy)
		}
		if got := strings.Count(out.String(), sentence); got != at.want {
			t.Errorf("%v after the deadline: %d dumps, want %d", at.now.Sub(deadline), got, at.want)
		}
	}
	if !strings.Contains(out.String(), "no deadlock among locks") {
		t.Errorf("no dump:\n%s", &out)
	}
}

// TestWatchDeadline has limits of go test, and options: a tenth of the limit is left at most.
func TestWatchDeadline(t *testing.T) {
	f := flag.Lookup("test.timeout")
	limit, options := f.Value.String(), current()
	old := watch.deadline
	defer func() {
		if err := f.Value.Set(limit); err != nil {
			t.Error(err)
		}
		Configure(DumpBeforeDeadline(options.deadline))
		watch.mu.Lock()
		watch.deadline = old
		watch.mu.Unlock()
	}()
	for _, tt := range []struct {
		limit string
		early time.Duration
		left  time.Duration // from the deadline to the limit; 0 if there is no deadline
	}{
		{"10m", 5 * time.Second, 5 * time.Second},
		{"20s", 5 * time.Second, 2 * time.Second},
		{"0", 5 * time.Second, 0},
		{"10m", 0, 0},
	} {
		if err := f.Value.Set(tt.limit); err != nil {
			t.Fatal(err)
		}
		Configure(DumpBeforeDeadline(tt.early))
		watch.mu.Lock()
		watch.deadline = time.Time{}
		watch.mu.Unlock()
		d, _ := time.ParseDuration(tt.limit)
		earliest := time.Now().Add(d - tt.left)
		watchDeadline()
		latest := time.Now().Add(d - tt.left)
		switch got := watch.deadline; {
		case tt.left == 0 && !got.IsZero():
			t.Errorf("%+v: a deadline", tt)
		case tt.left > 0 && (got.Before(earliest) || got.After(latest)):
			t.Errorf("%+v: the deadline is %v, want %v to %v", tt, got, earliest, latest)
		}
	}
}
