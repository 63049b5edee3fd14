package guards_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/effects/text"
	"github.com/lockcheck/lockcheck/analyzer/internal/guards"
	"github.com/lockcheck/lockcheck/analyzer/internal/held"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/analyzer/internal/solve"
)

// careful are methods of m.T that hold the lock.
const careful = `unit m m
type m.T struct { mu sync.Mutex; n int }
func (t *m.T) m.(*T).Add() !exported {
	l = field t mu m.T.mu
	acquire l
	a = field t n m.T.n
	store a 1
	release l
}
func (t *m.T) m.(*T).Sub() !exported {
	l = field t mu m.T.mu
	acquire l
	a = field t n m.T.n
	store a 2
	release l
}
func (t *m.T) m.(*T).Get() int !exported {
	l = field t mu m.T.mu
	acquire l
	a = field t n m.T.n
	x = load a
	release l
	return x
}
`

// TestViolations checks what is not guarded, with what lowers the confidence.
func TestViolations(t *testing.T) {
	tests := []struct {
		name, src string
		want      []string
	}{
		{"all hold it", "", nil},

		{"one does not", `
func (t *m.T) m.(*T).Peek() int !exported {
	a = field t n m.T.n
	x = load a
	return x
}`, []string{"m.(*T).Peek: 3 of 4 accesses hold the guard, 2 of them write"}},

		{"of an object that nobody else has", `
func m.New() *m.T !exported {
	t *m.T = alloc.heap
	a = field t n m.T.n
	store a 1
	return t
}`, nil},

		{"of an object that others have by then", `
var m.all *m.T
func m.New() *m.T !exported {
	t *m.T = alloc.heap
	store &m.all t
	a = field t n m.T.n
	store a 1
	return t
}`, []string{"m.New: 3 of 4 accesses hold the guard, 2 of them write; a constructor goes on while others know of the object"}},

		{"a helper that is called with the lock, and without", `
func (t *m.T) m.(*T).bump() {
	a = field t n m.T.n
	store a 3
}
func (t *m.T) m.(*T).Twice() !exported {
	l = field t mu m.T.mu
	acquire l
	call m.(*T).bump(t)
	release l
}
func (t *m.T) m.(*T).Once() !exported {
	call m.(*T).bump(t)
}`, []string{"m.(*T).Once calls m.(*T).bump: 3 of 4 accesses hold the guard, 2 of them write"}},

		{"after the goroutines that have it", `
func m.Run() !exported {
	t *m.T = alloc.heap
	wg *sync.WaitGroup = alloc.heap
	add wg 1
	go call m.work(t, wg)
	wait wg
	a = field t n m.T.n
	store a 1
}
func m.work(t *m.T, wg *sync.WaitGroup) {
	call m.(*T).Add(t)
	done wg
}`, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, v := range analyze(t, careful+test.src).Violations() {
				s := v.Site.Fn.Name
				if v.Call != nil {
					s = v.Call.Site.Fn.Name + " calls " + v.Call.Fn.Name
				}
				got = append(got, s+": "+whys(v.Confidence))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("expected (-), got (+):\n%s", diff)
			}
		})
	}
}

// TestMixes checks the plain accesses to what is accessed atomically.
func TestMixes(t *testing.T) {
	const types = `unit m m
type m.C struct { n int }
func (c *m.C) m.(*C).Add() !exported {
	a = field c n m.C.n
	atomic AddInt64(a, 1)
}
`
	tests := []struct {
		name, src string
		want      []string
	}{
		{"a plain read", `
func (c *m.C) m.(*C).Get() int !exported {
	a = field c n m.C.n
	x = load a
	return x
}`, []string{"m.(*C).Get: a plain read"}},

		{"before the goroutine", `
func (c *m.C) m.(*C).Begin() !exported {
	a = field c n m.C.n
	store a 0
	go call m.(*C).Add(c)
}`, []string{"m.(*C).Begin: a plain write; no goroutine is started yet"}},

		{"after a Wait", `
func (c *m.C) m.(*C).End(wg *sync.WaitGroup) int !exported {
	wait wg
	a = field c n m.C.n
	x = load a
	return x
}`, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, x := range analyze(t, types+test.src).Mixes() {
				got = append(got, x.Site.Fn.Name+": "+whys(x.Confidence))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("expected (-), got (+):\n%s", diff)
			}
		})
	}
}

func analyze(t *testing.T, src string) *guards.Table {
	t.Helper()
	u, err := text.Parse(src)
	if err != nil {
		t.Fatal(err)
	}
	p := solve.Solve(solve.Input{Funcs: u.Funcs})
	return guards.Analyze(&guards.Input{
		Path: "m", Funcs: p.Funcs, Facts: p.Facts(),
		Result:   func(fn *effects.Func) *held.Result { return p.Results[fn.ID] },
		Requires: func(string, string) []string { return nil },
	})
}

func whys(c report.Confidence) string {
	s := ""
	for _, r := range c.Reasons {
		if s != "" {
			s += "; "
		}
		s += fmt.Sprint(r.Why)
	}
	return s
}
