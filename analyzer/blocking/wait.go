package blocking

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/waits"
)

// A wait is an instruction that waits, and what could end it.
type wait struct {
	at    waits.Spot
	kind  kind
	on    []V           // channels, WaitGroup or Cond
	name  string        // of that
	class string        // of the WaitGroup or Cond
	made  *effects.Func // of a channel: the function that makes it; nil if several do
	ends  []end
	adds  []waits.Spot // of a WaitGroup: where it counts
	any   bool         // it waits for all of them: one that does not come is enough
	room  bool         // a channel that has room for some values: it must be full, or empty
}

// A kind is how a wait waits.
type kind uint8

const (
	send kind = iota
	receive
	selects
	group
	cond
)

// An end is something that could end a wait.
type end struct {
	at   waits.Spot
	op   string        // what it does: "receives", ...
	once bool          // its goroutine does it once, at the end of what it does
	exit *effects.Func // it is the end of this function, which the instruction starts
	on   V             // channel, WaitGroup or Cond; 0 with exit
	of   int           // which of those that are waited for
}

// waits returns the waits of the package of which all is known that could end them.
func (c *checker) waits() []wait {
	var out []wait
	done := map[waits.Spot]bool{}
	for _, o := range c.m.Objects {
		for _, op := range o.Ops {
			if done[op.Spot] || !op.Waits() || !c.m.Live(op.Fn) {
				continue
			}
			done[op.Spot] = true
			if w, ok := c.channelWait(op); ok {
				out = append(out, w)
			}
		}
	}
	for _, g := range c.m.Groups {
		for _, at := range g.Waits {
			if w, ok := c.groupWait(g, at); ok {
				out = append(out, w)
			}
		}
	}
	return out
}

// channelWait returns the wait of an operation on channels, with all its cases.
func (c *checker) channelWait(op waits.Op) (wait, bool) {
	w := wait{at: op.Spot, kind: receive, name: c.name(op)}
	switch {
	case op.Case > 0 && len(op.At().Args) > 2:
		w.kind = selects
	case op.Kind == waits.Send:
		w.kind = send
	}
	ok := true
	c.m.Each(op.Spot, func(op waits.Op) {
		objs, all := c.m.Of(op.Fn, op.Channel())
		ok = ok && all
		w.on = append(w.on, op.Channel())
		for i, o := range objs {
			ok = ok && (op.Kind != waits.Send || o.Size >= 0) && !o.Context
			ok = ok && (!o.Asked || o.Size == 0)
			if w.made = o.Made.Fn; i > 0 && objs[0].Made.Fn != w.made {
				w.made = nil
			}
			for _, by := range o.Ops {
				if by.Ends(op) && !slices.ContainsFunc(w.ends, func(e end) bool { return e.at == by.Spot }) {
					w.room = w.room || o.Size != 0 && by.Kind != waits.Close
					w.ends = append(w.ends, end{at: by.Spot, op: verbs[by.Kind], once: by.Kind == waits.Close, on: by.Channel(), of: len(w.on) - 1})
				}
			}
		}
	})
	return w, ok && len(w.ends) > 0
}

var verbs = [...]string{waits.Send: "sends on it", waits.Recv: "receives from it", waits.Close: "closes it"}

// groupWait returns the wait for a WaitGroup or Cond.
func (c *checker) groupWait(g *waits.Group, at waits.Spot) (wait, bool) {
	w := wait{at: at, kind: group, on: []V{at.At().Args[0]}, name: ident.Short(g.Class, c.Path), class: g.Class, adds: g.Adds, any: !g.Cond}
	op := "calls Done"
	if g.Cond {
		w.kind, op = cond, "wakes it"
	}
	for _, by := range g.Ends {
		if in := by.At(); in.Op == effects.Add && by.Fn.Op(in.Args[1]) != effects.Const {
			continue // which mostly counts
		}
		e := end{at: by, op: op, once: !g.Cond, on: by.At().Args[0]}
		if by.At().Op != effects.Start {
			w.ends = append(w.ends, e)
			continue
		}
		for _, fn := range c.m.Callees(by) {
			e.exit, e.op = fn, "ends"
			w.ends = append(w.ends, e)
		}
	}
	return w, (w.any || g.Complete) && len(w.ends) > 0
}

// name returns the channel of an operation as a reader knows it: by its field or variable, else as the source writes it.
func (c *checker) name(op waits.Op) string {
	if n := waits.Name(op.Fn, op.Channel(), c.Path); n != "" {
		return n
	}
	if s := c.Engine.Syntax.Channel(op.Fn, op.V, op.Case); s != "" {
		return s
	}
	return "a channel"
}
