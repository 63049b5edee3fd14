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

// counted reports whether a WaitGroup counts whoever goes by a call only when he is past an instruction of the same function.
func counted(w wait, s waits.Spot, at V) bool {
	return slices.ContainsFunc(w.adds, func(add waits.Spot) bool {
		return add.Fn == s.Fn && s.V != 0 && s.Fn.Reaches(at, add.V, nil) && !s.Fn.Reaches(add.V, at, nil) && s.Fn.Reaches(add.V, s.V, nil)
	})
}
