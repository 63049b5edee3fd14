package name

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/lockcheck/lockcheck/analyzer"
)

// TestAgree compares the classes with those of the static half on the corpus of its
// checks: what -debug=held shows to be held after a call of Lock and was not before is
// the lock of that call.
func TestAgree(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the go command")
	}
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	var library analyzer.Library
	compared, vague := 0, 0
	held := func(dir string) {
		var out bytes.Buffer
		_, err := analyzer.Check(analyzer.Config{
			Dir: dir, Patterns: []string{"./..."}, Tests: true, Debug: "held", DebugOut: &out, Library: &library,
			Env: append(os.Environ(), "GOFLAGS=-mod=readonly", "GOPROXY=off", "GOWORK=off", "PWD="+dir),
		})
		if err != nil { // packages whose imports are only found with the root of a corpus are left out
			t.Fatalf("%s: %v", dir, err)
		}
		n, m := compareHeld(t, dir, out.String())
		compared += n
		vague += m
	}
	for _, check := range []string{"doublelock", "lockorder", "rlockrecursion"} {
		held(filepath.Join(root, "analyzer", check, "testdata", "src"))
	}
	for _, dir := range []string{"testdata/src", "testdata/run/prog"} {
		dir, err := filepath.Abs(dir)
		if err != nil {
			t.Fatal(err)
		}
		held(dir)
	}
	archives, err := filepath.Glob(filepath.Join(root, "testdata", "agree", "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range archives {
		ar, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		dir := filepath.Join(t.TempDir(), filepath.Base(file))
		for _, f := range ar.Files {
			path := filepath.Join(dir, filepath.FromSlash(f.Name))
			if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, f.Data, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		held(dir)
	}
	t.Logf("%d acquisitions compared, %d of which are named by their callers", compared, vague)
	if compared < 1000 || vague*50 > compared {
		t.Error("too few can be compared")
	}
}

// compareHeld resolves the acquisitions in the output of -debug=held.
func compareHeld(t *testing.T, dir, out string) (compared, vague int) {
	type step struct {
		file, call string
		line       int
		held       []string
	}
	var last *step
	for text := range strings.Lines(out) {
		f := strings.Split(strings.TrimSpace(text), "\t")
		if len(f) != 3 || !strings.HasPrefix(f[2], "{") || strings.Contains(f[2], " or ") || strings.Contains(f[2], "?") {
			last = nil
			continue
		}
		file, num, _ := strings.Cut(f[0], ".go:")
		now := &step{file: file + ".go", call: f[1]}
		if !filepath.IsAbs(now.file) {
			now.file = filepath.Join(dir, now.file)
		}
		now.line, _ = strconv.Atoi(num)
		if set := strings.Trim(f[2], "{}"); set != "" {
			now.held = strings.Split(strings.ReplaceAll(set, "(read)", ""), ", ")
		}
		before := last
		last = now
		if before == nil || !strings.HasSuffix(before.call, "Lock()") || strings.Contains(before.call, " ") ||
			now.file != before.file || now.line < before.line {
			continue
		}
		gained := slices.Clone(now.held)
		for _, h := range before.held {
			if i := slices.Index(gained, h); i >= 0 {
				gained = slices.Delete(gained, i, i+1)
			}
		}
		if len(gained) != 1 || len(now.held) != len(before.held)+1 || strings.HasPrefix(gained[0], "(") {
			continue
		}
		compared++
		op := before.call[strings.LastIndexByte(before.call, '.')+1:]
		n := Resolve(Site{Func: "github.com/lockcheck/lockcheck/x.f", File: before.file, Line: before.line, Op: strings.TrimSuffix(op, "()")})
		if n.Class != gained[0] && !n.Certain && n.Kind == Param {
			vague++ // a method of users' own, which is no site at run time
		} else if n.Class != gained[0] {
			t.Errorf("%s:%d: %s: %+v, but the static half says %s", before.file, before.line, before.call, n, gained[0])
		}
	}
	return compared, vague
}
