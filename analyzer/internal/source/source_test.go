package source_test

import (
	"fmt"
	"go/types"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
	"github.com/lockcheck/lockcheck/analyzer/internal/ssatest"
)

// engine analyzes the body of a function f, which has some things to use.
func engine(t *testing.T, body string) (*ssatest.Program, *lockset.Engine, *effects.Func) {
	t.Helper()
	p := ssatest.Load(t, `package p

import "sync"

type node struct {
	mu   sync.Mutex
	next *node
}

func (n *node) get() *node { return n.next }

func f(n *node, on func()) {
`+body+"}\n")
	e := p.Engine()
	for _, fn := range e.Funcs {
		if fn.Name == "p.f" {
			return p, e, fn
		}
	}
	t.Fatal("there is no f")
	return nil, nil, nil
}

// TestCall finds the calls of a function in its syntax.
func TestCall(t *testing.T) {
	tests := []struct{ body, want string }{
		{"n.mu.Lock()", "n.mu.Lock"},
		{"defer n.mu.Unlock()", "?"},                               // it stands at the keyword
		{"n.get().mu.Lock()", "n.get, n.get().mu.Lock"},            // two start at one place
		{"n.get().get()", "?, ?"},                                  // two of one name do
		{"n.get().\nget()", "n.get, n.get().get"},                  // unless they have lines of their own
		{"on(); func() { n.mu.Lock() }()", "on, (func() literal)"}, // what has no name
		{"(n.get)().mu.Lock(); close(make(chan int))", "(n.get), (n.get)().mu.Lock, close"},
		{"//line q.y:7\nn.mu.Lock()", "n.mu.Lock"}, // where the text has other lines
	}
	for _, tt := range tests {
		_, e, fn := engine(t, tt.body+"\n")
		var got []string
		for v := fn.First; int(v) < len(fn.Code); v++ {
			if !fn.Op(v).Calls() {
				continue
			}
			text := "?"
			if call := e.Syntax.Call(fn, v); call != nil {
				text = types.ExprString(call.Fun)
			}
			got = append(got, text)
		}
		if s := strings.Join(got, ", "); s != tt.want {
			t.Errorf("%s: got %s, want %s", tt.body, s, tt.want)
		}
	}
}

// TestExit finds the ways out of a function.
func TestExit(t *testing.T) {
	p, e, fn := engine(t, "if n == nil { return }\nif n.next == nil { panic(1) }\nn.mu.Lock()\n")
	var got []string
	for v := fn.First; int(v) < len(fn.Code); v++ {
		if op := fn.Op(v); op == effects.Return || op == effects.Panic {
			pos, end, what := e.Syntax.Exit(fn, v)
			a, b := p.Fset.Position(pos), p.Fset.Position(end)
			got = append(got, fmt.Sprintf("%d:%d-%d:%d %s", a.Line, a.Column, b.Line, b.Column, what))
		}
	}
	want := []string{"13:15-13:21 this return", "14:20-14:25 this panic, which is recovered,", "16:1-16:2 the end of the function"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("expected (-), got (+):\n%s", diff)
	}
}
