//go:build lockcheck && unix

package lockcheck_test

import (
	"bufio"
	"io"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// TestMisuse runs programs that are reported, by a look at locks rather than at their order.
func TestMisuse(t *testing.T) {
	for _, test := range []struct {
		name string
		code int
		want []string
		not  string
	}{
		{"unlock", 2, []string{"LOCKCHECK: unlock of an unlocked lock (doubleunlock)\n", "goroutine 1 unlocks child.Cache.mu (0x",
			"it was last locked by goroutine ", " at misuse.go:20, in main.init.", "fatal error: sync: unlock of unlocked mutex"}, ""},
		{"unlock-never", 2, []string{"LOCKCHECK: unlock of an unlocked lock (doubleunlock)\n", "it was never locked\n",
			"fatal error: sync: unlock of unlocked mutex"}, ""},
		{"unlock-write", 2, []string{"LOCKCHECK: unlock of an unlocked lock (doubleunlock)\n", "goroutine 1 unlocks child.Registry.mu (0x",
			"fatal error: sync: Unlock of unlocked RWMutex"}, ""},
		{"held", 0, []string{"LOCKCHECK: goroutine 1 has held child.Cache.mu for more than 30ms (held)\n", "goroutine 1 locked child.Cache.mu (0x", "misuse.go:"}, ""},
		{"waiting", 0, []string{"has waited for child.Cache.mu for ", " (waiting)\n", "goroutine 1 holds it and is here now", "it was locked at misuse.go:"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := run(t, "testdata/child", nil, child(t, false), test.name)
			if r.code != test.code {
				t.Errorf("exit code %d, want %d", r.code, test.code)
			}
			for _, s := range test.want {
				if !strings.Contains(r.stderr, s) {
					t.Errorf("stderr does not contain %q", s)
				}
			}
			if n := len(lines(r.stderr, "LOCKCHECK: ")); n != 1 {
				t.Errorf("%d reports, want 1", n)
			}
			if t.Failed() {
				t.Logf("%s", r.stderr)
			}
		})
	}
}

// A process is one that prints a line "ready" and then waits for signals.
type process struct {
	t      *testing.T
	cmd    *exec.Cmd
	dumps  chan bool // one for each dump that it has printed
	stderr chan string
}

// signalled starts the program that waits for signals.
func signalled(t *testing.T, env ...string) *process {
	t.Helper()
	ctx, cancel := untilDeadline(t)
	t.Cleanup(cancel)
	p := &process{t: t, cmd: exec.CommandContext(ctx, child(t, false), "signals"), dumps: make(chan bool, 100), stderr: make(chan string, 1)}
	p.cmd.Env = append(environ(), env...)
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	log, err := p.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go p.read(log)
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
		t.Fatalf("got %q, %v", line, err)
	}
	return p
}

// read reads what the process prints to stderr.
func (p *process) read(log io.Reader) {
	var all strings.Builder
	for r := bufio.NewReader(log); ; {
		line, err := r.ReadString('\n')
		all.WriteString(line)
		if line == "no deadlock among locks\n" {
			p.dumps <- true
		}
		if err != nil {
			break
		}
	}
	close(p.dumps)
	p.stderr <- all.String()
}

func (p *process) signal(sig syscall.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(sig); err != nil {
		p.t.Fatal(err)
	}
}

// end waits for the end of the process, and returns its exit code and all that it has printed to stderr.
func (p *process) end() (code int, stderr string) {
	stderr = <-p.stderr // the pipe is closed by Wait
	_ = p.cmd.Wait()
	return p.cmd.ProcessState.ExitCode(), stderr
}

// TestSignals sends SIGUSR1, twice, and SIGQUIT.
func TestSignals(t *testing.T) {
	t.Parallel()
	p := signalled(t)
	for range 2 {
		p.signal(syscall.SIGUSR1)
		if !<-p.dumps {
			t.Fatalf("no dump after a signal:\n%s", <-p.stderr)
		}
	}
	p.signal(syscall.SIGQUIT)
	code, text := p.end()
	if dumps := strings.Count(text, "\nno deadlock among locks\n"); code != 2 || dumps != 3 {
		t.Errorf("exit code %d, want 2; %d dumps, want 3", code, dumps)
	}
	if i, k := strings.LastIndex(text, "holds child.Cache.mu"), strings.Index(text, "SIGQUIT: quit"); i < 0 || k < i {
		t.Errorf("want a dump and then what Go prints:\n%s", text)
	}
}

// TestSignalsOff has signals left to the Go runtime.
func TestSignalsOff(t *testing.T) {
	t.Parallel()
	p := signalled(t, "LOCKCHECK=signals=off")
	p.signal(syscall.SIGUSR1) // Go ignores it
	p.signal(syscall.SIGQUIT)
	if code, stderr := p.end(); strings.Contains(stderr, "lockcheck dump") || code != 2 {
		t.Errorf("exit code %d\n%s", code, stderr)
	}
}

// TestForeignUnlock has a goroutine wait for a lock that it holds, which another unlocks: that is legal, and the
// program goes on. What is reported, as nobody can know that the first time, is a limit that package
// lockcheck documents; that it is no more than that, and that no program is ended for it, is tested here.
func TestForeignUnlock(t *testing.T) {
	r := run(t, t.TempDir(), nil, child(t, false), "foreign")
	if r.code != 0 {
		t.Errorf("exit code %d\n%s", r.code, r.stderr)
	}
	if n, self := strings.Count(r.stderr, "LOCKCHECK: "), strings.Count(r.stderr, "LOCKCHECK: self-deadlock"); n != self {
		t.Errorf("%d reports, %d of a self-deadlock\n%s", n, self, r.stderr)
	}
}

// TestLeak looks for goroutines of lockcheck's that stay.
func TestLeak(t *testing.T) {
	for _, race := range []bool{false, true} {
		if r := run(t, t.TempDir(), nil, child(t, race), "leak"); r.code != 0 {
			t.Errorf("race %v: exit code %d\n%s%s", race, r.code, r.stdout, r.stderr)
		}
	}
}
