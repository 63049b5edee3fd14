package standin_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ssatest"
)

// TestFind compares the operations on locks with the comments behind them: //acquire, //release, //try, //spin.
func TestFind(t *testing.T) {
	for name, src := range sources {
		t.Run(name, func(t *testing.T) {
			e := ssatest.Load(t, "-- p.go --\npackage p\n\nimport \"sync/atomic\"\n\nvar _ atomic.Bool\n"+src).Engine()
			var got, want []string
			for _, f := range e.Funcs {
				for v := range f.Code {
					in := f.At(effects.V(v))
					word := map[effects.Op]string{effects.Acquire: "acquire", effects.Release: "release", effects.TryAcquire: "try"}[in.Op]
					if in.Op == effects.TryAcquire && in.Flags&effects.Blocking != 0 {
						word = "spin"
					}
					if word != "" {
						got = append(got, fmt.Sprintf("%d %s", in.Pos.Line, word))
					}
				}
			}
			for i, l := range strings.Split(src, "\n") {
				_, words, _ := strings.Cut(l, "//")
				for w := range strings.FieldsSeq(words) {
					want = append(want, fmt.Sprintf("%d %s", i+6, w))
				}
			}
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

var sources = map[string]string{
	"local": `
func F(n int) (sum int) {
	sem := make(chan bool, 1)
	for i := range n {
		go func() {
			sem <- true //acquire
			sum += i
			<-sem //release
		}()
	}
	return
}`,
	"two of them": `
func F(n int) (sum int) {
	sem := make(chan bool, 2)
	for range n {
		go func() {
			sem <- true
			<-sem
		}()
	}
	return
}`,
	"a size that is not known": `
func F(n int) {
	sem := make(chan bool, n)
	go func() {
		sem <- true
		<-sem
	}()
}`,
	"given away": `
type T struct{ c chan int }
func New() *T { return &T{make(chan int, 1)} }
func (t *T) F() { t.c <- 1; <-t.c }
func (t *T) C() chan int { return t.c }`,
	"closed": `
type T struct{ c chan int }
func New() *T { return &T{make(chan int, 1)} }
func (t *T) F() { t.c <- 1; <-t.c }
func (t *T) C() { close(t.c) }`,
	"a value is used": `
type T struct{ c chan int }
func New() *T { return &T{make(chan int, 1)} }
func (t *T) F() int { t.c <- 1; return <-t.c }`,
	"from outside": `
type T struct{ c chan int }
func New(c chan int) *T { return &T{c} }
func (t *T) F() { t.c <- 1; <-t.c }`,
	"a signal": `
type T struct{ c chan int }
func New() *T { return &T{make(chan int, 1)} }
func (t *T) Wake() { t.c <- 1 }
func (t *T) Wait() { <-t.c }`,
	"the first round waits for a signal": `
type T struct{ c chan int }
func New() *T { return &T{make(chan int, 1)} }
func (t *T) Wake() { t.c <- 1 }
func (t *T) Wait() { <-t.c; println(); t.c <- 1 }`,
	"helpers of helpers": `
type T struct{ c chan int }
func New() *T { return &T{make(chan int, 1)} }
func (t *T) take() { t.c <- 1 } //acquire
func (t *T) give() { <-t.c } //release
func (t *T) begin() { t.take(); println() }
func (t *T) F() { t.begin(); defer t.give() }`,
	"sometimes full": `
type T struct{ c chan int }
func New() *T { return &T{make(chan int, 1)} }
func Full() *T { t := New(); t.c = make(chan int, 1); t.c <- 1; return t }
func (t *T) F() { t.c <- 1; <-t.c }`,
	"spins": `
type L struct{ n int32 }
func (l *L) Lock() {
	for atomic.SwapInt32(&l.n, 1) != 0 { //spin
	}
}
func (l *L) Unlock() { atomic.SwapInt32(&l.n, 0) } //release`,
	"counts": `
type L struct{ n int32 }
func (l *L) Lock() { atomic.AddInt32(&l.n, 1) }
func (l *L) Unlock() { atomic.AddInt32(&l.n, -1) }`,
	"the wrong way round": `
type L struct{ b atomic.Bool }
func (l *L) Lock() { for !l.b.CompareAndSwap(true, false) {} }
func (l *L) Unlock() { l.b.Store(true) }`,
}
