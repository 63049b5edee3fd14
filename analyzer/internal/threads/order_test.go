package threads_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/effects/text"
	"github.com/lockcheck/lockcheck/analyzer/internal/solve"
	"github.com/lockcheck/lockcheck/analyzer/internal/threads"
)

// TestMeet checks whether two points, the instructions opaque "x" and opaque "y", can be reached at the same time, and what
// orders them if not. They are about what the instruction alloc made makes.
func TestMeet(t *testing.T) {
	const (
		always = "always: nothing orders them"
		group  = "func m.f$1() captures(wg *sync.WaitGroup) !inside m.f {\n\tdefer done wg\n\topaque \"x\"\n\trundefers\n\treturn\n}\n"
		closer = "func m.f$1() captures(c *chan bool) !inside m.f {\n\topaque \"x\"\n\tv1 = load c\n\tclose v1\n}\n"
	)
	for _, test := range []struct{ name, src, want string }{
		{"the starter goes on", `
func m.f() {
	l = closure m.f$1()
	go call l()
	opaque "y"
}
func m.f$1() !inside m.f {
	opaque "x"
}`, "parent, " + always},
		{"the starter is there before", `
func m.f() {
	l = closure m.f$1()
	opaque "y"
	go call l()
}
func m.f$1() !inside m.f {
	opaque "x"
}`, "never: one does not run after the other's start"},
		{"joined by a WaitGroup", `
func m.f() {
	wg *sync.WaitGroup = alloc.heap
	add wg 1
	l = closure m.f$1(wg)
	go call l()
	wait wg             ; 9:1
	opaque "y"
}
` + group, "never: joined at 9:1"},
		{"joined on one path", `
func m.f(c bool) {
	wg *sync.WaitGroup = alloc.heap
	add wg 1
	l = closure m.f$1(wg)
	go call l()
	if c b1 b2
b1:
	wait wg             ; 9:1
	jump b2
b2:
	opaque "y"
}
` + group, "parent, perhaps: joined at 9:1"},
		{"joined on the path of one condition, which is that of the start", `
func m.f(c bool) {
	wg *sync.WaitGroup = alloc.heap
	add wg 1
	l = closure m.f$1(wg)
	if c b1 b2
b1:
	go call l()
	jump b2
b2:
	if c b3 b4
b3:
	wait wg             ; 9:1
	jump b4
b4:
	opaque "y"
}
` + group, "never: joined at 9:1"},
		{"a deferred join runs after what is deferred later", `
func m.f() {
	wg *sync.WaitGroup = alloc.heap
	defer wait wg
	l = closure m.f$1(wg)
	go call l()
	d = closure m.f$2()
	defer call d()
	rundefers
	return
}
func m.f$2() !inside m.f {
	opaque "y"
}
` + group, "parent, " + always},
		{"joined by the close of a channel in a variable", `
func m.f() {
	c *chan bool = alloc.heap c
	m chan bool = makechan 0
	store c m
	l = closure m.f$1(c)
	go call l()
	r = load c
	recv r              ; 9:1
	opaque "y"
}
` + closer, "never: joined at 9:1"},
		{"one case of a select is a join", `
func m.f(other chan bool) {
	c *chan bool = alloc.heap c
	m chan bool = makechan 0
	store c m
	l = closure m.f$1(c)
	go call l()
	r = load c
	s (int, bool, bool, bool) = select.blocking <- r, <- other
	i = extract s 0
	z = compare i == 0
	if z b1 b2
b1:
	return
b2:
	opaque "y"
}
` + closer, "parent, " + always},
		{"the goroutine waits first", `
func m.f() {
	c chan bool = makechan 0
	l = closure m.f$1(c)
	go call l()
	opaque "y"
	close c
}
func m.f$1(c chan bool) !inside m.f {
	recv c
	opaque "x"
}`, "parent, elsewhere: nothing orders them"},
		{"the goroutine waits first for what is captured", `
func m.f() {
	c *chan bool = alloc.heap c
	m chan bool = makechan 0
	store c m
	l = closure m.f$1(c)
	go call l()         ; 9:1
	opaque "y"
	r = load c
	close r
}
func m.f$1() captures(c *chan bool) !inside m.f {
	r = load c
	recv r
	opaque "x"
}`, "never: the goroutine waits for the other at 9:1"},
		{"two that a loop starts, of what each round makes", `
func m.f(n int) {
	jump b1
b1:
	made *int = alloc.heap made
	l = closure m.f$1(made)
	go call l()
	z = compare n < 3
	if z b1 b2
b2:
	return
}
func m.f$1() captures(made *int) !inside m.f {
	opaque "x"
	opaque "y"
}`, "never: one does not run after the other's start"},
		{"two that a loop starts", `
func m.f(n int) {
	made *int = alloc.heap made
	jump b1
b1:
	l = closure m.f$1(made)
	go call l()
	z = compare n < 3
	if z b1 b2
b2:
	return
}
func m.f$1() captures(made *int) !inside m.f {
	opaque "x"
	opaque "y"
}`, "self, " + always},
		{"one of them wins", `
func m.f(n int) {
	won *sync/atomic.Bool = alloc.heap won
	jump b1
b1:
	l = closure m.f$1(won)
	go call l()
	z = compare n < 3
	if z b1 b2
b2:
	return
}
func m.f$1() captures(won *sync/atomic.Bool) !inside m.f {
	w bool = atomic CompareAndSwap(won, false, true) ; 9:1
	if w b1 b2
b1:
	opaque "x"
	opaque "y"
	return
b2:
	return
}`, "never: only one gets there at 9:1"},
		{"the winner gives the prize back", `
func m.f(n int) {
	won *sync/atomic.Bool = alloc.heap won
	jump b1
b1:
	l = closure m.f$1(won)
	go call l()
	z = compare n < 3
	if z b1 b2
b2:
	return
}
func m.f$1() captures(won *sync/atomic.Bool) !inside m.f {
	w bool = atomic CompareAndSwap(won, false, true) ; 9:1
	if w b1 b2
b1:
	opaque "x"
	opaque "y"
	atomic Store(won, false)
	return
b2:
	return
}`, "self, perhaps: joined at 9:1"},
		{"a semaphore is filled up", `
func m.f(n int) {
	s *chan bool = alloc.heap s
	m chan bool = makechan 4
	store s m
	jump b1
b1:
	c = load s
	send c true
	l = closure m.f$1(s)
	go call l()
	z = compare n < 3
	if z b1 b2
b2:
	d = load s
	k = builtin cap(d)
	e = compare 0 < k
	if e b3 b4
b3: from b2 b3
	i = phi 0 j
	send d true         ; 9:1
	j = opaque "+" i 1
	g = compare j < k
	if g b3 b4
b4:
	opaque "y"
}
func m.f$1() captures(s *chan bool) !inside m.f {
	opaque "x"
	c = load s
	recv c
}`, "never: joined at 9:1"},
		{"through a literal in a variable that another calls", `
func m.f() {
	h *func() = alloc.heap h
	l = closure m.f$1()
	store h l
	k = closure m.f$2(h)
	go call k()
	opaque "y"
}
func m.f$1() !inside m.f {
	opaque "x"
}
func m.f$2() captures(h *func()) !inside m.f {
	v = load h
	call v()
}`, "parent, " + always},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, meet(t, "unit m m\nimport sync/atomic\n"+strings.TrimSpace(test.src)+"\n")); diff != "" {
				t.Errorf("expected (-), got (+):\n%s%s", diff, strings.TrimSpace(test.src))
			}
		})
	}
}

