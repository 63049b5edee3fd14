// Package p acquires a lock at each line with a comment, so that the test sees what the
// runtime says of the line.
package p

import (
	"fmt"
	"reflect"
	"runtime"

	sync "github.com/lockcheck/lockcheck/runtime"

	"example.com/run/inl"
)

type Ledger struct {
	mu    sync.Mutex
	rw    sync.RWMutex
	arr   [3]sync.Mutex
	named map[string]*sync.Mutex
	next  *Ledger
}

type Base struct{ sync.Mutex }

type Derived struct{ Base }

type Reader struct{ *sync.RWMutex }

func (r Reader) Own() {}

type Cache[K comparable, V any] struct {
	mu sync.Mutex
	m  map[K]V
}

var global sync.Mutex

var started = func() bool {
	global.Lock() // name: example.com/run/p.global var
	return true
}()

func init() {
	var mu sync.Mutex
	mu.Lock() // name: example.com/run/p.init#1@mu local
}

func init() {
	var mu sync.Mutex
	func() {
		mu.Lock() // name: example.com/run/p.init#2@mu local
	}()
}

func (l *Ledger) self(...int) *Ledger { return l }

func (l *Ledger) Method() {
	l.mu.Lock()         // name: example.com/run/p.Ledger.mu field
	l.rw.RLock()        // name: example.com/run/p.Ledger.rw field
	l.arr[1].Lock()     // name: example.com/run/p.Ledger.arr field
	l.named["a"].Lock() // name: example.com/run/p.Ledger.named field
	if l.mu.TryLock() { // name: example.com/run/p.Ledger.mu field
		l.mu.Unlock()
	}
}

func value(b Reader) {
	b.RLock() // name: example.com/run/p.Reader.RWMutex embedded
}

func (l *Ledger) Long() {
	l.
		self(
			1,
		).
		self().
		mu.
		Lock() // name: example.com/run/p.Ledger.mu field
	l.self().
		arr[l.index()].Lock( // name: example.com/run/p.Ledger.arr field
	)
}

func (l *Ledger) index() int { return 1 }

func (l *Ledger) Deferred(early bool) {
	defer l.mu.Lock()
	if early {
		return // name: example.com/run/p.Ledger.mu field
	}
	func() {
		defer l.rw.RLock()
		fmt.Print()
	}() // name: example.com/run/p.Ledger.rw field
	func() {
		defer func() { _ = recover() }()
		defer l.rw.RLock()
		panic(1) // name: example.com/run/p.Ledger.rw field
	}()
} // name: example.com/run/p.Ledger.mu field

func (l *Ledger) Loop() {
	for range 1 {
		defer l.mu.Lock()
	}
} // name: example.com/run/p.Ledger.mu field

func (c *Cache[K, V]) Put(k K, v V) {
	c.mu.Lock() // name: example.com/run/p.Cache.mu field
	func() {
		c.mu.Lock() // name: example.com/run/p.Cache.mu field
	}()
	var mu sync.Mutex
	mu.Lock() // name: example.com/run/p.(*Cache[K, V]).Put@mu local
}

func generic[T any](m map[string]T) {
	var mu sync.Mutex
	mu.Lock() // name: example.com/run/p.generic@mu local
}

func locked(l sync.Locker) {
	l.Lock() // name: example.com/run/p.locked@l param ?
}

func pointer(mu *sync.Mutex) {
	mu.Lock() // name: example.com/run/p.pointer@mu param ?
}

func seq(yield func(int) bool) { yield(1) }

func both(f, g func()) { f(); g() }

func Run() {
	l := &Ledger{named: map[string]*sync.Mutex{"a": {}}}
	l.Method()
	value(Reader{new(sync.RWMutex)})
	l.Long()
	l.Deferred(false)
	l.Deferred(true)
	l.Loop()
	new(Cache[string, int]).Put("", 1)
	new(Cache[int, *Ledger]).Put(1, nil)
	generic[int](nil)
	locked(&Derived{})
	locked(&global)
	pointer(&l.mu)
	(&Derived{}).Lock()               // name: example.com/run/p.Base.Mutex embedded
	Reader{new(sync.RWMutex)}.RLock() // name: example.com/run/p.Reader.RWMutex embedded

	var mu sync.Mutex
	mu.Lock() // name: example.com/run/p.Run@mu local
	done := make(chan bool)
	go func() {
		mu.Lock() // name: example.com/run/p.Run@mu local
		func() {
			func() { l.mu.Lock() }() // name: example.com/run/p.Ledger.mu field
		}()
		close(done)
	}()
	<-done
	for range seq {
		mu.Lock() // name: example.com/run/p.Run@mu local
		func() {
			l.rw.RLock() // name: example.com/run/p.Ledger.rw field
		}()
	}
	lock := l.mu.Lock
	lock()                                             // name: example.com/run/p.Ledger.mu field
	(*sync.Mutex).Lock(&l.mu)                          // name: example.com/run/p.Ledger.mu field
	sync.Locker.Lock(&l.mu)                            // name: example.com/run/p.Ledger.mu field
	both(func() { mu.Lock() }, func() { l.mu.Lock() }) // name: example.com/run/p.Run@mu local ?

	(&inl.Box{}).Do()
	inl.Do(&inl.Box{})

	// The methods that the compiler makes have no line of their own.
	for _, v := range []any{&Derived{}, Derived{}, &Reader{}, Reader{}} {
		t := reflect.TypeOf(v)
		for i := range t.NumMethod() {
			m := t.Method(i)
			f := runtime.FuncForPC(m.Func.Pointer())
			file, line := f.FileLine(f.Entry())
			fmt.Printf("wrapper\t%s\t%s\t%d\n", f.Name(), file, line)
		}
	}
}
