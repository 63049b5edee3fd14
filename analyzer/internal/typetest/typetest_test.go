package typetest_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/lockcheck/lockcheck/analyzer/internal/typetest"
)

// TestSource has packages, tests in a package and outside of it, and a file for another system.
func TestSource(t *testing.T) {
	tree, err := typetest.Source(`-- a/b/b.go --
package b

func F() {}
-- a/b/b_plan9.go --
package b

func F() {}
-- a/b/in_test.go --
package b

import "testing"

func G(t *testing.T) {}
-- a/b/out_test.go --
package b_test

import "a/b"

var _ = b.G
-- a/a.go --
package a

import (
	"a/b"
	"net/http"
)

func H(http.Handler) { b.F() }
`)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range tree.Pkgs {
		got = append(got, fmt.Sprint(p.Path, " ", p.Test, " ", len(p.Files)))
	}
	if s, want := strings.Join(got, ", "), "a/b false 1, a/b true 2, a/b_test true 1, a false 1"; s != want {
		t.Errorf("got %s, want %s", s, want)
	}
	if a, b := tree.Package("a"), tree.Package("a/b"); a.Imports["a/b"] != b || b.Types.Scope().Lookup("G") != nil {
		t.Error("a does not import b without its tests")
	}
	if data, err := tree.ReadFile("a/b/in_test.go"); err != nil || !strings.HasPrefix(string(data), "package b\n") {
		t.Errorf("got %q, %v", data, err)
	}
	if _, err := tree.ReadFile("a/b/b_plan9.go"); err == nil {
		t.Error("a file was read that is not built here")
	}
}

func TestErrors(t *testing.T) {
	for _, tt := range []struct{ src, want string }{
		{"package p\n\nfunc f( {\n", "p/p.go:3:9: expected ')', found '{'"},
		{"package p\n\nvar x int = \"\"\n\nvar y int = nil\n", "p/p.go:5:13: cannot use nil as int value"},
		{"package p\n\nimport \"example.com/none\"\n", "example.com/none"},
		{"-- a/a.go --\npackage a\n\nimport _ \"b\"\n-- b/b.go --\npackage b\n\nimport _ \"a\"\n", "import cycle through a"},
	} {
		if _, err := typetest.Source(tt.src); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: got %v, want %s", tt.src, err, tt.want)
		}
	}
}

// TestParallel loads in several goroutines: they share nothing but names of files.
func TestParallel(t *testing.T) {
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := typetest.Source("package p\n\nimport (\n\t\"context\"\n\t\"sync\"\n)\n\nvar _ sync.Mutex\n\nvar _ context.Context\n"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// BenchmarkSource tells what it takes to import a small package, and a large one.
func BenchmarkSource(b *testing.B) {
	for _, path := range []string{"sync", "net/http"} {
		b.Run(path, func(b *testing.B) {
			for b.Loop() {
				if _, err := typetest.Source("package p\n\nimport _ \"" + path + "\"\n"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
