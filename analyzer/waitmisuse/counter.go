package waitmisuse

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
)

// A counter follows the counter of one WaitGroup through a function and those it calls.
type counter struct {
	*activation
	p     *program
	w     object
	depth int
	start func(*activation, V) tally // what a go statement does to the counter
	memo  map[V]tally
}

// maxCalls bounds the calls that a counter follows.
const maxCalls = 4

// run returns the tallies in front of the blocks.
func (c *counter) run() []tally {
	in := make([]tally, len(c.Fn.Blocks))
	in[0] = only(0)
	work := []int32{0}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		t := c.through(in[b], c.Fn.Blocks[b].First, c.Fn.Blocks[b].Last)
		for i, s := range c.Fn.Blocks[b].Succs {
			if c.isNil(b, i) || i == 1 && resolve.Endless(c.Fn, b) {
				continue
			}
			if in[s]|t != in[s] {
				in[s] |= t
				work = append(work, s)
			}
		}
	}
	return in
}

// through returns the tally behind some instructions; 0 if one does not return.
func (c *counter) through(t tally, first, last V) tally {
	for v := first; v <= last && t != 0; v++ {
		t = t.plus(c.effect(v))
	}
	return t
}

// at returns the tally in front of an instruction, of which in are the blocks' tallies.
func (c *counter) at(in []tally, v V) tally {
	b := c.Fn.At(v).Block
	return c.through(in[b], c.Fn.Blocks[b].First, v-1)
}

// total returns the tally at the returns; 0 if there are none.
func (c *counter) total() (t tally) {
	in := c.run()
	c.Fn.Returns(func(ret V) { t |= c.at(in, ret) })
	return t
}

// isNil reports whether the way from b to its i-th successor is that of a nil pointer where the WaitGroup, or the object
// that has it, should be.
func (c *counter) isNil(b int32, i int) bool {
	x, isNil := nilTested(c.Fn, b)
	return x != 0 && i == isNil && c.isGroup(x)
}

// effect returns what an instruction adds to the counter. A deferred call counts where it is deferred. It is 0 for a call
// that does not return.
func (c *counter) effect(v V) tally {
	t, ok := c.memo[v]
	if !ok {
		if c.memo == nil {
			c.memo = map[V]tally{}
		}
		t = c.find(v)
		c.memo[v] = t
	}
	return t
}

func (c *counter) find(v V) tally {
	in := c.Fn.At(v)
	switch {
	case in.How == effects.Started && in.Op.Calls():
		return c.start(c.activation, v)
	case in.Op == effects.Add || in.Op == effects.Done:
		return c.counted(opOf(c.Fn, v))
	case in.Op == effects.Closure && !c.p.calledOnly(c.Fn, v, 0):
		t := c.p.enter(resolve.Target{Fn: in.Fn, Free: in.Args}, c.activation, c.activation)
		if t != nil && !t.Fn.Wrapper && c.p.touches(t.Fn, c.w) {
			return other // who calls it, and when?
		}
	case in.Op == effects.Call:
		if t := c.p.callee(c.activation, v); t != nil {
			return c.call(t)
		}
	}
	if opOf(c.Fn, v).kind == effects.None && slices.ContainsFunc(c.p.handsOut(c.activation, v), c.isGroup) {
		return other
	}
	return only(0)
}

// counted returns what an Add or Done adds.
func (c *counter) counted(o op) tally {
	q := c.p.object(c.activation, o.recv)
	switch {
	case !q.same(c.w):
		if q.like(c.w) {
			return other
		}
		return only(0)
	case o.n == 0 && c.Fn.At(o.arg).Sym != "0":
		return other
	case o.kind == effects.Done:
		return only(-o.n)
	}
	return only(o.n)
}

// call returns what a call of a function in view adds.
func (c *counter) call(t *activation) tally {
	if !c.p.touches(t.Fn, c.w) {
		return only(0)
	}
	if c.depth >= maxCalls {
		return other
	}
	in := counter{activation: t, p: c.p, w: c.w, depth: c.depth + 1, start: c.start}
	return in.total()
}

// isGroup reports whether a value is a pointer to the WaitGroup or to the object that has it.
func (c *counter) isGroup(v V) bool {
	switch c.Fn.Op(v) {
	case effects.None, effects.Const, effects.FuncOf:
		return false
	}
	return c.p.object(c.activation, v).leadsTo(c.w)
}

// nilTested returns the value that the branch behind a block compares with nil, 0 if there is none, and which of its two successors
// is the way for nil.
func nilTested(fn *effects.Func, b int32) (x V, isNil int) {
	br := fn.At(fn.Blocks[b].Last)
	if br.Op != effects.If {
		return 0, 0
	}
	cmp := fn.At(br.Args[0])
	if cmp.Op != effects.Compare || cmp.Sym != "==" && cmp.Sym != "!=" {
		return 0, 0
	}
	if cmp.Sym == "!=" {
		isNil = 1
	}
	for i, arg := range cmp.Args {
		if c := fn.At(arg); c.Op == effects.Const && c.Sym == "nil" {
			return cmp.Args[1-i], isNil
		}
	}
	return 0, 0
}
