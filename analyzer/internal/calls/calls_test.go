package calls_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockcheck/lockcheck/analyzer/internal/calls"
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/effects/codec"
	"github.com/lockcheck/lockcheck/analyzer/internal/effects/text"
	"github.com/lockcheck/lockcheck/analyzer/internal/ssatest"
)

// TestTargets compares what calls reach with the comments behind them: "//-> f g" names the functions, "//->" none, without the paths of their
// packages.
func TestTargets(t *testing.T) {
	for name, src := range sources {
		t.Run(name, func(t *testing.T) {
			e := ssatest.Load(t, src).Engine()
			got, want := map[string]string{}, map[string]string{}
			for _, f := range e.Funcs {
				for v := range f.Code {
					in := f.At(effects.V(v))
					if in.Op != effects.Invoke && (in.Op != effects.Call || in.Flags&effects.Dynamic == 0) || !in.Pos.IsValid() {
						continue
					}
					at := fmt.Sprintf("%s:%d", f.Unit.Files[in.Pos.File], in.Pos.Line)
					var names []string
					for _, fn := range f.Targets[effects.V(v)] {
						names = append(names, fn.Name[strings.LastIndexByte(fn.Name, '/')+1:])
					}
					got[at] = strings.Join(names, " ")
				}
			}
			file, line := "", 0
			for l := range strings.SplitSeq(strings.TrimPrefix(src, "\n"), "\n") {
				if name, ok := strings.CutPrefix(l, "-- "); ok {
					file, line = strings.TrimSuffix(name, " --"), 0
					continue
				}
				line++
				if _, names, ok := strings.Cut(l, "//->"); ok {
					want[fmt.Sprintf("%s:%d", file, line)] = strings.TrimSpace(names)
				}
			}
			maps.DeleteFunc(got, func(at, _ string) bool { _, ok := want[at]; return !ok })
			if len(want) == 0 {
				t.Error("no calls in the source")
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("(-want +got)\n%s", d)
			}
		})
	}
}

var sources = map[string]string{
	"what is stored, returned, sent and captured": `
-- m/m.go --
package m

type T struct{ f, g func() }

func a() {}
func b() {}
func c() {}
func d() {}
func e() {}

var global func()

func fields() {
	t := &T{f: a}
	t.g = b
	use(t)
}
func use(t *T) {
	t.f() //-> m.a
	t.g() //-> m.b
}
func result() func() { return c }
func results() (int, func()) { return 1, d }
func variables(ch chan func(), more map[string]func()) {
	result()() //-> m.c
	_, f := results()
	f() //-> m.d
	global = e
	ch <- a
	more["b"] = b
	list := []func(){c}
	read(ch, more, list)
	func() {
		f() //-> m.d
	}()
}
func read(ch chan func(), more map[string]func(), list []func()) {
	global()  //-> m.e
	(<-ch)()  //-> m.a
	for g := range ch {
		g() //-> m.a
	}
	select {
	case g, ok := <-ch:
		if ok {
			g() //-> m.a
		}
	default:
	}
	more["x"]() //-> m.b
	for _, g := range more {
		g() //-> m.b
	}
	if g, ok := more["y"]; ok {
		g() //-> m.b
	}
	for _, g := range list {
		g() //-> m.c
	}
}
func choose(x bool) {
	f := a
	if x {
		f = b
	}
	f() //-> m.a m.b m.c
	var p *func() = &f
	*p = c
	(*p)() //-> m.a m.b m.c
}
func pass(f func()) {
	f() //-> m.pass1$1
}
func pass1() { pass(func() {}) }
func nobody(f func(int)) {
	f(1) //->
}
func signatures(x any) {
	x.(func())()       //-> m.a
	x.(func(int))(1)   //-> m.sig$1
}
func sig() {
	signatures(a)
	signatures(func(int) {})
}
`,
	"methods": `
-- m/m.go --
package m

type I interface{ Do() }

type A struct{ n int }
type B struct{ A }
type C struct{ I }
type D struct{}
type never struct{}

func (a *A) Do()    {}
func (D) Do()       {}
func (never) Do()   {}
func (never) Twice() {}

type both interface {
	I
	Twice()
}

func (d D) Twice() {}

func one() I { return &A{} }
func two() I { return D{} }

func calls(list []I) {
	one().Do() //-> m.(*A).Do
	two().Do() //-> m.(D).Do
	var wrapped I = &B{}
	list = append(list, wrapped, C{one()})
	all(list)
	bound(two().Do)
	g := (*A).Do
	pass(g)
	narrow(one())
	narrow(two())
}
func all(list []I) {
	for _, i := range list {
		i.Do() //-> m.(*B).Do m.(C).Do
	}
}
func bound(f func()) {
	f() //-> m.(I).Do$bound
}
func pass(g func(*A)) {
	g(&A{}) //-> m.(*A).Do$thunk
}
func narrow(i I) {
	i.Do() //-> m.(*A).Do m.(D).Do
	if b, ok := i.(both); ok {
		b.Do() //-> m.(D).Do
	}
	switch x := i.(type) {
	case both:
		x.Twice() //-> m.(D).Twice
	}
}
`,
	"a function with methods is called by its interface": `
-- m/m.go --
package m

type Handler interface{ Serve(int) }
type Func func(int)

func (f Func) Serve(n int) {
	f(n) //-> m.work
}
func work(int) {}
func run(h Handler) {
	h.Serve(1) //-> m.(Func).Serve
}
func main() { run(Func(work)) }
`,
	"across packages": `
-- p/p.go --
package p

type Sink interface{ put(int) }
type Open interface{ Put(int) }

type Mem struct{}

func (*Mem) put(int) {}
func (*Mem) Put(int) {}

var Default Open

var F = struct{ G func() }{}

func Run(s Sink, o Open) {
	s.put(1)         //-> p.(*Mem).put
	o.Put(2)         //-> p.(*Mem).Put q.(*other).Put
	Default.Put(3)   //-> q.(*other).Put
	F.G()            //-> q.g
}
-- q/q.go --
package q

import "p"

type other struct{}

func (*other) put(int) {} // is not that of package p
func (*other) Put(int) {}

func g() {}

func main() {
	p.Default = &other{}
	p.F.G = g
	p.Run(&p.Mem{}, &other{})
	p.Run(&p.Mem{}, &p.Mem{})
}
`,
	"generic code": `
-- m/m.go --
package m

type I interface{ Do() }
type A struct{}
type B struct{}
type S struct{ v int }

func (*A) Do() {}
func (*B) Do() {}
func (*S) Do() {}

type List[T any] struct {
	items []T
	each  func(T)
}

func (l *List[T]) Push(x T) { l.items = append(l.items, x) }
func (l *List[T]) At(i int) T { return l.items[i] }
func (l *List[T]) All() {
	for _, x := range l.items {
		l.each(x) //-> m.interfaces$1
	}
}

func Same[T any](x T) T { return x }
func Close[T I](x T) {
	x.Do() //-> m.(*S).Do
}
func Map[T, U any](list []T, f func(T) U) []U {
	var out []U
	for _, x := range list {
		out = append(out, f(x)) //-> m.maps$1
	}
	return out
}
func Never[T any](f func(T)) {
	f(*new(T)) //->
}

func interfaces() {
	l := &List[I]{each: func(i I) {
		i.Do() //-> m.(*A).Do m.(*B).Do
	}}
	l.Push(&A{})
	l.items = append(l.items, &B{})
	l.At(0).Do() //-> m.(*A).Do m.(*B).Do
	l.All()
	var i I = &B{}
	Same(i).Do() //-> m.(*B).Do
	Close(&S{})
	handled(func(int) {})
}
func handled(f func(int)) {
	f(1) //-> m.interfaces$2
}
func maps() {
	for _, i := range Map([]int{1}, func(int) I { return &A{} }) {
		i.Do() //-> m.(*A).Do m.(*B).Do
	}
}
`,
}

