package analyzer_test

import (
	"bytes"
	"cmp"
	"fmt"
	"go/format"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/lockcheck/lockcheck/analyzer"
)

// TestDeclare writes the guards of a corpus down, and compares what comes out with the golden files.
func TestDeclare(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the go command")
	}
	dir := newDir(t)
	if err := os.CopyFS(dir, os.DirFS("testdata/declare")); err != nil {
		t.Fatal(err)
	}
	writeFiles(t, dir, map[string]string{"go.mod": "module example.com/m\n\ngo 1.26\n"})
	if n := declare(t, dir, environ()); n == 0 {
		t.Error("nothing was declared")
	}
	compareGolden(t, dir)
}

// TestDeclareCorpora does so with the corpora of all checks. What comes out compiles, is formatted, and says for each
// comment the guard that was seen before, without a finding more or less.
func TestDeclareCorpora(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the go command")
	}
	dirs, err := filepath.Glob("*/testdata/src")
	if err != nil || len(dirs) == 0 {
		t.Fatal(err)
	}
	var total atomic.Int64
	t.Cleanup(func() {
		if n := total.Load(); n < 5 {
			t.Errorf("only %d comments in all corpora", n)
		}
	})
	for _, dir := range dirs {
		check, _, _ := strings.Cut(filepath.ToSlash(dir), "/")
		t.Run(check, func(t *testing.T) {
			t.Parallel()
			path := newDir(t)
			if err := os.CopyFS(filepath.Join(path, "src"), os.DirFS(dir)); err != nil {
				t.Fatal(err)
			}
			n := declare(t, filepath.Join(path, "src"), environ("GO111MODULE=off", "GOPATH="+path))
			t.Logf("%d comments", n)
			total.Add(int64(n))
		})
	}
}

// declare writes the guards of the packages below a folder down, and returns the number of comments.
func declare(t *testing.T, dir string, env []string) int {
	t.Helper()
	cfg := analyzer.Config{Dir: dir, Patterns: []string{"./..."}, Tests: true, Env: env, All: true, Library: &library}
	table := func() (*analyzer.GuardTable, *analyzer.Patch) {
		g, err := analyzer.Guards(cfg)
		if err != nil {
			t.Fatal(err)
		}
		p, err := g.Patch()
		if err != nil {
			t.Fatal(err)
		}
		return g, p
	}
	before, patch := table()
	if len(before.Problems) > 0 || len(patch.Files) == 0 {
		return 0
	}
	locks := map[string]string{}
	for _, g := range before.Guards {
		if !g.Declared.IsValid() {
			locks[g.Package+"."+g.Place] = g.Lock
		}
	}
	old := findings(t, cfg)
	places := map[string]bool{} // file and line of each comment
	for _, f := range patch.Files {
		addedLines(t, f, places)
		if err := os.WriteFile(f.Name, f.New, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if len(places) != len(patch.Fixed) {
		t.Errorf("%d comments for %d declarations", len(places), len(patch.Fixed))
	}

	after, again := table()
	for _, p := range after.Problems {
		t.Errorf("after the comments: %s", p)
	}
	for _, f := range again.Files {
		t.Errorf("a second time changes %s", f.Name)
	}
	for _, g := range after.Guards {
		at := fmt.Sprint(g.Declared.Filename, ":", g.Declared.Line)
		lock, was := locks[g.Package+"."+g.Place]
		switch {
		case !g.Declared.IsValid() || !was:
		case lock != g.Lock:
			t.Errorf("%s.%s is guarded by %s, and declared to be by %s", g.Package, g.Place, lock, g.Lock)
		case len(g.Missing) > 0:
			t.Errorf("%s.%s is declared to be guarded, and is not at %s", g.Package, g.Place, g.Missing[0])
		default:
			places[at] = false
		}
	}
	for at, missing := range places {
		if missing {
			t.Errorf("the comment at %s is not read back", at)
		}
	}
	if now := findings(t, cfg); !slices.Equal(old, now) {
		t.Errorf("the findings change from\n%s\nto\n%s", strings.Join(old, "\n"), strings.Join(now, "\n"))
	}
	return len(patch.Fixed)
}

// addedLines notes the lines of a file to which a comment was added, and that nothing else has changed.
func addedLines(t *testing.T, f analyzer.Change, places map[string]bool) {
	t.Helper()
	formatted := func(text []byte) bool {
		out, err := format.Source(text)
		return err == nil && bytes.Equal(out, text)
	}
	if formatted(f.Old) && !formatted(f.New) {
		t.Errorf("%s is not formatted any more", f.Name)
	}
	was, is := strings.Split(string(f.Old), "\n"), strings.Split(string(f.New), "\n")
	if len(was) != len(is) {
		t.Fatalf("%s has %d lines instead of %d", f.Name, len(is), len(was))
	}
	for i := range is {
		x, y := strings.Join(strings.Fields(was[i]), " "), strings.Join(strings.Fields(is[i]), " ")
		if x == y {
			continue
		}
		if added, ok := strings.CutPrefix(y, x); !ok || !strings.Contains(strings.ToLower(added), "guarded by ") {
			t.Errorf("%s:%d: %q becomes %q", f.Name, i+1, x, y)
		}
		places[fmt.Sprint(f.Name, ":", i+1)] = true
	}
}

// findings returns what Check finds, by fingerprint and line.
func findings(t *testing.T, cfg analyzer.Config) []string {
	t.Helper()
	cfg.All = false
	res, err := analyzer.Check(cfg)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range res.Findings {
		out = append(out, fmt.Sprint(cmp.Or(f.Fingerprint, f.Message), " ", f.Posn.Line))
	}
	slices.Sort(out)
	return out
}
