package chanleak

import (
	"fmt"
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/analyzer/internal/waits"
)

// earlyWaits reports a Wait in the loop that starts the goroutines it waits for, where all of them were counted in front of the loop: in the
// first round only one of them has been started.
func (c *checker) earlyWaits() []leak {
	var out []leak
	for _, g := range c.m.Groups {
		if g.Cond || !g.Complete || len(g.Adds) != 1 || !several(g.Adds[0]) {
			continue
		}
		for _, at := range g.Waits {
			if start, ok := c.startedIn(g, at); ok && at.At().How == effects.AtOnce {
				l := leak{kind: "early", at: at, what: report.Lock(class(g.Class), c.Path)}
				l.message = fmt.Sprintf("%s.Wait never returns if Add at %s counts more than one: only one goroutine that calls Done has been started in the first round of this loop",
					l.what, report.At(c.Engine.Step(g.Adds[0].Fn, g.Adds[0].V)))
				l.steps = append(l.steps, c.step(g.Adds[0], "calls Add"), c.step(start, "starts a goroutine"), c.step(g.Ends[0], "calls Done"))
				l.inTest(at.Fn)
				out = append(out, l)
			}
		}
	}
	return out
}

// several reports whether an Add may count more than one.
func several(add waits.Spot) bool {
	n := add.Fn.At(add.At().Args[1])
	return n.Op != effects.Const || n.Sym != "1" && n.Sym != "0"
}

// startedIn returns the go statement by which alone all come that call Done, if it is in the same round of a loop as a Wait, which is
// behind it, and the Add is in front of the loop.
func (c *checker) startedIn(g *waits.Group, at waits.Spot) (start waits.Spot, ok bool) {
	fn, add := at.Fn, g.Adds[0]
	for _, end := range g.Ends {
		if end == add {
			continue
		}
		ways, all := c.m.Ways(end)
		if !all || end.At().Op != effects.Done || end.Fn.Graph().Loop[end.At().Block] {
			return start, false
		}
		for _, w := range ways {
			if !w.Goroutine() || w.Start.Fn != fn || start.Fn != nil && start != w.Start {
				return start, false
			}
			start = w.Start
		}
	}
	if start.Fn == nil || add.Fn != fn || !fn.Before(add.V, start.V) || !fn.Before(start.V, at.V) {
		return start, false
	}
	wait := at.At().Block
	if fn.Reaches(start.V, start.V, func(b int32) bool { return b == wait }) {
		return start, false // more are started before
	}
	return start, slices.ContainsFunc(fn.Loops(), func(l effects.Loop) bool {
		return l.Has(start.V) && l.Has(at.V) && !l.Has(add.V) && l.EachRound(at.At().Block)
	})
}
