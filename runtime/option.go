package lockcheck

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/lockcheck/lockcheck/runtime/internal/report"
)

// A Report says what is wrong, and proves it. Its method Text returns what is printed.
type Report = report.Report

// An Option changes how this package behaves. See [Configure].
type Option func(*settings)

type settings struct {
	wait, hold time.Duration
	exit       bool // a deadlock ends a test
	signals    bool
	deadline   time.Duration // how long before the deadline of tests to print a dump
}

var options = struct {
	sync.Mutex
	settings
}{settings: settings{wait: 30 * time.Second, exit: true, signals: true, deadline: 5 * time.Second}}

// Configure applies options, for the whole process and from now on. It may be called by any goroutine. In a program
// built without -tags lockcheck, options have an effect on reports of other detectors only, see package
// godeadlock.
func Configure(opts ...Option) {
	options.Lock()
	for _, o := range opts {
		o(&options.settings)
	}
	options.Unlock()
	configured()
}

// ReportTo has reports printed to w, as text. Nil stands for standard error.
func ReportTo(w io.Writer) Option { return func(*settings) { report.SetOutput(w, false) } }

// ReportJSON has reports printed to w as JSON, each in a line. Nil stands for standard error.
func ReportJSON(w io.Writer) Option { return func(*settings) { report.SetOutput(w, true) } }

// OnReport has f called with each report, instead of printing it, by the goroutine that causes it
// or another, one report at a time or several at once. Watched locks that f takes are not
// looked at if it runs in a goroutine of the engine.
func OnReport(f func(Report)) Option { return func(*settings) { report.SetHandler(f) } }

// IgnoreLock drops reports of cycles through a lock, which is named as in reports:
// "example.com/bank.Ledger.mu", or the end of that after a slash: "bank.Ledger.mu".
func IgnoreLock(class string) Option {
	return func(*settings) {
		report.Ignore(func(r *Report) bool {
			return slices.ContainsFunc(r.Cycle, func(c string) bool { return c == class || strings.HasSuffix(c, "/"+class) })
		})
	}
}

// IgnoreFunc drops reports in which a function is in a stack. It is named as in reports: "bank.(*Ledger).Total",
// or with its import path.
func IgnoreFunc(fn string) Option {
	return func(*settings) {
		report.Ignore(func(r *Report) bool {
			return slices.ContainsFunc(r.Parts, func(p report.Part) bool {
				return slices.ContainsFunc(p.Stack, func(f report.Frame) bool { return f.Func == fn || strings.HasSuffix(f.Func, "/"+fn) })
			})
		})
	}
}

// WaitLimit has goroutines reported that wait for a lock longer than d; 0 turns that off. It is 30
// seconds at first. Such a report is a note: it does not fail tests.
func WaitLimit(d time.Duration) Option { return func(s *settings) { s.wait = d } }

// HoldLimit has locks reported, as notes, that are held longer than d; 0, as at first, turns that off. Times are taken
// ten times a second; a lock is looked at from outside, so holding one gets no slower.
func HoldLimit(d time.Duration) Option { return func(s *settings) { s.hold = d } }

// ExitOnDeadlock says whether a deadlock that has happened ends a test process, with code 2, after a dump, and whether a report makes
// a test binary fail that does not use [VerifyTestMain]: at its end, with code 2. At first, they do. Other processes go on.
func ExitOnDeadlock(exit bool) Option { return func(s *settings) { s.exit = exit } }

// DumpBeforeDeadline has a dump printed d before the time at which go test would end the test process (its flag
// -timeout). It is 5 seconds at first, and takes effect in [VerifyTestMain]; 0 turns it off.
func DumpBeforeDeadline(d time.Duration) Option { return func(s *settings) { s.deadline = d } }

// Signals says whether signals are handled, on Unix: SIGQUIT prints a dump, and then does what it
// does without; SIGUSR1 prints a dump, and the program goes on. At first, they are.
func Signals(on bool) Option { return func(s *settings) { s.signals = on } }

const variable = "LOCKCHECK"

// init applies the settings of the environment.
func init() {
	for _, field := range strings.Fields(os.Getenv(variable)) {
		if err := setting(field); err != nil {
			fmt.Fprintf(os.Stderr, "lockcheck: %s in the environment: %v\n", variable, err)
			os.Exit(2)
		}
	}
}

var outFile io.Writer // of setting report
var outJSON bool

func setting(field string) error {
	key, value, _ := strings.Cut(field, "=")
	s := &options.settings
	switch key {
	case "report":
		f, err := os.OpenFile(value, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
		if err != nil {
			return err
		}
		outFile = f
		report.SetOutput(outFile, outJSON)
		return nil
	case "format":
		if value != "json" && value != "text" {
			return fmt.Errorf("format is %q, want text or json", value)
		}
		outJSON = value == "json"
		report.SetOutput(outFile, outJSON)
		return nil
	case "wait", "hold":
		d, err := time.ParseDuration(value)
		if err != nil {
			return fmt.Errorf("%s is %q, want a duration such as 30s", key, value)
		}
		if key == "wait" {
			s.wait = d
		} else {
			s.hold = d
		}
		return nil
	case "signals", "exit":
		if value != "on" && value != "off" {
			return fmt.Errorf("%s is %q, want on or off", key, value)
		}
		if key == "signals" {
			s.signals = value == "on"
		} else {
			s.exit = value == "on"
		}
		return nil
	}
	return fmt.Errorf("unknown setting %q", key)
}
