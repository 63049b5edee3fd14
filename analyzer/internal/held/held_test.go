package held_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects/text"
	"github.com/lockcheck/lockcheck/analyzer/internal/solve"
)

const types = `unit m m
type m.T struct { mu sync.Mutex; rw sync.RWMutex; next *m.T; n int }
`

// TestWalk checks what the walk of the last function finds.
func TestWalk(t *testing.T) {
	tests := []struct {
		name, src string
		want      []string
	}{
		{"locked twice", `
func (t *m.T) m.(*T).f() {
	a = field t mu m.T.mu
	acquire a
	acquire a
}`, []string{"double m.T.mu on every path", "exit holds m.T.mu"}},

		{"locked twice under one condition", `
func (t *m.T) m.(*T).f(now bool) {
b0:
	a = field t mu m.T.mu
	if now b1 b2
b1:
	acquire a
	jump b2
b2: from b0 b1
	if now b3 b4
b3:
	release a
	jump b4
b4: from b2 b3
	acquire a
	release a
}`, []string{"exit"}},

		{"two in order, by two ways", `
func (t *m.T) m.(*T).f(now bool) {
b0:
	a = field t mu m.T.mu
	b = field t rw m.T.rw
	acquire a
	if now b1 b2
b1:
	acquire.shared b
	release.shared b
	jump b2
b2: from b0 b1
	release a
}`, []string{"edge m.T.mu -> m.T.rw(read)", "exit"}},

		{"a callee takes it", `
func (t *m.T) m.(*T).g() {
	a = field t mu m.T.mu
	acquire a
	defer release a
	rundefers
}
func (t *m.T) m.(*T).f() {
	a = field t mu m.T.mu
	acquire a
	call m.(*T).g(t)
	release a
}`, []string{"double m.T.mu on every path", "exit"}},

		{"a callee takes that of another object", `
func (t *m.T) m.(*T).g() {
	a = field t mu m.T.mu
	acquire a
	release a
}
func (t *m.T) m.(*T).f() {
	a = field t mu m.T.mu
	acquire a
	p = field t next m.T.next
	o *m.T = load p
	call m.(*T).g(o)
	release a
}`, []string{"edge m.T.mu -> m.T.mu by +.next", "exit"}},

		{"one way keeps it", `
func (t *m.T) m.(*T).f(now bool) {
b0:
	a = field t mu m.T.mu
	acquire a
	if now b1 b2
b1:
	return
b2:
	release a
}`, []string{"exit", "exit holds m.T.mu", "keep m.T.mu"}},

		{"unlocked for reading", `
func (t *m.T) m.(*T).f() {
	a = field t rw m.T.rw
	acquire a
	release.shared a
}`, []string{"exit", "slip 0 m.T.rw"}},

		{"an object that nobody has seen", `
func m.New() *m.T {
	o *m.T = alloc.heap
	a = field o mu m.T.mu
	b = field o rw m.T.rw
	acquire a
	acquire b
	release b
	release a
	return o
}`, []string{"exit"}},

		{"given back, and taken again", `
func (t *m.T) m.(*T).f() {
	a = field t mu m.T.mu
	release a
	acquire a
}`, []string{"exit"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			u, err := text.Parse(types + test.src)
			if err != nil {
				t.Fatal(err)
			}
			p := solve.Solve(solve.Input{Funcs: u.Funcs})
			r := p.Results[len(p.Results)-1]
			var got []string
			for _, d := range r.Doubles {
				s := "double " + d.Path.Class
				if d.All {
					s += " on every path"
				}
				got = append(got, s)
			}
			for _, e := range r.Edges {
				s := fmt.Sprintf("edge %s -> %s", e.From.Path.Class, e.To.Path.Class)
				if e.To.Mode != 0 {
					s += "(read)"
				}
				if e.Link != "" {
					s += " by " + e.Link
				}
				got = append(got, s)
			}
			for _, x := range r.Summary.Exits {
				s := "exit"
				for _, h := range x.Acquired {
					s += " holds " + h.Path.Class
				}
				got = append(got, s)
			}
			for _, k := range r.Keeps {
				got = append(got, "keep "+k.Held.Path.Class)
			}
			for _, s := range r.Slips {
				got = append(got, fmt.Sprintf("slip %d %s", s.Kind, s.Path.Class))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("expected (-), got (+):\n%s", diff)
			}
		})
	}
}
