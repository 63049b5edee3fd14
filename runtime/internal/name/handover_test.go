package name

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const handoverSource = `package q

import "sync"

type reg struct {
	mu sync.Mutex
	m  map[int]*obj
}
type obj struct {
	mu  sync.Mutex
	reg *reg
	id  int
}

func (r *reg) fresh(i int) {
	o := &obj{reg: r}
	o.mu.Lock() // A unshared
	r.m[i] = o
}
func (r *reg) shownFirst(i int) {
	o := &obj{reg: r}
	r.m[i] = o
	o.mu.Lock() // B shared
}
func (r *reg) looked(i int) {
	o := r.m[i]
	o.mu.Lock() // C shared
}
func newObj(r *reg) *obj {
	o := new(obj)
	o.reg = r
	return o
}
func (r *reg) made(i int) {
	o := newObj(r)
	o.mu.Lock() // D unshared
}
func (r *reg) other() {
	o := &obj{reg: r}
	o.reg.mu.Lock() // E shared
}
func (r *reg) spawn() {
	o := &obj{reg: r}
	go func() { o.id++ }()
	o.mu.Lock() // F shared
}
func sorted(a, b *obj) {
	if a.id > b.id {
		a, b = b, a
	}
	a.mu.Lock() // G first
	b.mu.Lock() // H ranked
}
func plain(a, b *obj) {
	a.mu.Lock() // I first
	b.mu.Lock() // J unranked
}
func unrelated(a, b *obj) {
	if a.id > 3 {
		a.id = b.id
	}
	a.mu.Lock() // K first
	b.mu.Lock() // L unranked
}
`

func TestHandover(t *testing.T) {
	dir := t.TempDir()
	os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module example.com/q\n\ngo 1.26\n"), 0o666)
	file := filepath.Join(dir, "q.go")
	os.WriteFile(file, []byte(handoverSource), 0o666)
	at := map[string]Site{}
	fn := ""
	for i, l := range strings.Split(handoverSource, "\n") {
		if strings.HasPrefix(l, "func ") {
			rest := strings.TrimPrefix(l, "func ")
			if strings.HasPrefix(rest, "(r *reg) ") {
				rest = "(*reg)." + strings.TrimPrefix(rest, "(r *reg) ")
			}
			fn = rest[:strings.IndexByte(strings.TrimPrefix(rest, "(*reg)"), '(')+len(rest)-len(strings.TrimPrefix(rest, "(*reg)"))]
		}
		if _, c, ok := strings.Cut(l, "// "); ok {
			at[c[:1]] = Site{Func: "example.com/q." + fn, File: file, Line: i + 1, Op: "Lock"}
		}
	}
	for k, want := range map[string]bool{"A": true, "B": false, "C": false, "D": true, "E": false, "F": false} {
		if got := Unshared([]Site{at[k]}, nil) >= 0; got != want {
			t.Errorf("%s %v: unshared %v", k, at[k].Func, got)
		}
	}
	for _, k := range []struct {
		a, b string
		want bool
	}{{"G", "H", true}, {"I", "J", false}, {"K", "L", false}} {
		if got := Ranked([]Site{at[k.a]}, []Site{at[k.b]}) != ""; got != k.want {
			t.Errorf("%s %s: ranked %v", k.a, k.b, got)
		}
	}
}
