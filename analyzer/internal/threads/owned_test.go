package threads_test

import (
	"strings"
	"testing"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/effects/text"
	"github.com/lockcheck/lockcheck/analyzer/internal/solve"
	"github.com/lockcheck/lockcheck/analyzer/internal/threads"
)

const ownTypes = `unit m m
import sync
type m.T struct { n int; done chan struct{}; wg sync.WaitGroup }
var m.all *m.T
`

// program reads a text, with the first of each two strings replaced by the second, and returns the views of its functions.
func program(t *testing.T, src string, edits ...string) (*threads.Views, map[string]*effects.Func) {
	t.Helper()
	for i := 0; i < len(edits); i += 2 {
		if !strings.Contains(src, edits[i]) {
			t.Fatalf("no %q in %s", edits[i], src)
		}
		src = strings.ReplaceAll(src, edits[i], edits[i+1])
	}
	u, err := text.Parse(ownTypes + src)
	if err != nil {
		t.Fatalf("%v\n%s", err, src)
	}
	p := solve.Solve(solve.Input{Funcs: u.Funcs})
	byName := map[string]*effects.Func{}
	for _, f := range p.Funcs {
		byName[f.Name] = f
	}
	return threads.NewViews(p.Facts()), byName
}

// find returns the last instruction of a function with an operation.
func find(f *effects.Func, op effects.Op) effects.V {
	for v := effects.V(len(f.Code) - 1); v > 0; v-- {
		if f.Op(v) == op {
			return v
		}
	}
	return 0
}

const counted = `
func m.f(now bool) {
	t *m.T = alloc.heap
	g *sync.WaitGroup = alloc.heap
	add g 1
	go call m.work(t, g)
	wait g
	p = field t n
	store p 1
}
func m.work(t *m.T, g *sync.WaitGroup) {
	defer done g
	p = field t n
	store p 2
	rundefers
}`

const closed = `
func m.f(now bool) {
	t *m.T = alloc.heap
	c chan struct{} = makechan 0
	go call m.work(t, c)
	recv c
	p = field t n
	store p 1
}
func m.work(t *m.T, c chan struct{}) {
	p = field t n
	store p 2
	close c
}`

const looped = `
func m.f(k int) {
	t *m.T = alloc.heap
	c chan struct{} = makechan k
	jump start
start:
	i = opaque "+"
	if1 = compare i < k
	if if1 one counted
one:
	go call m.work(t, c)
	jump start
counted:
	j = opaque "+"
	if2 = compare j < k
	if if2 two rest
two:
	recv c
	jump counted
rest:
	p = field t n
	store p 1
}
func m.work(t *m.T, c chan struct{}) {
	p = field t n
	store p 2
	send c zero
}`

const group = `
func m.f() {
	t *m.T = alloc.heap
	cell **m.T = alloc.heap t
	store cell t
	g *golang.org/x/sync/errgroup.Group = alloc.heap
	lit = closure m.f$1(cell)
	start g lit
	err error = wait g
	u = load cell
	p = field u n
	store p 1
}
func m.f$1() error captures(t **m.T) {
	u = load t
	p = field u n
	store p 2
	return nil
}`

const relayed = `
func m.f() {
	t *m.T = alloc.heap
	g *sync.WaitGroup = alloc.heap
	c chan struct{} = makechan 0
	add g 1
	go call m.work(t, g)
	go call m.close(g, c)
	recv c
	p = field t n
	store p 1
}
func m.work(t *m.T, g *sync.WaitGroup) {
	defer done g
	p = field t n
	store p 2
	rundefers
}
func m.close(g *sync.WaitGroup, c chan struct{}) {
	wait g
	close c
}`

const own = `
func m.f() {
	t *m.T = alloc.heap
	c chan struct{} = makechan 0
	d = field t done
	store d c
	go call m.(*T).run(t)
	call m.(*T).stop(t)
	p = field t n
	store p 1
}
func (t *m.T) m.(*T).run() {
	d = field t done
	c = load d
	defer close c
	p = field t n
	store p 2
	rundefers
}
func (t *m.T) m.(*T).stop() {
	d = field t done
	c = load d
	recv c
}`

const pooled = `
func m.f(t *m.T, c chan struct{}) {
	p = field t n
	store p 1
	b interface = box t
	call (*sync.Pool).Put(&m.pool, b)
}`

const boxed = `
type m.B struct { t *m.T }
func m.f(now bool) {
	t *m.T = alloc.heap
	b *m.B = alloc.heap
	at = field b t
	store at t
	g *sync.WaitGroup = alloc.heap
	add g 1
	go call m.work(b, g)
	wait g
	p = field t n
	store p 1
}
func m.work(b *m.B, g *sync.WaitGroup) {
	defer done g
	at = field b t
	t *m.T = load at
	p = field t n
	store p 2
	rundefers
}`

