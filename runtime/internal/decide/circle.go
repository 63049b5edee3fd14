package decide

import (
	"fmt"
	"slices"
)

// Deadlock takes note of goroutines that wait for each other, or of one that waits for itself.
// If a lock in the circle is of a class that is known to be unlocked by other goroutines
// than its holders, this may be one that a goroutine outside of the circle will unlock: it is a
// finding only if it has been so for some time. A circle that has lasted is a second finding, Lasting.
func (e *Engine) Deadlock(c *Circle) []*Finding {
	f := &Finding{Kind: Standstill, Closed: true, Circle: *c}
	var ids []uint64
	for _, m := range c.Members {
		if m.WaitClass != 0 && e.classes[e.root(m.WaitClass)].handed && !c.Again {
			return nil
		}
		f.Refs = append(f.Refs, Ref{Class: m.WaitClass, Sites: e.Sites(m.WaitClass), Lock: m.Wait})
		var held []Ref
		for _, h := range m.Held {
			held = append(held, Ref{Class: h.Class, Sites: e.Sites(h.Class), Lock: h.Lock})
		}
		f.Held = append(f.Held, held)
		ids = append(ids, m.Goroutine)
	}
	if len(c.Members) == 1 {
		f.Kind = SelfDeadlock
	}
	slices.Sort(ids)
	key := fmt.Sprint("circle ", ids)
	var out []*Finding
	if e.once(key) {
		out = append(out, f)
	}
	if c.Again && e.once(key+" again") {
		g := *f
		g.Kind = Lasting
		out = append(out, &g)
	}
	return out
}

// A Misuse is an unlock of a lock that nobody holds.
type Misuse struct {
	Goroutine uint64
	Lock      uintptr
	Class     uint32
	Stack     []uintptr
	LastPC    uintptr // where it was locked last, or 0
	Last      uint64  // by which goroutine, or 0
}

// Unlocked takes note of an unlock of a lock that nobody holds.
func (e *Engine) Unlocked(m *Misuse) []*Finding {
	return []*Finding{{Kind: NotLocked, Misuse: m, Refs: []Ref{{Class: m.Class, Sites: e.Sites(m.Class), Lock: m.Lock}}}}
}
