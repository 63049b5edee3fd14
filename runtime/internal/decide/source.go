package decide

import "slices"

// Source is what the source of the program is asked for before something is reported, given stacks of acquisitions, the innermost call first. Package tell
// sets it at start. Without source the answer is no.
var Source struct {
	// Lone reports whether who holds one lock and acquires another can neither be stopped by others nor stop them, since nobody else can
	// know one of the two; with the stacks of both acquisitions.
	Lone func(from, to []uintptr) bool
	// Ranked returns a function that acquires two locks of one class in an order for which it has compared them; "" if there is none.
	Ranked func(first, second []uintptr) string
}

// maxQuestions bounds the witnesses of one cycle for which source is read.
const maxQuestions = 64

// lone reports whether some run of a choice cannot block, or be waited for: it has made the object with the lock, and nobody else knows it yet.
func (p *picker) lone() bool {
	for k, r := range p.runs {
		if p.asked++; p.asked > maxQuestions {
			return false
		}
		if h := p.fromOf(r, k); p.e.hop(r, *h).lone() {
			p.e.retire(p.hops[k], r)
			return true
		}
	}
	return false
}

// A path is how a goroutine came to acquire one lock while it held another.
type path struct {
	stack      *uintptr
	want, held uintptr // return addresses
}

func pathOf(r *run) (path, bool) {
	if len(r.held) != 1 || len(r.stack) == 0 || r.inherited > 0 {
		return path{}, false
	}
	return path{&r.stack[0], r.want.PC, r.held[0].PC}, true
}

// retire takes a run out of its chain for good, with all that come the same way: it says nothing of what others do. A chain without runs
// makes no edges.
func (e *Engine) retire(c *chain, r *run) {
	k, ok := pathOf(r)
	if !ok || c.many {
		return
	}
	e.lones[k] = true
	c.runs = slices.DeleteFunc(slices.Clone(c.runs), func(o *run) bool {
		was, ok := pathOf(o)
		return ok && was == k
	})
	if len(c.runs) == 0 {
		c.lone, e.stale = true, true
	}
}

func (h Hop) lone() bool {
	return Source.Lone != nil && h.Waiter == 0 && Source.Lone(h.FromStack, h.Stack)
}

// ranked reports whether one function makes all hops, and compares the objects for the order in which it locks them: it is another one
// only if what it compares has changed in between.
func ranked(hops []Hop) bool {
	if Source.Ranked == nil {
		return false
	}
	fn := ""
	for i, h := range hops {
		by := Source.Ranked(h.FromStack, h.Stack)
		if by == "" || i > 0 && by != fn {
			return false
		}
		fn = by
	}
	return fn != ""
}
