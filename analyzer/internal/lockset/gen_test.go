package lockset_test

import (
	"fmt"
	"strings"
)

// A generator turns bytes into a Go package that compiles: each byte decides one
// thing, and when they are used up every decision is the simplest there is. That
// makes any input valid, and a shorter input a smaller program.
//
// Bodies declare no variables but in headers of statements, so that a goto may go
// anywhere in its block. All that they use is declared in prelude or a parameter.
type generator struct {
	data []byte
	out  *strings.Builder

	depth  int      // of nested blocks
	labels []string // in scope, of the function being written
	loops  []loop   // likewise
	next   int      // number of the next label
	used   map[string]bool
}

// A loop is a breakable statement.
type loop struct {
	label string
	isFor bool
}

const prelude = `package p

import "sync"

type E struct {
	sync.RWMutex
	n int
}

type T struct {
	E
	mu    sync.Mutex
	rw    sync.RWMutex
	wrap  Mutex
	next  *T
	ptr   *sync.Mutex
	lk    sync.Locker
	cond  *sync.Cond
	once  sync.Once
	array [3]sync.Mutex
	slice []sync.Mutex
	kids  map[int]*T
	ch    chan *T
	f     func()
	i     I
	anon  struct{ mu sync.Mutex }
	n     int
}

type Mutex struct{ in sync.Mutex }

func (m *Mutex) Lock()         { m.in.Lock() }
func (m *Mutex) Unlock()       { m.in.Unlock() }
func (m *Mutex) TryLock() bool { return m.in.TryLock() }

type G[V any] struct {
	mu sync.RWMutex
	v  V
}

func (g *G[V]) Do(f func(V)) {
	g.mu.RLock()
	defer g.mu.RUnlock()
	f(g.v)
}

func (g *G[V]) Set(v V) {
	g.mu.Lock()
	g.v = v
	g.mu.Unlock()
}

func with[L sync.Locker](l L, f func()) {
	l.Lock()
	defer l.Unlock()
	f()
}

type I interface{ A(t *T, b bool) bool }

type X struct{ mu sync.Mutex }

func (x *X) A(t *T, b bool) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return m0(t, t.next, b, t.n, t.f, t.lk, nil)
}

var (
	gmu sync.Mutex
	grw sync.RWMutex
	gt  T
	gi  I
)

func (t *T) each(yield func(*T) bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, k := range t.kids {
		if !yield(k) {
			return
		}
	}
}

func (t *T) all() func(func(int) bool) {
	return func(yield func(int) bool) {
		_ = yield(1) && yield(2)
	}
}

func lock(l sync.Locker)                 { l.Lock() }
func unlock(l sync.Locker)               { l.Unlock() }
func (t *T) acquire() (release func())   { t.mu.Lock(); return t.mu.Unlock }
func (t *T) locked(mu *sync.Mutex) *T    { mu.Lock(); return t }
func (t *T) rlocked() (*T, func(), bool) { t.rw.RLock(); return t, t.rw.RUnlock, t.n > 0 }
`

// functions are generated, each with the same parameters, and may all call each other.
const functions = 3

func generate(data []byte) string {
	g := &generator{data: data, out: new(strings.Builder), used: map[string]bool{}}
	g.out.WriteString(prelude)
	for i := range functions {
		fmt.Fprintf(g.out, "\nfunc m%d(t, u *T, b bool, n int, f func(), lk sync.Locker, g *G[int]) (ok bool) {\n", i)
		g.block()
		g.out.WriteString("\treturn ok\n}\n")
	}
	return g.out.String()
}

// pick returns a decision among n.
func (g *generator) pick(n int) int {
	if len(g.data) == 0 {
		return 0
	}
	b := g.data[0]
	g.data = g.data[1:]
	return int(b) % n
}

func (g *generator) one(options ...string) string { return options[g.pick(len(options))] }

func (g *generator) printf(format string, args ...any) {
	g.out.WriteString(strings.Repeat("\t", g.depth+1))
	fmt.Fprintf(g.out, format+"\n", args...)
}

// block writes statements, and may set labels at its start and its end.
func (g *generator) block() {
	if g.depth > 5 {
		return
	}
	labels := len(g.labels)
	start, end := "", ""
	if g.depth < 3 {
		start, end = g.label(), g.label()
		g.labels = append(g.labels, start, end)
	}
	body := g.capture(func() {
		for n := g.pick(5); n > 0 && len(g.data) > 0; n-- {
			g.statement()
		}
	})
	if g.used[start] {
		g.printf("%s:", start)
	}
	g.out.WriteString(body)
	if g.used[end] {
		g.printf("%s:", end)
		g.printf("_ = n")
	}
	g.labels = g.labels[:labels]
}

