package analyzer_test

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
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

var update = flag.Bool("update", false, "write lists of expected results anew")

// raceTests returns the tests of the Go toolchain's race detector as a module: functions named TestRace… have a race,
// those named TestNoRace… have none. Nil if they are not installed. Those that need
// cgo or packages internal to the toolchain are left out.
func raceTests(t *testing.T) map[string]string {
	t.Helper()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(root)), "src/runtime/race/testdata/*_test.go"))
	if err != nil || len(names) == 0 {
		return nil
	}
	files := map[string]string{"go.mod": "module example.com/race\n\ngo 1.26.0\n"}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if base := filepath.Base(name); !strings.HasPrefix(base, "cgo") && !strings.Contains(string(data), "\"internal/") {
			files[base] = string(data)
		}
	}
	return files
}

// A raceTest is one test function, and where its code stands.
type raceTest struct {
	name string
	code []ast.Node // itself, and the functions that only it leads to
}

// raceTestsIn returns the test functions of files. What stands in a function that is no test counts for the tests that refer to it.
func raceTestsIn(t *testing.T, fset *token.FileSet, dir string, files map[string]string) []raceTest {
	t.Helper()
	decls := map[string][]*ast.FuncDecl{}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if !strings.HasSuffix(name, ".go") {
			continue
		}
		f, err := parser.ParseFile(fset, filepath.Join(dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			if fd, ok := d.(*ast.FuncDecl); ok && fd.Body != nil {
				decls[fd.Name.Name] = append(decls[fd.Name.Name], fd)
			}
		}
	}
	var tests []raceTest
	for _, name := range slices.Sorted(maps.Keys(decls)) {
		if !strings.HasPrefix(name, "TestRace") && !strings.HasPrefix(name, "TestNoRace") {
			continue
		}
		test := raceTest{name: name}
		seen := map[string]bool{}
		var add func(name string)
		add = func(name string) {
			if seen[name] {
				return
			}
			seen[name] = true
			for _, fd := range decls[name] {
				test.code = append(test.code, fd)
				ast.Inspect(fd.Body, func(n ast.Node) bool {
					if id, ok := n.(*ast.Ident); ok && !strings.HasPrefix(id.Name, "Test") {
						add(id.Name)
					}
					return true
				})
			}
		}
		add(name)
		tests = append(tests, test)
	}
	return tests
}

// TestRaceTests compares what is found in the tests of the race detector, in the default band, with the list of those that are
// not as they should be: "missed" and "flagged".
func TestRaceTests(t *testing.T) {
	files := raceTests(t)
	if files == nil {
		t.Skip("this Go installation lacks src/runtime/race/testdata")
	}
	dir := newDir(t)
	writeFiles(t, dir, files)
	res, err := analyzer.Check(analyzer.Config{Dir: dir, Patterns: []string{"."}, Tests: true, Tags: "race", Env: environ()})
	if err != nil {
		t.Fatal(err)
	}
	if len(res.Problems) > 0 {
		t.Fatalf("problems: %q", res.Problems)
	}
	fset := token.NewFileSet()
	var racy, found, quiet, flagged int
	var wrong []string
	for _, test := range raceTestsIn(t, fset, dir, files) {
		hit := slices.ContainsFunc(res.Findings, func(f analyzer.Finding) bool {
			return slices.ContainsFunc(test.code, func(n ast.Node) bool {
				from, to := fset.Position(n.Pos()), fset.Position(n.End())
				return filepath.Base(f.Posn.Filename) == filepath.Base(from.Filename) && from.Line <= f.Posn.Line && f.Posn.Line <= to.Line
			})
		})
		switch bad := strings.HasPrefix(test.name, "TestRace"); {
		case bad && hit:
			racy, found = racy+1, found+1
		case bad:
			racy++
			wrong = append(wrong, "missed "+test.name)
		case hit:
			quiet, flagged = quiet+1, flagged+1
			wrong = append(wrong, "flagged "+test.name)
		default:
			quiet++
		}
	}
	slices.Sort(wrong)
	summary := fmt.Sprintf("%d of %d races found, %d of %d right ones flagged", found, racy, flagged, quiet)
	t.Log(summary)
	got := summary + "\n" + strings.Join(wrong, "\n") + "\n"
	list := filepath.Join("..", "testdata", "golden", "racetests.txt")
	if *update {
		if err := os.WriteFile(list, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(list)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("expected (-), found (+); -update writes the list anew:\n%s", diff)
	}
}
