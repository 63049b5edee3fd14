// Package bank has each way in which source names a lock. The comment behind an
// acquisition is the class, the kind, and "?" if it is not certain.
package bank

import (
	"sync"

	"example.com/m/other"
)

type Ledger struct {
	mu    sync.Mutex
	rw    sync.RWMutex
	locks []sync.Mutex
	table [4]sync.RWMutex
	named map[string]*sync.Mutex
	inner struct {
		mu   sync.Mutex
		deep struct{ mu sync.Mutex }
	}
	shards []*shard
	anon   []struct{ mu sync.Mutex }
	ptr    *sync.Mutex
	l      sync.Locker
	once   sync.Once
	cond   *sync.Cond
	bare   sync.Cond
	wrap   countingMutex
	open   other.Open
	bare2  plain
}

type shard struct{ mu sync.Mutex }

type countingMutex struct {
	sync.Mutex
	n int
}

func (m *countingMutex) Lock() {
	m.Mutex.Lock() // name: example.com/m/bank.countingMutex.Mutex param ?
	m.n++
}

type plain struct{ sync.Mutex }

type Base struct{ sync.Mutex }

type RBase struct{ *sync.RWMutex }

type Derived struct {
	Base
	x int
}

type Twice struct{ *Derived }

type Cache[K comparable, V any] struct {
	mu sync.Mutex
	m  map[K]*entry[V]
}

type entry[V any] struct {
	sync.Mutex
	v V
}

var (
	global  sync.Mutex
	all     [3]sync.Mutex
	state   struct{ mu sync.Mutex }
	pointer = new(sync.Mutex)
	byName  = map[string]*shard{}
	table   = []struct{ mu *sync.Mutex }{}
)

var started = func() bool {
	global.Lock() // name: example.com/m/bank.global var
	defer global.Unlock()
	var mu sync.Mutex
	mu.Lock() // name: example.com/m/bank.init@mu local
	return true
}()

func init() {
	var mu sync.Mutex
	mu.Lock() // name: example.com/m/bank.init#1@mu local
}

func init() {
	var mu sync.Mutex
	mu.Lock() // name: example.com/m/bank.init#2@mu local
}

func New() *Ledger {
	l := &Ledger{}
	l.cond = sync.NewCond(&l.mu)
	l.mu.Lock() // name: example.com/m/bank.Ledger.mu field
	return l
}

func (l *Ledger) Fields(i int, k string) {
	l.mu.Lock()               // name: example.com/m/bank.Ledger.mu field
	l.rw.RLock()              // name: example.com/m/bank.Ledger.rw field
	l.locks[i].Lock()         // name: example.com/m/bank.Ledger.locks field
	l.table[i].RLock()        // name: example.com/m/bank.Ledger.table field
	l.named[k].Lock()         // name: example.com/m/bank.Ledger.named field
	l.inner.mu.Lock()         // name: example.com/m/bank.Ledger.inner.mu field
	l.inner.deep.mu.Lock()    // name: example.com/m/bank.Ledger.inner.deep.mu field
	l.shards[i].mu.Lock()     // name: example.com/m/bank.shard.mu field
	l.anon[i].mu.Lock()       // name: example.com/m/bank.Ledger.anon.mu field
	l.ptr.Lock()              // name: example.com/m/bank.Ledger.ptr field
	l.l.Lock()                // name: example.com/m/bank.Ledger.l field
	l.rw.RLocker().Lock()     // name: example.com/m/bank.Ledger.rw field
	l.once.Do(func() {})      // name: example.com/m/bank.Ledger.once field
	l.cond.Wait()             // name: example.com/m/bank.Ledger.mu field
	l.cond.L.Lock()           // name: example.com/m/bank.Ledger.mu field
	l.bare.Wait()             // name: example.com/m/bank.Ledger.bare.L field
	l.wrap.Lock()             // name: example.com/m/bank.Ledger.wrap field
	l.wrap.Mutex.Lock()       // name: example.com/m/bank.Ledger.wrap field
	l.bare2.Lock()            // name: example.com/m/bank.plain.Mutex embedded
	(l.mu).Lock()             // name: example.com/m/bank.Ledger.mu field
	(&l.mu).Lock()            // name: example.com/m/bank.Ledger.mu field
	(*sync.Mutex).Lock(&l.mu) // name: example.com/m/bank.Ledger.mu field
	if l.mu.TryLock() {       // name: example.com/m/bank.Ledger.mu field
	}
}