// capture returns what write writes.
func (g *generator) capture(write func()) string {
	outer := g.out
	g.out = new(strings.Builder)
	write()
	text := g.out.String()
	g.out = outer
	return text
}

func (g *generator) label() string {
	g.next++
	return fmt.Sprintf("L%d", g.next)
}

func (g *generator) braces(format string, args ...any) {
	g.printf(format+" {", args...)
	g.nested()
	g.printf("}")
}

func (g *generator) nested() {
	g.depth++
	g.block()
	g.depth--
}

// loop writes a breakable statement with a label, if that is used. Body is called
// to write it with the keyword at its start.
func (g *generator) loop(isFor bool, body func()) {
	l := loop{g.label(), isFor}
	g.loops = append(g.loops, l)
	text := g.capture(body)
	g.loops = g.loops[:len(g.loops)-1]
	if g.used[l.label] {
		g.printf("%s:", l.label)
	}
	g.out.WriteString(text)
}

// literal writes a function literal, which knows no label and no loop outside.
func (g *generator) literal(before, after string) {
	labels, loops := g.labels, g.loops
	g.labels, g.loops = nil, nil
	g.printf("%sfunc() {", before)
	g.nested()
	g.printf("}%s", after)
	g.labels, g.loops = labels, loops
}

// object returns an expression of type *T that a selector can follow.
func (g *generator) object() string {
	return g.one("t", "u", "t.next", "u.next.next", "(&gt)", "t.kids[n]", "t.kids[0]", "(<-t.ch)", "new(T)", "t.locked(&u.mu)")
}

// mutex returns an addressable mutex that has TryLock.
func (g *generator) mutex() string {
	o := g.object()
	return g.one(o+".mu", o+".rw", o+".wrap", o+".E", o, o+".array[n]", o+".array[1]", o+".slice[n]", o+".anon.mu", "gmu", "grw", o+".ptr")
}

func (g *generator) rwmutex() string {
	o := g.object()
	return g.one(o+".rw", o+".E", o+".E.RWMutex", o, "grw", "g.mu")
}

// locker returns an expression of type sync.Locker, or one that can be assigned to it.
func (g *generator) locker() string {
	o := g.object()
	return g.one("lk", "&"+o+".mu", o+".lk", o+".rw.RLocker()", o+".cond.L", "&"+o+".wrap", "&gmu", o+".ptr")
}

func (g *generator) condition() string {
	o := g.object()
	return g.one("b", "!b", "ok", "!ok", "n > 2", "n == 2", "t == u", "t != nil", o+".n == 0", "f != nil",
		g.one("gmu.TryLock()", "t.mu.TryLock()", "!t.rw.TryRLock()", "t.wrap.TryLock()"), "b && t.mu.TryLock()", "!b || ok", "lk == nil", g.call())
}

// call returns a call of type bool.
func (g *generator) call() string {
	return fmt.Sprintf("m%d(%s, %s, %s, %s, %s, %s, g)", g.pick(functions), g.one("t", "u", "t.next", "u.next"), g.one("u", "t", "new(T)"),
		g.one("b", "true", "false", "!b", "ok"), g.one("n", "1", "n+1"), g.one("f", "nil", "t.mu.Unlock", "t.mu.Lock", "t.f"), g.one("lk", "nil", "&u.mu", "&t.rw", "t.rw.RLocker()"))
}

// fn returns an expression of type func().
func (g *generator) fn() string {
	return g.one("f", g.object()+".mu.Lock", g.object()+".mu.Unlock", g.object()+".rw.RLock", g.object()+".rw.RUnlock",
		g.mutexOf()+".Unlock", "t.f", "lk.Lock", "lk.Unlock", "t.acquire()", "sync.OnceFunc(f)")
}

func (g *generator) mutexOf() string { return g.one("gmu", "t.wrap", "u.E", "t.array[n]") }

