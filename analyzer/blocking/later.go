package blocking

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/waits"
)

// over reports whether an instruction is over whenever a waiter runs: all goroutines that wait are started, here or below, by
// instructions from which control does not get back to it.
func (c *checker) over(own []way, fn *effects.Func, at V) bool {
	if len(own) == 0 {
		return false
	}
	return !slices.ContainsFunc(own, func(w way) bool {
		return !w.Goroutine() || !c.startedAfter(w.Start, fn, at)
	})
}

// startedAfter reports whether a function starts a goroutine, and only when it is past an instruction.
func (c *checker) startedAfter(start waits.Spot, fn *effects.Func, at V) bool {
	above := c.above(start.Fn)
	found := false
	for v := fn.First; int(v) < len(fn.Code); v++ {
		s := waits.Spot{Fn: fn, V: v}
		if s != start && !slices.ContainsFunc(c.m.Callees(s), func(to *effects.Func) bool { return above[to] }) {
			continue
		}
		found = true
		if fn.Reaches(v, at, nil) {
			return false
		}
	}
	return found
}

// above returns a function with all in view that come to it.
func (c *checker) above(fn *effects.Func) map[*effects.Func]bool {
	if seen, ok := c.callers[fn]; ok {
		return seen
	}
	seen := map[*effects.Func]bool{fn: true}
	for work := []*effects.Func{fn}; len(work) > 0; {
		x := work[len(work)-1]
		work = work[:len(work)-1]
		for _, at := range c.m.Callers(x) {
			if !seen[at.Fn] {
				seen[at.Fn] = true
				work = append(work, at.Fn)
			}
		}
	}
	c.callers[fn] = seen
	return seen
}

// counted reports whether a WaitGroup counts whoever goes by a call only when he is past an instruction of the same function: the Add is
// there, or in a function that is called there.
func (c *checker) counted(w wait, s waits.Spot, at V) bool {
	if s.V == 0 {
		return false
	}
	var done func(block int32) bool // where it does not count him any more
	if s.At().How == effects.AtOnce {
		done = func(block int32) bool { return block == s.At().Block }
	}
	between := func(add V) bool {
		return (add == at || s.Fn.Reaches(at, add, nil)) && !s.Fn.Reaches(add, at, done) && s.Fn.Reaches(add, s.V, nil)
	}
	for _, add := range w.adds {
		if add.Fn == s.Fn {
			if between(add.V) {
				return true
			}
			continue
		}
		above := c.above(add.Fn)
		if !above[s.Fn] {
			continue
		}
		for v := s.Fn.First; int(v) < len(s.Fn.Code); v++ {
			in := s.Fn.At(v)
			if in.Op == effects.Call && in.How == effects.AtOnce && in.Fn != nil && above[in.Fn] && between(v) && (v != at || c.addsLast(w, in.Fn)) {
				return true
			}
		}
	}
	return false
}

// addsLast reports whether a function takes no lock behind the place where it counts.
func (c *checker) addsLast(w wait, fn *effects.Func) bool {
	for _, add := range w.adds {
		if add.Fn != fn {
			continue
		}
		return !slices.ContainsFunc(c.acquisitions(fn), func(a acquisition) bool { return fn.Reaches(add.V, a.at, nil) })
	}
	return false
}
