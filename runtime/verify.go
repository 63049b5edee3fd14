package lockcheck

import (
	"fmt"
	"os"
	"slices"
	"sync"

	"github.com/lockcheck/lockcheck/runtime/internal/report"
)

// M is what [VerifyTestMain] needs of a testing.M.
type M interface{ Run() int }

// TB is what [VerifyTest] needs of a testing.TB.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
	Cleanup(func())
}

// VerifyTestMain runs the tests of a package and ends the process, with a code that is not 0
// if a test failed, or if something was reported:
//
//	func TestMain(m *testing.M) { lockcheck.VerifyTestMain(m) }
//
// If the tests come near their deadline, it prints a dump.
func VerifyTestMain(m M, opts ...Option) {
	Configure(opts...)
	watchDeadline()
	code := m.Run()
	Settle()
	finish()
	if n := failures(report.Since(0)); n > 0 {
		fmt.Fprintf(os.Stderr, "lockcheck: %s\n", count(n))
		if code == 0 {
			code = 1
		}
	}
	exit(code)
}

// Settle returns when all that was seen so far is judged, and reported: locks that have nothing but
// their name in the source in common are found to be alike some time after they were
// locked. [VerifyTest] and [VerifyTestMain] do this; a program that ends soon may want to.
func Settle() { settle() }

var exit = os.Exit // replaced by tests

func count(n int) string {
	if n == 1 {
		return "1 report, see above"
	}
	return fmt.Sprintf("%d reports, see above", n)
}

func failures(list []Report) (n int) {
	for _, r := range list {
		if !r.Note {
			n++
		}
	}
	return n
}

// tests are those under VerifyTest that run.
var tests = struct {
	sync.Mutex
	running []*test
	past    map[uint64]bool // goroutines of those that ended
}{past: make(map[uint64]bool)}

type test struct {
	goroutine uint64
	before    int // reports
}

// VerifyTest has t fail, when it ends, if it caused a report: if the goroutine that calls VerifyTest, or one that it
// started, or those started, takes part in it. Tests may run in parallel.
//
//	func TestTransfer(t *testing.T) {
//		lockcheck.VerifyTest(t)
//		...
//	}
//
// A report that none of the tests is known to have caused fails the only one that runs; if there are
// several, it is left to [VerifyTestMain].
func VerifyTest(t TB, opts ...Option) {
	t.Helper()
	if len(opts) > 0 {
		Configure(opts...)
	}
	v := &test{goroutine: currentGoroutine(), before: report.Count()}
	tests.Lock()
	tests.running = append(tests.running, v)
	tests.Unlock()
	t.Cleanup(func() {
		Settle()
		tests.Lock()
		list := claim(v)
		tests.running = slices.DeleteFunc(tests.running, func(o *test) bool { return o == v })
		tests.past[v.goroutine] = true
		tests.Unlock()
		for _, r := range list {
			t.Errorf("lockcheck: %s", r.Headline())
		}
	})
}

// claim returns the reports that v caused. The caller has locked tests.
func claim(v *test) []Report {
	var out []Report
	for _, r := range report.Since(v.before) {
		if r.Note {
			continue
		}
		var by []*test
		for _, o := range tests.running {
			if slices.Contains(r.Family, o.goroutine) {
				by = append(by, o)
			}
		}
		known := len(by) > 0 || slices.ContainsFunc(r.Family, func(id uint64) bool { return tests.past[id] && id != v.goroutine })
		if slices.Contains(by, v) || !known && len(tests.running) == 1 {
			out = append(out, r)
		}
	}
	return out
}
