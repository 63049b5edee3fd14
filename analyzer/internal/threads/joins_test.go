package threads_test

import (
	"fmt"
	"testing"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// TestJoins asks what stands before the last store of m.f.
func TestJoins(t *testing.T) {
	const await = `
func (t *m.T) m.(*T).await(stop chan struct{}) error {
	d = field t done
	c = load d
	s (int, bool, struct{}, struct{}) = select.blocking <- c, <- stop
	k int = extract s 0
	is = compare k == 0
	if is ok bad
ok:
	return nil
bad:
	err error = call errors.New("stopped")
	return err
}
func m.f(t *m.T, stop chan struct{}) {
	err error = call m.(*T).await(t, stop)
	failed = compare err != nil:error
	if failed a b
a:
	return
b:
	p = field t n
	store p 1
}`
	const group = `
func m.f(t *m.T, now bool) {
	g = field t wg
	wait g
	p = field t n
	store p 1
}`
	const counts = `
func m.f(t *m.T, left *int) {
	n int = atomic AddInt64(left, -1)
	last = compare n == 0
	if last a b
a:
	p = field t n
	store p 1
	jump b
b:
	return
}`
	const starts = `
func m.f(t *m.T) {
	p = field t n
	store p 1
	go call m.g(t)
}
func m.g(t *m.T) {
	return
}`
	tests := []struct {
		name, src string
		edits     []string
		want      string
	}{
		{"nothing", "func m.f(t *m.T) {\n\tp = field t n\n\tstore p 1\n}", nil, ""},
		{"a group", group, nil, "joined may-wait [m.T.wg]"},
		{"a group on one way", group, []string{"\twait g", "\tif now a b\na:\n\twait g\n\tjump b\nb:"}, "may-wait"},
		{"and a start since", group, []string{"\twait g\n", "\twait g\n\tgo call m.f(t, now)\n"}, "may-wait [m.T.wg]"},
		{"and a start before", group, []string{"\twait g\n", "\tgo call m.f(t, now)\n\twait g\n"}, "joined may-wait [m.T.wg]"},
		{"in a function", group, []string{"\twait g\n", "\tcall m.h(g)\n", "func m.f", "func m.h(g *sync.WaitGroup) {\n\twait g\n}\nfunc m.f"}, "joined may-wait [m.T.wg]"},
		{"in a function that may do it", group, []string{"\twait g\n", "\tcall m.h(g, now)\n", "func m.f",
			"func m.h(g *sync.WaitGroup, now bool) {\n\tif now a b\na:\n\twait g\n\tjump b\nb:\n\treturn\n}\nfunc m.f"}, "may-wait"},
		{"in a function that does something else", group, []string{"\twait g\n", "\tcall m.h(g)\n", "func m.f", "func m.h(g *sync.WaitGroup) {\n\tadd g 1\n}\nfunc m.f"}, ""},
		{"deferred", group, []string{"\twait g\n", "\tdefer wait g\n"}, ""},
		{"a channel", group, []string{"\tg = field t wg\n\twait g\n", "\td = field t done\n\tc = load d\n\trecv c\n"}, "may-wait [m.T.done]"},
		{"a channel in a function, by its result", await, nil, "may-wait [m.T.done]"},
		{"where it has failed", await, []string{"if failed a b", "if failed b a"}, "may-wait"},
		{"where nobody asks", await, []string{"if failed a b", "jump b"}, "may-wait"},
		{"the last one", counts, nil, "last"},
		{"one of the others", counts, []string{"if last a b", "if last b a"}, ""},
		{"another number", counts, []string{"atomic AddInt64(left, -1)", "atomic LoadInt64(left)"}, ""},
		{"before a start", starts, nil, "before-starts"},
		{"in a loop", starts, []string{"\tp =", "\tjump a\na:\n\tp =", "go call m.g(t)", "go call m.g(t)\n\tjump a"}, ""},
		{"closed", group, []string{"\tg = field t wg\n\twait g\n", "\td = field t done\n\tc = load d\n\tclose c\n"}, "tells [m.T.done] closed [m.T.done]"},
		{"closed at the end", group, []string{"\tg = field t wg\n\twait g\n", "\td = field t done\n\tc = load d\n\tdefer close c\n"}, "tells [m.T.done]"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			views, funcs := program(t, test.src, test.edits...)
			f := views.Of(funcs["m.f"])
			at := find(f.Func.Func, effects.Store)
			got := ""
			say := func(yes bool, what string) {
				if yes && got != "" {
					got += " "
				}
				if yes {
					got += what
				}
			}
			_, joined := f.Joined(at)
			say(joined, "joined")
			say(f.MayWait(0, at), "may-wait")
			say(f.LastOne(at), "last")
			say(f.BeforeStarts(at), "before-starts")
			say(len(f.Awaited(at)) > 0, fmt.Sprint(f.Awaited(at)))
			say(len(f.Tells()) > 0, fmt.Sprint("tells ", f.Tells()))
			say(len(f.Closed(at)) > 0, fmt.Sprint("closed ", f.Closed(at)))
			if got != test.want {
				t.Errorf("got %q, not %q", got, test.want)
			}
		})
	}
}
