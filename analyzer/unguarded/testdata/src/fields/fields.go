// Package fields has fields and package variables that a lock guards, and accesses without it.
package fields

import (
	"bytes"
	"sync"
)

type Account struct {
	owner string // never written after New

	mu      sync.Mutex
	balance int
	history []int
	byDay   map[string]int
}

func New(owner string) *Account {
	a := &Account{owner: owner, byDay: map[string]int{}}
	a.balance = 1 // nobody else has seen it
	return a
}

func (a *Account) Deposit(n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.balance += n
	a.history = append(a.history, n)
	a.byDay["today"] += n
}

func (a *Account) Withdraw(n int) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.balance < n {
		return false
	}
	a.balance -= n
	a.history = append(a.history, -n)
	a.byDay["today"] -= n
	return true
}

func (a *Account) Forfeit() {
	a.balance = 0 // want `write to Account.balance without holding Account.mu, which is held at \d of its \d other accesses \(unguarded\)`
}

func (a *Account) Balance() int {
	return a.balance // want `read of Account.balance without holding Account.mu`
}

func (a *Account) Today() int {
	return a.byDay["today"] // want `read of Account.byDay without holding Account.mu`
}

// Owner is right: owner is never written.
func (a *Account) Owner() string { return a.owner }

func (a *Account) Sum() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	sum := 0
	for _, n := range a.history {
		sum += n
	}
	return sum + len(a.byDay)
}

// Take takes the history away and reads it in peace.
func (a *Account) Take() int {
	a.mu.Lock()
	h := a.byDay
	a.byDay = map[string]int{}
	a.mu.Unlock()
	sum := 0
	for _, n := range h {
		sum += n
	}
	return sum
}

type Stats struct {
	mu sync.RWMutex
	m  map[string]int
}

func (s *Stats) Get(k string) int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.m[k]
}

func (s *Stats) Set(k string, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.m[k] = n
}

func (s *Stats) Del(k string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.m, k)
}

func (s *Stats) Inc(k string) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	s.m[k]++ // want `write to the content of Stats.m while Stats.mu is only read-locked: other readers run at the same time`
}

var (
	registryMu sync.Mutex
	registry   = map[string]int{}
)

func Register(k string, n int) {
	registryMu.Lock()
	defer registryMu.Unlock()
	registry[k] = n
}

func Unregister(k string) {
	registryMu.Lock()
	defer registryMu.Unlock()
	delete(registry, k)
}

func Known(k string) bool {
	registryMu.Lock()
	defer registryMu.Unlock()
	return registry[k] > 0
}

func Number(k string) int {
	return registry[k] // want `read of the content of registry without holding registryMu`
}

func init() { registry["first"] = 1 }

// A Log is written to through its methods.
type Log struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *Log) Print(s string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.buf.WriteString(s)
	l.buf.WriteByte('\n')
}

func (l *Log) Printed() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

func (l *Log) Raw(b []byte) {
	l.buf.Write(b) // want `write to Log.buf without holding Log.mu`
}

// inner is part of outer, by value and by pointer, and has no lock of its own.
type inner struct{ hits, misses int }

type outer struct {
	mu sync.Mutex
	in inner
}

func (o *outer) hit() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.in.hits++
}

func (o *outer) reset() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.in.hits = 0
}

func (o *outer) both() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.in.hits + o.in.misses
}

func (o *outer) careless() {
	o.in.hits++ // want `write to inner.hits without holding outer.mu`
}

func Run() {
	o := &outer{}
	go o.hit()
	go o.reset()
	go o.both()
	go o.careless()
}

// A book is used by all kinds of functions, and its map changes all the time.
type book struct {
	mu    sync.RWMutex
	names map[string]int
	state string
}

func (b *book) add(s string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.names[s] = 1
	b.state = "changed"
}

func (b *book) drop(s string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.names, s)
	b.state = "changed"
}

func (b *book) has(s string) bool {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if b.state == "" {
		return false
	}
	_, ok := b.names[s]
	return ok
}

func (b *book) count(s string) int {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if len(b.names) == 0 {
		return 0
	}
	println(b.state)
	return b.names[s]
}

func (b *book) all() []string {
	b.mu.RLock()
	var out []string
	for s := range b.names {
		out = append(out, s)
	}
	b.mu.RUnlock()
	out = append(out, make([]string, len(b.names))...) // want `read of the content of book.names without holding book.mu`
	return out
}

// settled is right, for all that can be seen: it looks at the state behind a critical section, in which it may have
// become the last.
func (b *book) settled(s string) string {
	b.add(s)
	return b.state
}

func RunBook() {
	b := &book{names: map[string]int{}}
	for range 3 {
		go b.add("x")
		go b.drop("x")
		go b.has("x")
		go b.count("x")
		go b.all()
		go b.settled("x")
	}
}
