package sharedvar

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/effects/text"
	"github.com/lockcheck/lockcheck/analyzer/internal/held"
	"github.com/lockcheck/lockcheck/analyzer/internal/solve"
	"github.com/lockcheck/lockcheck/analyzer/internal/threads"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// racesIn returns the races in the first function of a unit, as "WHO: what X does at its line, what Y does at its line".
// Lines count from that of the function, which is 1.
func racesIn(t *testing.T, src string) []string {
	t.Helper()
	head := "unit m m\ntype m.S struct { a int; b int }\nvar m.mu sync.Mutex\n"
	u, err := text.Parse(head + src)
	if err != nil {
		t.Fatal(err)
	}
	p := solve.Solve(solve.Input{Funcs: u.Funcs})
	in := &input{
		threads: threads.New(threads.Input{Funcs: p.Funcs, Facts: p.Facts()}),
		facts:   p.Facts(),
		entry:   func(fn *effects.Func) []lockgraph.Gate { return p.Entries[fn.ID].Held },
		locks: func(fn *effects.Func, v effects.V) *held.Locks {
			if r := p.Results[fn.ID]; r != nil {
				return r.Locks[v]
			}
			return nil
		},
	}
	does := func(a side) string {
		verb := "reads"
		if a.Write {
			verb = "writes"
		}
		return fmt.Sprintf("%s%s at %d", verb, a.Place, int(a.Access.Pos().Line)-strings.Count(head, "\n"))
	}
	var out []string
	rs, _ := races(in, p.Funcs[0], func(*effects.Func) {})
	for _, r := range rs {
		s := fmt.Sprintf("%s: %s, %s", []string{"parent", "sibling", "self"}[r.who], does(r.x), does(r.y))
		if r.own != 0 {
			s += fmt.Sprintf("; its own from %d", int(r.x.Access.Fn.At(r.own).Pos.Line)-strings.Count(head, "\n"))
		}
		out = append(out, s)
	}
	return out
}

// TestRaces checks which accesses race; what puts points in order is tested in package threads.
func TestRaces(t *testing.T) {
	for _, test := range []struct {
		name, src string
		want      []string
	}{
		{"a write and a read", `
func m.f() {
	n *int = alloc.heap n
	l = closure m.f$1(n)
	go call l()
	v = load n
	call m.use(v)
}
func m.f$1() captures(n *int) !inside m.f {
	store n 1
}
func m.use(n int) {
	return
}`, []string{"parent: writes at 9, reads at 5"}},
		{"only reads", `
func m.f() {
	n *int = alloc.heap n
	store n 1
	l = closure m.f$1(n)
	go call l()
	load n
}
func m.f$1() captures(n *int) !inside m.f {
	load n
}`, nil},
		{"both hold a lock", `
func m.f() {
	n *int = alloc.heap n
	l = closure m.f$1(n)
	go call l()
	acquire &m.mu
	store n 1
	release &m.mu
}
func m.f$1() captures(n *int) !inside m.f {
	acquire &m.mu
	store n 2
	release &m.mu
}`, nil},
		{"two fields", `
func m.f() {
	s *m.S = alloc.heap s
	l = closure m.f$1(s)
	go call l()
	a = field s a
	store a 1
}
func m.f$1() captures(s *m.S) !inside m.f {
	b = field s b
	store b 1
}`, nil},
		{"a field and all of them", `
func m.f() {
	s *m.S = alloc.heap s
	l = closure m.f$1(s)
	go call l()
	load s
}
func m.f$1() captures(s *m.S) !inside m.f {
	b = field s b
	store b 1
}`, []string{"parent: writes.b at 9, reads at 5"}},
		{"what a map holds", `
func m.f() {
	m *map[_]int = alloc.heap m
	k map[_]int = makemap
	store m k
	l = closure m.f$1(m)
	go call l()
	v = load m
	mapupdate v 1 2
}
func m.f$1() captures(m *map[_]int) !inside m.f {
	v = load m
	lookup v 1
}`, []string{"parent: reads^[] at 12, writes^[] at 8"}},
		{"a result that is read in the return statement that waits", `
func m.f() {
	n *int = alloc.heap n
	wg *sync.WaitGroup = alloc.heap
	l = closure m.f$1(n)
	start wg l
	v = load n              ; 20:9
	wait wg                 ; 20:12
	return v                ; 20:2
}
func m.f$1() captures(n *int) !inside m.f {
	store n 1
}`, nil},
		{"one that is read in a statement before", `
func m.f() {
	n *int = alloc.heap n
	wg *sync.WaitGroup = alloc.heap
	l = closure m.f$1(n)
	start wg l
	v = load n
	wait wg
	return v
}
func m.f$1() captures(n *int) !inside m.f {
	store n 1
}`, []string{"parent: writes at 11, reads at 6"}},
		{"each could have a variable of its own", `
func m.f() {
	n *int = alloc.heap n
	store n 1
	load n
	l = closure m.f$1(n)
	go call l()
	store n 2
	load n
}
func m.f$1() captures(n *int) !inside m.f {
	store n 3
	load n
}`, []string{"parent: writes at 11, writes at 7; its own from 11"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, racesIn(t, strings.TrimSpace(test.src)+"\n")); diff != "" {
				t.Errorf("expected (-), got (+):\n%s%s", diff, test.src)
			}
		})
	}
}
