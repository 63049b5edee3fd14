package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden findings anew")

// TestGolden compares the findings of the default band on large programs with those
// listed in testdata/golden. It takes a minute, so only LOCKCHECK_GOLDEN=1 asks for it.
func TestGolden(t *testing.T) {
	if os.Getenv("LOCKCHECK_GOLDEN") == "" {
		t.Skip("LOCKCHECK_GOLDEN is not set")
	}
	tool, err := exec.LookPath("lockcheck")
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range []struct {
		name string
		run  func(t *testing.T, tool string) (findings []string)
	}{
		{"std", vetStd},
		{"xtools", checkXTools},
	} {
		t.Run(g.name, func(t *testing.T) {
			compareGolden(t, filepath.Join(repo, "testdata", "golden", g.name+".txt"), g.run(t, tool))
		})
	}
}

// vetStd runs the vet tool on the standard library.
func vetStd(t *testing.T, tool string) []string {
	// The comparison is for the release in the first line of the list.
	list := readFile(t, filepath.Join(repo, "testdata", "golden", "std.txt"))
	want, _, _ := strings.Cut(strings.TrimPrefix(list, "# standard library of "), ",")
	if v := runtime.Version(); v != want && !strings.HasPrefix(v, want+".") {
		t.Skipf("the list is for %s, this is %s", want, v)
	}
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	out := runTool(t, t.TempDir(), 1, "go", "vet", "-vettool="+tool, "std")
	return reported(t, out, filepath.Join(strings.TrimSpace(string(goroot)), "src")+string(filepath.Separator))
}

// checkXTools runs the command in a copy of golang.org/x/tools, in the version that
// go.mod requires.
func checkXTools(t *testing.T, tool string) []string {
	out, err := exec.Command("go", "list", "-m", "-f={{.Dir}}", "golang.org/x/tools").Output()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(strings.TrimSpace(string(out)))); err != nil {
		t.Fatal(err)
	}
	return reported(t, runTool(t, dir, exitFindings, tool, "./..."), dir+string(filepath.Separator))
}

// runTool returns the output of a program that exits with 0 or found.
func runTool(t *testing.T, dir string, found int, args ...string) string {
	var buf bytes.Buffer
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &buf, &buf
	err := cmd.Run()
	exit, _ := errors.AsType[*exec.ExitError](err)
	if err != nil && (exit == nil || exit.ExitCode() != found) {
		t.Fatalf("%v: %v\n%s", args, err, buf.String())
	}
	if i := strings.Index(buf.String(), "\ngoroutine "); i >= 0 {
		t.Errorf("%v: crashed:\n%.2000s", args, buf.String()[max(0, i-1000):])
	}
	t.Logf("%v: %.1f s of CPU time", args, (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds())
	return buf.String()
}

// reported returns the findings in a report of go vet or lockcheck in the form of the
// golden lists: the file, the function that the first step names, and the message, without
// line numbers. Anything else that is reported fails the test.
func reported(t *testing.T, out, prefix string) []string {
	t.Helper()
	verb := regexp.MustCompile(` (locks|read-locks|calls|runs|starts|writes|reads|assigns|waits) .*`)
	step := regexp.MustCompile(`^ *[^ :]+:\d+:\d+: \t?(.*)$`)
	numbers := regexp.MustCompile(`(\.go):\d+|\bline \d+`)
	finding := regexp.MustCompile(` \([a-z]+\)$`)
	var fs []string
	lines := strings.Split(out, "\n")
	for i, line := range lines {
		if !headline.MatchString(line) {
			continue
		}
		if !finding.MatchString(line) {
			t.Errorf("something went wrong: %s", line)
			continue
		}
		posn, msg, _ := strings.Cut(line, ": ")
		file, _, _ := strings.Cut(strings.TrimPrefix(posn, prefix), ":")
		in := ""
		for _, next := range lines[i+1:] {
			if headline.MatchString(next) {
				break
			}
			if m := step.FindStringSubmatch(next); m != nil {
				in = verb.ReplaceAllString(m[1], "") + ": "
				break
			}
		}
		msg = numbers.ReplaceAllStringFunc(msg, func(s string) string {
			s, _, _ = strings.Cut(s, ":")
			return strings.TrimRight(s, " 0123456789")
		})
		fs = append(fs, filepath.ToSlash(file)+": "+in+msg)
	}
	slices.Sort(fs)
	return fs
}

// compareGolden compares findings with a list of lines "finding TAB verdict TAB reason", or
// writes the list.
func compareGolden(t *testing.T, file string, got []string) {
	var comments, want []string
	known := map[string]string{} // what stands behind the finding
	for line := range strings.Lines(readFile(t, file)) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] == '#' {
			comments = append(comments, line)
			continue
		}
		finding, verdict, _ := strings.Cut(line, "\t")
		known[finding] = verdict
		want = append(want, finding)
		word, reason, _ := strings.Cut(verdict, "\t")
		if !*update && (word != "true" && word != "false" || reason == "") {
			t.Errorf("no verdict, or no reason for it: %s", line)
		}
	}
	if *update {
		lines := comments
		for _, f := range got {
			verdict := known[f]
			if verdict == "" {
				verdict = "?\t"
			}
			lines = append(lines, f+"\t"+verdict)
		}
		if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	slices.Sort(want)
	var diff []string
	for len(got) > 0 || len(want) > 0 {
		switch {
		case len(want) == 0 || len(got) > 0 && got[0] < want[0]:
			diff = append(diff, "+ "+got[0])
			got = got[1:]
		case len(got) == 0 || want[0] < got[0]:
			diff = append(diff, fmt.Sprintf("- %s (%s)", want[0], strings.ReplaceAll(known[want[0]], "\t", ": ")))
			want = want[1:]
		default:
			got, want = got[1:], want[1:]
		}
	}
	if diff != nil {
		t.Errorf("findings differ from %s (see CONTRIBUTING.md):\n%s", file, strings.Join(diff, "\n"))
	}
}
