package lockcheck_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	lockcheck "github.com/lockcheck/lockcheck/runtime"
	"golang.org/x/tools/txtar"
)

var suitePlain built

// suite returns the tests of testdata/suite as a program.
func suite(t *testing.T) string {
	t.Helper()
	suitePlain.once.Do(func() {
		suitePlain.program = filepath.Join(scratch, "suite.exe")
		cmd := exec.Command("go", append(tagged("test"), "-c", "-o", suitePlain.program, "./testdata/suite")...)
		cmd.Env = environ()
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s", out)
			suitePlain.err = err
		}
	})
	if suitePlain.err != nil {
		t.Fatal(suitePlain.err)
	}
	return suitePlain.program
}

// failed are the tests of testdata/suite that must fail.
func failed() []string {
	if !lockcheck.Enabled {
		return nil
	}
	return []string{
		"TestBad", "TestBubble", "TestClass", "TestDeep", "TestMerge", "TestOnce", "TestParallel", "TestParallel/2",
		"TestSame", "TestSub", "TestTryFirst",
	}
}

// checkSuite compares the tests that failed with those that must, and counts reports.
func checkSuite(t *testing.T, r result, times int) {
	t.Helper()
	var got []string
	for _, line := range lines(r.stdout, "--- FAIL: ") {
		got = append(got, strings.Fields(line)[2])
	}
	slices.Sort(got)
	if want := failed(); !slices.Equal(got, want) {
		t.Errorf("failed: %q\nwant: %q\n%s%s", got, want, r.stdout, r.stderr)
	}
	wantCode, wantReports := 0, 0
	if lockcheck.Enabled {
		wantCode, wantReports = 1, len(failed()) // TestLoose is in it instead of TestParallel
	}
	if r.code != wantCode {
		t.Errorf("exit code %d, want %d\n%s", r.code, wantCode, r.stderr)
	}
	all := r.stdout + r.stderr
	if got := len(lines(all, "LOCKCHECK: ")); got != wantReports {
		t.Errorf("%d reports, want %d\n%s", got, wantReports, all)
	}
	if got := len(lines(r.stdout, "--- PASS: TestGood")); got != times {
		t.Errorf("TestGood has passed %d times, want %d", got, times)
	}
	for _, bad := range []string{"DATA RACE", "panic:", "internal error"} {
		if strings.Contains(all, bad) {
			t.Errorf("%s\n%s", bad, all)
		}
	}
}

// TestVerify runs tests, of which exactly those must fail that cause a report.
func TestVerify(t *testing.T) {
	t.Parallel()
	program := suite(t)
	for _, args := range []string{"-test.cpu=2", "-test.cpu=1", "-test.shuffle=on"} {
		t.Run(args, func(t *testing.T) {
			t.Parallel()
			checkSuite(t, run(t, t.TempDir(), nil, program, "-test.v", "-test.parallel=4", args), 1)
		})
	}
}

// TestVerifyFlags runs the same tests in a module of their own, as go test does with other flags.
func TestVerifyFlags(t *testing.T) {
	if testing.Short() {
		t.Skip("builds with the race detector")
	}
	t.Parallel()
	data, err := os.ReadFile("testdata/suite/suite_test.go")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	writeModule(t, dir, []txtar.File{{Name: "suite/suite_test.go", Data: data}, {Name: "suite/suite.go", Data: []byte("package suite\n")}})
	// All is reported once, so in the second round nothing fails.
	r := goTest(t, dir, nil, "-v", "-parallel=4", "-count=2", "-cover", "-coverpkg=./...", "./...")
	checkSuite(t, r, 2)
	if len(lines(r.stdout, "coverage: ")) == 0 {
		t.Errorf("no coverage\n%s", r.stdout)
	}
	checkSuite(t, goTest(t, dir, nil, "-v", "-parallel=4", "-race", "-count=1", "-vet=off", "./..."), 1)
}

