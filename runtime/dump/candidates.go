package dump

import (
	"cmp"
	"maps"
	"slices"
)

// How much speaks for a goroutine as the holder of a lock.
const (
	sameType    = iota + 1 // it is in a method of the type, its receiver is not known
	hasPointer             // it has a pointer to the object
	isReceiver             // it is in a method of the object
	sameMethods            // and the goroutine that waits is, too, in a method of that type
	locksIt                // and where it is, others wait to lock that lock
)

// A candidate is a goroutine that may hold a lock.
type candidate struct {
	g      *Goroutine
	weight int
	at     Frame   // the call that speaks for it
	via    []Frame // calls of the object around that one, if it is not known which of them locks
	part   Lock    // by which the object is known, if its receiver is not
}

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
// next below it. If there are none but in the goroutines that wait, those count that are in methods
// of its type.
func (a *analysis) candidates(q *queue, uses []use, byType map[string][]*Goroutine) {
	q.learn()
	best := map[*Goroutine]candidate{}
	note := func(c candidate) {
		old, ok := best[c.g]
		switch {
		case !ok || old.weight < c.weight:
			best[c.g] = c
		case old.weight == c.weight && len(old.via) < 3 && old.at != c.at:
			old.via = append(slices.Clip(old.via), c.at)
			best[c.g] = old
		}
	}
	for _, p := range slices.Sorted(maps.Keys(q.bases(uses))) {
		i, _ := slices.BinarySearchFunc(uses, p, func(u use, p uint64) int { return cmp.Compare(u.p, p) })
		for ; i < len(uses) && uses[i].p == p; i++ {
			u := uses[i]
			if q.waits[u.g] && u.frame == u.g.inner() {
				continue // it is there that it waits
			}
			note(q.candidate(u))
		}
	}
	for _, g := range q.waiters {
		if f, ok := q.passed(g); ok {
			note(candidate{g: g, weight: locksIt, at: f})
		}
	}
	if q.lock.Kind == "Once" {
		for _, g := range a.d.Goroutines {
			if f, ok := g.inOnce(); ok && (q.waits[g] || len(g.Holds) == 0) {
				note(candidate{g: g, weight: sameType, at: f})
			}
		}
	}
	others := false
	for g := range best {
		others = others || !q.waits[g]
	}
	for _, t := range slices.Sorted(maps.Keys(q.types)) {
		for _, g := range byType[t] {
			if q.waits[g] {
				continue
			}
			c := candidate{g: g, weight: sameType, at: g.methodOf(t)}
			switch near, known := q.place(c, uses); {
			case near:
				c.weight, c.part = sameMethods, g.Waits.Lock
				note(c)
			case !others && !known:
				note(c)
			}
		}
	}
	for _, c := range best {
		if q.waits[c.g] {
			if c.weight >= isReceiver || q.lock.Kind == "Once" {
				q.selves = append(q.selves, c)
			}
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

// candidate returns a goroutine that uses a pointer to the object.
func (q *queue) candidate(u use) candidate {
	c := candidate{g: u.g, weight: hasPointer, at: u.g.Frames[u.frame]}
	if typ, _, ok := c.at.method(); ok && u.arg == 0 {
		c.weight = isReceiver
		if q.types[typ] {
			c.weight = sameMethods
		}
	}
	if line, ok := q.locking[c.at.Func]; ok && c.weight > hasPointer && line < c.at.Line && !(q.waits[c.g] && c.at.Func == c.g.Waits.At.Func) {
		c.weight = locksIt
	}
	return c
}

// passed returns the call around the one that waits, of a method that others wait in for this lock, before
// where this goroutine is. Its receiver is not known. A function that calls itself may lock
// another object each time.
func (q *queue) passed(g *Goroutine) (Frame, bool) {
	for i := g.inner() + 1; i < len(g.Frames); i++ {
		f := g.Frames[i]
		line, ok := q.locking[f.Func]
		if ok && line < f.Line && f.Func != g.Waits.At.Func && f.receiver() == 0 && q.types[f.receiverType()] {
			return f, true
		}
	}
	return Frame{}, false
}

// learn fills in what the goroutines that wait tell about their lock.
func (q *queue) learn() {
	q.types, q.waits, q.locking = map[string]bool{}, map[*Goroutine]bool{}, map[string]int{}
	for _, g := range q.waiters {
		q.waits[g] = true
		at := g.Waits.At
		if t := at.receiverType(); t != "" {
			q.types[t] = true
		}
		if line, ok := q.locking[at.Func]; at.Func != "" && (!ok || at.Line < line) {
			q.locking[at.Func] = at.Line
		}
	}
	if q.lock.Around != "" {
		q.types[q.lock.Around] = true
	}
}

// bases returns the addresses at which the object around the lock may begin.
func (q *queue) bases(uses []use) map[uint64]bool {
	bases := map[uint64]bool{}
	for _, g := range q.waiters {
		if p := g.Waits.Lock.AroundAddr; p != 0 {
			bases[p] = true
		}
	}
	if q.lock.Addr != 0 {
		if p := below(uses, q.lock.Addr); p != 0 && q.lock.Addr-p < near {
			bases[p] = true
		}
	}
	return bases
}

// below returns the largest pointer that is not above an address.
func below(uses []use, addr uint64) uint64 {
	i, _ := slices.BinarySearchFunc(uses, addr+1, func(u use, p uint64) int { return cmp.Compare(u.p, p) })
	if i == 0 {
		return 0
	}
	return uses[i-1].p
}

// place tells of a goroutine whose receiver is not known, but which waits for a part of the object it
// is in a method of, such as a WaitGroup, whether that lies in the object around this lock. It is
// not known if no address is, or if the two are not close enough to be sure of it.
func (q *queue) place(c candidate, uses []use) (in, known bool) {
	w := c.g.Waits
	if w == nil || w.Lock.Addr == 0 || w.At != c.at {
		return false, false
	}
	lock, part := q.lock.Addr, w.Lock.Addr
	if lock == 0 {
		lock = q.lock.AroundAddr
	}
	if lock == 0 {
		return false, false
	}
	from, to := min(lock, part), max(lock, part)
	switch {
	case to-from >= near, below(uses, to) > from && below(uses, to) != part && below(uses, to) != lock:
		return false, true // another object begins in between
	case to-from >= close:
		return false, false
	}
	return true, true
}

// close is how far apart two parts of one object are taken to be, without another sign of it.
const close = 256

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
