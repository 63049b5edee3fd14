package decide

import "slices"

// Critical sections that reach into other goroutines. A goroutine that locks a, starts
// another, and waits for it before it unlocks a, holds a for the other: what that acquires
// meanwhile, it acquires with a held. This is the inheritance of critical sections across fork and join
// of
//
// M. Sulzmann, 2025, https://arxiv.org/abs/2512.23552
//
//  1. A goroutine that is first seen while its parent holds locks is an heir to them.
//  2. Its acquisitions are put aside, with those locks before its own.
//  3. If its parent waits for it, and still holds these locks from the same acquisitions, they are true.
//     If not, they are dropped.

type heir struct {
	parent State
	runs   []*run
}

const (
	maxHeirs    = 1 << 12
	maxHeirRuns = 64
)

// Inherit is step 1.
func (e *Engine) Inherit(goroutine uint64, parent State) {
	if len(e.heirs) >= maxHeirs {
		clear(e.heirs)
	}
	e.heirs[goroutine] = &heir{parent: parent}
}

// inherit is step 2.
func (e *Engine) inherit(r *run) {
	h := e.heirs[r.goroutine]
	if h == nil || len(h.runs) >= maxHeirRuns {
		return
	}
	c := *r
	c.held = slices.Concat(h.parent.Held, r.held)
	c.inherited = len(h.parent.Held)
	c.waiter = h.parent
	h.runs = append(h.runs, &c)
}

// confirm is step 3, for a goroutine that s has waited for.
func (e *Engine) confirm(goroutine uint64, s State) []*Finding {
	h := e.heirs[goroutine]
	if h == nil || h.parent.Goroutine != s.Goroutine {
		return nil
	}
	delete(e.heirs, goroutine)
	for _, held := range h.parent.Held {
		if !slices.Contains(s.Held, held) {
			return nil
		}
	}
	var out []*Finding
	for _, r := range h.runs {
		root := e.root(r.want.Class)
		var held []Held
		for _, x := range r.held {
			if x.Class != 0 && e.root(x.Class) != root &&
				!slices.ContainsFunc(held, func(o Held) bool { return e.root(o.Class) == e.root(x.Class) && o.Mode == x.Mode }) {
				held = append(held, x)
			}
		}
		if len(held) > 0 {
			e.add(held, r)
			out = append(out, e.cycles(held, root)...)
		}
	}
	return out
}