// TestEncoded tests that targets are the same for units that were read from bytes and from text.
func TestEncoded(t *testing.T) {
	for name, src := range sources {
		e := ssatest.Load(t, src).Engine()
		var units, printed []*effects.Unit
		seen := map[*effects.Unit]bool{}
		var want []string
		for _, f := range e.Funcs {
			want = append(want, targets(f)...)
			f.Targets = nil
			if u := f.Unit; !seen[u] {
				seen[u] = true
			}
		}
		for _, u := range slices.SortedFunc(maps.Keys(seen), func(a, b *effects.Unit) int { return strings.Compare(a.Path, b.Path) }) {
			data, err := codec.Encode(u)
			if err != nil {
				t.Fatal(err)
			}
			d, err := codec.Decode(data)
			if err != nil {
				t.Fatal(err)
			}
			units = append(units, d)
			var b strings.Builder
			text.Print(&b, u)
			p, err := text.Parse(b.String())
			if err != nil {
				t.Fatalf("%v\n%s", err, b.String())
			}
			printed = append(printed, p)
		}
		for _, us := range [][]*effects.Unit{units, printed} {
			codec.Link(us)
			var fns []*effects.Func
			for _, u := range us {
				for _, f := range u.Funcs {
					f.ID = len(fns)
					fns = append(fns, f)
				}
			}
			calls.Resolve(fns, nil)
			var got []string
			for _, f := range fns {
				got = append(got, targets(f)...)
			}
			slices.Sort(got)
			slices.Sort(want)
			if d := cmp.Diff(want, got); d != "" || len(want) == 0 {
				t.Errorf("%s: (-as extracted +as read)\n%s", name, d)
			}
		}
	}
}

func targets(f *effects.Func) []string {
	var out []string
	for v, ts := range f.Targets {
		for _, fn := range ts {
			out = append(out, fmt.Sprintf("%s v%d -> %s", f.Name, v, fn.Name))
		}
	}
	return out
}

// TestWrappers tests that promoted methods are functions of the program if a call reaches them, and only then.
func TestWrappers(t *testing.T) {
	e := ssatest.Load(t, `
-- m/m.go --
package m

type I interface{ Do() }
type A struct{}

func (*A) Do() {}

type Used struct{ A }
type Kept struct{ A }
type Asked struct{ I }

func use(i I) { i.Do() }
func keep(any) {}

func main() {
	use(&Used{})
	use(Asked{&A{}})
	keep(&Kept{})
}
`).Engine()
	var got []string
	for i, f := range e.Funcs {
		if f.ID != i {
			t.Errorf("%s has ID %d, and is function %d", f.Name, f.ID, i)
		}
		if f.Wrapper {
			got = append(got, f.Name)
		}
	}
	slices.Sort(got)
	if d := cmp.Diff([]string{"m.(*Used).Do", "m.(Asked).Do"}, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}
