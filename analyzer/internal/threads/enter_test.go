package threads_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestEntered checks order among functions that are called and started by name, as TestMeet does among literals.
func TestEntered(t *testing.T) {
	const always = "always: nothing orders them"
	for _, test := range []struct{ name, src, want string }{
		{"a function that is started", `
func m.f() {
	go call m.g()
	opaque "y"
}
func m.g() {
	opaque "x"
}`, "parent, " + always},
		{"joined through what it is given", `
func m.f() {
	c chan bool = makechan 0
	go call m.g(c)
	recv c              ; 4:1
	opaque "y"
}
func m.g(done chan bool) {
	opaque "x"
	close done
}`, "never: joined at 4:1"},
		{"what it is given elsewhere is something else", `
func m.f() {
	c chan bool = makechan 0
	d chan bool = makechan 0
	go call m.g(c)
	recv d
	opaque "y"
}
func m.g(done chan bool) {
	opaque "x"
	close done
}`, "parent, " + always},
		{"joined by a function that waits", `
func m.f() {
	c chan bool = makechan 0
	go call m.g(c)
	call m.wait(c)      ; 4:1
	opaque "y"
}
func m.g(done chan bool) {
	opaque "x"
	close done
}
func m.wait(c chan bool) {
	recv c
}`, "never: joined at 4:1"},
		{"started by a function that is called", `
func m.f() {
	call m.start()
	opaque "y"
}
func m.start() {
	go call m.g()
}
func m.g() {
	opaque "x"
}`, "parent, " + always},
		{"joined by what a function returns", `
func m.f() {
	c chan bool = call m.start()
	recv c              ; 3:1
	opaque "y"
}
func m.start() chan bool {
	d chan bool = makechan 0
	go call m.g(d)
	return d
}
func m.g(done chan bool) {
	opaque "x"
	close done
}`, "never: joined at 3:1"},
		{"several that receive from one channel", `
func m.f(jobs chan bool) {
b0:
	jump b1
b1: from b0 b1
	go call m.work(jobs)
	jump b1
}
func m.work(jobs chan bool) {
	recv jobs
	opaque "x"
	opaque "y"
}`, "self, " + always},
		{"what is deferred first runs after what tells", `
func m.f(wg *sync.WaitGroup) {
	add wg 1
	go call m.g(wg)
	wait wg
	opaque "y"
}
func m.g(wg *sync.WaitGroup) {
	l = closure m.g$1()
	defer call l()
	defer done wg
	rundefers
	return
}
func m.g$1() !inside m.g {
	opaque "x"
}`, "parent, " + always},
		{"what is deferred last runs before what tells", `
func m.f(wg *sync.WaitGroup) {
	add wg 1
	go call m.g(wg)
	wait wg             ; 4:1
	opaque "y"
}
func m.g(wg *sync.WaitGroup) {
	l = closure m.g$1()
	defer done wg
	defer call l()
	rundefers
	return
}
func m.g$1() !inside m.g {
	opaque "x"
}`, "never: joined at 4:1"},
		{"the goroutine waits until the function returns", `
func m.f(c bool) {
	wg *sync.WaitGroup = alloc.heap
	add wg 1
	defer done wg
	if c b1 b2
b1:
	rundefers
	return
b2:
	go call m.g(wg)     ; 9:1
	opaque "y"
	rundefers
	return
}
func m.g(wg *sync.WaitGroup) {
	wait wg
	opaque "x"
}`, "never: the goroutine waits for the other at 9:1"},
		{"both only by one Once", `
func m.f(o *sync.Once) {
	go call m.g(o)
	go call m.g(o)
}
func m.g(o *sync.Once) {
	l = closure m.g$1()
	once o l calls(l)
}
func m.g$1() !inside m.g {
	opaque "x"
	opaque "y"
}`, "never: run once"},
		{"behind the Once that another goroutine may run", `
func m.f(o *sync.Once) {
	go call m.g(o)
	k = closure m.f$1()
	once o k calls(k)   ; 4:1
	opaque "y"
}
func m.f$1() !inside m.f {
	return
}
func m.g(o *sync.Once) {
	l = closure m.g$1()
	once o l calls(l)
}
func m.g$1() !inside m.g {
	opaque "x"
}`, "never: joined at 4:1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, meet(t, "unit m m\n"+strings.TrimSpace(test.src)+"\n")); diff != "" {
				t.Errorf("expected (-), got (+):\n%s%s", diff, strings.TrimSpace(test.src))
			}
		})
	}
}
