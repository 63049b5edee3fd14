package capture_test

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/capture"
	"github.com/lockcheck/lockcheck/analyzer/internal/held"
	"github.com/lockcheck/lockcheck/analyzer/internal/ssatest"
)

// find returns the races in a function body, as lines "WHO: what X does at its line, what Y does at its line".
// Lines count from that of the body's first statement, which is 1.
func find(t *testing.T, body string) string {
	t.Helper()
	src := "package p\n\nimport (\n\t\"sync\"\n\t\"sync/atomic\"\n\t\"time\"\n)\n\nvar _ sync.Mutex\n\nvar _ atomic.Int32\n\nvar _ time.Time\n\nfunc use(...any) {}\n\nfunc f() {\n"
	first := strings.Count(src, "\n")
	p := ssatest.Load(t, src+body+"}\n")
	in := &capture.Input{
		Locks:  func(*ssa.Function, ssa.Instruction) *held.Locks { return nil },
		InTest: func(*ssa.Function) bool { return false },
	}
	line := func(a *capture.Access) string {
		verb := "reads"
		if a.Write {
			verb = "writes"
		}
		return fmt.Sprintf("%s%s at %d", verb, a.Place, p.Fset.Position(a.Instr.Pos()).Line-first)
	}
	var out []string
	for _, fn := range p.Functions() {
		if fn.Name() != "f" {
			continue
		}
		for _, r := range capture.Find(in, fn) {
			who := []string{"parent", "sibling", "self"}[r.Kind]
			out = append(out, fmt.Sprintf("%s: %s, %s", who, line(r.X), line(r.Y)))
		}
	}
	return strings.Join(out, "\n")
}

// TestFind has pairs of bodies: one that races, and one in which something puts the two accesses in order.
func TestFind(t *testing.T) {
	for _, tt := range []struct {
		name string
		body string
		want string
	}{
		{"the parent goes on", `n := 0
go func() { n++ }()
n = 2
use(n)
`, "parent: writes at 2, writes at 3"},
		{"the parent is done before", `n := 0
n = 2
use(n)
go func() { n++ }()
`, ""},
		{"only reads", `n := 0
go func() { use(n) }()
use(n)
`, ""},
		{"two goroutines", `n := 0
go func() { n = 1 }()
go func() { n = 2; use(n) }()
`, "sibling: writes at 2, writes at 3"},
		{"a loop starts them", `n := 0
for range 3 {
	go func() { n++ }()
}
`, "self: writes at 3, writes at 3"},
		{"a variable of each round", `for range 3 {
	n := 0
	go func() { n++ }()
}
`, ""},
		{"joined by a WaitGroup", `n := 0
var wg sync.WaitGroup
wg.Add(1)
go func() {
	defer wg.Done()
	n++
}()
wg.Wait()
use(n)
`, ""},
		{"not joined on one path", `n := 0
var wg sync.WaitGroup
wg.Add(1)
go func() {
	defer wg.Done()
	n++
}()
if time.Now().IsZero() {
	wg.Wait()
}
n = 3
`, "parent: writes at 6, writes at 11"},
		{"touched between the start and the join", `n := 0
var wg sync.WaitGroup
wg.Go(func() { n++ })
n = 4
wg.Wait()
`, "parent: writes at 3, writes at 4"},
		{"joined by a channel", `n := 0
done := make(chan bool)
go func() {
	n++
	close(done)
}()
<-done
use(n)
`, ""},
		{"signalled too early", `n := 0
done := make(chan bool)
go func() {
	close(done)
	n++
}()
<-done
n = 1
`, "parent: writes at 5, writes at 8"},
		{"fields of their own", `var s struct{ a, b int }
go func() { s.a = 1 }()
s.b = 2
`, ""},
		{"one field", `var s struct{ a, b int }
go func() { s.a = 1 }()
s.a = 2
`, "parent: writes.a at 2, writes.a at 3"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := find(t, tt.body); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
