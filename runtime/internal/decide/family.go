package decide

import "slices"

// Order of goroutines by birth and by being waited for. Times are those of the engine. A relation
// is found by going from a goroutine up to its ancestors, and to those who waited for it; what is
// not known is taken to be in no order. The time advances when a goroutine begins, or is done: what the
// others do next has that time already, so that what was before has less.

type kin struct {
	parent, born uint64
	joins        []join
}

// A join says that a goroutine was waited for: what it did before done is before what
// goroutine by did from at on.
type join struct{ done, by, at uint64 }

const (
	maxKin    = 1 << 15 // goroutines remembered
	maxJoins  = 16      // of one goroutine
	maxGroups = 1 << 12

	maxChildren = 64 // of one goroutine, of which it is noted when they have ended
)

// know remembers goroutines.
func (e *Engine) know(list []Kin) {
	for _, k := range list {
		if e.kin[k.Goroutine] != nil {
			continue
		}
		if len(e.kin) >= maxKin {
			clear(e.children)
			clear(e.kin) // rare; the order of those forgotten is not known any more
		}
		e.kin[k.Goroutine] = &kin{parent: k.Parent, born: k.Born}
	}
}

// Dead, if set, reports whether a goroutine has ended.
var Dead func(goroutine uint64) bool

// survive notes which goroutines that one has started have ended by now: what these did is before what that one does from here on. In another
// run they may take longer, but to have them end first is what a program does that waits for them in a way that is not seen, by a channel.
func (e *Engine) survive(goroutine, now uint64) {
	if Dead == nil {
		return
	}
	left := e.children[goroutine][:0]
	for _, c := range e.children[goroutine] {
		k := e.kin[c]
		switch {
		case k == nil:
		case Dead(c):
			if len(k.joins) == maxJoins {
				k.joins = k.joins[1:]
			}
			k.joins = append(k.joins, join{now + 1, goroutine, now})
		default:
			left = append(left, c)
		}
	}
	if len(left) == 0 {
		delete(e.children, goroutine)
		return
	}
	e.children[goroutine] = left
}

// bear notes that a goroutine which makes acquisitions was started by another.
func (e *Engine) bear(goroutine uint64) {
	k := e.kin[goroutine]
	if k == nil || k.parent == 0 || len(e.children[k.parent]) >= maxChildren || slices.Contains(e.children[k.parent], goroutine) {
		return
	}
	e.children[k.parent] = append(e.children[k.parent], goroutine)
}

// before reports whether what goroutine g did up to time t is before what h did
// from time u on.
func (e *Engine) before(g, t, h, u uint64, depth int) bool {
	if e.steps++; depth == 0 || e.steps > maxSteps {
		return false
	}
	if g == h {
		return t <= u
	}
	kh := e.kin[h]
	if kh != nil && kh.parent != 0 && kh.born > 0 && kh.parent != h && e.before(g, t, kh.parent, kh.born-1, depth-1) {
		return true
	}
	kg := e.kin[g]
	if kg == nil {
		return false
	}
	for _, j := range kg.joins {
		if t < j.done && e.before(j.by, j.at, h, u, depth-1) {
			return true
		}
	}
	return false
}

const (
	maxDepth = 6    // relations between two goroutines
	maxSteps = 1024 // looked at to find some
)

// apart reports whether two runs cannot be at the same time: they are by one goroutine,
// or come in a fixed order.
func (e *Engine) apart(a, b *run) bool {
	e.steps = 0
	return a.goroutine == b.goroutine ||
		a.inherited > 0 && a.waiter.Goroutine == b.goroutine ||
		b.inherited > 0 && b.waiter.Goroutine == a.goroutine ||
		e.before(a.goroutine, a.last, b.goroutine, b.first, maxDepth) ||
		e.before(b.goroutine, b.last, a.goroutine, a.first, maxDepth)
}

type done struct{ goroutine, at uint64 }

// Done notes that a goroutine has come to its end as far as a WaitGroup is concerned.
func (e *Engine) Done(group uintptr, goroutine, now uint64) {
	if len(e.groups) >= maxGroups && e.groups[group] == nil {
		clear(e.groups)
	}
	e.groups[group] = append(e.groups[group], done{goroutine, now})
}

// Joined notes that the goroutine of s has waited for all who were done, while it held what it holds
// still. It may find something.
func (e *Engine) Joined(group uintptr, s State, now uint64) []*Finding {
	list := e.groups[group]
	delete(e.groups, group)
	for _, d := range list {
		if k := e.kin[d.goroutine]; k != nil {
			if len(k.joins) == maxJoins {
				k.joins = k.joins[1:]
			}
			k.joins = append(k.joins, join{d.at, s.Goroutine, now})
		}
	}
	var out []*Finding
	for _, d := range list {
		out = append(out, e.confirm(d.goroutine, s)...)
	}
	return out
}
