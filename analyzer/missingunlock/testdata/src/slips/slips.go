// Package slips has unlocks that cannot be right.
package slips

import "sync"

type table struct {
	mu sync.Mutex
	rw sync.RWMutex
	n  int
}

func (t *table) kind() int {
	t.rw.RLock()
	defer t.rw.Unlock() // want `t.rw is read-locked since line 13: Unlock crashes, RUnlock is meant \(missingunlock\)`
	return t.n
}

func (t *table) kind2() {
	t.rw.Lock()
	t.n++
	t.rw.RUnlock() // want `t.rw is locked since line 19: RUnlock crashes, Unlock is meant`
}

// either unlocks as it has locked.
func (t *table) either(write bool) {
	if write {
		t.rw.Lock()
	} else {
		t.rw.RLock()
	}
	t.n++
	if write {
		t.rw.Unlock()
	} else {
		t.rw.RUnlock()
	}
}

func (t *table) twice(err error) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err != nil {
		t.mu.Unlock()
		return err // want `this return unlocks t.mu again by the defer of line 41, after line 43, which crashes`
	}
	t.n++
	return nil
}

func (t *table) straight() {
	t.mu.Lock()
	t.n++
	t.mu.Unlock()
	t.mu.Unlock() // want `t.mu is unlocked again after line 53, which crashes`
}

// pause gives the lock back for a while.
func (t *table) pause(f func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.mu.Unlock()
	f()
	t.mu.Lock()
	t.n++
}

// yields expects the lock held.
func (t *table) yields(f func()) {
	t.mu.Unlock()
	f()
	t.mu.Lock()
}

func (t *table) lent(f func()) {
	t.mu.Unlock()
	f()
	t.mu.Lock()
	if t.n == 0 {
		t.mu.Unlock()
		return
	}
	t.mu.Unlock()
}

func use(t *table, p *pair, q *pair) {
	t.yields(nil)
	t.lent(nil)
	p.wrong()
	p.copied(q)
	p.step(q)
	p.outer()
	p.save()
	p.right()
	p.signal()
	p.handed()
	p.tries()
}

// pair has two locks, which its methods mix up.
type pair struct {
	read, write, signals sync.Mutex
	rw                   sync.RWMutex
	n                    int
}

func (p *pair) wrong() {
	p.read.Lock()
	defer p.write.Unlock() // want `p.write is unlocked, but p.read is what is locked since line 107: Unlock crashes \(missingunlock\)`
	p.n++
}

func (p *pair) right() {
	p.write.Lock()
	defer p.write.Unlock()
	p.rw.RLock()
	defer p.rw.RUnlock()
	p.n++
}

func (p *pair) copied(from *pair) {
	from.rw.RLock()
	defer p.rw.RUnlock() // want `p.rw is unlocked, but from.rw is what is locked since line 121: RUnlock crashes`
	p.n = from.n
}

func (p *pair) save() {
	p.n++
	p.rw.Unlock() // want `p.rw is unlocked, but nothing that leads here locks it: Unlock crashes`
}

// unlockWrite is right: its callers have locked it.
func (p *pair) unlockWrite() { p.write.Unlock() }

func (p *pair) outer() {
	p.write.Lock()
	p.n++
	p.unlockWrite()
}

// step is right: it hands over from one lock to the next, and its caller has taken the first.
func (p *pair) step(next *pair) {
	p.read.Lock()
	p.handOver(next)
	next.read.Unlock()
}

func (p *pair) handOver(next *pair) {
	next.read.Lock()
	p.read.Unlock()
}

// signal is right: who waits has locked.
func (p *pair) signal() { p.signals.Unlock() }

func (p *pair) waits() {
	p.signals.Lock()
	go p.signal()
	p.signals.Lock()
}

// handed is right: the goroutine gives back what it was started with.
func (p *pair) handed() {
	p.write.Lock()
	go func() {
		defer p.write.Unlock()
		p.n++
	}()
}

func (p *pair) tries() {
	ok := p.write.TryLock()
	p.n++
	if ok {
		p.write.Unlock()
	}
}

// unused is not called by anything.
func (p *pair) unused() { p.write.Unlock() }

// A baton gives back a lock that has another name where it is taken.
type baton struct{ mu *sync.Mutex }

func (b *baton) pass() { b.mu.Unlock() }

func relayed(step func()) {
	var mu sync.Mutex
	mu.Lock()
	go func() {
		b := &baton{&mu}
		step()
		b.pass()
	}()
	mu.Lock()
	mu.Unlock()
}
