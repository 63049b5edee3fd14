// Package m has guards that all accesses bear witness to, beside others that look like them: what guards -fix declares,
// and what it leaves alone.
package m

import (
	"sync"
	"sync/atomic"
)

// Store has one lock above what it guards: two accesses are enough.
type Store struct {
	name string // never changes

	mu    sync.Mutex
	items map[string]int
	hits  int      // count of hits
	last  string   // the item asked for last.
	log   []string //nolint:unused
	odd   int      // TODO: is it needed?
	here  int      /* a block */
	a, b  int
	c, d  int // of these, d is read without
	leak  int
	At    int // other packages may read it
	n     int32
}

func (s *Store) Put(k string, v int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.items[k] = v
	s.hits, s.last, s.odd, s.here, s.leak = 0, k, 0, 0, 0
	s.log = append(s.log, k)
	s.a, s.b, s.c, s.d = 0, 0, 0, 0
	s.At++
	s.n++
}

func (s *Store) Get(k string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hits++
	s.last = k
	s.At++
	return s.items[k] + s.odd + s.here + s.a + s.b + s.c + s.d + s.leak + len(s.log)
}

func (s *Store) D() int      { return s.d }
func (s *Store) Leak() *int  { return &s.leak }
func (s *Store) Next() int32 { return atomic.AddInt32(&s.n, 1) }
func (s *Store) Name() string {
	return s.name
}

// Cache embeds its lock, and reads with it read-locked.
type Cache struct {
	sync.RWMutex
	m map[string]string
}

func (c *Cache) Get(k string) string {
	c.RLock()
	defer c.RUnlock()
	return c.m[k]
}

func (c *Cache) Set(k, v string) {
	c.Lock()
	defer c.Unlock()
	c.set(k, v)
}

func (c *Cache) set(k, v string) { c.m[k] = v }

// Far has its lock elsewhere: two accesses are not enough, three are.
type Far struct {
	two   int
	three int

	mu sync.Mutex
}

func (f *Far) Set() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.two = 1
	f.three = 1
}

func (f *Far) Get() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := f.two
	return n + f.three
}

func (f *Far) Reset() {
	f.mu.Lock()
	f.three = 0
	f.mu.Unlock()
}

// Twice has two locks that are both held at all accesses.
type Twice struct {
	r, w sync.Mutex
	n    int
}

func (t *Twice) Inc() {
	t.r.Lock()
	t.w.Lock()
	t.n++
	t.w.Unlock()
	t.r.Unlock()
}

func (t *Twice) Dec() {
	t.r.Lock()
	t.w.Lock()
	t.n--
	t.w.Unlock()
	t.r.Unlock()
}

func (t *Twice) N() int {
	t.r.Lock()
	defer t.r.Unlock()
	t.w.Lock()
	defer t.w.Unlock()
	return t.n
}

// Told says what its lock guards; what is left out is so for a reason.
type Told struct {
	rest int
	mu   sync.Mutex // guards n
	n    int
}

func (t *Told) Inc() {
	t.mu.Lock()
	t.n++
	t.rest++
	t.mu.Unlock()
}

func (t *Told) N() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rest = 0
	return t.n + t.rest
}

func (t *Told) Rest() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.rest
}

// Table is parsed once, with the lock held, and then read without: that the last is only read with it is chance.
type Table struct {
	mu    sync.Mutex
	order int
	size  int
	files int
}

func (t *Table) parse() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.order, t.size, t.files = 1, 2, 3
}

func (t *Table) Order() int {
	t.parse()
	return t.order
}

func (t *Table) Size() int {
	t.parse()
	return t.size
}

func (t *Table) Files() int {
	t.parse()
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.files
}

var (
	registryMu sync.Mutex
	registry   = map[string]*Store{}
)

var table = map[string]int{
	"a": 1,
}

// Register notes a store.
func Register(name string, s *Store) {
	registryMu.Lock()
	defer registryMu.Unlock()
	registry[name] = s
	table[name] = 1
}

// Lookup finds it.
func Lookup(name string) *Store {
	registryMu.Lock()
	defer registryMu.Unlock()
	if table[name] == 0 {
		return nil
	}
	return registry[name]
}

var state struct {
	sync.Mutex
	on bool
}

// On turns it on.
func On() {
	state.Lock()
	state.on = true
	state.Unlock()
}

// IsOn tells.
func IsOn() bool {
	state.Lock()
	defer state.Unlock()
	return state.on
}
