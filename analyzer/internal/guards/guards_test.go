package guards_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lockcheck/lockcheck/analyzer/internal/ssatest"
)

// TestBelief has what is believed of the places of a package, by what its functions do.
func TestBelief(t *testing.T) {
	const counter = "package p\n\nimport \"sync\"\n\ntype T struct {\n\tmu sync.Mutex\n\tn  int\n}\n\n"
	for _, tt := range []struct {
		name string
		src  string
		want string // place, guard, held of total, writes, functions with and without, where it is declared
	}{
		{"all hold it", counter + `
func (t *T) Add() { t.mu.Lock(); t.n++; t.mu.Unlock() }
func (t *T) Get() int { t.mu.Lock(); defer t.mu.Unlock(); return t.n }
`, "p.T.n: p.T.mu 2/2 writes 1 in 2/0 sibling adjacent only"},
		{"one does not", counter + `
func (t *T) Add() { t.mu.Lock(); t.n++; t.mu.Unlock() }
func (t *T) Sub() { t.mu.Lock(); t.n--; t.mu.Unlock() }
func (t *T) Get() int { return t.n }
`, "p.T.n: p.T.mu 2/3 writes 2 in 2/1 sibling adjacent only"},
		{"a helper is called with it", counter + `
func (t *T) Add() { t.mu.Lock(); t.add(); t.mu.Unlock() }
func (t *T) Get() int { t.mu.Lock(); defer t.mu.Unlock(); return t.n }
func (t *T) add() { t.n++ }
`, "p.T.n: p.T.mu 2/2 writes 1 in 2/0 sibling adjacent only"},
		{"a constructor does not count", counter + `
func New() *T { t := &T{}; t.n = 1; return t }
func (t *T) Add() { t.mu.Lock(); t.n++; t.mu.Unlock() }
func (t *T) Get() int { t.mu.Lock(); defer t.mu.Unlock(); return t.n }
`, "p.T.n: p.T.mu 2/2 writes 1 in 2/0 sibling adjacent only"},
		{"a paragraph of its own, and another lock", `package p

import "sync"

type T struct {
	mu, other sync.Mutex

	n int
}

func (t *T) Add() { t.mu.Lock(); t.n++; t.mu.Unlock() }
func (t *T) Get() int { t.mu.Lock(); defer t.mu.Unlock(); return t.n }
func (t *T) Wait() { t.other.Lock(); t.other.Unlock() }
`, "p.T.n: p.T.mu 2/2 writes 1 in 2/0 sibling"},
		{"package variables", `package p

import "sync"

var (
	mu sync.Mutex
	n  int
)

func Add() { mu.Lock(); n++; mu.Unlock() }
func Get() int { mu.Lock(); defer mu.Unlock(); return n }
`, "p.n: p.mu 2/2 writes 1 in 2/0 sibling adjacent only"},
		{"nobody holds it", counter + `
func (t *T) Lock() { t.mu.Lock() }
func (t *T) Add() { t.n++ }
func (t *T) Get() int { return t.n }
`, "p.T.n: none"},
		{"declared", strings.Replace(counter, "n  int\n", "n  int // guarded by mu\n", 1) + `
func (t *T) Add() { t.n++ }
`, "p.T.n: p.T.mu 0/1 writes 0 in 0/1 sibling adjacent only declared"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := ssatest.Load(t, tt.src)
			e := p.Engine()
			v, _ := p.View(p.Package("p"), e)
			var got []string
			for _, place := range v.Guards().Places {
				s := place.Class + ": none"
				if g := place.Guard; g != nil {
					s = fmt.Sprintf("%s: %s %d/%d writes %d in %d/%d", place.Class, g.Class, g.Held, g.Total, g.Writes, g.Funcs, g.Others)
					for _, w := range []struct {
						is   bool
						word string
					}{{g.Sibling, "sibling"}, {g.Adjacent, "adjacent"}, {g.Only, "only"}, {g.Declared != nil, "declared"}} {
						if w.is {
							s += " " + w.word
						}
					}
				}
				got = append(got, s)
			}
			if s := strings.Join(got, "\n"); s != tt.want {
				t.Errorf("got %s, want %s", s, tt.want)
			}
		})
	}
}
