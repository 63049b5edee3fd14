package threads_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects/text"
	"github.com/lockcheck/lockcheck/analyzer/internal/solve"
	"github.com/lockcheck/lockcheck/analyzer/internal/threads"
)

// TestModel checks which thread runs each function, and by what it has the object of its thread.
func TestModel(t *testing.T) {
	tests := []struct {
		name, src string
		want      []string // "function: count of its only thread, owners"
	}{
		{"a constructor starts one goroutine for each object", `
func m.New() *m.T !exported {
	a *m.T = alloc.heap
	go call m.(*T).loop(a)
	return a
}
func (t *m.T) m.(*T).loop() {
	call m.(*T).step(t)
}
func (t *m.T) m.(*T).step() {
	return
}
`, []string{"m.(*T).loop: one per object t", "m.(*T).step: one per object t"}},

		{"the object is known to others when the goroutine starts", `
var m.all *m.T
func m.New() *m.T !exported {
	a *m.T = alloc.heap
	store &m.all a
	go call m.(*T).loop(a)
	return a
}
func (t *m.T) m.(*T).loop() {
	return
}
`, []string{"m.(*T).loop: many"}},

		{"started again and again for one object", `
func m.New() *m.T !exported {
	a *m.T = alloc.heap
	jump b1
b1:
	go call m.(*T).loop(a)
	jump b1
}
func (t *m.T) m.(*T).loop() {
	return
}
`, []string{"m.(*T).loop: many"}},

		{"started for an object of each round", `
func m.New() *m.T !exported {
	jump b1
b1:
	a *m.T = alloc.heap
	go call m.(*T).loop(a)
	jump b1
}
func (t *m.T) m.(*T).loop() {
	return
}
`, []string{"m.(*T).loop: one per object t"}},

		{"two places start it", `
func m.New() *m.T !exported {
	a *m.T = alloc.heap
	go call m.(*T).loop(a)
	go call m.(*T).loop(a)
	return a
}
func (t *m.T) m.(*T).loop() {
	return
}
`, nil},

		{"an exported method is called by others, too", `
func m.New() *m.T !exported {
	a *m.T = alloc.heap
	go call m.(*T).loop(a)
	return a
}
func (t *m.T) m.(*T).loop() {
	call m.(*T).Step(t)
}
func (t *m.T) m.(*T).Step() !exported {
	return
}
`, []string{"m.(*T).loop: one per object t"}},

		{"the goroutine hands another object on", `
func m.New(o *m.T) *m.T !exported {
	a *m.T = alloc.heap
	go call m.(*T).loop(a, o)
	return a
}
func (t *m.T) m.(*T).loop(o *m.T) {
	call m.(*T).step(o)
}
func (t *m.T) m.(*T).step() {
	return
}
`, []string{"m.(*T).loop: one per object t", "m.(*T).step: one per object"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			u, err := text.Parse("unit m m\ntype m.T struct { n int }\n" + test.src)
			if err != nil {
				t.Fatal(err)
			}
			p := solve.Solve(solve.Input{Funcs: u.Funcs})
			m := threads.New(threads.Input{Funcs: p.Funcs, Facts: p.Facts()})
			var got []string
			for _, f := range p.Funcs {
				th := m.Thread(f)
				if th == nil {
					continue
				}
				s := fmt.Sprintf("%s: %s", f.Name, map[threads.Count]string{threads.Many: "many", threads.PerObject: "one per object", threads.One: "one"}[th.Count])
				for _, o := range m.Owns(f) {
					s += " " + o.In(f)
				}
				got = append(got, s)
			}
			slices.Sort(got)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("expected (-), got (+):\n%s%s", diff, strings.TrimSpace(test.src))
			}
		})
	}
}
