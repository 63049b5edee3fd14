package godeadlock

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sasha-s/go-deadlock"
)

// The tests run programs, each in a process of its own: go-deadlock has one state for a
// process, and Opts must not change once locks are used.
var programs = map[string]func(r *recorder){
	"silent": func(r *recorder) {
		install(r.deliver)
		b := new(bank)
		for range 10 {
			in(b.transfer)
			in(b.pay)
		}
	},
	"inversion": func(r *recorder) {
		install(r.deliver)
		b := new(bank)
		for range 10 {
			in(b.transfer)
			in(b.audit)
		}
	},
	"interface": func(r *recorder) {
		install(r.deliver)
		b := new(bank)
		in(func() { swap(&b.account.mu, &b.ledger.sync) })
		in(func() { swap(&b.ledger.sync, &b.account.mu) })
	},
	"trylock": func(r *recorder) {
		install(r.deliver)
		b := new(bank)
		in(b.transfer)
		in(b.tryAudit) // does not wait
		in(b.transfer) // go-deadlock has the other order from it
	},
	"recursion": func(r *recorder) {
		reported := r.watch()
		deadlock.Opts.DeadlockTimeout = 50 * time.Millisecond
		go new(bank).sum()
		<-reported
		<-reported // go-deadlock reports the wait, too
	},
	"read recursion": func(r *recorder) {
		install(r.deliver)
		in(func() { new(bank).count() })
	},
	"timeout": func(r *recorder) {
		reported := r.watch()
		deadlock.Opts.DeadlockTimeout = 50 * time.Millisecond
		b := new(bank)
		held, release, paid := make(chan bool), make(chan bool), make(chan bool)
		go b.hold(held, release)
		<-held
		go func() { defer close(paid); b.pay() }()
		<-reported
		close(release)
		<-paid
	},
	// Reports of all kinds at once, three for each bank.
	"concurrent": func(r *recorder) {
		const banks = 20
		var log safeBuffer
		deadlock.Opts.LogBuf = &log
		reported := r.watch(KeepLog())
		deadlock.Opts.DeadlockTimeout = 20 * time.Millisecond
		var wg sync.WaitGroup
		release := make(chan bool)
		for range banks {
			b := new(bank)
			wg.Go(func() {
				in(b.transfer)
				in(b.audit)
				in(func() { b.count() })
				held := make(chan bool)
				go b.hold(held, release)
				<-held
				in(b.pay)
			})
		}
		for range 3 * banks {
			<-reported
		}
		close(release)
		wg.Wait()
		if n := strings.Count(log.String(), "POTENTIAL DEADLOCK:"); n < 3*banks {
			fmt.Printf("%d reports in the log, want %d\n", n, 3*banks)
		}
	},
	"callback": func(r *recorder) {
		calls := 0
		deadlock.Opts.OnPotentialDeadlock = func() { calls++ }
		install(r.deliver, KeepCallback())
		b := new(bank)
		in(b.transfer)
		in(b.audit)
		r.text()
		fmt.Println("calls:", calls)
	},
	// A receiver that uses a go-deadlock lock must not stop the program for good.
	"receiver locks": func(r *recorder) {
		var mu deadlock.Mutex
		called, got := make(chan time.Time), make(chan bool)
		a := install(func(f finding) {
			close(called)
			mu.Lock()
			defer mu.Unlock()
			close(got)
		})
		a.after = func(time.Duration) <-chan time.Time { return called } // patience ends at once
		b := new(bank)
		in(b.transfer)
		in(b.audit)
		<-got
		fmt.Println("went on")
	},
	// A receiver that panics ends the process, even if the goroutine that locks recovers.
	"receiver panics": func(r *recorder) {
		install(func(f finding) { panic(f.Title) })
		b := new(bank)
		in(b.transfer)
		in(func() {
			defer func() { recover() }()
			b.audit()
		})
		in(b.transfer)
	},
	"not understood": func(r *recorder) {
		a := install(r.deliver)
		fmt.Fprintln(a, "POTENTIAL DEADLOCK: in words to come")
		fmt.Fprintln(a, "more of them")
		deadlock.Opts.OnPotentialDeadlock()
	},
}

func TestMain(m *testing.M) {
	if f := programs[os.Getenv("GODEADLOCK_PROGRAM")]; f != nil {
		r := new(recorder)
		f(r)
		fmt.Print(r.text())
		return
	}
	os.Exit(m.Run())
}

// run runs a program and returns what it prints.
func run(t *testing.T, name string) string {
	t.Helper()
	t.Parallel()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), exe)
	cmd.Env = append(os.Environ(), "GODEADLOCK_PROGRAM="+name)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Logf("%s: %v", name, err)
	}
	return string(out)
}

// in runs f in a goroutine and waits for its end.
func in(f func()) {
	done := make(chan bool)
	go func() { defer close(done); f() }()
	<-done
}

// A recorder is a sink.
type recorder struct {
	mu       sync.Mutex
	findings []finding
}

func (r *recorder) deliver(f finding) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.findings = append(r.findings, f)
}

// watch installs r, with a patience that has no end. What it returns tells of each report that was delivered.
func (r *recorder) watch(opts ...Option) <-chan bool {
	reported := make(chan bool)
	deadlock.Opts.OnPotentialDeadlock = func() { go func() { reported <- true }() } // a lock of go-deadlock's is held
	a := install(r.deliver, append(opts, KeepCallback())...)
	a.after = func(time.Duration) <-chan time.Time { return nil }
	return reported
}

// text returns the findings and forgets them.
func (r *recorder) text() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var b strings.Builder
	for _, f := range r.findings {
		fmt.Fprintf(&b, "%s (%s)", f.Title, f.Check)
		if f.Certain {
			b.WriteString(" certain")
		}
		b.WriteByte('\n')
		if f.Cycle != nil {
			fmt.Fprintf(&b, "cycle: %s\n", strings.Join(f.Cycle, " -> "))
		}
		for _, p := range f.Parts {
			fmt.Fprintln(&b, p.Head)
			for _, s := range p.Stack {
				fmt.Fprintf(&b, "  %s %s:%d\n", s.Func[strings.LastIndexByte(s.Func, '/')+1:], s.File[strings.LastIndexByte(s.File, '/')+1:], s.Line)
			}
			for _, n := range p.Notes {
				fmt.Fprintf(&b, "  note: %s\n", n)
			}
		}
	}
	r.findings = nil
	return b.String()
}

type safeBuffer struct {
	mu sync.Mutex
	b  strings.Builder
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
