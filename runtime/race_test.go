package lockcheck_test

import (
	"strings"
	"testing"

	lockcheck "github.com/lockcheck/lockcheck/runtime"
)

// TestRaceIsReported runs programs with a data race, each 5 times, under the race detector: it must
// report the race every time, whatever lockcheck does at the locks around it.
func TestRaceIsReported(t *testing.T) {
	if testing.Short() {
		t.Skip("runs dozens of processes")
	}
	program := child(t, true)
	for _, name := range []string{
		"race-mutex", "race-rwmutex", "race-new", "race-try", "race-once", "race-cond",
		"race-waitgroup", "race-handoff", "race-wait", "race-report", "race-many",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for i := range 5 {
				r := run(t, t.TempDir(), nil, program, name)
				if r.code != 66 || !strings.Contains(r.stderr, "WARNING: DATA RACE") {
					t.Errorf("run %d: exit code %d, want a race and 66\n%s", i, r.code, r.stderr)
				}
				if strings.Contains(r.stderr, "lockcheck/runtime/internal/") {
					t.Errorf("run %d: lockcheck takes part in a race\n%s", i, r.stderr)
				}
			}
		})
	}
}

// TestNoRaceOfOurs runs a program that has no race, and uses all of lockcheck at once.
func TestNoRaceOfOurs(t *testing.T) {
	if testing.Short() {
		t.Skip("runs for 2 seconds")
	}
	t.Parallel()
	r := run(t, t.TempDir(), nil, child(t, true), "clean")
	if r.code != 0 || strings.Contains(r.stderr, "DATA RACE") {
		t.Errorf("exit code %d, want 0\n%s", r.code, r.stderr)
	}
	if got := len(lines(r.stderr, "LOCKCHECK: lock order inversion")); lockcheck.Enabled && got != 1 {
		t.Errorf("%d inversions are reported, want 1\n%s", got, r.stderr)
	}
}
