package lockcheck_test

import (
	"fmt"
	"go/ast"
	"go/build"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	lockcheck "github.com/lockcheck/lockcheck/runtime"
	"golang.org/x/tools/txtar"
)

// TestComplete compares what package sync of this release of Go exports with what this package
// does: functions, types, methods and fields, with their signatures.
func TestComplete(t *testing.T) {
	want := api(t, "sync", nil)
	var tags []string
	if lockcheck.Enabled {
		tags = []string{"lockcheck"}
	}
	got := api(t, self+"/runtime", tags)
	if len(want) < 40 {
		t.Errorf("package sync exports %d names only", len(want))
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if got[name] != want[name] {
			t.Errorf("%s is\n\t%q, want\n\t%q", name, got[name], want[name])
		}
	}
}

// api returns what a package exports: "F", "T", "T.method", "T.field".
func api(t *testing.T, path string, tags []string) map[string]string {
	t.Helper()
	ctx := build.Default
	ctx.BuildTags = tags
	ctx.CgoEnabled = false
	dir := "."
	if path == "sync" {
		dir = filepath.Join(goroot(), "src", "sync")
	}
	p, err := ctx.ImportDir(dir, 0)
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range p.GoFiles {
		f, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	// Errors are about internal packages of the standard library, which cannot be imported here.
	conf := types.Config{Error: func(error) {}, IgnoreFuncBodies: true, FakeImportC: true, Importer: lenient{importer.ForCompiler(fset, "source", nil)}}
	pkg, _ := conf.Check(path, fset, files, nil)
	// Both packages write the names of their own types, and of sync's, without a package.
	short := func(p *types.Package) string {
		if p == pkg || p.Path() == "sync" {
			return ""
		}
		return p.Path()
	}
	out := make(map[string]string)
	for _, name := range pkg.Scope().Names() {
		obj := pkg.Scope().Lookup(name)
		if !obj.Exported() {
			continue
		}
		typeName, ok := obj.(*types.TypeName)
		if !ok {
			out[name] = fmt.Sprintf("%T %s", obj, types.TypeString(obj.Type(), short))
			continue
		}
		typ := types.Unalias(typeName.Type())
		kind := fmt.Sprintf("%T", typ.Underlying())
		out[name] = kind
		if s, ok := typ.Underlying().(*types.Struct); ok {
			for f := range s.Fields() {
				if f.Exported() {
					out[name+"."+f.Name()] = "field " + types.TypeString(f.Type(), short)
				}
			}
		}
		// Methods, with whether a value or only a pointer has them.
		for _, typ := range []types.Type{typ, types.NewPointer(typ)} {
			set := types.NewMethodSet(typ)
			for m := range set.Methods() {
				if m.Obj().Exported() {
					key := name + "." + m.Obj().Name()
					if _, pointer := typ.(*types.Pointer); pointer {
						key = "*" + key
					}
					out[key] = types.TypeString(m.Type(), short)
				}
			}
		}
	}
	return out
}

// A lenient importer gives an empty package for what it cannot import.
type lenient struct{ types.Importer }

func (l lenient) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if p, err := l.Importer.Import(path); err == nil {
		return p, nil
	}
	p := types.NewPackage(path, path[strings.LastIndexByte(path, '/')+1:])
	p.MarkComplete()
	return p, nil
}

var importSync = regexp.MustCompile(`(?m)^(\t(?:\. )?)"sync"$`)

// rewrite replaces the import of package sync in a test of the standard library, and what else tests outside of
// it cannot import.
func rewrite(t *testing.T, name string) txtar.File {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(goroot(), "src", "sync", name))
	if err != nil {
		t.Fatal(err)
	}
	s := string(data)
	s = importSync.ReplaceAllStringFunc(s, func(line string) string {
		if strings.Contains(line, ". ") {
			return "\t. \"" + self + "/runtime\""
		}
		return "\tsync \"" + self + "/runtime\""
	})
	s = strings.Replace(s, `"internal/testenv"`, `"example.com/x/testenv"`, 1)
	if s == string(data) {
		t.Errorf("%s does not import sync", name)
	}
	return txtar.File{Name: name, Data: []byte(s)}
}

