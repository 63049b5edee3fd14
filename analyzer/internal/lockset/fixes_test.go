package lockset_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockcheck/lockcheck/analyzer/internal/fix"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/analyzer/internal/ssatest"
	"github.com/lockcheck/lockcheck/analyzer/internal/suite"
)

// TestFixes makes functions that lock, and unlock on most of their paths, and applies the fixes
// that are offered, each by itself and all together: what comes out must compile, and have
// neither the finding nor a new one.
func TestFixes(t *testing.T) {
	n := map[string]int{}
	for seed := range uint64(100) {
		g := &forgetful{r: rand.New(rand.NewPCG(seed, 3))}
		src := g.file()
		p := ssatest.Load(t, src)
		findings := p.Findings(t, suite.Checks...)
		for i, f := range findings {
			if len(f.Fixes) > 0 {
				kind, _, _ := strings.Cut(f.Fixes[0].Message, " t")
				n[kind]++
				tryFixes(t, p, src, findings, findings[i:i+1])
			}
		}
		tryFixes(t, p, src, findings, findings)
	}
	t.Logf("fixes: %v", n)
	for _, kind := range []string{"Insert defer", "Insert"} {
		if n[kind] < 20 {
			t.Errorf("only %d fixes %s", n[kind], kind)
		}
	}
}

// tryFixes applies the fixes of some of a program's findings.
func tryFixes(t *testing.T, p *ssatest.Program, src string, all, some []report.Finding) {
	t.Helper()
	patch, err := fix.NewPatch(p.Fset, some, p.ReadFile)
	if err != nil {
		t.Fatalf("%v\n%s", err, src)
	}
	if len(patch.Files) == 0 {
		return
	}
	fixed := string(patch.Files[0].New)
	next, err := ssatest.Parse(fixed)
	if err != nil {
		t.Fatalf("after the fixes: %v\n%s", err, cmp.Diff(src, fixed))
	}
	rest := next.Findings(t, suite.Checks...)
	left := map[string]int{}
	for _, f := range all {
		left[f.Fingerprint]++
	}
	for _, f := range patch.Fixed {
		left[f.Fingerprint]--
	}
	for _, f := range rest {
		if left[f.Fingerprint]--; left[f.Fingerprint] < 0 {
			t.Errorf("after the fixes: %s: %s (%d)\n%s", f.Posn, f.Text(), f.Confidence, cmp.Diff(src, fixed))
		}
	}
}

// forgetful writes functions that may forget to unlock.
type forgetful struct {
	r       *rand.Rand
	out     strings.Builder
	lock    string // the expression
	unlock  string // the method
	results int    // which of the lists of results
}

const forgetfulPrelude = `package p

import (
	"errors"
	"fmt"
	"sync"
)

var errNo = errors.New("no")

var _ = fmt.Sprint

type T struct {
	sync.Mutex
	mu   sync.Mutex
	rw   sync.RWMutex
	next *T
	n    int
	s    string
	m    map[string]int
	cond *sync.Cond
}

func (t *T) work() int { return 0 }

func (t *T) both() (int, error) { return t.n, nil }

`

// The results of a function, and what it may return.
var forgetfulResults = []struct {
	types  string
	values []string
}{
	{"", []string{""}},
	{"int", []string{"0", "x", "t.n", "-t.n", "t.m[k]", "t.work()", "len(k)", "len(t.m)", "<-ch", "func() int { return t.n }()"}},
	{"(int, error)", []string{"0, errNo", "t.n, nil", "x, fmt.Errorf(\"%s %d\", k, x)", "t.both()", "x + t.n, errors.New(t.s)", "1, fmt.Errorf(\"%v\", t)"}},
	{"bool", []string{"true", "t.n > x", "t.n == 0 && k == t.s", "!(x > 1)", "t == nil"}},
	{"(v any, err error)", []string{"", "t.n > 0, nil", "nil, nil", "t.m, err", "1 << x, errNo", "*t.next, nil", "&x, nil", "[]int{t.n, x}, nil"}},
	{"(uint8, *T)", []string{"uint8(t.n), t", "1 << t.n, t.next", "uint8(x), &T{n: x}", "7, &T{n: t.n}"}},
}

