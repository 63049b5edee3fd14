package analyzer_test

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lockcheck/lockcheck/analyzer"
)

// TestFixes applies all fixes that are offered in the corpus of each check and in GoKer. What
// comes out compiles, is that of the golden files, and has neither the findings that were fixed
// nor new ones.
func TestFixes(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the go command")
	}
	dirs, err := filepath.Glob("*/testdata/src")
	if err != nil || len(dirs) == 0 {
		t.Fatal(err)
	}
	for _, dir := range dirs {
		check, _, _ := strings.Cut(filepath.ToSlash(dir), "/")
		t.Run(check, func(t *testing.T) {
			t.Parallel()
			path := newDir(t)
			if err := os.CopyFS(filepath.Join(path, "src"), os.DirFS(dir)); err != nil {
				t.Fatal(err)
			}
			// Imports in a corpus start at its root, as package typetest has it.
			t.Logf("%d findings have a fix", checkFixes(t, filepath.Join(path, "src"), environ("GO111MODULE=off", "GOPATH="+path)))
			compareGolden(t, filepath.Join(path, "src"))
		})
	}
	t.Run("goker", func(t *testing.T) {
		files := gokerFiles(t)
		if files == nil {
			t.Skip("not installed")
		}
		dir := newDir(t)
		writeFiles(t, dir, files)
		if n := checkFixes(t, dir, environ()); n < 5 {
			t.Errorf("only %d findings have a fix", n)
		}
	})
}

// checkFixes applies fixes to the packages below a folder until none is left, and returns
// their number.
func checkFixes(t *testing.T, dir string, env []string) int {
	t.Helper()
	run := func() (*analyzer.Result, map[string]int) {
		patterns := []string{"./..."}
		res, err := analyzer.Check(analyzer.Config{Dir: dir, Patterns: patterns, Tests: true, Env: env, Library: &library})
		if err != nil {
			t.Fatal(err)
		}
		n := map[string]int{}
		for _, f := range res.Findings {
			n[f.Fingerprint]++
		}
		return res, n
	}
	fixed := 0
	res, before := run()
	for _, p := range res.Problems {
		t.Error(p)
	}
	for range 5 {
		patch, err := res.Patch(res.Findings)
		if err != nil {
			t.Fatal(err)
		}
		if len(patch.Files) == 0 {
			return fixed
		}
		for _, f := range patch.Files {
			if err := os.WriteFile(f.Name, f.New, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		fixed += len(patch.Fixed)
		for _, f := range patch.Fixed {
			before[f.Fingerprint]--
		}
		var after map[string]int
		res, after = run()
		for _, p := range res.Problems {
			t.Errorf("after the fixes: %s", p)
		}
		for _, f := range res.Findings {
			if after[f.Fingerprint] > before[f.Fingerprint] {
				t.Errorf("after the fixes: %s: %s", f.Posn, f.Text())
			}
		}
		before = after
	}
	t.Error("there is no end to the fixes")
	return fixed
}

// compareGolden compares the files below a folder with the golden files beside them.
func compareGolden(t *testing.T, dir string) {
	t.Helper()
	golden := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(name, ".golden") {
			data, err := os.ReadFile(name)
			golden[name] = string(data)
			return err
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(golden)) {
		data, err := os.ReadFile(strings.TrimSuffix(name, ".golden"))
		if err != nil {
			t.Fatal(err)
		}
		if string(data) != golden[name] {
			t.Errorf("%s is not what the fixes make of the file:\n%s", filepath.Base(name), data)
		}
	}
}
