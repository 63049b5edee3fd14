package waits

import (
	"go/token"
	"math/bits"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
)

// A tally is the set of values that the counter of a WaitGroup can have, relative to
// where counting began. Bit i stands for the value i-zeroBit, the bit other for any value.
type tally uint16

const (
	zeroBit       = 6
	values        = 14 // from -6 to 7
	other   tally = 1 << 15
)

// only returns the tally of one value.
func only(n int64) tally {
	if n < -zeroBit || n >= values-zeroBit {
		return other
	}
	return 1 << (n + zeroBit)
}

// plus returns the sums of the values of both.
func (t tally) plus(d tally) tally {
	if d == only(0) || t == 0 {
		return t
	}
	sum := (t | d) & other
	for i := range values {
		if t&(1<<i) == 0 {
			continue
		}
		for j := range values {
			if d&(1<<j) != 0 {
				sum |= only(int64(i + j - 2*zeroBit))
			}
		}
	}
	return sum
}

// exact returns the value if there is only one.
func (t tally) exact() (int, bool) {
	if t&other != 0 || bits.OnesCount16(uint16(t)) != 1 {
		return 0, false
	}
	return bits.TrailingZeros16(uint16(t)) - zeroBit, true
}

// below reports whether all values are known and less than n.
func (t tally) below(n int) bool {
	return t != 0 && t&other == 0 && t>>(n+zeroBit) == 0
}

// has reports whether n is among the values.
func (t tally) has(n int) bool { return t&only(int64(n)) != 0 }

// A counter follows the counter of one WaitGroup through a function and those it calls.
type counter struct {
	p     *program
	w     place
	env   env
	depth int
	start func(*ssa.Go, env) tally // what a go statement does to the counter
	memo  map[ssa.Instruction]tally
}

// maxCalls bounds the calls that a counter follows.
const maxCalls = 4

// run returns the tallies in front of the blocks of fn.
func (c *counter) run(fn *ssa.Function) []tally {
	in := make([]tally, len(fn.Blocks))
	in[0] = only(0)
	work := []*ssa.BasicBlock{fn.Blocks[0]}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		t := in[b.Index]
		for _, instr := range b.Instrs {
			t = t.plus(c.effect(instr))
			if t == 0 {
				break // does not return
			}
		}
		for i, s := range b.Succs {
			if c.isNil(b, i) || flow.Endless(b, i) {
				continue
			}
			if in[s.Index]|t != in[s.Index] {
				in[s.Index] |= t
				work = append(work, s)
			}
		}
	}
	return in
}

// isNil reports whether the way from b to its i-th successor is that of a nil pointer where the
// WaitGroup, or the object that has it, should be.
func (c *counter) isNil(b *ssa.BasicBlock, i int) bool {
	br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok {
		return false
	}
	x := nilTested(br)
	return x != nil && (i == 0) == (br.Cond.(*ssa.BinOp).Op == token.EQL) && c.isGroup(x)
}

// at returns the tally in front of an instruction, of which in are the blocks' tallies.
func (c *counter) at(in []tally, instr ssa.Instruction) tally {
	t := in[instr.Block().Index]
	for _, i := range instr.Block().Instrs {
		if i == instr {
			break
		}
		t = t.plus(c.effect(i))
	}
	return t
}

// total returns the tally at the returns of fn; 0 if it does not return.
func (c *counter) total(fn *ssa.Function) tally {
	in := c.run(fn)
	var t tally
	returns(fn, func(ret *ssa.Return) { t |= c.at(in, ret) })
	return t
}

// effect returns what an instruction adds to the counter. A deferred call counts where
// it is deferred. It is 0 for a call that does not return.
func (c *counter) effect(instr ssa.Instruction) tally {
	t, ok := c.memo[instr]
	if !ok {
		if c.memo == nil {
			c.memo = map[ssa.Instruction]tally{}
		}
		t = c.find(instr)
		c.memo[instr] = t
	}
	return t
}

func (c *counter) find(instr ssa.Instruction) tally {
	none := only(0)
	switch instr := instr.(type) {
	case *ssa.MakeClosure:
		if fn := declared(instr.Fn.(*ssa.Function)); !calledOnly(instr) && (!c.p.index[fn] && c.mentions(instr.Bindings) || c.p.touches(fn, c.w)) {
			return other // who calls it, and when?
		}
	case *ssa.Store:
		if c.p.onlyValue(instr.Addr) == nil && c.isGroup(instr.Val) {
			return other
		}
	case *ssa.Send:
		if c.isGroup(instr.X) {
			return other
		}
	case *ssa.MapUpdate:
		if c.isGroup(instr.Value) {
			return other
		}
	case *ssa.MakeInterface:
		if c.isGroup(instr.X) {
			return other
		}
	case *ssa.Go:
		return c.start(instr, c.env)
	case ssa.CallInstruction: // and Defer
		return c.call(instr)
	}
	return none
}

func (c *counter) call(instr ssa.CallInstruction) tally {
	none := only(0)
	if o := opOf(instr); o.kind != opNone {
		if o.kind == opAdd || o.kind == opDone {
			pl := c.p.place(o.recv, c.env)
			switch {
			case !pl.same(c.w):
				if pl.like(c.w) {
					return other
				}
			case o.n == 0 && !isZero(o.arg):
				return other
			case o.kind == opAdd:
				return only(o.n)
			default:
				return only(-o.n)
			}
		}
		return none
	}
	t := c.p.target(instr.Common().Value, instr.Common())
	if t.fn == nil {
		if _, ok := instr.Common().Value.(*ssa.Builtin); !ok && c.mentions(instr.Common().Args) {
			return other
		}
		return none
	}
	if !c.p.touches(t.fn, c.w) {
		return none
	}
	if c.depth >= maxCalls || len(t.fn.Blocks) == 0 {
		return other
	}
	in := counter{p: c.p, w: c.w, env: c.p.env(t, c.env), depth: c.depth + 1, start: c.start}
	return in.total(t.fn)
}

func isZero(v ssa.Value) bool {
	k, ok := v.(*ssa.Const)
	return ok && k.Value != nil && k.Value.String() == "0"
}

func (c *counter) mentions(vs []ssa.Value) bool {
	for _, v := range vs {
		if c.isGroup(v) {
			return true
		}
	}
	return false
}

// isGroup reports whether a value is a pointer to the WaitGroup or to the object that has it.
func (c *counter) isGroup(v ssa.Value) bool {
	switch v.(type) {
	case *ssa.Const, *ssa.Function, *ssa.Builtin:
		return false
	}
	return c.p.place(v, c.env).leadsTo(c.w)
}
