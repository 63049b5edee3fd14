package dump

import "slices"

// A queue is the goroutines that wait for one lock in an unwatched dump.
type queue struct {
	lock    Lock
	waiters []*Goroutine
	others  []candidate // goroutines that may hold it and do not wait for it, likeliest first
	selves  []candidate // that may hold it and wait for it
	writer  *Goroutine  // a writer for whom readers must go, so that new ones wait

	types   map[string]bool     // in methods of which it is waited for
	waits   map[*Goroutine]bool // the waiters
	locking map[string]int      // functions in which it is waited for, with the first line of that
}

// queues groups the goroutines that wait for locks, in order of the first of each group.
func (a *analysis) queues() []*queue {
	type object struct {
		addr, around uint64
		typ          string // if nothing else is known
	}
	var all []*queue
	byLock := map[object]*queue{}
	get := func(l Lock) *queue {
		k := object{addr: l.Addr}
		if l.Addr == 0 {
			k.around = l.AroundAddr
		}
		if l.Addr == 0 && l.AroundAddr == 0 {
			k.typ = l.Around
		}
		q := byLock[k]
		if q == nil {
			q = &queue{lock: l}
			byLock[k] = q
			all = append(all, q)
		}
		if q.lock.Around == "" {
			q.lock.Around, q.lock.AroundAddr = l.Around, l.AroundAddr
		}
		if l.Kind == "RWMutex" {
			q.lock.Kind = l.Kind
		}
		return q
	}
	// A lock without an address is the RWMutex in its object that has one, if there is one only.
	rw := map[uint64][]Lock{}
	for _, g := range a.d.Goroutines {
		if w := g.Waits; w != nil && w.Lock.Kind == "RWMutex" && w.Lock.Addr != 0 && w.Lock.AroundAddr != 0 {
			if ls := rw[w.Lock.AroundAddr]; !slices.Contains(ls, w.Lock) && len(ls) < 2 {
				rw[w.Lock.AroundAddr] = append(ls, w.Lock)
			}
		}
	}
	for _, g := range a.d.Goroutines {
		w := g.Waits
		if w == nil || !w.isLock() || g.Ended || a.dead[g.ID] {
			continue
		}
		l := w.Lock
		if l.Addr == 0 && l.Kind == "RWMutex" && len(rw[l.AroundAddr]) == 1 {
			l = rw[l.AroundAddr][0]
		}
		if l.Addr == 0 && l.AroundAddr == 0 {
			l.Around = w.At.receiverType()
		}
		q := get(l)
		q.waiters = append(q.waiters, g)
		if q.writer == nil && g.waitsForReaders() {
			q.writer = g
		}
	}
	return all
}

// isVague reports whether goroutines wait that may wait for different locks: of these, no more is known
// than of which type the objects are.
func (q *queue) isVague() bool {
	return q.lock.Addr == 0 && q.lock.AroundAddr == 0 && len(q.waiters) > 1
}

// waitsForReaders reports whether the goroutine has come as far in RWMutex.Lock that
// it waits for the readers, not for another writer.
func (g *Goroutine) waitsForReaders() bool {
	if g.Waits.Lock.Kind != "RWMutex" || g.Waits.Mode != "write" {
		return false
	}
	for _, f := range g.Frames[:g.inner()] {
		if typ, _, _ := f.method(); typ == "sync.Mutex" || typ == "internal/sync.Mutex" {
			return false
		}
	}
	return g.baseState() != "sync.Mutex.Lock"
}
