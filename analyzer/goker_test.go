package analyzer_test

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockcheck/lockcheck/analyzer"
)

// gokerFiles returns the Go toolchain's port of deadlocks found in Go projects, 63 files
// that are one package main, as a module; nil if it is not installed.
func gokerFiles(t *testing.T) map[string]string {
	t.Helper()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(root)), "src/runtime/testdata/testgoroutineleakprofile/goker/*.go"))
	if err != nil || len(names) == 0 {
		return nil
	}
	files := map[string]string{"go.mod": "module example.com/goker\n\ngo 1.26.0\n"}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(name)] = string(data)
	}
	return files
}

// goker is what is found in GoKer, in every band. What /work/notes and the issues of the
// projects say of the rest:
func TestGoKer(t *testing.T) {
	files := gokerFiles(t)
	if files == nil {
		t.Skip("this Go installation lacks src/runtime/testdata/testgoroutineleakprofile")
	}
	dir := newDir(t)
	writeFiles(t, dir, files)
	res, err := analyzer.Check(analyzer.Config{Dir: dir, Patterns: []string{"."}, Env: environ(), All: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(res.Problems) > 0 {
		t.Errorf("problems: %q", res.Problems)
	}
	got := map[string]bool{}
	for _, f := range res.Findings {
		got[fmt.Sprintf("%s:%d %s %s", relative(t, dir, f.Posn.Filename), f.Posn.Line, f.Check, f.Band())] = true
	}
	if diff := cmp.Diff(goker, slices.Sorted(maps.Keys(got))); diff != "" {
		t.Errorf("expected (-), found (+):\n%s", diff)
	}
}