// TestVerifyMain runs tests under VerifyTestMain and compares exit codes.
func TestVerifyMain(t *testing.T) {
	t.Parallel()
	program := suite(t)
	for _, test := range []struct {
		name     string
		option   string // see testdata/suite
		env      string
		run      string
		code     int
		stdout   []string // what must be in it
		stderr   []string
		not      string // what must be in neither
		deadline bool   // the tests do not end before it
	}{
		{name: "clean", option: "none", run: "TestGood", code: 0, not: "lockcheck: "},
		{name: "report", option: "none", run: "TestLoose", code: 1, stdout: []string{"PASS"},
			stderr: []string{"LOCKCHECK: lock order inversion (lockorder)", "lockcheck: 1 report, see above"}},
		{name: "reports", option: "none", run: "TestLoose|TestBad", code: 1, stdout: []string{"--- FAIL: TestBad"},
			stderr: []string{"lockcheck: 2 reports, see above"}},
		{name: "json", option: "json", run: "TestLoose", code: 1, stdout: []string{`{"check":"lockorder","title":"lock order inversion"`}, not: "cycle: "},
		{name: "text", option: "text", run: "TestLoose", code: 1, stdout: []string{"cycle: suite.loose.a -> suite.loose.b -> suite.loose.a"}},
		{name: "handler", option: "handler", run: "TestLoose", code: 1,
			stdout: []string{"handler: lock order inversion: suite.loose.a -> suite.loose.b -> suite.loose.a (lockorder)"}, not: "======"},
		{name: "ignore lock", option: "ignoreLock", run: "TestLoose", code: 0, not: "lockcheck: "},
		{name: "ignore lock by a part of its name", option: "ignoreNone", run: "TestLoose", code: 1},
		{name: "ignore function", option: "ignoreFunc", run: "TestLoose", code: 0, not: "lockcheck: "},
		{name: "ignore function by a part of its name", option: "ignoreElse", run: "TestLoose", code: 1},
		{name: "deadlock", option: "none", run: "TestDeadlock", code: 2, stderr: []string{
			"LOCKCHECK: deadlock of 2 goroutines (deadlock)", "deadlocked goroutines:", "lockcheck: exit after a deadlock"}},
		{name: "self-deadlock by Once", option: "none", run: "TestSelf", code: 2, stderr: []string{
			"LOCKCHECK: self-deadlock (doublelock)", "1. goroutine ", "lockcheck: exit after a deadlock"}},
		{name: "deadline", option: "stay", run: "TestDeadlock", code: 2, stderr: []string{
			"LOCKCHECK: deadlock of 2 goroutines (deadlock)", "lockcheck: the tests come near their deadline", "deadlocked goroutines:", "panic: test timed out"},
			not: "exit after a deadlock", deadline: true},
		{name: "deadline, by the environment", option: "none", env: "exit=off", run: "TestDeadlock", code: 2, stderr: []string{
			"lockcheck: the tests come near their deadline", "panic: test timed out"}, not: "exit after a deadlock", deadline: true},
		{name: "no dump at the deadline", option: "noDump stay", run: "TestDeadlock", code: 2, stderr: []string{"panic: test timed out"},
			not: "near their deadline", deadline: true},
		{name: "json by the environment", option: "none", env: "format=json", run: "TestLoose", code: 1, stderr: []string{`{"check":"lockorder"`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if !lockcheck.Enabled {
				if strings.Contains(test.run, "Deadlock") || strings.Contains(test.run, "Self") {
					t.Skip("hangs")
				}
				test.code, test.stdout, test.stderr, test.not = 0, nil, nil, "lockcheck: "
			}
			problems := func(r result) (ps []string) {
				if r.code != test.code {
					ps = append(ps, fmt.Sprintf("exit code %d, want %d", r.code, test.code))
				}
				for _, s := range test.stdout {
					if !strings.Contains(r.stdout, s) {
						ps = append(ps, fmt.Sprintf("stdout does not contain %q", s))
					}
				}
				for _, s := range test.stderr {
					if !strings.Contains(r.stderr, s) {
						ps = append(ps, fmt.Sprintf("stderr does not contain %q", s))
					}
				}
				if test.not != "" && strings.Contains(r.stdout+r.stderr, test.not) {
					ps = append(ps, fmt.Sprintf("output contains %q", test.not))
				}
				return ps
			}
			limit := 10 * time.Minute // as go test has it
			if test.deadline {
				limit = 2 * time.Second
			}
			for {
				r := run(t, t.TempDir(), []string{"MAIN=" + test.option, "LOCKCHECK=" + test.env}, program, "-test.run=^("+test.run+")$", "-test.timeout="+limit.String())
				ps := problems(r)
				if len(ps) == 0 {
					return
				}
				// A tenth of the limit is left for the dump. On a busy machine, that may take longer.
				if limit *= 2; !test.deadline || limit > time.Minute {
					t.Fatalf("%s\nstdout:\n%s\nstderr:\n%s", strings.Join(ps, "\n"), r.stdout, r.stderr)
				}
			}
		})
	}
}

