package waits_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lockcheck/lockcheck/analyzer/internal/ssatest"
	"github.com/lockcheck/lockcheck/analyzer/internal/waits"
)

// model returns the waits of a source.
func model(t *testing.T, src string) *waits.Model {
	t.Helper()
	vetted, err := ssatest.Load(t, src).Vet()
	if err != nil || len(vetted) != 1 {
		t.Fatal(len(vetted), err)
	}
	for _, v := range vetted {
		return v.View.Waits()
	}
	return nil
}

// describe tells of each object whether all is in view, how much room it has, and what is done to it.
func describe(m *waits.Model) string {
	var out []string
	for _, o := range m.Objects {
		s := map[bool]string{true: "all", false: "some"}[o.Complete]
		if m.Local(o) {
			s += " local"
		}
		s += fmt.Sprintf(" room %d:", o.Size)
		for _, op := range o.Ops {
			s += " " + [...]string{waits.Send: "send", waits.Recv: "recv", waits.Close: "close"}[op.Kind]
			if !m.Live(op.Fn) {
				s += "(dead)"
			}
		}
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}

func TestObjects(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"a variable", `func F() { c := make(chan int); go func() { c <- 1 }(); <-c }`, "all local room 0: recv send"},
		{"a parameter", `func F() { c := make(chan int, 2); go g(c); <-c }; func g(c chan<- int) { c <- 1; close(c) }`, "all local room 2: recv send close"},
		{"a result", `func F() { <-g() }; func g() <-chan int { c := make(chan int); go func() { c <- 1 }(); return c }`, "all room 0: recv send"},
		{"a result for others", `func G() <-chan int { c := make(chan int); go func() { c <- 1 }(); return c }`, "some room 0: send"},
		{"a field", `type s struct{ c chan int }; func F() { x := &s{make(chan int)}; go x.run(); x.c <- 1 }; func (x *s) run() { for range x.c {} }`, "all room 0: send recv"},
		{"a field for others", `type S struct{ C chan int }; func F() *S { return &S{make(chan int)} }; func (x *S) run() { <-x.C }`, "some room 0: recv(dead)"},
		{"an element", `func F() { cs := []chan int{make(chan int)}; <-cs[0] }`, "some room 0:"},
		{"an interface", `func F() any { c := make(chan int); go func() { <-c }(); return c }`, "some room 0: recv"},
		{"a function value", `func F() { c := make(chan int); run(func() { c <- 1 }); <-c }; func run(f func()) { go f() }`, "all local room 0: recv send"},
		{"a function as an argument, with the channel", `func F() { c := make(chan int); run(g, c); <-c }; func run(f func(chan int), c chan int) { go f(c) }; func g(c chan int) { c <- 1 }`,
			"all local room 0: recv send"},
		{"a function that others give", `func F(f func(chan int)) { c := make(chan int); f(c); <-c }`, "some room 0: recv"},
		{"room by a parameter", `func F() { g(3) }; func g(n int) { c := make(chan int, n); c <- 1; <-c }`, "all local room 3: send recv"},
		{"room that differs", `func F() { g(3); g(4) }; func g(n int) { c := make(chan int, n); c <- 1; <-c }`, "all local room -1: send recv"},
		{"two in one variable", `func F(b bool) { c, d := make(chan int), make(chan int); if b { c = d }; go func() { d <- 1 }(); <-c }`, "all local room 0: recv; all local room 0: recv send"},
		{"a context", `import "context"; func F() { ctx, cancel := context.WithCancel(context.Background()); defer cancel(); go func() { <-ctx.Done() }() }`, "all local room 0: close recv"},
		{"a context with a parent", `import "context"; func F(p context.Context) { ctx, cancel := context.WithCancel(p); defer cancel(); <-ctx.Done() }`, "some room 0: close recv"},
		{"cases of a select", `func F() { a, b := make(chan int), make(chan int); go func() { b <- 1 }(); select { case a <- 1: case <-b: } }`, "all local room 0: send; all local room 0: recv send"},
		{"what nobody calls", `type s struct{ c chan int }; func F() { x := s{make(chan int)}; <-x.c }; func (x *s) end() { close(x.c) }`, "all room 0: recv close(dead)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := describe(model(t, "package p\n"+tt.src)); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestGroups(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"a variable", `func F() { var g sync.WaitGroup; g.Add(1); go func() { g.Done() }(); g.Wait() }`, "p.F@g all adds 1 ends 1 waits 1"},
		{"a field", `type s struct{ g sync.WaitGroup }; func (x *s) F() { x.g.Go(func() {}); x.g.Wait() }`, "p.s.g all adds 0 ends 1 waits 1"},
		{"given away", `func F(f func(*sync.WaitGroup)) { var g sync.WaitGroup; f(&g); g.Wait() }`, "p.F@g some adds 0 ends 0 waits 1"},
		{"by a method value", `func F(f func(func())) { var g sync.WaitGroup; f(g.Done); g.Wait() }`, "p.F@g some adds 0 ends 0 waits 1"},
		{"for others", `type S struct{ G sync.WaitGroup }; func (x *S) F() { x.G.Wait() }`, "p.S.G some adds 0 ends 0 waits 1"},
		{"a cond", `type s struct{ c *sync.Cond }; func F() *s { return &s{sync.NewCond(&sync.Mutex{})} }; func (x *s) F() { x.c.Wait(); x.c.Broadcast() }`, "p.s.c all adds 0 ends 1 waits 1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := model(t, "package p\nimport \"sync\"\n"+tt.src)
			var out []string
			for _, g := range m.Groups {
				all := map[bool]string{true: "all", false: "some"}[g.Complete]
				out = append(out, fmt.Sprintf("%s %s adds %d ends %d waits %d", g.Class, all, len(g.Adds), len(g.Ends), len(g.Waits)))
			}
			if got := strings.Join(out, "; "); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}
