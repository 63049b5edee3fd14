package name

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// comments returns what the comments "name:" below a directory say, by file and line.
func comments(t *testing.T, dir string) map[string]string {
	t.Helper()
	want := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") {
			return err
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		line := 0
		for text := range strings.Lines(string(src)) {
			line++
			if _, name, ok := strings.Cut(text, "// name: "); ok {
				want[filepath.Base(path)+":"+strconv.Itoa(line)] = strings.TrimSpace(name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return want
}

func spell(n Name) string {
	s := n.Class + " " + n.Kind.String()
	if !n.Certain {
		s += " ?"
	}
	return s
}

// TestRun runs a program whose locks print where they are acquired: what the runtime says
// of deferred calls, of calls over several lines and of inlined closures is not
// written down anywhere, and may change with the compiler.
func TestRun(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program")
	}
	dir, err := filepath.Abs("testdata/run/prog")
	if err != nil {
		t.Fatal(err)
	}
	defer func(m func() module) { workModule = m }(workModule)
	workModule = func() module { return moduleOf(dir) }
	defer func(f func() string) { mainPath = f }(mainPath)
	mainPath = func() string { return "example.com/run" }

	wrappers := map[string]string{
		"example.com/run/p.(*Derived).Lock":    "example.com/run/p.Base.Mutex embedded",
		"example.com/run/p.(*Derived).TryLock": "example.com/run/p.Base.Mutex embedded",
		"example.com/run/p.(*Reader).Lock":     "example.com/run/p.Reader.RWMutex embedded",
		"example.com/run/p.(*Reader).RLock":    "example.com/run/p.Reader.RWMutex embedded",
		"example.com/run/p.(*Reader).TryLock":  "example.com/run/p.Reader.RWMutex embedded",
		"example.com/run/p.Reader.Lock":        "example.com/run/p.Reader.RWMutex embedded",
		"example.com/run/p.Reader.RLock":       "example.com/run/p.Reader.RWMutex embedded",
		"example.com/run/p.Reader.TryLock":     "example.com/run/p.Reader.RWMutex embedded",
		"example.com/run/p.(*Derived).Unlock":  "example.com/run/p.Base.Mutex embedded",
		"example.com/run/p.(*Reader).Unlock":   "example.com/run/p.Reader.RWMutex embedded",
		"example.com/run/p.(*Reader).RUnlock":  "example.com/run/p.Reader.RWMutex embedded",
		"example.com/run/p.Reader.Unlock":      "example.com/run/p.Reader.RWMutex embedded",
		"example.com/run/p.Reader.RUnlock":     "example.com/run/p.Reader.RWMutex embedded",
	}
	for _, flags := range [][]string{nil, {"-gcflags=-l"}, {"-trimpath"}} {
		t.Run(strings.Join(flags, " "), func(t *testing.T) {
			forget()
			clear(packages)
			clear(paths)
			cmd := exec.Command("go", append(append([]string{"run"}, flags...), ".")...)
			cmd.Dir = dir
			cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off", "PWD="+dir)
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			out, err := cmd.Output()
			if err != nil {
				t.Fatalf("%v\n%s", err, &stderr)
			}
			want := comments(t, dir)
			seen := map[string]bool{}
			for text := range strings.Lines(string(out)) {
				f := strings.Split(strings.TrimSpace(text), "\t")
				if len(f) != 4 {
					t.Fatalf("bad line %q", text)
				}
				line, _ := strconv.Atoi(f[3])
				s := Site{Func: f[1], File: f[2], Line: line}
				got := spell(Resolve(s))
				if f[0] == "wrapper" {
					want, ok := wrappers[f[1]]
					if !ok { // a method with source, or a wrapper of one
						want = spell(fallback(s))
					}
					if got != want {
						t.Errorf("%s: got %s, want %s", f[1], got, want)
					}
					continue
				}
				key := filepath.Base(f[2]) + ":" + f[3]
				seen[key] = true
				if w, ok := want[key]; !ok {
					t.Errorf("%s: acquired at %s, which has no comment", f[1], key)
				} else if got != w {
					t.Errorf("%s %s: got %s, want %s", f[1], key, got, w)
				}
				s.Op = f[0]
				if w := want[key]; spell(Resolve(s)) != w {
					t.Errorf("%s %s with the method's name: got %s, want %s", f[1], key, spell(Resolve(s)), w)
				}
			}
			for key := range want {
				if !seen[key] {
					t.Errorf("%s: nothing was acquired", key)
				}
			}
		})
	}
}