func (l *Ledger) Imported(o *other.Open, v any) {
	l.open.Mu.Lock()      // name: example.com/m/other.Open.Mu field
	l.open.Lock()         // name: example.com/m/other.Base.Mutex embedded
	o.Mu.Lock()           // name: example.com/m/other.Open.Mu field
	o.Base.Lock()         // name: example.com/m/other.Base.Mutex embedded
	other.Global.Lock()   // name: example.com/m/other.Global var
	other.New().Mu.Lock() // name: example.com/m/other.Open.Mu field
	v.(*shard).mu.Lock()  // name: example.com/m/bank.shard.mu field
}

func Globals(k string) {
	global.Lock()       // name: example.com/m/bank.global var
	all[1].Lock()       // name: example.com/m/bank.all var
	state.mu.Lock()     // name: example.com/m/bank.state.mu var
	pointer.Lock()      // name: example.com/m/bank.pointer var
	byName[k].mu.Lock() // name: example.com/m/bank.shard.mu field
	table[0].mu.Lock()  // name: example.com/m/bank.table.mu var
}

func Locals(l *Ledger, k string) {
	var mu sync.Mutex
	mu.Lock() // name: example.com/m/bank.Locals@mu local
	var s struct{ mu sync.Mutex }
	s.mu.Lock() // name: example.com/m/bank.Locals@s.mu local
	var arr [2]sync.Mutex
	arr[0].Lock() // name: example.com/m/bank.Locals@arr local
	p := &sync.Mutex{}
	p.Lock() // name: example.com/m/bank.Locals@p local
	q := &l.mu
	q.Lock() // name: example.com/m/bank.Ledger.mu field
	go func() {
		q.Lock()  // name: example.com/m/bank.Ledger.mu field
		mu.Lock() // name: example.com/m/bank.Locals@mu local
		func() {
			mu.Lock() // name: example.com/m/bank.Locals@mu local
		}()
	}()
	e, ok := l.named[k]
	e.Lock() // name: example.com/m/bank.Ledger.named field
	_ = ok
	for i := range l.locks {
		l.locks[i].Lock() // name: example.com/m/bank.Ledger.locks field
	}
	for _, m := range l.named {
		m.Lock() // name: example.com/m/bank.Ledger.named field
	}
	for _, s := range l.shards {
		s.mu.Lock() // name: example.com/m/bank.shard.mu field
	}
	var either *sync.Mutex
	if ok {
		either = &l.mu
	} else {
		either = &global
	}
	either.Lock() // name: example.com/m/bank.Locals@either local ?
	var same *sync.Mutex
	if ok {
		same = &l.mu
	} else {
		same = &New().mu
	}
	same.Lock() // name: example.com/m/bank.Ledger.mu field
	lock := l.mu.Lock
	lock() // name: example.com/m/bank.Ledger.mu field
	type local struct{ mu sync.Mutex }
	var v local
	v.mu.Lock() // name: example.com/m/bank.local'.mu field
	var locker sync.Locker = &l.mu
	locker.Lock() // name: example.com/m/bank.Ledger.mu field
}

func (l *Ledger) lockOf(k string) *sync.Mutex { return l.named[k] }

func (l *Ledger) pick(k string) (*sync.Mutex, bool) {
	if k == "" {
		return nil, false
	}
	return &l.locks[len(k)], true
}

func Params(mu *sync.Mutex, lk sync.Locker, l *Ledger, s *shard, sl []sync.Mutex, f func() *sync.Mutex) {
	mu.Lock()            // name: example.com/m/bank.Params@mu param ?
	lk.Lock()            // name: example.com/m/bank.Params@lk param ?
	sl[0].Lock()         // name: example.com/m/bank.Params@sl param ?
	s.mu.Lock()          // name: example.com/m/bank.shard.mu field
	f().Lock()           // name: bank.Params@bank.go:LINE param ?
	l.lockOf("x").Lock() // name: example.com/m/bank.Ledger.named field
	m, _ := l.pick("x")
	m.Lock() // name: example.com/m/bank.Ledger.locks field
	g := f()
	g.Lock() // name: example.com/m/bank.Params@g param ?
}

