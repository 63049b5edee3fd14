package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/lockcheck/lockcheck/analyzer"
)

// The scripts run copies of the test binary named lockcheck: a real file, so
// that the go command takes it as its vet tool, too.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"lockcheck": main})
}

// goEnv returns settings of the go command that scripts need: they share its
// build cache, as compiling the standard library for each would take minutes.
var goEnv = sync.OnceValues(func() ([]string, error) {
	cache, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		return nil, err
	}
	return []string{
		"GOCACHE=" + strings.TrimSpace(string(cache)),
		"GOENV=off",
		"GOFLAGS=",
		"GOPROXY=off",
		"GOTOOLCHAIN=local",
		"GOWORK=off",
		"NO_COLOR=",
	}, nil
})

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			vars, err := goEnv()
			if err != nil {
				return err
			}
			tool, err := exec.LookPath("lockcheck")
			if err != nil {
				return err
			}
			env.Vars = append(env.Vars, vars...)
			env.Vars = append(env.Vars, "VETTOOL="+tool, "GOPATH="+env.WorkDir+"/.gopath")
			return nil
		},
		Condition: func(cond string) (bool, error) {
			if cond == "engine" { // there are checks to run
				return len(analyzer.All()) > 0, nil
			}
			return false, errors.New("unknown condition")
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status":    status,
			"headlines": headlines,
		},
	})
}

// status N program args... runs a program, which must exit with code N.
func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status code program [args...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code is %d, want %d", got, want)
	}
}

// headlines IN OUT writes the findings' first lines in a report of go vet or
// of lockcheck, sorted, to the file OUT. IN may be stdout or stderr.
func headlines(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: headlines in out")
	}
	var lines []string
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		if headline.MatchString(line) {
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 {
		ts.Fatalf("no findings in %s", args[0])
	}
	slices.Sort(lines)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(strings.Join(lines, "")), 0o666))
}

// go vet prints steps with a tab before the message, lockcheck indents them.
var headline = regexp.MustCompile(`^[^ :]+:\d+:\d+: [^\t]`)

// runHere executes a command line in the test process.
func runHere(args ...string) (code int, stdout, stderr string) {
	var out, err bytes.Buffer
	code = run(args, &console{out: &out, err: &err})
	return code, out.String(), err.String()
}
