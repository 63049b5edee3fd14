package chanleak

import (
	"fmt"
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/analyzer/internal/waits"
)

// nobody reports sends and receives for which nothing in the package ever does the other half.
func (c *checker) nobody() []leak {
	var out []leak
	done := map[waits.Spot]bool{}
	for _, o := range c.m.Objects {
		if l, ok := c.full(o); ok {
			out = append(out, l)
		}
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
		return op.Kind == waits.Send && o.Size != 0 || slices.ContainsFunc(o.Ops, func(by waits.Op) bool { return by.Ends(op) && c.first(by, op, objs) })
	})
}

// late returns something that could end a wait, but only comes behind such a wait itself.
func (c *checker) late(op waits.Op, objs []*waits.Object) (waits.Op, bool) {
	for _, o := range objs {
		for _, by := range o.Ops {
			if by.Ends(op) {
				return by, true
			}
		}
	}
	return waits.Op{}, false
}

// full reports sends that wait once a channel is full from which nothing receives.
func (c *checker) full(o *waits.Object) (leak, bool) {
	if o.Size <= 0 || !o.Complete || o.Asked || slices.ContainsFunc(o.Ops, func(by waits.Op) bool { return by.Kind == waits.Recv }) {
		return leak{}, false
	}
	for _, op := range o.Ops {
		if objs, all := c.m.Of(op.Fn, op.Channel()); op.Kind != waits.Send || op.Case != 0 || !c.m.Live(op.Fn) || !all || len(objs) > 1 || !c.often(op) {
			continue
		}
		l := leak{kind: "full", at: op.Spot, what: c.name(op)}
		l.message = fmt.Sprintf("send on %s never returns once there are %s in it: nothing receives from it", l.what, report.Count(o.Size, "value"))
		if o.Size == 1 {
			l.message = fmt.Sprintf("send on %s never returns once there is 1 value in it: nothing receives from it", l.what)
		}
		l.steps = append(l.steps, c.step(o.Made, fmt.Sprintf("makes it, with room for %d", o.Size)))
		l.inTest(op.Fn)
		l.inTest(o.Made.Fn)
		return l, true
	}
	return leak{}, false
}

// often reports whether an operation is done any number of times on one channel: in a loop that has it, or by a method of the object that has it in a field.
func (c *checker) often(op waits.Op) bool {
	fn := op.Fn
	ch := fn.At(op.Channel())
	if l := fn.Graph().Loop[op.At().Block]; l && (ch.Block < 0 || fn.Graph().Comp[ch.Block] != fn.Graph().Comp[op.At().Block]) {
		return true
	}
	if ch.Op != effects.Load || fn.Op(ch.Args[0]) != effects.Field || !fn.Recv || !c.m.Open(fn) || fn.Outermost().Test {
		return false
	}
	p := c.view(fn).Path(nil, ch.Args[0])
	return p.Kind == ident.Param && p.Index() == 0 && !p.FollowsPointer()
}

// deliberate reports whether somebody blocks for ever on purpose: the channel has no other use than that.
func (c *checker) deliberate(op waits.Op, objs []*waits.Object) bool {
	return !slices.ContainsFunc(objs, func(o *waits.Object) bool {
		return o.Made.Fn != op.Fn || c.m.Leaves(o) || slices.ContainsFunc(o.Ops, func(by waits.Op) bool { return by.Ends(op) })
	})
}

// never words an operation without a counterpart.
func (c *checker) never(op waits.Op, objs []*waits.Object) leak {
	l := leak{kind: "nobody", at: op.Spot, what: c.name(op)}
	by, late := c.late(op, objs)
	switch {
	case late:
		noun, does := "receive from", map[waits.Kind]string{waits.Send: "sends on it", waits.Recv: "receives from it", waits.Close: "closes it"}[by.Kind]
		if op.Kind == waits.Send {
			noun = "send on"
		} else if objs[0].Context {
			does = "cancels the context"
		}
		why := "comes only behind such a wait"
		if !c.m.Live(by.Fn) {
			why = "is in a function that nothing calls"
		}
		l.message = fmt.Sprintf("%s %s never returns: what %s at %s %s", noun, l.what, does, report.At(c.Engine.Step(by.Fn, by.V)), why)
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
		made := "makes it"
		if op.Kind == waits.Send {
			made = "makes it, without room for a value"
		}
		l.steps = append(l.steps, c.step(o.Made, made))
	}
	if late {
		l.steps = append(l.steps, c.step(by.Spot, "would end the wait"))
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
