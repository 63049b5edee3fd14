package analyzer_test

import (
	"bytes"
	"encoding/json"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/lockcheck/lockcheck/analyzer"
)

// goFiles calls f for each Go file of the module, by its path from here.
func goFiles(t *testing.T, f func(name string, data []byte)) {
	t.Helper()
	n := 0
	err := filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != ".." && (strings.HasPrefix(d.Name(), ".") || strings.HasPrefix(d.Name(), "_")):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(name, ".go"):
			return nil
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		n++
		f(filepath.ToSlash(name), data)
		return nil
	})
	if err != nil || n < 50 {
		t.Fatalf("%d Go files: %v", n, err)
	}
}

func TestFileLengths(t *testing.T) {
	const most = 800
	goFiles(t, func(name string, data []byte) {
		if n := bytes.Count(data, []byte("\n")); n > most {
			t.Errorf("%s has %d lines, more than %d", name, n, most)
		}
	})
}

// TestImports keeps lockgraph free of everything but the standard library, since users
// link it into their programs, and the checks apart from each other.
func TestImports(t *testing.T) {
	checks := []string{}
	for _, a := range analyzer.All() {
		checks = append(checks, a.Name)
	}
	goFiles(t, func(name string, data []byte) {
		if strings.HasSuffix(name, "_test.go") || strings.Contains(name, "/testdata/") {
			return
		}
		dir := strings.TrimPrefix(filepath.ToSlash(filepath.Dir(name)), "../")
		f, err := parser.ParseFile(token.NewFileSet(), name, data, parser.ImportsOnly)
		if err != nil {
			t.Error(err)
			return
		}
		for _, spec := range f.Imports {
			path := strings.Trim(spec.Path.Value, `"`)
			first, _, _ := strings.Cut(path, "/")
			if dir == "lockgraph" && strings.Contains(first, ".") {
				t.Errorf("%s imports %s", name, path)
			}
			if check, ok := strings.CutPrefix(path, "github.com/lockcheck/lockcheck/analyzer/"); ok &&
				slices.Contains(checks, check) && dir != "analyzer" && dir != "analyzer/internal/suite" {
				t.Errorf("%s imports the check %s", name, check)
			}
		}
	})
}

// TestFloors keeps the SSA form below effects, and go/types below them or with the syntax: what is above must run from a cache, and
// from a few lines of text.
func TestFloors(t *testing.T) {
	allowed := map[string][]string{
		"golang.org/x/tools/go/callgraph": {},
		"golang.org/x/tools/go/ssa":       {"extract", "lockset", "whole", "ssatest"}, // lockset and whole build it
		"go/types":                        {"extract", "lockset", "whole", "ssatest", "typetest", "ident", "model", "source", "fix"},
	}
	goFiles(t, func(name string, data []byte) {
		dir := filepath.ToSlash(filepath.Dir(name))
		if !strings.HasPrefix(dir, "../analyzer/") || strings.HasSuffix(name, "_test.go") || strings.Contains(name, "/testdata/") {
			return
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, data, parser.ImportsOnly)
		if err != nil {
			t.Error(err)
			return
		}
		for _, spec := range f.Imports {
			path := strings.Trim(spec.Path.Value, `"`)
			for what, rooms := range allowed {
				if (path == what || strings.HasPrefix(path, what+"/")) && !slices.Contains(rooms, strings.TrimPrefix(dir, "../analyzer/internal/")) {
					t.Errorf("%s imports %s", name, path)
				}
			}
		}
	})
}

// TestLockgraphDependencies asks the go command, which sees what imports import.
func TestLockgraphDependencies(t *testing.T) {
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,Standard", "../lockgraph")
	cmd.Env = environ()
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for d := json.NewDecoder(bytes.NewReader(out)); d.More(); n++ {
		var p struct {
			ImportPath string
			Standard   bool
		}
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		if !p.Standard && p.ImportPath != "github.com/lockcheck/lockcheck/lockgraph" {
			t.Errorf("lockgraph depends on %s", p.ImportPath)
		}
	}
	if n < 5 {
		t.Errorf("only %d packages", n)
	}
}

// TestSuite checks what drivers and readers rely on: each check is a package of its
// name with a page of documentation, an example of wrong and right, and test data.
func TestSuite(t *testing.T) {
	suite := analyzer.All()
	if err := analysis.Validate(suite); err != nil {
		t.Error(err)
	}
	if !slices.IsSortedFunc(suite, func(a, b *analysis.Analyzer) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("the suite is not sorted by name")
	}
	for _, a := range suite {
		if !strings.HasPrefix(a.Doc, a.Name+": ") {
			t.Errorf("%s: Doc begins with %.20q", a.Name, a.Doc)
		}
		if !strings.HasSuffix(a.URL, "/analyzer/"+a.Name) {
			t.Errorf("%s: URL %s", a.Name, a.URL)
		}
		for _, heading := range []string{"# What is reported", "# Why it is a bug", "# How to fix", "# What is not found"} {
			if !strings.Contains(a.Doc, "\n"+heading+"\n") {
				t.Errorf("%s: Doc has no %q", a.Name, heading)
			}
		}
		if len(a.FactTypes) > 0 {
			t.Errorf("%s has facts; the engine alone exports them", a.Name)
		}
		for _, name := range []string{"doc.go", a.Name + ".go", a.Name + "_test.go", "testdata/src"} {
			if _, err := os.Stat(filepath.Join(a.Name, name)); err != nil {
				t.Error(err)
			}
		}
	}
}
