// Package escape has guarded maps and slices that leave their critical section.
package escape

import (
	"fmt"
	"maps"
	"slices"
	"sync"
)

type Registry struct {
	mu    sync.RWMutex
	items map[string]int
	names []string
	old   map[string]int
}

func (r *Registry) Add(k string, n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.items[k] = n
	r.names = append(r.names, k)
}

func (r *Registry) Del(k string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.items, k)
	i := slices.Index(r.names, k)
	if i >= 0 {
		r.names = append(r.names[:i], r.names[i+1:]...)
	}
}

func (r *Registry) Get(k string) int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.items[k]
}

func (r *Registry) All() map[string]int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.items // want `\(\*Registry\).All hands out the map of Registry.items, whose content Registry.mu guards: its callers do not hold the lock, and \(\*Registry\).(Add|Del) writes it at escape.go:\d+`
}

// Copy is right: it gives away what is its own.
func (r *Registry) Copy() map[string]int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return maps.Clone(r.items)
}

func (r *Registry) Names() []string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if len(r.names) == 0 {
		return nil
	}
	return r.names[:len(r.names):len(r.names)] // want `hands out the slice of Registry.names`
}

func (r *Registry) CopyNames() []string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return append([]string(nil), r.names...)
}

// Reset is right: the map is not the registry's any more.
func (r *Registry) Reset() map[string]int {
	r.mu.Lock()
	defer r.mu.Unlock()
	m := r.items
	r.items = map[string]int{}
	return m
}

func (r *Registry) Named() (m map[string]int, err error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if r.items == nil {
		err = fmt.Errorf("none")
		return
	}
	m = r.items // want `hands out the map of Registry.items`
	return
}

type snapshot struct {
	items map[string]int
	n     int
}

func (r *Registry) Snapshot() snapshot {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return snapshot{items: r.items, n: len(r.items)} // want `hands out the map of Registry.items`
}

func (r *Registry) SnapshotPtr() *snapshot {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return &snapshot{items: maps.Clone(r.items), n: len(r.items)}
}

func (r *Registry) Send(c chan map[string]int) {
	r.mu.RLock()
	m := r.items // want `hands out the map of Registry.items`
	r.mu.RUnlock()
	c <- m
}

// A Config is replaced as a whole, which leaves those in peace who have the old one.
type Config struct {
	mu   sync.Mutex
	vals map[string]string
	list []string
}

func (c *Config) Set(k, v string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := maps.Clone(c.vals)
	n[k] = v
	c.vals = n
	c.list = append(c.list, k)
}

func (c *Config) Clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.vals = map[string]string{}
	c.list = nil
}

func (c *Config) Vals() map[string]string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.vals
}

// List is right: what is appended stands behind what was given.
func (c *Config) List() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.list
}

// A table hands its map to functions of the package only.
type table struct {
	mu   sync.Mutex
	rows map[int]string
}

func (t *table) put(i int, s string) {
	t.mu.Lock()
	t.rows[i] = s
	t.mu.Unlock()
}

func (t *table) drop(i int) {
	t.mu.Lock()
	delete(t.rows, i)
	t.mu.Unlock()
}

func (t *table) locked() map[int]string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.rows // want `\(\*table\).locked hands out the map of table.rows, whose content table.mu guards: \(\*table\).print reads it without the lock at escape.go:\d+`
}

func (t *table) print() {
	for i, s := range t.locked() {
		fmt.Println(i, s)
	}
}

// rowsLocked is right: its callers hold the lock as long as they use the rows.
func (t *table) rowsLocked() map[int]string {
	return t.rows
}

func (t *table) count() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := 0
	for _, s := range t.rowsLocked() {
		n += len(s)
	}
	return n
}

// checked is right: nobody looks at what is in there.
func (t *table) checked() map[int]string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.rows
}

func (t *table) empty() bool { return t.checked() == nil }

func Run() {
	t := &table{rows: map[int]string{}}
	for i := range 3 {
		go t.put(i, "")
		go t.drop(i)
		go t.print()
		go t.count()
		go t.empty()
	}
}

// Frozen is filled when it is made, and only read after that.
type Frozen struct {
	mu sync.Mutex
	m  map[string]int
	n  int
}

func NewFrozen() *Frozen {
	f := &Frozen{m: map[string]int{}}
	f.m["a"] = 1
	return f
}

func (f *Frozen) Inc() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.n += f.m["a"]
}

func (f *Frozen) M() map[string]int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.m
}
