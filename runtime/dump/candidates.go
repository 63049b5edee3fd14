package dump

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// How much speaks for a goroutine as the holder of a lock.
const (
	inBackground = iota + 1 // it selects, in a method of the type that was started to do so; its receiver is not known
	sameType                // it is in a method of the type, its receiver is not known
	hasPointer              // it has a pointer to the object
	isReceiver              // it is in a method of the object
	sameMethods             // and the goroutine that waits is, too, in a method of that type
	locksIt                 // and where it is, others wait to lock that lock
)

// A candidate is a goroutine that may hold a lock.
type candidate struct {
	g      *Goroutine
	weight int
	at     Frame   // the call that speaks for it
	via    []Frame // calls of the object around that one, if it is not known which of them locks
	part   Lock    // by which the object is known, if its receiver is not
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
	for _, p := range slices.Sorted(maps.Keys(q.bases(uses, a.fields))) {
		for i := firstUse(uses, p); i < len(uses) && uses[i].p == p; i++ {
			u := uses[i]
			if q.waits[u.g] && u.frame == u.g.inner() {
				continue // it is there that it waits
			}
			if c := q.candidate(u); !c.hasReleased() {
				note(c)
			}
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
			if q.waits[g] || q.isElsewhere(g, a.fields) {
				continue
			}
			c := q.ofType(g, t)
			switch near, known := q.place(c, uses); {
			case c.hasReleased():
			case near:
				c.weight, c.part = sameMethods, g.Waits.Lock
				note(c)
			case !others && !known:
				if c.isBackground() {
					c.weight = inBackground
				}
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

// isElsewhere reports whether a goroutine is in methods of the type that speak against it: it waits in the same place as
// those that wait for this lock, or for a lock of a kind of which objects of that type have one only, but for another
// lock, so that its object is another one; or it waits for a lock of that kind and type of which no more is known, so
// that this may be the same.
func (q *queue) isElsewhere(g *Goroutine, fields map[field]offsets) bool {
	w := g.Waits
	if w == nil || !w.isLock() {
		return false
	}
	if w.Lock.Addr == 0 && w.Lock.AroundAddr == 0 {
		return w.Lock.Kind == q.lock.Kind && q.types[w.At.receiverType()]
	}
	if !differ(w.Lock.Addr, q.lock.Addr) && !differ(w.Lock.AroundAddr, q.lock.AroundAddr) {
		return false
	}
	if typ := w.At.receiverType(); w.Lock.Kind == q.lock.Kind && q.types[typ] && len(fields[field{typ, w.Lock.Kind}]) == 1 {
		return true
	}
	return slices.ContainsFunc(q.waiters, func(x *Goroutine) bool {
		return x.Waits.At.Func == w.At.Func && x.Waits.At.Line == w.At.Line
	})
}

// differ reports whether two addresses are known and not the same.
func differ(a, b uint64) bool { return a != 0 && b != 0 && a != b }

// isBackground reports whether a goroutine does nothing but look after an object: the method for which it was
// started selects. Such methods mostly hold nothing meanwhile.
func (c candidate) isBackground() bool {
	n := len(c.g.Frames)
	return n > 0 && c.g.Frames[n-1] == c.at && c.g.at() == c.at && strings.HasPrefix(c.g.State, "select")
}

// hasReleased reports whether a goroutine waits for a Cond where it would have the lock: the lock of a Cond
// is mostly one of the same object, and it has released that.
func (c candidate) hasReleased() bool {
	w := c.g.Waits
	return w != nil && w.Lock.Kind == "Cond" && w.At == c.at
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
		for _, f := range g.Frames[g.inner():] {
			if typ, _, ok := f.method(); ok && q.contains(f.receiver(), g.Waits) {
				q.types[typ] = true // another type for the same object, as one that embeds the other
			}
		}
		if line, ok := q.locking[at.Func]; at.Func != "" && (!ok || at.Line < line) {
			q.locking[at.Func] = at.Line
		}
	}
	if q.lock.Around != "" {
		q.types[q.lock.Around] = true
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

// contains reports whether an object that begins at an address is the one around the lock, or around that.
func (q *queue) contains(addr uint64, w *Wait) bool {
	switch {
	case addr == 0:
		return false
	case addr == w.Lock.AroundAddr:
		return true
	}
	return w.Lock.Addr != 0 && addr <= w.Lock.Addr && w.Lock.Addr-addr < close
}

// ofType returns a goroutine that is in methods of a type whose receivers are not known. Of those, it is named
// which locks, if others wait for the lock in it; otherwise all.
func (q *queue) ofType(g *Goroutine, typ string) candidate {
	c := candidate{g: g, weight: sameType}
	var calls []Frame
	for _, f := range g.Frames {
		if f.receiverType() != typ || f.receiver() != 0 {
			continue
		}
		if line, ok := q.locking[f.Func]; ok && line < f.Line {
			c.at = f
			return c
		}
		calls = append(calls, f)
	}
	if len(calls) > 0 {
		c.at, c.via = calls[0], calls[1:min(len(calls), 4)]
	}
	return c
}
