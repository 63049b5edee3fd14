package whole

import (
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

// graph makes packages of lines "ID: IDs of imports". An ID "p [p.test]" is the variant of p with its tests.
func graph(text string) map[string]*packages.Package {
	pkgs := map[string]*packages.Package{}
	get := func(id string) *packages.Package {
		p := pkgs[id]
		if p == nil {
			path, test, _ := strings.Cut(id, " ")
			p = &packages.Package{ID: id, PkgPath: path, Imports: map[string]*packages.Package{}}
			if test != "" {
				p.ForTest = strings.TrimSuffix(strings.Trim(test, "[]"), ".test")
			}
			if strings.Contains(path, ".") {
				p.Module = &packages.Module{Path: "example.com"}
			}
			pkgs[id] = p
		}
		return p
	}
	for line := range strings.Lines(text) {
		id, imports, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok {
			continue
		}
		p := get(id)
		for imp := range strings.SplitSeq(imports, ",") {
			if imp = strings.TrimSpace(imp); imp != "" {
				q := get(imp)
				p.Imports[q.PkgPath] = q
			}
		}
	}
	return pkgs
}

// TestArrange has graphs of packages, and the order in which they are type-checked: each behind its imports. "*" marks
// those asked for, "-" those without bodies.
func TestArrange(t *testing.T) {
	for _, tt := range []struct {
		name  string
		graph string
		roots []string
		want  string
	}{
		{"a chain", "m.x/a: m.x/b\nm.x/b: m.x/c\nm.x/c:", []string{"m.x/a"}, "m.x/c m.x/b *m.x/a"},
		{"a diamond", "m.x/a: m.x/b, m.x/c\nm.x/b: m.x/d\nm.x/c: m.x/d\nm.x/d:", []string{"m.x/a"}, "m.x/d m.x/b m.x/c *m.x/a"},
		{"roots in any order", "m.x/a:\nm.x/b: m.x/a", []string{"m.x/b", "m.x/a"}, "*m.x/a *m.x/b"},
		{"the standard library", "m.x/a: sync, unsafe, C\nsync: internal/race\ninternal/race:", []string{"m.x/a"}, "-internal/race -sync *m.x/a"},
		{"a package of it that is asked for", "sync: internal/race\ninternal/race:", []string{"sync"}, "-internal/race *sync"},
		{"a variant with tests", "m.x/a:\nm.x/a [m.x/a.test]: testing\ntesting:", []string{"m.x/a", "m.x/a [m.x/a.test]"}, "-testing *m.x/a [m.x/a.test]"},
		{"a variant, and an importer of the other", "m.x/a:\nm.x/a [m.x/a.test]:\nm.x/b: m.x/a", []string{"m.x/a", "m.x/a [m.x/a.test]", "m.x/b"},
			"*m.x/a [m.x/a.test] *m.x/a *m.x/b"},
		{"an external test", "m.x/a:\nm.x/a [m.x/a.test]:\nm.x/a_test [m.x/a.test]: m.x/a [m.x/a.test]", []string{"m.x/a", "m.x/a [m.x/a.test]", "m.x/a_test [m.x/a.test]"},
			"*m.x/a [m.x/a.test] *m.x/a_test [m.x/a.test]"},
	} {
		pkgs := graph(tt.graph)
		var roots []*packages.Package
		for _, id := range tt.roots {
			roots = append(roots, pkgs[id])
		}
		prog := &Program{}
		prog.arrange(roots)
		var got []string
		done := map[*Package]bool{}
		for _, p := range prog.Pkgs {
			for _, d := range p.deps {
				if !done[d] {
					t.Errorf("%s: %s comes before %s", tt.name, p.ID, d.ID)
				}
			}
			done[p] = true
			mark := ""
			switch {
			case p.Initial:
				mark = "*"
			case p.Bare:
				mark = "-"
			}
			got = append(got, mark+p.ID)
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, s, tt.want)
		}
	}
}

