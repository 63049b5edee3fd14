package dump

import (
	"cmp"
	"slices"
)

// How much speaks for a goroutine as the holder of a lock.
const (
	sameType    = iota + 1 // it is in a method of the type, its receiver is not known
	hasPointer             // it has a pointer to the object
	isReceiver             // it is in a method of the object
	sameMethods            // and the goroutine that waits is, too, in a method of that type
)

// A candidate is a goroutine that may hold a lock.
type candidate struct {
	g      *Goroutine
	weight int
	at     Frame // the call that speaks for it
}

// A queue is the goroutines that wait for one lock in an unwatched dump.
type queue struct {
	lock    Lock
	waiters []*Goroutine
	others  []candidate // goroutines that may hold it and do not wait for it, likeliest first
	selves  []candidate // that may hold it and wait for it
	writer  *Goroutine  // a writer for whom readers must go, so that new ones wait
}

// queues groups the goroutines that wait for locks, in order of the first of each group.
func (a *analysis) queues() []*queue {
	type object struct{ addr, around uint64 }
	var all []*queue
	byLock := map[object]*queue{}
	get := func(l Lock) *queue {
		k := object{addr: l.Addr}
		if l.Addr == 0 {
			k.around = l.AroundAddr // 0: locks of which nothing is known
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
		q := get(l)
		q.waiters = append(q.waiters, g)
		if q.writer == nil && g.waitsForReaders() {
			q.writer = g
		}
	}
	return all
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

// A use is a call with a pointer as an argument.
type use struct {
	p     uint64
	arg   int
	g     *Goroutine
	frame int
}

// uses returns the calls of the program's own functions with sure pointers, sorted by
// pointer, and otherwise as in the dump.
func (a *analysis) uses() []use {
	var all []use
	for _, g := range a.d.Goroutines {
		for i := g.inner(); i < len(g.Frames); i++ {
			f := g.Frames[i]
			if f.isPlumbing() {
				continue
			}
			for arg, p := range f.pointers {
				all = append(all, use{p, arg, g, i})
			}
		}
	}
	slices.SortStableFunc(all, func(x, y use) int { return cmp.Compare(x.p, y.p) })
	return all
}

// candidates fills in which goroutines may hold the lock. Only pointers to the object
// around the lock count, and if that is not known, the pointer that lies
// next below it.
func (a *analysis) candidates(q *queue, uses []use, byType map[string][]*Goroutine) {
	bases := map[uint64]bool{}
	types := map[string]bool{}
	waits := map[*Goroutine]bool{}
	for _, g := range q.waiters {
		waits[g] = true
		if p := g.Waits.Lock.AroundAddr; p != 0 {
			bases[p] = true
		}
		if t := g.Waits.At.receiverType(); t != "" {
			types[t] = true
		}
	}
	if q.lock.Addr != 0 {
		i, _ := slices.BinarySearchFunc(uses, q.lock.Addr+1, func(u use, p uint64) int { return cmp.Compare(u.p, p) })
		if i > 0 && q.lock.Addr-uses[i-1].p < near {
			bases[uses[i-1].p] = true
		}
	}
	best := map[*Goroutine]candidate{}
	note := func(c candidate) {
		if old, ok := best[c.g]; !ok || old.weight < c.weight {
			best[c.g] = c
		}
	}
	for p := range bases {
		i, _ := slices.BinarySearchFunc(uses, p, func(u use, p uint64) int { return cmp.Compare(u.p, p) })
		for ; i < len(uses) && uses[i].p == p; i++ {
			u := uses[i]
			if waits[u.g] && u.frame == u.g.inner() {
				continue // it is there that it waits
			}
			c := candidate{g: u.g, weight: hasPointer, at: u.g.Frames[u.frame]}
			if typ, _, ok := c.at.method(); ok && u.arg == 0 {
				c.weight = isReceiver
				if types[typ] {
					c.weight = sameMethods
				}
			}
			note(c)
		}
	}
	if q.lock.Kind == "Once" {
		for _, g := range a.d.Goroutines {
			if f, ok := g.inOnce(); ok && (waits[g] || len(g.Holds) == 0) {
				note(candidate{g: g, weight: sameType, at: f})
			}
		}
	}
	if len(best) == 0 {
		for t := range types {
			for _, g := range byType[t] {
				if !waits[g] {
					note(candidate{g: g, weight: sameType, at: g.methodOf(t)})
				}
			}
		}
	}
	for _, c := range best {
		if waits[c.g] {
			q.selves = append(q.selves, c)
		} else {
			q.others = append(q.others, c)
		}
	}
	for _, list := range [][]candidate{q.others, q.selves} {
		slices.SortFunc(list, func(x, y candidate) int {
			return cmp.Or(-cmp.Compare(x.weight, y.weight), cmp.Compare(x.g.ID, y.g.ID))
		})
	}
}

// byType returns the goroutines that are in a method of a type whose receiver is not sure.
func (a *analysis) byType() map[string][]*Goroutine {
	m := map[string][]*Goroutine{}
	for _, g := range a.d.Goroutines {
		for i := g.inner(); i < len(g.Frames); i++ {
			f := g.Frames[i]
			t := f.receiverType()
			if t == "" || f.isPlumbing() || f.receiver() != 0 {
				continue
			}
			if gs := m[t]; len(gs) == 0 || gs[len(gs)-1] != g {
				m[t] = append(gs, g)
			}
		}
	}
	return m
}

// inOnce returns the frame in which the goroutine calls a Once whose receiver is not
// sure and whose function it runs.
func (g *Goroutine) inOnce() (Frame, bool) {
	for i := g.inner(); i < len(g.Frames); i++ {
		if f := g.Frames[i]; f.Func == "sync.(*Once).doSlow" && f.receiver() == 0 && i > 0 {
			for _, caller := range g.Frames[i:] {
				if caller.Func == "sync.(*Once).Do" {
					return caller, true
				}
			}
			return f, true
		}
	}
	return Frame{}, false
}

// methodOf returns the innermost frame that is in a method of the type.
func (g *Goroutine) methodOf(typ string) Frame {
	for _, f := range g.Frames {
		if f.receiverType() == typ && f.receiver() == 0 {
			return f
		}
	}
	return Frame{}
}