// TestOwned asks whether the object of the last store of m.f is owned there. Each right case is followed by others like it, each with
// something that makes it wrong, or not.
func TestOwned(t *testing.T) {
	tests := []struct {
		name, src string
		edits     []string
		owned     bool
	}{
		{"counted by a WaitGroup", counted, nil, true},
		{"not added", counted, []string{"\tadd g 1\n", ""}, false},
		{"added when it runs", counted, []string{"\tadd g 1\n", "", "\tdefer done", "\tadd g 1\n\tdefer done"}, false},
		{"counted down by Add", counted, []string{"defer done g", "defer add g -1"}, true},
		{"another group", counted, []string{"\tadd", "\th *sync.WaitGroup = alloc.heap\n\tadd", "wait g", "wait h"}, false},
		{"waits on one way", counted, []string{"\twait g", "\tif now yes go\nyes:\n\twait g\n\tjump go\ngo:"}, false},
		{"starts and waits under one condition", counted, []string{
			"\tgo call", "\tif now a b\na:\n\tgo call", "\twait g", "\tjump b\nb:\n\tif now c d\nc:\n\twait g\n\tjump d\nd:"}, true},
		{"starts and waits under two conditions", counted, []string{"now bool", "now, then bool",
			"\tgo call", "\tif now a b\na:\n\tgo call", "\twait g", "\tjump b\nb:\n\tif then c d\nc:\n\twait g\n\tjump d\nd:"}, false},
		{"done too early", counted, []string{"defer done", "done"}, false},
		{"done before what is deferred first", counted, []string{"\tdefer done", "\tdefer call m.touch(t)\n\tdefer done", "store p 2\n", "store p 2\n"}, false},
		{"one more is started", counted, []string{"\twait g\n", "\twait g\n\tgo call m.work(t, g)\n"}, false},
		{"a function waits", counted, []string{"\twait g", "\tcall m.await(g)", "func m.work", "func m.await(g *sync.WaitGroup) {\n\twait g\n}\nfunc m.work"}, true},
		{"a function that may wait", counted, []string{"\twait g", "\tcall m.await(g, now)", "func m.work",
			"func m.await(g *sync.WaitGroup, now bool) {\n\tif now a b\na:\n\twait g\n\tjump b\nb:\n\treturn\n}\nfunc m.work"}, false},
		{"known before", counted, []string{"\tadd", "\tstore &m.all t\n\tadd"}, false},
		{"kept by the goroutine", counted, []string{"store p 2", "store &m.all t"}, false},
		{"passed on to another goroutine", counted, []string{"store p 2", "go call m.touch(t)"}, false},
		{"passed on to one that is waited for", counted, []string{"\tstore p 2",
			"\th *sync.WaitGroup = alloc.heap\n\tadd h 1\n\tgo call m.work(t, h)\n\twait h"}, false}, // it starts itself
		{"done on each of two ways", closed, []string{"\tclose c", "\tif now a b\na:\n\tclose c\n\treturn\nb:\n\tclose c",
			"work(t *m.T", "work(now bool, t *m.T", "work(t,", "work(now, t,"}, true},
		{"done on one of two ways", closed, []string{"\tclose c", "\tif now a b\na:\n\tclose c\n\treturn\nb:\n\treturn",
			"work(t *m.T", "work(now bool, t *m.T", "work(t,", "work(now, t,"}, false},

		{"a channel is closed", closed, nil, true},
		{"the value is sent", closed, []string{"close c", "send c zero"}, true},
		{"closed before", closed, []string{"\tclose c", "", "\tp = field t n\n\tstore p 2\n", "\tclose c\n\tp = field t n\n\tstore p 2\n"}, false},
		{"somebody else's channel", closed, []string{"now bool", "c chan struct{}", "\tc chan struct{} = makechan 0\n", "", "close c", "send c zero"}, false},
		{"somebody else sends, too", closed, []string{"close c", "send c zero", "\trecv", "\tcall m.help(c)\n\trecv",
			"func m.work", "func m.help(c chan struct{}) {\n\tsend c zero\n}\nfunc m.work"}, false},
		{"somebody else receives, too", closed, []string{"close c", "send c zero", "\trecv", "\tcall m.help(c)\n\trecv",
			"func m.work", "func m.help(c chan struct{}) {\n\trecv c\n}\nfunc m.work"}, true},
		{"the channel goes out of view", closed, []string{"\trecv", "\tcall m.unknown(c)\n\trecv"}, false},
		{"two send, one is received", closed, []string{"close c", "send c zero", "\trecv", "\tgo call m.work(t, c)\n\trecv"}, false},
		{"two send, two are received", closed, []string{"close c", "send c zero", "\trecv", "\tgo call m.work(t, c)\n\trecv c\n\trecv"}, true},
		{"it is closed or time is up", closed, []string{"now bool", "stop chan struct{}", "\trecv c",
			"\ts (int, bool, struct{}, struct{}) = select.blocking <- c, <- stop\n\tk int = extract s 0\n\tis = compare k == 0\n\tif is ended late\nlate:\n\treturn\nended:"}, true},
		{"time is up", closed, []string{"now bool", "stop chan struct{}", "\trecv c",
			"\ts (int, bool, struct{}, struct{}) = select.blocking <- c, <- stop\n\tk int = extract s 0\n\tis = compare k == 0\n\tif is ended late\nended:\n\treturn\nlate:"}, false},

		{"as many are received as started", looped, nil, true},
		{"between the rounds", looped, []string{"\trecv c\n\tjump counted\nrest:", "\trecv c\n\tp0 = field t n\n\tjump more\nrest:\n\treturn\nmore:", "\tstore p 1\n}", "\tstore p 1\n\tjump counted\n}"}, false},
		{"leaves the loop early", looped, []string{"\trecv c\n\tjump counted", "\tv = recv c\n\tbad = compare v == zero\n\tif bad rest counted"}, false},
		{"returns early", looped, []string{"\trecv c\n\tjump counted", "\tv = recv c\n\tbad = compare v == zero\n\tif bad fail counted\nfail:\n\treturn"}, true},
		{"the channel is made in each round, the last is waited for", looped, []string{"\tc chan struct{} = makechan k\n\tjump start", "\tjump start",
			"one:\n", "one:\n\tc chan struct{} = makechan k\n", "work(t, c)\n\tjump start\ncounted:\n", "work(t, c)\n\tif first start last\nlast:\n\trecv c\n\tjump rest\ncounted:\n\treturn\nnever:\n",
			"k int", "k int, first bool"}, false},

		{"a group that returns an error", group, nil, true},
		{"without waiting", group, []string{"\terr error = wait g\n", ""}, false},
		{"started anew after waiting", group, []string{"\terr error = wait g\n", "\terr error = wait g\n\tstart g lit\n"}, false},

		{"somebody closes who has waited", relayed, nil, true},
		{"somebody closes who has not", relayed, []string{"\twait g\n", ""}, false},
		{"somebody closes before", relayed, []string{"\twait g\n\tclose c", "\tclose c\n\twait g"}, false},
		{"a deferred close", relayed, []string{"\twait g\n\tclose c", "\tdefer close c\n\twait g\n\trundefers"}, true},

		{"its own channel, and a method that waits", own, nil, true},
		{"a method of which one waits", own, []string{"\trecv c", ""}, false},
		{"others send to it", own, []string{"func (t *m.T) m.(*T).stop", "func (t *m.T) m.(*T).more() {\n\td = field t done\n\tc = load d\n\tsend c zero\n}\nfunc (t *m.T) m.(*T).stop"}, false},

		{"in another object that a goroutine has", boxed, nil, true},
		{"in another object that a goroutine still has", boxed, []string{"\twait g\n", ""}, false},
		{"in another object that others know", boxed, []string{"\tgo call m.work(b, g)\n\twait g\n", "\tsend c b\n", "now bool", "c chan *m.B"}, false},
		{"in another object that nobody knows", boxed, []string{"\tgo call m.work(b, g)\n\twait g\n", ""}, true},
		{"taken out of the other object, and kept", boxed, []string{"store p 2", "store &m.all t"}, false},
		{"in another object, known before that", boxed, []string{"\tat = field", "\tsend c b\n\tat = field", "\tgo call m.work(b, g)\n\twait g\n", "", "now bool", "c chan *m.B",
			"\tdefer done g\n\tsend c b\n", "\tdefer done g\n"}, false},

		{"given back to a pool", pooled, nil, true},
		{"waits before", pooled, []string{"\tb interface", "\trecv c\n\tb interface"}, false},
		{"one of two new objects", `
func m.f(now bool) {
	if now a b
a:
	x *m.T = alloc.heap
	jump c
b:
	y *m.T = alloc.heap
	jump c
c: from a b
	t *m.T = phi x y
	p = field t n
	store p 1
}`, nil, true},
		{"one of which others know", `
func m.f(now bool) {
	if now a b
a:
	x *m.T = alloc.heap
	store &m.all x
	jump c
b:
	y *m.T = alloc.heap
	jump c
c: from a b
	t *m.T = phi x y
	p = field t n
	store p 1
}`, nil, false},
		{"in a variable set to nothing else", group, []string{"\tlit = closure m.f$1(cell)\n\tstart g lit\n\terr error = wait g\n", ""}, true},
		{"the caller's", `
func m.f(t *m.T) {
	p = field t n
	store p 1
}`, nil, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			views, funcs := program(t, test.src+"\nfunc m.touch(t *m.T) {\n\tp = field t n\n\tstore p 3\n}\n", test.edits...)
			f := funcs["m.f"]
			store := find(f, effects.Store)
			proof, owned := views.Of(f).Owned(f.At(f.At(store).Args[0]).Args[0], store)
			if owned != test.owned {
				t.Errorf("owned: %v, %v", owned, proof)
			}
			if owned && len(proof) == 0 {
				t.Error("owned without a proof")
			}
		})
	}
}

// TestProof checks how a proof reads.
func TestProof(t *testing.T) {
	views, funcs := program(t, counted)
	f := funcs["m.f"]
	store := find(f, effects.Store)
	proof, _ := views.Of(f).Owned(f.At(f.At(store).Args[0]).Args[0], store)
	if got, want := proof.String(), "t:7 makes the object; t:10 starts a goroutine with it; t:11 waits for it to end"; got != want {
		t.Errorf("%s, not %s", got, want)
	}
}
