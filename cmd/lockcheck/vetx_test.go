package main

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis/unitchecker"
	"golang.org/x/tools/go/gcexportdata"
)

// Types inferred from function literals, generics, constants: all that could
// differ if bodies are not type-checked.
const unitSource = `package unit

import "unsafe"

type T[P any] struct{ f func(P) T[P] }

func (T[P]) M() (r P) { type local int; return }

var (
	F       = func(x int) []T[string] { return nil }
	G       = func() map[string]bool { return nil }()
	A       [unsafe.Sizeof(F)]int
	I   any = func() int { return 1 }
)

const C = len(A) * 2
`

func TestTypesOnly(t *testing.T) {
	name := filepath.Join(t.TempDir(), "unit.go")
	if err := os.WriteFile(name, []byte(unitSource), 0o666); err != nil {
		t.Fatal(err)
	}
	unit := &unitchecker.Config{
		ImportPath: "unit",
		GoFiles:    []string{name},
		GoVersion:  "go1.26",
		ImportMap:  map[string]string{"unsafe": "unsafe"},
	}
	data, err := typesOnly(unit)
	if err != nil {
		t.Fatal(err)
	}
	got, facts, err := decodeVetx(data)
	if err != nil || len(facts) != 0 {
		t.Fatalf("vetx file has %d bytes of facts, error %v", len(facts), err)
	}

	// The same with bodies.
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, name, nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	tc := &types.Config{Importer: importerFunc(func(string) (*types.Package, error) { return types.Unsafe, nil }), Sizes: types.SizesFor("gc", build.Default.GOARCH)}
	pkg, err := tc.Check("unit", fset, []*ast.File{f}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var want bytes.Buffer
	if err := gcexportdata.Write(&want, fset, pkg); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want.Bytes()[1:]) {
		t.Error("types differ from those of the package checked in full")
	}
}

func TestWriteStdVetx(t *testing.T) {
	goroot := build.Default.GOROOT
	pkg, err := build.ImportDir(filepath.Join(goroot, "src", "cmp"), 0)
	if err != nil {
		t.Skipf("no source of package cmp: %v", err)
	}
	t.Setenv("GOROOT", goroot)
	for _, test := range []struct {
		name   string
		change func(*unitchecker.Config)
		want   bool
	}{
		{"std", func(c *unitchecker.Config) {}, true},
		{"root", func(c *unitchecker.Config) { c.VetxOnly = false }, false},
		{"elsewhere", func(c *unitchecker.Config) { c.Dir = t.TempDir() }, false},
		{"command", func(c *unitchecker.Config) {
			c.ImportPath, c.Dir = "cmd/cmp", filepath.Join(goroot, "src", "cmd", "cmp")
		}, false},
		{"no file", func(c *unitchecker.Config) { c.GoFiles = append(c.GoFiles, "missing.go") }, false},
		{"no output", func(c *unitchecker.Config) { c.VetxOutput = "" }, false},
	} {
		dir := t.TempDir()
		unit := &unitchecker.Config{
			Dir:        pkg.Dir,
			ImportPath: "cmp",
			GoVersion:  "go1.26",
			VetxOnly:   true,
			VetxOutput: filepath.Join(dir, "vet.out"),
		}
		for _, name := range pkg.GoFiles {
			unit.GoFiles = append(unit.GoFiles, filepath.Join(pkg.Dir, name))
		}
		test.change(unit)
		data, err := json.Marshal(unit)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(dir, "vet.cfg")
		if err := os.WriteFile(name, data, 0o666); err != nil {
			t.Fatal(err)
		}
		if got := writeStdVetx(name); got != test.want {
			t.Errorf("%s: writeStdVetx = %t", test.name, got)
		}
		_, err = os.Stat(filepath.Join(dir, "vet.out"))
		if wrote := err == nil; wrote != test.want {
			t.Errorf("%s: file written: %t", test.name, wrote)
		}
	}
	if writeStdVetx("missing.cfg") {
		t.Error("writeStdVetx is true for a missing file")
	}
}

func TestVetxFile(t *testing.T) {
	data := encodeVetx([]byte("types"), []byte("facts!"))
	ts, fs, err := decodeVetx(data)
	if err != nil || string(ts) != "types" || string(fs) != "facts!" {
		t.Errorf("decodeVetx = %q, %q, %v", ts, fs, err)
	}
	for _, bad := range [][]byte{nil, data[:11], data[:len(data)-1], []byte("VETX00000000")} {
		if _, _, err := decodeVetx(bad); err == nil {
			t.Errorf("decodeVetx(%q) has no error", bad)
		}
	}
}
