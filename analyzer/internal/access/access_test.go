package access_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockcheck/lockcheck/analyzer/internal/access"
	"github.com/lockcheck/lockcheck/analyzer/internal/effects/text"
	"github.com/lockcheck/lockcheck/analyzer/internal/solve"
	"github.com/lockcheck/lockcheck/analyzer/internal/threads"
)

const types = `unit m m
type m.T struct { mu sync.Mutex; n int; m map[_]int; s []int; other *m.U }
type m.U struct { n int }
type m.Plain struct { n int }
var m.total int
`

var ops = map[access.Op]string{access.Read: "read", access.Write: "write", access.Atomic: "atomic"}

// TestOf checks the accesses, leaks and escapes of the last function, by the line of the text behind the types.
func TestOf(t *testing.T) {
	tests := []struct {
		name, src string
		want      []string
	}{
		{"fields of a struct with a lock", `
func (t *m.T) m.(*T).f() {
	a = field t n m.T.n
	x = load a
	store a 1
	return x
}`, []string{"read m.T.n of parameter 0", "write m.T.n of parameter 0"}},

		{"a struct that one with a lock leads to", `
func (u *m.U) m.(*U).f() {
	a = field u n m.U.n
	store a 1
}`, []string{"write m.U.n of parameter 0"}},

		{"a struct without a lock", `
func (p *m.Plain) m.(*Plain).f() {
	a = field p n m.Plain.n
	store a 1
}`, nil},

		{"package variables", `
func m.f() {
	store &m.total 1
}`, []string{"write m.total, global"}},

		{"what a map holds", `
func (t *m.T) m.(*T).f() {
	a = field t m m.T.m
	x = load a
	mapupdate x 1 2
}`, []string{"read m.T.m of parameter 0", "write m.T.m[] of parameter 0"}},

		{"a new object", `
func m.f() *m.T {
	t *m.T = alloc.heap
	a = field t n m.T.n
	store a 1
	return t
}`, []string{"write m.T.n, fresh"}},

		{"a new object that others have", `
var m.all *m.T
func m.f() {
	t *m.T = alloc.heap
	store &m.all t
	a = field t n m.T.n
	store a 1
}`, []string{"write m.all, global", "write m.T.n"}},

		{"an address that goes away", `
func (t *m.T) m.(*T).f(to *m.Plain) {
	a = field t n m.T.n
	call m.g(a)
}`, []string{"leak m.T.n"}},

		{"a slice that is returned", `
func (t *m.T) m.(*T).f() []int {
	a = field t s m.T.s
	x = load a
	return x
}`, []string{"read m.T.s of parameter 0", "escape m.T.s[] as result 0"}},

		{"a map that is taken out for good", `
func (t *m.T) m.(*T).f() map[_]int {
	a = field t m m.T.m
	x = load a
	b = field t m m.T.m
	n map[_]int = makemap
	store b n
	return x
}`, []string{"read m.T.m of parameter 0", "write m.T.m of parameter 0"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			u, err := text.Parse(types + test.src)
			if err != nil {
				t.Fatal(err)
			}
			p := solve.Solve(solve.Input{Funcs: u.Funcs})
			var got []string
			scope := access.Scope{
				Structs: access.Owned(u),
				Leak:    func(a access.Access) { got = append(got, "leak "+a.Class) },
				Escape:  func(e access.Escape) { got = append(got, fmt.Sprintf("escape %s as result %d", e.Class, e.Result)) },
			}
			access.Of(threads.NewViews(p.Facts()).Of(p.Funcs[len(p.Funcs)-1]), scope, func(a access.Access) {
				s := ops[a.Op] + " " + a.Class
				if a.Param >= 0 {
					s += fmt.Sprintf(" of parameter %d", a.Param)
				}
				if a.Fresh {
					s += ", fresh"
				}
				if a.Global {
					s += ", global"
				}
				got = append(got, s)
			})
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("expected (-), got (+):\n%s", diff)
			}
		})
	}
}

// TestAtomic checks the accesses to what is accessed atomically somewhere.
func TestAtomic(t *testing.T) {
	u, err := text.Parse(types + `
func (p *m.Plain) m.(*Plain).add() {
	a = field p n m.Plain.n
	atomic AddInt64(a, 1)
}
func (p *m.Plain) m.(*Plain).get() int {
	a = field p n m.Plain.n
	x = load a
	return x
}
func (p *m.Plain) m.(*Plain).touch() {
	a = field p n m.Plain.n
	load a sym("_")
}
func (u *m.U) m.(*U).set() {
	a = field u n m.U.n
	store a 1
}`)
	if err != nil {
		t.Fatal(err)
	}
	p := solve.Solve(solve.Input{Funcs: u.Funcs})
	views := threads.NewViews(p.Facts())
	only := &access.AtomicPlaces{}
	for _, fn := range p.Funcs {
		only.Add(fn, func() *threads.View { return views.Of(fn) })
	}
	var got []string
	for _, fn := range p.Funcs {
		access.Of(views.Of(fn), access.Scope{Atomic: only}, func(a access.Access) { got = append(got, ops[a.Op]+" "+a.Class+" by "+fn.Name) })
	}
	want := []string{"atomic m.Plain.n by m.(*Plain).add", "read m.Plain.n by m.(*Plain).get"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("expected (-), got (+):\n%s", diff)
	}
}
