package chanleak

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/waits"
)

// first reports whether an operation that could end a wait can be the first one to do so for channels of some objects: there is a way to
// it that does not pass such a wait before, and somebody comes there. If there is none for all of them, each waits for another one to have ended.
func (c *checker) first(end waits.Op, wait waits.Op, objs []*waits.Object) bool {
	return c.m.Live(end.Fn) && !c.behind(end.Spot, wait, objs, 0)
}

// maxStarts bounds the goroutines that are followed back to who starts them.
const maxStarts = 3

// behind reports whether all ways to an instruction pass a wait.
func (c *checker) behind(to waits.Spot, wait waits.Op, objs []*waits.Object, depth int) bool {
	ways, ok := c.m.Ways(to)
	if !ok || len(ways) == 0 || depth > maxStarts {
		return false
	}
	return !slices.ContainsFunc(ways, func(w waits.Way) bool {
		for _, s := range w.Spots {
			if c.passes(s, wait, objs) {
				return false
			}
		}
		return !w.Goroutine() || !c.passes(w.Start, wait, objs) && !c.behind(w.Start, wait, objs, depth+1)
	})
}

// passes reports whether a function has waited by the time that it comes to an instruction, or to its end if the instruction is deferred.
func (c *checker) passes(to waits.Spot, wait waits.Op, objs []*waits.Object) bool {
	fn := to.Fn
	for v := fn.First; int(v) < len(fn.Code); v++ {
		op, alone := c.waitAt(waits.Spot{Fn: fn, V: v}, wait.Kind)
		if !alone || op.Deferred() {
			continue
		}
		on, all := c.m.Of(fn, op.Channel())
		if !all || slices.ContainsFunc(on, func(o *waits.Object) bool { return !slices.Contains(objs, o) }) {
			continue
		}
		if to.At().How == effects.Deferred {
			if fn.EveryReturn(op.At().Block) && fn.Before(to.V, v) {
				return true
			}
		} else if fn.Before(v, to.V) {
			return true
		}
	}
	return false
}

// waitAt returns the operation by which an instruction waits, if it is of a kind and has no other.
func (c *checker) waitAt(at waits.Spot, kind waits.Kind) (op waits.Op, alone bool) {
	n := 0
	c.m.Each(at, func(o waits.Op) { op = o; n++ })
	return op, n == 1 && op.Kind == kind && op.Waits()
}