// TestIsStd has packages of a standard library that is known by its folder, or not.
func TestIsStd(t *testing.T) {
	src := filepath.FromSlash("/go/src/")
	for _, tt := range []struct {
		path, file, goroot string
		want               bool
	}{
		{"sync", "/go/src/sync/mutex.go", src, true},
		{"m.x/a", "/home/m/a.go", src, false},
		{"m/a", "/home/m/a.go", src, false}, // a module without a dot
		{"sync", "/go/src/sync/mutex.go", "", true},
		{"m.x/a", "/home/m/a.go", "", false},
		{"internal/race", "", src, true}, // no files
	} {
		p := &packages.Package{PkgPath: tt.path}
		if tt.file != "" {
			p.GoFiles = []string{filepath.FromSlash(tt.file)}
		}
		if got := isStd(p, tt.goroot); got != tt.want {
			t.Errorf("%+v: %v", tt, got)
		}
	}
	pkgs := graph("m.x/a: runtime\nruntime:")
	if got := gorootOf([]*packages.Package{pkgs["m.x/a"]}); got != "" {
		t.Errorf("without files, the standard library is in %q", got)
	}
	pkgs["runtime"].GoFiles = []string{filepath.FromSlash("/go/src/runtime/proc.go")}
	if got := gorootOf([]*packages.Package{pkgs["m.x/a"]}); got != src {
		t.Errorf("the standard library is in %q, want %q", got, src)
	}
}

// TestUnusable has roots with files, without, and with errors.
func TestUnusable(t *testing.T) {
	bad := func(pos, msg string) *packages.Package {
		return &packages.Package{Errors: []packages.Error{{Pos: pos, Msg: msg}}}
	}
	good := &packages.Package{GoFiles: []string{"a.go"}}
	for _, tt := range []struct {
		name  string
		roots []*packages.Package
		want  string
	}{
		{"files", []*packages.Package{good}, ""},
		{"cgo makes the only files", []*packages.Package{{CompiledGoFiles: []string{"a.go"}, Errors: []packages.Error{{Msg: "x"}}}}, ""},
		{"an error", []*packages.Package{bad("a.go:1:2", "no such package\nmore")}, "a.go:1:2: no such package"},
		{"an error without a place", []*packages.Package{bad("-", "no such package")}, "no such package"},
		{"two errors", []*packages.Package{bad("", "first"), bad("", "second")}, "first"},
		{"one root of two", []*packages.Package{bad("", "first"), good}, ""},
		{"tests only", []*packages.Package{{}}, ""},
	} {
		got := ""
		if err := unusable(tt.roots); err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestGoMessage has errors as packages.Load words them, and what is told of them.
func TestGoMessage(t *testing.T) {
	for _, tt := range []struct{ msg, want string }{
		{"err: exit status 1: stderr: go: go.mod file not found in current directory\nuse GO111MODULE=on", "go.mod file not found in current directory"},
		{"err: exit status 2: stderr: pattern ./x: directory not found\n", "pattern ./x: directory not found"},
		{"go: cannot find main module", "cannot find main module"},
		{"could not run the go command", "could not run the go command"},
	} {
		if got := goMessage(tt.msg); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.msg, got, tt.want)
		}
	}
}

// TestUnbuilt names the package below that does not type-check.
func TestUnbuilt(t *testing.T) {
	named := func(path string, errs []string, deps ...*Package) *Package {
		return &Package{Package: &packages.Package{PkgPath: path}, Errs: errs, deps: deps}
	}
	bad := named("m.x/bad", []string{"undefined: x", "more"})
	for _, tt := range []struct {
		p    *Package
		want string
	}{
		{named("m.x/a", nil, bad), "it uses m.x/bad, which does not type-check: undefined: x"},
		{named("m.x/a", nil, named("m.x/b", nil), named("m.x/c", nil, bad)), "it uses m.x/bad, which does not type-check: undefined: x"},
		{named("m.x/a", nil, named("m.x/b", nil)), "internal error while building its SSA form: boom"},
	} {
		if got := tt.p.unbuilt("boom"); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
	if got := problem(bad); got != "package m.x/bad is not analyzed: undefined: x (and 1 more)" {
		t.Errorf("problem is %q", got)
	}
}
