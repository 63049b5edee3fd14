package fold_test

import (
	"strings"
	"testing"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ssatest"
)

// TestUnit compares what is left of functions that control can come to: branches, selects, sends, receives, and whether there is a loop.
func TestUnit(t *testing.T) {
	for _, tt := range []struct{ name, body, want string }{
		{"a case that nobody serves", `c, d := make(chan int), make(chan int); go func() { c <- 1 }(); go func() { <-d }(); select { case <-c: case d <- 1: }; `, "select if if"},
		{"a case that never comes", `c, d := make(chan int), make(chan int); go func() { c <- 1 }(); go func() { d <- 1 }(); select { case <-c: case d <- 1: }; `, "recv"},
		{"one that a close serves", `c, d := make(chan int), make(chan int); go func() { c <- 1 }(); go func() { close(d) }(); select { case <-c: case <-d: }; `, "select if if"},
		{"room for a value", `c, d := make(chan int), make(chan int, 1); go func() { c <- 1 }(); go func() { d <- 1 }(); select { case <-c: case d <- 1: }; `, "select if if"},
		{"given away", `c, d := make(chan int), make(chan int); go func() { c <- 1 }(); go func() { g(d) }(); select { case <-c: case <-d: }; `, "select if if"},
		{"with a default", `c, d := make(chan int), make(chan int); go func() { c <- 1 }(); go func() { d <- 1 }(); select { case <-c: g(nil); case d <- 1: default: }; `, "select if"},
		{"a value is used", `c, d := make(chan *bool), make(chan int); go func() { c <- q }(); go func() { d <- 1 }(); select { case q = <-c: case d <- 1: }; `, "select if if"},
		{"one round", `for i := 0; i < 1; i++ { g(nil) }; `, "if-const"},
		{"two rounds", `for i := 0; i < 2; i++ { g(nil) }; `, "if loop"},
		{"some rounds", `for i := 0; i < n; i++ { g(nil) }; `, "if loop"},
		{"from another number", `for i := 4; i < 5; i++ { g(nil) }; `, "if-const"},
		{"a variable of its own", `var b bool; p := &b; if *p { g(nil) }; q = p; `, ""},
		{"a variable of others", `if *q { g(nil) }; `, "if"},
		{"one that is set", `var b bool; p := &b; *p = n > 3; if *p { g(nil) }; q = p; `, "if"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := ssatest.Load(t, "-- p.go --\npackage p\n\nvar q *bool\n\nfunc g(chan int) {}\n\nfunc F(n int) { "+tt.body+" }\n").Engine()
			var got []string
			for _, f := range e.Funcs {
				if !strings.HasSuffix(f.Name, ".F") {
					continue
				}
				loop := false
				for b := range f.Blocks {
					if !f.Graph().Reached(int32(b)) {
						continue
					}
					loop = loop || f.Graph().Loop[b]
					for v := f.Blocks[b].First; v <= f.Blocks[b].Last; v++ {
						switch f.Op(v) {
						case effects.Select:
							got = append(got, "select")
						case effects.Send:
							got = append(got, "send")
						case effects.Recv:
							got = append(got, "recv")
						case effects.If:
							got = append(got, "if")
						}
					}
				}
				if loop {
					got = append(got, "loop")
				}
			}
			want := strings.TrimSuffix(tt.want, "-const")
			if s := strings.Join(got, " "); s != want {
				t.Errorf("got %q, want %q", s, want)
			}
		})
	}
}
