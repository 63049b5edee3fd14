package waitmisuse

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/effects/text"
	"github.com/lockcheck/lockcheck/analyzer/internal/solve"
)

const declared = `unit m m
type m.T struct { mu sync.Mutex; wg sync.WaitGroup; cond sync.Cond; once sync.Once; open bool; n int }
type m.K struct { wg *sync.WaitGroup }
var m.ready bool
func m.work() bool {
	return true
}
`

// TestRules checks what is found in some functions: its kind, its confidence and the function.
func TestRules(t *testing.T) {
	tests := []struct {
		name, src string
		want      []string
	}{
		{"a return without Done", `
func m.f() {
	wg *sync.WaitGroup = alloc.heap wg
	add wg 1
	g = closure m.f$1(wg)
	go call g()
	wait wg
}
func m.f$1() captures(wg *sync.WaitGroup) !inside m.f {
b0:
	ok = call m.work()
	if ok b1 b2
b1:
	return
b2:
	done wg
	return
}`, []string{"lost 90 in m.f$1"}},

		{"each return has its Done", `
func m.f() {
	wg *sync.WaitGroup = alloc.heap wg
	add wg 1
	g = closure m.f$1(wg)
	go call g()
	wait wg
}
func m.f$1() captures(wg *sync.WaitGroup) !inside m.f {
b0:
	ok = call m.work()
	if ok b1 b2
b1:
	call m.finish(wg)
	return
b2:
	done wg
	return
}
func m.finish(wg *sync.WaitGroup) {
	defer done wg
}`, nil},

		{"a function in a variable calls Done", `
func m.f() {
	wg *sync.WaitGroup = alloc.heap wg
	add wg 1
	end *func() = alloc.heap end
	e = closure m.f$1(wg)
	store end e
	g = closure m.f$2(end)
	go call g()
	wait wg
}
func m.f$1() captures(wg *sync.WaitGroup) !inside m.f {
	done wg
}
func m.f$2() captures(end *func()) !inside m.f {
b0:
	ok = call m.work()
	if ok b1 b2
b1:
	return
b2:
	e = load end
	call e()
	return
}`, []string{"lost 90 in m.f$2"}},

		{"a method value calls Done", `
func m.f() {
	wg *sync.WaitGroup = alloc.heap wg
	add wg 1
	end *func() = alloc.heap end
	e = closure m.done$bound(wg)
	store end e
	g = closure m.f$1(end)
	go call g()
	wait wg
}
func m.f$1() captures(end *func()) !inside m.f {
	e = load end
	defer call e()
	ok = call m.work()
}
func m.done$bound() captures(recv *sync.WaitGroup) !wrapper !made {
	done recv
}`, nil},

		{"what is sent calls Done somewhere", `
func m.f(c chan *m.K) {
	wg *sync.WaitGroup = alloc.heap wg
	add wg 1
	k *m.K = alloc.heap
	to = field k wg m.K.wg
	store to wg
	send c k
	wait wg
}`, nil},

		{"twice", `
func m.f() {
	wg *sync.WaitGroup = alloc.heap wg
	add wg 1
	g = closure m.f$1(wg)
	go call g()
	wait wg
}
func m.f$1() captures(wg *sync.WaitGroup) !inside m.f {
	defer done wg
	done wg
}`, []string{"twice 90 in m.f$1"}},

		{"too few", `
func m.f() {
	wg *sync.WaitGroup = alloc.heap wg
	add wg 2
	g = closure m.f$1(wg)
	go call g()
	wait wg
}
func m.f$1() captures(wg *sync.WaitGroup) !inside m.f {
	done wg
}`, []string{"few 90 in m.f"}},

		{"too many", `
func m.f() {
	wg *sync.WaitGroup = alloc.heap wg
	add wg 1
	call m.finish(wg)
	call m.finish(wg)
	wait wg
}
func m.finish(wg *sync.WaitGroup) {
	done wg
}`, []string{"many 90 in m.f"}},

		{"late", `
func m.f() {
	wg *sync.WaitGroup = alloc.heap wg
	go call m.run(wg)
	wait wg
}
func m.run(wg *sync.WaitGroup) {
	add wg 1
	defer done wg
}`, []string{"late 90 in m.run"}},

		{"not late, since the starter waits for it first", `
func m.f(c chan bool) {
	wg *sync.WaitGroup = alloc.heap wg
	go call m.run(wg, c)
	recv c
	wait wg
}
func m.run(wg *sync.WaitGroup, c chan bool) {
	add wg 1
	defer done wg
	send c true
}`, nil},

		{"Done in Go", `
func (t *m.T) m.(*T).f() {
	wg = field t wg m.T.wg
	g = closure m.(*T).run$bound(t)
	start wg g
}
func m.(*T).run$bound() captures(recv *m.T) !wrapper !made {
	call m.(*T).run(recv)
}
func (t *m.T) m.(*T).run() {
	wg = field t wg m.T.wg
	done wg
}`, []string{"go 90 in m.(*T).run"}},

		{"a Wait behind an if", `
func (t *m.T) m.(*T).f() {
b0:
	o = field t open m.T.open
	c = field t cond m.T.cond
	open = load o
	if open b2 b1
b1:
	condwait c
	jump b2
b2: from b0 b1
	return
}
func (t *m.T) m.(*T).set(open bool) {
	o = field t open m.T.open
	store o open
}`, []string{"bare 70 in m.(*T).f"}},

		{"an if on both of whose sides it waits is no test", `
func (t *m.T) m.(*T).f() !exported {
b0:
	o = field t open m.T.open
	c = field t cond m.T.cond
	open = load o
	if open b2 b1
b1:
	call m.work()
	jump b2
b2: from b0 b1
	condwait c
	return
}`, []string{"bare 20 in m.(*T).f"}},

		{"a Wait in a loop", `
func (t *m.T) m.(*T).f() {
b0:
	o = field t open m.T.open
	c = field t cond m.T.cond
	jump b1
b1: from b0 b2
	open = load o
	if open b3 b2
b2:
	condwait c
	jump b1
b3:
	return
}`, nil},

		{"a wake that the waiter can miss", `
func (t *m.T) m.(*T).f() {
b0:
	o = field t open m.T.open
	c = field t cond m.T.cond
	jump b1
b1: from b0 b2
	open = load o
	if open b3 b2
b2:
	condwait c
	jump b1
b3:
	return
}
func (t *m.T) m.(*T).set() {
	o = field t open m.T.open
	c = field t cond m.T.cond
	store o true
	signal c
}
func (t *m.T) m.(*T).lockAndSet() {
	mu = field t mu m.T.mu
	o = field t open m.T.open
	c = field t cond m.T.cond
	acquire mu
	store o true
	release mu
	signal c
}`, []string{"unlocked 75 in m.(*T).set"}},

		{"a Once in itself, by a method value and two calls", `
func (t *m.T) m.(*T).f() {
	o = field t once m.T.once
	g = closure m.(*T).load$bound(t)
	once o g
}
func m.(*T).load$bound() captures(recv *m.T) !wrapper !made {
	call m.(*T).load(recv)
}
func (t *m.T) m.(*T).load() {
	call m.(*T).f(t)
}`, []string{"self 95 in m.(*T).load"}},

		{"a Once of another object", `
func (t *m.T) m.(*T).f(u *m.T) {
	o = field t once m.T.once
	g = closure m.(*T).load$bound(u)
	once o g
}
func m.(*T).load$bound() captures(recv *m.T) !wrapper !made {
	call m.(*T).load(recv)
}
func (t *m.T) m.(*T).load() {
	call m.(*T).f(t, t)
}`, nil},

		{"a function made by OnceFunc in itself", `
func m.f() {
	get *func() = alloc.heap get
	g = closure m.f$1(get)
	once func() = call sync.OnceFunc(g)
	store get once
}
func m.f$1() captures(get *func()) !inside m.f {
	g = load get
	call g()
}`, []string{"self 95 in m.f$1"}},

		{"a Once that its function replaces", `
func (t *m.T) m.(*T).f() {
	o = field t once m.T.once
	at **m.T = alloc.heap t
	store at t
	g = closure m.(*T).f$1(at)
	once o g
}
func m.(*T).f$1() captures(t **m.T) !inside m.(*T).f {
	u = load t
	o = field u once m.T.once
	store o zero
}`, []string{"reset 90 in m.(*T).f$1"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			u, err := text.Parse(declared + test.src)
			if err != nil {
				t.Fatal(err)
			}
			p := solve.Solve(solve.Input{Funcs: u.Funcs})
			in := input{
				facts:   p.Facts(),
				source:  func(*effects.Func, V) string { return "" },
				mayLock: func(f *effects.Func, v V) bool { return f.Op(v) == effects.Acquire },
			}
			for _, f := range p.Funcs {
				if !f.Wrapper {
					in.funcs = append(in.funcs, f)
				}
			}
			var got []string
			for _, m := range check(in) {
				got = append(got, fmt.Sprintf("%s %d in %s", m.kind, m.confidence, m.at.Fn.Name))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("expected (-), got (+):\n%s%s", diff, test.src)
			}
		})
	}
}
