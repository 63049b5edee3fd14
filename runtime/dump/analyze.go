package dump

import "slices"

// Analyze finds deadlocks and stuck goroutines, and replaces what it has found before.
// It fills in HeldBy, Behind and, for goroutines whose state tells that they wait for
// something of package sync, Waits, where they are empty.
func (d *Dump) Analyze() { d.analyze() }

func (d *Dump) analyze() *analysis {
	d.Deadlocks, d.Stuck, d.Faults = nil, nil, nil
	a := &analysis{d: d, byID: make(map[uint64]*Goroutine, len(d.Goroutines))}
	for _, g := range d.Goroutines {
		a.byID[g.ID] = g
		if g.Waits == nil && !g.Ended {
			g.Waits = g.guessWait()
		}
		if g.Waits != nil && g.inner() > g.bare() {
			g.Waits.At = g.at() // around a type that wraps a lock
		}
		a.holdOnce(g)
	}
	a.holders = d.holders()
	a.connect()
	a.deadlocks()
	if d.Watched {
		a.blockedHolders()
	} else {
		a.guess()
	}
	a.asleep()
	a.leaked()
	a.faults()
	return a
}

// An analysis is what Analyze knows.
type analysis struct {
	d       *Dump
	byID    map[uint64]*Goroutine
	holders map[uint64][]holder     // by address of the lock
	waiters map[uint64][]*Goroutine // that wait for a lock, by address
	pending map[uint64][]uint64     // writers among them
	graph   *graph
	dead    map[uint64]bool   // members of deadlocks
	fields  map[field]offsets // of guesses
}

// A holder is a goroutine and what it holds.
type holder struct {
	id   uint64
	hold Hold
}

// holders returns the goroutines that hold each lock.
func (d *Dump) holders() map[uint64][]holder {
	m := map[uint64][]holder{}
	for _, g := range d.Goroutines {
		for _, h := range g.Holds {
			if h.Lock.Addr != 0 {
				m[h.Lock.Addr] = append(m[h.Lock.Addr], holder{g.ID, h})
			}
		}
	}
	return m
}

// blockers returns the holders that a goroutine with this wait must wait for, and the
// pending writers: a writer waits for everybody who holds the lock; a reader for the
// writer, or if there is none, for the writers that wait.
func (a *analysis) blockers(w *Wait) (holders, writers []uint64) {
	for _, h := range a.holders[w.Lock.Addr] {
		if w.Mode != "read" || h.hold.Mode != "read" {
			holders = append(holders, h.id)
		}
	}
	if w.Lock.Addr != 0 && w.Mode == "read" && len(holders) == 0 {
		writers = a.pending[w.Lock.Addr]
	}
	return holders, writers
}

const maxListed = 100 // ids in HeldBy and Behind

// connect builds the wait-for graph.
func (a *analysis) connect() {
	a.pending = map[uint64][]uint64{}
	a.waiters = map[uint64][]*Goroutine{}
	for _, g := range a.d.Goroutines {
		w := g.Waits
		if w == nil || !w.isLock() || w.Lock.Addr == 0 || g.Ended {
			continue
		}
		a.waiters[w.Lock.Addr] = append(a.waiters[w.Lock.Addr], g)
		if w.Mode == "write" {
			a.pending[w.Lock.Addr] = append(a.pending[w.Lock.Addr], g.ID)
		}
	}
	a.graph = newGraph(a.d.Goroutines)
	type want struct {
		addr uint64
		mode string
	}
	type blocked struct {
		node             int
		holders, writers []uint64
	}
	wants := map[want]*blocked{}
	for _, g := range a.d.Goroutines {
		w := g.Waits
		if w == nil || !w.isLock() || g.Ended {
			continue
		}
		b := wants[want{w.Lock.Addr, w.Mode}]
		if b == nil {
			b = &blocked{node: -1}
			b.holders, b.writers = a.blockers(w)
			wants[want{w.Lock.Addr, w.Mode}] = b
			if len(b.holders)+len(b.writers) > 0 {
				b.node = a.graph.lock(b.holders, b.writers)
			}
		}
		from := a.graph.index[g.ID]
		if b.node >= 0 {
			a.graph.succ[from] = append(a.graph.succ[from], b.node)
		}
		// What the shim has seen for itself counts, too.
		held := without(w.HeldBy, b.holders)
		var behind []uint64
		if w.Mode == "read" && len(b.holders)+len(w.HeldBy) == 0 {
			behind = without(w.Behind, b.writers)
		}
		if len(held)+len(behind) > 0 {
			a.graph.succ[from] = append(a.graph.succ[from], a.graph.lock(held, behind))
		}
		if w.HeldBy == nil {
			w.HeldBy = slices.Compact(slices.Clone(b.holders[:min(len(b.holders), maxListed)]))
		}
		if w.Behind == nil && w.Mode == "read" {
			w.Behind = slices.Clone(b.writers[:min(len(b.writers), maxListed)])
		}
	}
}

// without returns the ids that are not among those known.
func without(ids, known []uint64) (more []uint64) {
	for _, id := range ids {
		if !slices.Contains(known, id) {
			more = append(more, id)
		}
	}
	return more
}