// TestExamples runs the examples of package sync with this package.
func TestExamples(t *testing.T) {
	t.Parallel()
	var files []txtar.File
	names, err := filepath.Glob(filepath.Join(goroot(), "src", "sync", "example*_test.go"))
	if err != nil || len(names) == 0 {
		t.Skipf("no examples in %s: %v", goroot(), err)
	}
	for _, name := range names {
		files = append(files, rewrite(t, filepath.Base(name)))
	}
	dir := t.TempDir()
	writeModule(t, dir, append(files, txtar.File{Name: "x.go", Data: []byte("package sync\n")}))
	r := goTest(t, dir, nil, "-v", "-vet=off", "-run=Example", ".")
	got := len(lines(r.stdout, "--- PASS: Example"))
	if r.code != 0 || got < 4 || strings.Contains(r.stdout+r.stderr, "LOCKCHECK") {
		t.Errorf("exit code %d, %d pass\n%s%s", r.code, got, r.stdout, r.stderr)
	}
}

// skipped are the tests of package sync that are not for us, and why.
func skipped() map[string]string {
	m := map[string]string{
		"TestSemaphore": "it is a test of the Go runtime",
		"TestOnceXGC":   "it looks into the queue of cleanups of the Go runtime",
	}
	if lockcheck.Enabled {
		for _, name := range []string{"TestOnceFunc", "TestOnceValue", "TestOnceValues"} {
			m[name] = "it wants two allocations for a function, ours takes more"
		}
	}
	return m
}

// TestStandardTests runs package sync's own tests with this package.
func TestStandardTests(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	t.Parallel()
	files := []txtar.File{
		{Name: "x.go", Data: []byte("package sync\n")},
		{Name: "testenv/testenv.go", Data: []byte(`// Package testenv stands for internal/testenv.
package testenv

import (
	"os"
	"os/exec"
	"testing"
)

func MustHaveExec(t testing.TB) {}

func Executable(t testing.TB) string {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return exe
}

func Command(t testing.TB, name string, args ...string) *exec.Cmd { return exec.Command(name, args...) }

func CleanCmdEnv(cmd *exec.Cmd) *exec.Cmd { return cmd }
`)},
		{Name: "semaphore_test.go", Data: []byte(`package sync_test

func Runtime_Semacquire(*uint32)             { panic("not here") }
func Runtime_Semrelease(*uint32, bool, int) { panic("not here") }
`)},
	}
	for _, name := range []string{"mutex_test.go", "rwmutex_test.go", "once_test.go", "oncefunc_test.go", "cond_test.go", "waitgroup_test.go"} {
		f := rewrite(t, name)
		s := strings.Replace(string(f.Data), "//go:linkname runtime_blockUntilEmptyCleanupQueue", "//", 1)
		s = regexp.MustCompile(`(?m)^func runtime_blockUntilEmptyCleanupQueue\(.*$`).ReplaceAllString(s,
			`func runtime_blockUntilEmptyCleanupQueue(int64) bool { panic("not here") }`)
		s = strings.ReplaceAll(s, `"sync_test.onceFuncPanic"`, `"x_test.onceFuncPanic"`) // the package is another
		f.Data = []byte(s)
		files = append(files, f)
	}
	dir := t.TempDir()
	writeModule(t, dir, files)
	skip := strings.Join(slices.Sorted(maps.Keys(skipped())), "|")
	// TestRLocker has one goroutine unlock what another has locked, which is legal: see TestForeignUnlock.
	r := goTest(t, dir, []string{"LOCKCHECK=exit=off"}, "-v", "-short", "-vet=off", "-skip=^("+skip+")$", "-timeout=50s", ".")
	got := len(lines(r.stdout, "--- PASS: Test"))
	if r.code != 0 || got < 24 {
		t.Errorf("exit code %d, %d pass\n%s%s", r.code, got, r.stdout, r.stderr)
	}
	if strings.Contains(r.stdout+r.stderr, "LOCKCHECK: lock order") {
		t.Errorf("reported\n%s%s", r.stdout, r.stderr)
	}
	t.Logf("%d pass; skipped: %v", got, skipped())
}