func (g *forgetful) pick(list ...string) string { return list[g.r.IntN(len(list))] }

func (g *forgetful) line(depth int, format string, args ...any) {
	fmt.Fprintf(&g.out, strings.Repeat("\t", depth)+format, args...)
	g.out.WriteString(g.pick("\n", "\n", "\n", " // c\n", "\n\n", "\n"+strings.Repeat("\t", depth)+"// d\n"))
}

func (g *forgetful) file() string {
	g.out.WriteString(forgetfulPrelude)
	for i := range 4 {
		g.lock = g.pick("t.mu", "t.rw", "t.next.mu", "t", "t.cond.L", "t.rw")
		lock := "Lock"
		g.unlock = "Unlock"
		if g.lock == "t.rw" && g.r.IntN(2) == 0 {
			lock, g.unlock = "RLock", "RUnlock"
		}
		g.results = g.r.IntN(len(forgetfulResults))
		g.line(0, "func (t *T) f%d(x int, k string, ch chan int) %s {", i, forgetfulResults[g.results].types)
		if g.r.IntN(4) == 0 {
			g.line(1, "%s", g.pick("defer func() { x++ }()", "defer func() { recover() }()", "defer t.work()"))
		}
		depth := 1
		if g.r.IntN(6) == 0 {
			g.line(1, "for range x {")
			depth = 2
		}
		g.line(depth, "%s.%s()", g.lock, lock)
		g.block(depth, 3)
		if depth == 2 {
			g.line(1, "}")
		}
		g.leave(1, depth == 2)
		g.out.WriteString("}\n\n")
	}
	return g.out.String()
}

// leave writes an unlock, mostly, and a return.
func (g *forgetful) leave(depth int, free bool) {
	if !free && g.r.IntN(4) > 0 {
		g.line(depth, "%s.%s()", g.lock, g.unlock)
		if g.r.IntN(3) == 0 {
			g.line(depth, "%s", g.pick("t.work()", "<-ch", "x++", "t.n++"))
		}
	}
	if values := forgetfulResults[g.results].values; depth > 1 || values[0] != "" || len(values) > 1 {
		g.line(depth, "%s", strings.TrimRight("return "+g.pick(values...), " "))
	}
}

func (g *forgetful) block(depth, size int) {
	for range 1 + g.r.IntN(size) {
		switch g.r.IntN(9) {
		case 0, 1, 2:
			g.line(depth, "%s", g.pick("t.n++", "x++", "println(k)", "t.m[k] = x", "t.work()", "t.next = t.next.next", "{ k := k + t.s; _ = k }", "go func() { x++ }()"))
		case 3, 4, 5:
			g.line(depth, "if %s {", g.pick("x > 1", "t.n == 0", "t.m == nil", "k == \"\"", "t := t.next; t != nil", "x := t.n; x > 3"))
			if depth < 4 && g.r.IntN(3) == 0 {
				g.block(depth+1, 2)
			}
			g.leave(depth+1, false)
			g.line(depth, "}")
		case 6:
			g.line(depth, "switch x {")
			for i := range 2 {
				g.line(depth, "case %d:", i)
				g.leave(depth+1, false)
			}
			g.line(depth, "}")
		case 7:
			if depth < 4 {
				g.line(depth, "for range t.n {")
				g.block(depth+1, 1)
				g.line(depth, "}")
			}
		case 8:
			g.line(depth, "if x == %d { %s.%s(); %s }", g.r.IntN(9), g.lock, g.unlock, strings.TrimRight("return "+g.pick(forgetfulResults[g.results].values...), " "))
		}
	}
}
