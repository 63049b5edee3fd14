//go:build lockcheck && unix

package lockcheck_test

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
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

// TestSignals sends SIGUSR1, twice, and SIGQUIT.
func TestSignals(t *testing.T) {
	t.Parallel()
	cmd := exec.Command(child(t, false), "signals")
	cmd.Env = environ()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	// A file, since a pipe that nobody reads would stop the dump.
	log, err := os.CreateTemp(t.TempDir(), "stderr")
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	cmd.Stderr = log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill := time.AfterFunc(20*time.Second, func() { _ = cmd.Process.Kill() })
	defer kill.Stop()
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
		t.Fatalf("got %q, %v", line, err)
	}
	dumps := func() int {
		data, err := os.ReadFile(log.Name())
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Count(data, []byte("\nno deadlock among locks\n"))
	}
	for i := 1; i <= 2; i++ {
		if err := cmd.Process.Signal(syscall.SIGUSR1); err != nil {
			t.Fatal(err)
		}
		for start := time.Now(); dumps() < i; time.Sleep(5 * time.Millisecond) {
			if time.Since(start) > 10*time.Second {
				t.Fatalf("%d dumps after %d signals", dumps(), i)
			}
		}
	}
	if err := cmd.Process.Signal(syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 2 || dumps() != 3 {
		t.Errorf("exit code %d, want 2; %d dumps, want 3", code, dumps())
	}
	data, err := os.ReadFile(log.Name())
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	if i, k := strings.LastIndex(text, "holds child.Cache.mu"), strings.Index(text, "SIGQUIT: quit"); i < 0 || k < i {
		t.Errorf("want a dump and then what Go prints:\n%s", text)
	}
}

// TestSignalsOff has signals left to the Go runtime.
func TestSignalsOff(t *testing.T) {
	t.Parallel()
	cmd := exec.Command(child(t, false), "signals")
	cmd.Env = append(environ(), "LOCKCHECK=signals=off")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill := time.AfterFunc(20*time.Second, func() { _ = cmd.Process.Kill() })
	defer kill.Stop()
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
		t.Fatalf("got %q, %v", line, err)
	}
	for _, sig := range []syscall.Signal{syscall.SIGUSR1, syscall.SIGQUIT} { // Go ignores the first
		if err := cmd.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
	}
	_ = cmd.Wait()
	if strings.Contains(stderr.String(), "lockcheck dump") || cmd.ProcessState.ExitCode() != 2 {
		t.Errorf("%v\n%s", cmd.ProcessState, &stderr)
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
