package analyzer_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/lockcheck/lockcheck/analyzer"
)

var tempDir string // for the whole run

// library is shared by all analyses in this process, which load the same parts of the standard library again and again.
var library analyzer.Library

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "lockcheck")
	if err != nil {
		panic(err)
	}
	// Positions are compared with names under dir.
	if tempDir, err = filepath.EvalSymlinks(dir); err != nil {
		panic(err)
	}
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// build builds the command once.
var build = sync.OnceValues(func() (string, error) {
	name := filepath.Join(tempDir, "lockcheck")
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	out, err := exec.Command("go", "build", "-o", name, "../cmd/lockcheck").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%v\n%s", err, out)
	}
	return name, nil
})

func binary(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("starts the go command")
	}
	name, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// environ is the environment of the go command in tests, without what a user may have set.
func environ(more ...string) []string {
	return append(os.Environ(), append([]string{"GOFLAGS=", "GOWORK=", "GOPROXY=off", "GOENV=off", "NO_COLOR=1"}, more...)...)
}

// A run is what became of a program.
type run struct {
	code        int
	out, errOut string
}

func execute(t *testing.T, dir string, env []string, args ...string) run {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), args[0], args[1:]...)
	cmd.Dir, cmd.Env = dir, env
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); err != nil && (!ok || exit.ExitCode() < 0) {
		t.Fatalf("%v: %v\n%s", args, err, &stderr)
	}
	return run{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// check runs the whole-program driver in the process.
func check(t *testing.T, dir string, patterns ...string) []string {
	t.Helper()
	res, err := analyzer.Check(analyzer.Config{Dir: dir, Patterns: patterns, Tests: true, Env: environ(), Library: &library})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range res.Problems {
		t.Error(p)
	}
	var lines []string
	for _, f := range res.Findings {
		lines = append(lines, fmt.Sprintf("%s:%d:%d: %s", relative(t, dir, f.Posn.Filename), f.Posn.Line, f.Posn.Column, f.Text()))
	}
	return lines
}

func relative(t *testing.T, dir, file string) string {
	t.Helper()
	rel, err := filepath.Rel(dir, file)
	if err != nil {
		t.Fatal(err)
	}
	return filepath.ToSlash(rel)
}

// writeFiles writes files, given by slash-separated names, under dir.
func writeFiles(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, data := range files {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(data), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// newDir returns a new folder under tempDir.
func newDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp(tempDir, strings.ReplaceAll(t.Name(), "/", "-"))
	if err != nil {
		t.Fatal(err)
	}
	return dir
}
