package godeadlock

import (
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sasha-s/go-deadlock"
)

// TestParse has what the programs of this package do not print: names of Windows, sources
// that are not there, more than one holder, all goroutines.
func TestParse(t *testing.T) {
	got := parse(`POTENTIAL DEADLOCK:
Previous place where the lock was grabbed
goroutine 7 lock 0xc000012345
C:\src\my code\a.go:12 a.(*T).get { t.mu.RLock() } <<<<<
..\b.go:3 b.F[...] ???

Previous place where the lock was grabbed
goroutine 8 lock 0xc000012345
~/a.go:12 a.(*T).get {  } <<<<<

Have been trying to lock it again for more than 1m30s
goroutine 9 lock 0xc000012345
a.go:20 a.(*T).set { t.mu.Lock() } <<<<<

Here is what goroutine 7 doing now
goroutine 7 [select, 2 minutes]:
example.com/a.(*T).get(0xc000012345, {0x1, 0x2})
	C:/src/my code/a.go:14 +0x1d
created by main.main in goroutine 1
	C:/src/main.go:4 +0x25

Other goroutines holding locks:
goroutine 10 lock 0xc000054321
a.go:30 a.other { x.Lock() } <<<<<


All current goroutines:
goroutine 7 [select]:
`)
	want := parsed{
		kind: wait,
		stacks: []stack{
			{goroutine: 7, lock: "0xc000012345", frames: []frame{
				{"a.(*T).get", `C:\src\my code\a.go`, 12, "t.mu.RLock()"},
				{"b.F[...]", `..\b.go`, 3, ""},
			}},
			{goroutine: 8, lock: "0xc000012345", frames: []frame{{"a.(*T).get", "~/a.go", 12, ""}}},
			{goroutine: 9, lock: "0xc000012345", frames: []frame{{"a.(*T).set", "a.go", 20, "t.mu.Lock()"}}},
		},
		limit: "1m30s",
		doing: map[int64]stack{7: {goroutine: 7, state: "select, 2 minutes", parent: 1, frames: []frame{
			{"example.com/a.(*T).get", "C:/src/my code/a.go", 14, ""},
		}}},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(parsed{}, stack{}, frame{})); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// FuzzReading proves that any text becomes a finding: go-deadlock's lock is held.
func FuzzReading(f *testing.F) {
	for _, text := range []string{
		"",
		"POTENTIAL DEADLOCK: Recursive locking:\ncurrent goroutine 1 lock 0x1\na.go:1 a.b { c } <<<<<\n\nPrevious place where the lock was grabbed (same goroutine)\na.go:1 a.b { c } <<<<<\n",
		"POTENTIAL DEADLOCK: Inconsistent locking. saw this\nhappened before\na.go:-1 a ??? <<<<<\n\nhappened after\na.go:0 a.b { c.Lock() }\n\nin another goroutine: happened before\nx:1 go-deadlock.(*Mutex).Lock { }\nx:2 go-deadlock.(*Mutex).Lock { }\n\nhappened after\na:9 b { }\n",
		"POTENTIAL DEADLOCK:\nPrevious place where the lock was grabbed\ngoroutine 2 lock 0x2\na.go:1 a.b { c } <<<<<\n\nHave been trying to lock it again for more than 1s\ngoroutine 3 lock 0x2\na.go:1 a.b { c } <<<<<\n\nHere is what goroutine 2 doing now\ngoroutine 2 [x]:\na.b()\n\ta.go:1 +0x1\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var a adapter
		for _, f := range a.findings(text, callers()) {
			if f.Title == "" || len(f.Parts) == 0 {
				t.Errorf("%q becomes %+v", text, f)
			}
		}
	})
}

// TestMigrationPage proves that no field of Opts and no build tag was forgotten.
func TestMigrationPage(t *testing.T) {
	data, err := os.ReadFile("../../docs/go-deadlock.md")
	if err != nil {
		t.Fatal(err)
	}
	words := make(map[string]string)
	for field := range reflect.TypeOf(deadlock.Opts).Fields() {
		if field.IsExported() {
			words[field.Name] = "deadlock.Opts"
		}
	}
	dir, err := exec.Command("go", "list", "-f", "{{.Dir}}", "github.com/sasha-s/go-deadlock").Output()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(dir)), "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatal("go-deadlock has no files: ", err)
	}
	constraint := regexp.MustCompile(`(?m)^//go:build (.*)$`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, m := range constraint.FindAllStringSubmatch(string(text), -1) {
			for _, tag := range strings.FieldsFunc(m[1], func(r rune) bool { return strings.ContainsRune("!&|() ", r) }) {
				words[tag] = filepath.Base(file)
			}
		}
	}
	for word, of := range words {
		if !regexp.MustCompile("(?m)^\\|.*`" + regexp.QuoteMeta(word) + "`.*\\|.*\\|.*\\|$").Match(data) {
			t.Errorf("docs/go-deadlock.md has no row for %s of %s", word, of)
		}
	}
}
