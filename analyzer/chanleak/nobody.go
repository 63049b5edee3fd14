package chanleak

import (
	"fmt"
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/analyzer/internal/waits"
)

// nobody reports sends and receives for which nothing in the package ever does the other half.
func (c *checker) nobody() []leak {
	var out []leak
	done := map[waits.Spot]bool{}
	for _, o := range c.m.Objects {
		for _, op := range o.Ops {
			if done[op.Spot] || !op.Waits() || !c.m.Live(op.Fn) {
				continue
			}
			done[op.Spot] = true
			if objs, ok := c.dead(op); ok && !c.deliberate(op, objs) {
				out = append(out, c.never(op, objs))
			}
		}
	}
	return out
}

// dead reports whether an instruction waits for ever, in all its cases, and returns the channels of the operation.
func (c *checker) dead(op waits.Op) ([]*waits.Object, bool) {
	all := true
	c.m.Each(op.Spot, func(o waits.Op) { all = all && c.deadCase(o) })
	objs, _ := c.m.Of(op.Fn, op.Channel())
	return objs, all
}

func (c *checker) deadCase(op waits.Op) bool {
	objs, all := c.m.Of(op.Fn, op.Channel())
	return all && !slices.ContainsFunc(objs, func(o *waits.Object) bool {
		return op.Kind == waits.Send && o.Size != 0 || slices.ContainsFunc(o.Ops, func(by waits.Op) bool { return by.Ends(op) })
	})
}

// deliberate reports whether somebody blocks for ever on purpose: the channel has no other use than that.
func (c *checker) deliberate(op waits.Op, objs []*waits.Object) bool {
	return !slices.ContainsFunc(objs, func(o *waits.Object) bool {
		return o.Made.Fn != op.Fn || c.m.Leaves(o)
	})
}

// never words an operation without a counterpart.
func (c *checker) never(op waits.Op, objs []*waits.Object) leak {
	l := leak{kind: "nobody", at: op.Spot, what: c.name(op)}
	switch {
	case op.Kind == waits.Send:
		l.message = fmt.Sprintf("send on %s never returns: nothing receives from it", l.what)
	case objs[0].Context:
		l.message = fmt.Sprintf("receive from %s never returns: nothing cancels the context", l.what)
	default:
		l.message = fmt.Sprintf("receive from %s never returns: nothing sends on it or closes it", l.what)
	}
	if op.Case > 0 {
		l.message = "select: " + l.message
	}
	for _, o := range objs {
		l.steps = append(l.steps, c.step(o.Made, "makes it, without room for a value"))
	}
	l.inTest(op.Fn)
	for _, o := range objs {
		l.inTest(o.Made.Fn)
	}
	return l
}

// groups reports Waits of WaitGroups and Conds in fields that nothing ends.
func (c *checker) groups() []leak {
	var out []leak
	for _, g := range c.m.Groups {
		if !g.Complete || len(g.Ends) > 0 || !g.Cond && len(g.Adds) == 0 {
			continue
		}
		for _, at := range g.Waits {
			l := leak{kind: "group", at: at, what: report.Lock(class(g.Class), c.Path)}
			if g.Cond {
				l.message = fmt.Sprintf("%s.Wait never returns: nothing calls Signal or Broadcast", l.what)
			} else {
				l.message = fmt.Sprintf("%s.Wait never returns once Add at %s has counted: nothing calls Done", l.what, report.At(c.Engine.Step(g.Adds[0].Fn, g.Adds[0].V)))
				l.steps = append(l.steps, c.step(g.Adds[0], "calls Add"))
			}
			out = append(out, l)
		}
	}
	return out
}
