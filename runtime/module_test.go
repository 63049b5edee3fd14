package lockcheck_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	lockcheck "github.com/lockcheck/lockcheck/runtime"
	"golang.org/x/tools/txtar"
)

// scratch is a folder for programs that several tests run.
var scratch string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "lockcheck-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	scratch = dir
	code := m.Run()
	_ = os.RemoveAll(dir) // the system cleans up what is left
	os.Exit(code)
}

// tagged puts what switches lockcheck on behind the name of a go subcommand, if it is on in this process.
func tagged(command string, args ...string) []string {
	list := []string{command}
	if lockcheck.Enabled {
		list = append(list, "-tags", "lockcheck")
	}
	return append(list, args...)
}

// A result is what a process printed, and its exit code; -1 if a signal ended it.
type result struct {
	stdout, stderr string
	code           int
}

// run runs a program, with some settings added to the environment.
func run(t *testing.T, dir string, env []string, program string, args ...string) result {
	t.Helper()
	ctx, cancel := untilDeadline(t)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = dir
	cmd.Env = append(environ(), env...)
	cmd.WaitDelay = time.Second // a child of it may have its output open
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) || ctx.Err() != nil {
		t.Fatalf("%s %q: %v\n%s%s", program, args, err, &stdout, &stderr)
	}
	return result{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// untilDeadline returns a context that ends a little before go test ends the tests, so that what a program that hangs has
// printed is seen.
func untilDeadline(t *testing.T) (context.Context, context.CancelFunc) {
	if at, ok := t.Deadline(); ok {
		return context.WithDeadline(t.Context(), at.Add(-10*time.Second))
	}
	return context.WithCancel(t.Context())
}

// environ is the environment without what would change what programs do.
func environ() []string {
	var out []string
	for _, s := range os.Environ() {
		if !strings.HasPrefix(s, "LOCKCHECK") && !strings.HasPrefix(s, "GORACE=") && !strings.HasPrefix(s, "GOFLAGS=") {
			out = append(out, s)
		}
	}
	return append(out, "GORACE=atexit_sleep_ms=0", "GOWORK=off", "GOFLAGS=")
}

// writeModule writes a module that uses this one, with some files.
func writeModule(t *testing.T, dir string, files []txtar.File) {
	t.Helper()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	const self = "github.com/lockcheck/lockcheck"
	files = append(files, txtar.File{Name: "go.mod", Data: fmt.Appendf(nil,
		"module example.com/x\n\ngo 1.26.0\n\nrequire %s v0.0.0\n\nreplace %s => %s\n", self, self, root)})
	for _, f := range files {
		name := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// goroot returns where the Go release that builds these tests is.
var goroot = sync.OnceValue(func() string {
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		panic(err)
	}
	return strings.TrimSpace(string(out))
})

// A built is a program that is built once.
type built struct {
	once    sync.Once
	program string
	err     error
}

var childPlain, childRace built

// child returns testdata/child as a program, built as this test is but for the race detector.
func child(t *testing.T, race bool) string {
	t.Helper()
	b, args := &childPlain, tagged("build")
	name := "child"
	if race {
		b, args, name = &childRace, append(args, "-race"), "child-race"
	}
	b.once.Do(func() {
		b.program = filepath.Join(scratch, name+".exe")
		cmd := exec.Command("go", append(args, "-o", b.program, "./testdata/child")...)
		cmd.Env = environ()
		if out, err := cmd.CombinedOutput(); err != nil {
			b.err = fmt.Errorf("%v\n%s", err, out)
		}
	})
	if b.err != nil {
		if race && strings.Contains(b.err.Error(), "race") {
			t.Skipf("no race detector: %v", b.err)
		}
		t.Fatal(b.err)
	}
	return b.program
}

// goTest runs go test in a module.
func goTest(t *testing.T, dir string, env []string, args ...string) result {
	t.Helper()
	return run(t, dir, env, "go", tagged("test", args...)...)
}

// lines returns the lines of a text that begin with prefix, blanks before it aside.
func lines(text, prefix string) (out []string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, prefix) {
			out = append(out, line)
		}
	}
	return out
}
