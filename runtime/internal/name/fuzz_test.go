package name

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
)

// FuzzResolve resolves every line of a file that may be anything. A panic inside go/types is
// caught by Resolve and is not ours to repair.
func FuzzResolve(f *testing.F) {
	// Each function of the corpus by itself: small inputs are tried by the thousand.
	for _, file := range []string{"testdata/src/bank/bank.go", "testdata/src/outside/outside.go"} {
		src, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, decl := range strings.Split(string(src), "\n\n") {
			if strings.HasPrefix(decl, "func") && len(decl) < 1500 {
				f.Add([]byte("package p\nimport \"sync\"\ntype Ledger struct { mu sync.Mutex; next *Ledger }\n"+decl), "p.(*Ledger).M")
			}
		}
	}
	for _, src := range []string{
		"package p\nfunc f() { p.Lock() }",
		"package p\nimport . \"sync\"\nvar m Mutex\nfunc f() { m.Lock(); func() { (*Mutex).Lock() }() }",
		"package p\nimport \"sync\"\ntype T struct { *T; sync.Mutex }\nfunc (t T[T]) f() T { return t.f().T.T.Lock() }",
		"package p\nimport \"sync\"\nvar c = sync.NewCond(c.L)\nfunc f() { c.L = c; c.Wait(); defer c.L.L.Lock() }",
		"package p\nfunc f(x *y) { x := x.x; for x = range x { x.x[x].Lock() } }\nfunc g() (x T) { return g().x.Lock() }",
		"//line y.go:7\npackage p\n/*line :1*/ func init() { lock := lock; lock() }",
	} {
		f.Add([]byte(src), "example.com/m%2ex/p.(*T[...]).M.func1-range2")
	}
	f.Fuzz(func(t *testing.T, src []byte, fn string) {
		file := filepath.Join(t.TempDir(), "x.go")
		if err := os.WriteFile(file, src, 0o666); err != nil {
			t.Fatal(err)
		}
		forget()
		clear(packages)
		clear(paths)
		clear(modules)
		line := 0
		for range strings.Lines(string(src)) {
			line++
			s := Site{Func: fn, File: file, Line: line}
			func() {
				defer func() {
					if e := recover(); e != nil {
						if stack := string(debug.Stack()); !strings.Contains(stack, "go/types.(*Checker)") {
							t.Fatalf("line %d: %v\n%s", line, e, stack)
						}
					}
				}()
				if lookup(s).Class == "" {
					t.Errorf("line %d has no class", line)
				}
			}()
			if first, again := Resolve(s), Resolve(s); first != again {
				t.Errorf("line %d has two names: %+v, %+v", line, first, again)
			}
		}
	})
}
