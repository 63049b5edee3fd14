// Package handed has functions that run others with a lock held.
package handed

import "sync"

// A Till is changed by functions that it runs itself.
type Till struct {
	mu    sync.RWMutex
	coins int
	notes int
	later []func()
}

func (t *Till) alone(do func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	do()
}

// outside gives the lock back before it runs what it gets.
func (t *Till) outside(do func()) {
	t.mu.Lock()
	t.mu.Unlock()
	do()
}

// after keeps what it gets.
func (t *Till) after(do func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.later = append(t.later, do)
}

func (t *Till) In()  { t.alone(func() { t.coins++ }) }
func (t *Till) Out() { t.alone(func() { t.coins-- }) }

// Count has the lock by another way.
func (t *Till) Count() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.coins
}

// Spill forgets it.
func (t *Till) Spill() {
	t.coins = 0 // want `write to Till\.coins without holding Till\.mu`
}

func (t *Till) PutNote()  { t.mu.Lock(); t.notes++; t.mu.Unlock() }
func (t *Till) TakeNote() { t.mu.Lock(); t.notes--; t.mu.Unlock() }
func (t *Till) Burn()     { t.mu.Lock(); t.notes = 0; t.mu.Unlock() }

// Tear runs its literal when the lock is free again.
func (t *Till) Tear() {
	t.outside(func() {
		t.notes -= 2 // want `write to Till\.notes without holding Till\.mu`
	})
}

// Glue has its literal run with the lock held.
func (t *Till) Glue() { t.alone(func() { t.notes += 2 }) }

// A Drawer has all its accesses in functions that it runs with the lock held.
type Drawer struct {
	mu    sync.Mutex
	items map[string]int // guarded by mu
}

func (d *Drawer) do(f func(map[string]int)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f(d.items)
}

func (d *Drawer) with(f func()) {
	d.mu.Lock()
	f()
	d.mu.Unlock()
}

func (d *Drawer) Put(k string)  { d.with(func() { d.items[k]++ }) }
func (d *Drawer) Take(k string) { d.with(func() { d.items[k]-- }) }
func (d *Drawer) Size() (n int) {
	d.with(func() { n = len(d.items) })
	return n
}
func (d *Drawer) Clear() { d.do(func(m map[string]int) { clear(m) }) }

// A Jar is locked by a function that gets the lock.
type Jar struct {
	mu   sync.RWMutex
	pens int // guarded by mu
}

func holding(l sync.Locker, do func()) {
	l.Lock()
	defer l.Unlock()
	do()
}

func (j *Jar) Put()   { holding(&j.mu, func() { j.pens++ }) }
func (j *Jar) Clear() { j.mu.Lock(); j.pens = 0; j.mu.Unlock() }
func (j *Jar) Pens() (n int) {
	holding(j.mu.RLocker(), func() { n = j.count() })
	return n
}

func (j *Jar) count() int { return j.pens }