func (d *Derived) Promoted(b Base, t *Twice, r RBase) {
	d.Lock()            // name: example.com/m/bank.Base.Mutex embedded
	d.Base.Lock()       // name: example.com/m/bank.Base.Mutex embedded
	d.Base.Mutex.Lock() // name: example.com/m/bank.Base.Mutex field
	d.Mutex.Lock()      // name: example.com/m/bank.Base.Mutex field
	t.Lock()            // name: example.com/m/bank.Base.Mutex embedded
	r.RLock()           // name: example.com/m/bank.RBase.RWMutex embedded
}

func (c *Cache[K, V]) Put(k K) {
	c.mu.Lock()   // name: example.com/m/bank.Cache.mu field
	c.m[k].Lock() // name: example.com/m/bank.entry.Mutex embedded
	var mu sync.Mutex
	mu.Lock() // name: example.com/m/bank.(*Cache[K, V]).Put@mu local
	func() {
		c.mu.Lock() // name: example.com/m/bank.Cache.mu field
	}()
}

func Generic[T sync.Locker](x T, c *Cache[int, T]) {
	x.Lock()    // name: example.com/m/bank.Generic@x param ?
	c.mu.Lock() // name: example.com/m/bank.Cache.mu field
}

func (l *Ledger) Chain() *Ledger {
	l.
		Chain().
		inner.
		mu.
		Lock() // name: example.com/m/bank.Ledger.inner.mu field
	defer l.rw.Lock() // name: example.com/m/bank.Ledger.rw field
	func() {
		defer l.
			mu.
			Lock()
		defer l.mu.Unlock()
		_ = l
	}() // name: example.com/m/bank.Ledger.mu field
	if l == nil {
		return nil // name: example.com/m/bank.Ledger.rw field
	}
	go l.mu.Lock()                       // name: example.com/m/bank.Ledger.mu field
	_ = l.mu.TryLock() && l.mu.TryLock() // name: example.com/m/bank.Ledger.mu field
	_ = l.mu.TryLock() && l.rw.TryLock() // name: example.com/m/bank.Ledger.mu field ?
	return l
}

func (l *Ledger) wait() {
	c := sync.NewCond(&l.rw)
	c.Wait() // name: example.com/m/bank.Ledger.rw field
	local := sync.NewCond(&sync.Mutex{})
	local.Wait() // name: example.com/m/bank.(*Ledger).wait@local.L local
}

// tracker is no mutex by its name; its callers are named by what it locks.
type tracker struct {
	mu sync.Mutex
	n  int
}

func (t *tracker) Lock() {
	t.mu.Lock() // name: example.com/m/bank.tracker.mu field
	t.n++
}

type tracked struct {
	tracker
	by *tracker
}

func (t *tracked) Own(k string) {
	t.Lock()    // name: example.com/m/bank.tracker.mu field
	t.by.Lock() // name: example.com/m/bank.tracker.mu field
}

func (l *Ledger) Made(k string) {
	m, ok := l.named[k]
	if !ok {
		m = new(sync.Mutex)
		l.named[k] = m
	}
	m.Lock() // name: example.com/m/bank.Ledger.named field ?
}

type node struct {
	mu   struct{ sync.Mutex }
	next *node
}

func (n *node) Walk() {
	for m := n; m != nil; m = m.next {
		m.mu.Lock() // name: example.com/m/bank.node.mu.Mutex embedded
	}
	var a, b, c *struct{ mu sync.Mutex }
	for range 3 {
		a, b, c = b, c, a
		a.mu.Lock() // name: example.com/m/bank.(*node).Walk@a.mu local ?
	}
}

type indexed struct{ sync.RWMutex }

func (x *indexed) Locker() {
	l := x.RLocker()
	l.Lock() // name: example.com/m/bank.indexed.RWMutex field
}