// meet returns what is told of the points in a unit, in the first way to each.
func meet(t *testing.T, src string) string {
	t.Helper()
	u, err := text.Parse(src)
	if err != nil {
		t.Fatal(err)
	}
	p := solve.Solve(solve.Input{Funcs: u.Funcs})
	s := threads.New(threads.Input{Funcs: p.Funcs, Facts: p.Facts()}).Scope(p.Funcs[0])
	var made effects.V
	points := map[string]threads.Point{}
	for _, fn := range s.Members {
		for v := range fn.Code {
			in := fn.At(effects.V(v))
			if ways := s.Ways(p.Funcs[0], fn); in.Op == effects.Opaque && len(ways) > 0 {
				points[in.Sym] = threads.Point{Spot: threads.Spot{Fn: fn, V: effects.V(v)}, Way: ways[0]}
			}
			if in.Op == effects.Alloc && in.Sym == "made" {
				made = effects.V(v)
			}
		}
	}
	m := s.Meet(points["x"], points["y"], made)
	chance := [...]string{"never", "perhaps", "served", "elsewhere", "timed", "requests", "always"}[m.Chance]
	if m.Chance == threads.Never {
		return fmt.Sprintf("%s: %s", chance, m.Why)
	}
	return fmt.Sprintf("%s, %s: %s", [...]string{"parent", "sibling", "self"}[m.Who], chance, m.Why)
}