// TestReportFile has reports and dumps appended to a file.
func TestReportFile(t *testing.T) {
	if !lockcheck.Enabled {
		t.Skip("off")
	}
	t.Parallel()
	file := filepath.Join(t.TempDir(), "report")
	for i := range 2 {
		r := run(t, t.TempDir(), []string{"MAIN=none", "LOCKCHECK=report=" + file + " format=json"}, suite(t), "-test.run=TestLoose")
		if r.code != 1 || strings.Contains(r.stderr, "lockorder") {
			t.Errorf("exit code %d, want 1\n%s", r.code, r.stderr)
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		got := strings.SplitAfter(string(data), "\n")
		if len(got) != i+2 || got[i+1] != "" {
			t.Fatalf("%d lines, want %d\n%s", len(got)-1, i+1, data)
		}
		var report lockcheck.Report
		if err := json.Unmarshal([]byte(got[i]), &report); err != nil {
			t.Fatal(err)
		}
		if report.Check != "lockorder" || len(report.Cycle) != 2 || len(report.Parts) != 2 || len(report.Parts[1].Stack) == 0 {
			t.Errorf("report is %+v", report)
		}
	}
}

// TestEnvironment has settings that are wrong, or right.
func TestEnvironment(t *testing.T) {
	t.Parallel()
	program := child(t, false)
	for _, test := range []struct{ env, want string }{
		{"", ""},
		{"  ", ""},
		{"wait=10s hold=1m signals=off exit=off format=text", ""},
		{"wait=0", ""},
		{"exit=on signals=on", ""},
		{"wait=10", `wait is "10", want a duration such as 30s`},
		{"hold=", `hold is "", want a duration such as 30s`},
		{"format=xml", `format is "xml", want text or json`},
		{"format", `format is "", want text or json`},
		{"exit=no", `exit is "no", want on or off`},
		{"signals", `signals is "", want on or off`},
		{"exit=off colour=red", `unknown setting "colour"`},
		{"report=" + filepath.Join(t.TempDir(), "none", "file"), "no such file or directory"},
		{"report=", "no such file or directory"},
	} {
		r := run(t, t.TempDir(), []string{"LOCKCHECK=" + test.env}, program, "nothing")
		if test.want == "" {
			if r.code != 3 || strings.Contains(r.stderr, "lockcheck:") {
				t.Errorf("%q: exit code %d, want 3\n%s", test.env, r.code, r.stderr)
			}
			continue
		}
		if r.code != 2 || len(lines(r.stderr, "lockcheck: LOCKCHECK in the environment: ")) != 1 || !strings.Contains(r.stderr, test.want) {
			t.Errorf("%q: exit code %d, want 2 and %q\n%s", test.env, r.code, test.want, r.stderr)
		}
	}
}