// simple writes a call statement, the plain form of what defer and go take too.
func (g *generator) simple() string {
	switch g.pick(12) {
	case 0:
		return g.mutex() + ".Lock()"
	case 1:
		return g.mutex() + ".Unlock()"
	case 2:
		return g.rwmutex() + ".RLock()"
	case 3:
		return g.rwmutex() + ".RUnlock()"
	case 4:
		return g.one("lock(", "unlock(") + g.locker() + ")"
	case 5:
		return g.one("lk", "t.lk", "u.cond.L", "t.rw.RLocker()") + g.one(".Lock()", ".Unlock()")
	case 6:
		return g.call()
	case 7:
		return g.one("f()", "t.f()", "t.acquire()()", "(*sync.Mutex).Lock(&t.mu)", "(*T).each(t, func(k *T) bool { k.mu.Lock(); return b })")
	case 8:
		return g.one("t.once.Do(f)", "t.cond.Wait()", "t.i.A(u, b)", "gi.A(t, true)", "new(X).A(t, b)")
	case 9:
		return g.one("g.Set(n)", "g.Do(func(v int) { t.mu.Lock() })", "with(&t.mu, f)", "with(lk, f)", "with(t.rw.RLocker(), u.mu.Lock)")
	case 10:
		return g.one("close(t.ch)", "panic(n)", "recover()")
	}
	return g.mutex() + ".Lock()"
}

func (g *generator) statement() {
	switch g.pick(26) {
	case 0, 1, 2, 3:
		g.printf("%s", g.simple())
	case 4, 5:
		g.printf("defer %s", g.simple())
	case 6:
		g.printf("go %s", strings.NewReplacer("recover()", "f()", "panic(n)", "f()", "close(t.ch)", "f()").Replace(g.simple()))
	case 7:
		g.literal("defer ", "()")
	case 8:
		g.literal("go ", "()")
	case 9:
		g.literal(g.one("f = ", "t.f = ", "u.f = "), "")
	case 10:
		g.literal("with(&"+g.one("t", "u")+".mu, ", ")")
	case 11:
		g.literal("", "()")
	case 12, 13:
		g.printf("if %s {", g.condition())
		g.nested()
		if g.pick(2) == 1 {
			g.printf("} else {")
			g.nested()
		}
		g.printf("}")
	case 14:
		g.loop(true, func() {
			g.braces("for %s", g.one("n > 0", "b", "", "range 3", "i := 0; i < n; i++", "range t.kids", "n = range t.array", "range t.ch", "_, u = range t.kids"))
		})
	case 15:
		g.loop(true, func() {
			g.braces("for %s", g.one("u = range t.each", "n = range t.all()", "range t.all()", "t = range u.each"))
		})
	case 16:
		g.loop(false, func() {
			g.printf("switch %s {", g.one("n", "n + 1", "t.n"))
			for i := range 1 + g.pick(3) {
				g.printf("case %d:", i)
				g.nested()
				if g.pick(4) == 3 {
					g.printf("\tfallthrough")
				} else {
					g.printf("\t_ = ok")
				}
			}
			g.printf("default:")
			g.nested()
			g.printf("}")
		})
	case 17:
		g.loop(false, func() {
			g.printf("switch %s.(type) {", g.one("t.i", "lk", "any(f)"))
			g.printf("case nil:")
			g.nested()
			g.printf("default:")
			g.nested()
			g.printf("}")
		})
	case 18:
		g.loop(false, func() {
			g.printf("select {")
			g.printf("case t = <-u.ch:")
			g.nested()
			g.printf("case t.ch <- u:")
			g.nested()
			if g.pick(2) == 1 {
				g.printf("default:")
				g.nested()
			}
			g.printf("}")
		})
	case 19:
		if len(g.labels) == 0 {
			g.printf("return")
			return
		}
		l := g.one(g.labels...)
		g.used[l] = true
		g.printf("if %s {", g.condition())
		g.printf("\tgoto %s", l)
		g.printf("}")
	case 20:
		if len(g.loops) == 0 {
			g.printf("return")
			return
		}
		l := g.loops[g.pick(len(g.loops))]
		word := "break"
		if l.isFor {
			word = g.one("break", "continue")
		}
		g.used[l.label] = true
		g.printf("if %s {", g.condition())
		g.printf("\t%s %s", word, l.label)
		g.printf("}")
	case 21:
		g.printf("if %s {", g.condition())
		g.printf("\treturn")
		g.printf("}")
	case 22:
		g.printf("%s", g.one("t = u", "u = t.next", "t, u = u, t", "t = t.next", "t = &T{}", "u = t.kids[n]", "t.next = u", "t.kids[n] = u",
			"u, f, ok = t.rlocked()", "t.ptr = &u.mu", "t.i = new(X)", "*t = T{}", "t = u.locked(u.ptr)"))
	case 23:
		g.printf("%s", g.one("b = !b", "ok = b", "n++", "ok = t.mu.TryLock()", "ok = u.rw.TryRLock()", "ok = "+g.call(), "b = n > 2", "t.n = n"))
	case 24:
		g.printf("%s = %s", g.one("lk", "t.lk", "t.cond.L"), g.locker())
	case 25:
		g.printf("%s = %s", g.one("f", "t.f"), g.fn())
	}
}
