package codec

import (
	"maps"
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// body codes the body of a function.
func (c *codec) body(f *effects.Func) {
	c.f, c.last = f, f.Pos
	f.First = effects.V(c.size(int(f.First)))
	n := c.size(len(f.Code))
	args := 0
	for i := range f.Code {
		args += len(f.Code[i].Args)
	}
	args = c.size(args)
	c.check(n > 0 && f.First > 0 && int(f.First) <= n)
	if c.err != nil {
		return
	}
	var space []effects.V
	if c.reading {
		f.Code = make([]effects.Instr, n)
		space = make([]effects.V, args)
	}
	list(c, &f.Params, c.leaf)
	list(c, &f.Free, c.leaf)
	for v := 1; v < n; v++ {
		if space = c.instr(effects.V(v), space); c.err != nil {
			return
		}
	}
	c.check(len(space) == 0)
	c.blocks()
	c.callbacks()
	c.targets()
}

// v codes the number of an instruction, or 0, by its distance from another.
func (c *codec) v(v *effects.V, from effects.V) {
	d := int64(from) - int64(*v)
	c.signed(&d)
	n := int64(from) - d
	if n < 0 || n >= int64(len(c.f.Code)) {
		n = 0
		c.fail()
	}
	*v = effects.V(n)
}

// leaf codes a parameter or captured variable.
func (c *codec) leaf(v *effects.V) {
	number32(c, v)
	c.check(*v > 0 && *v < c.f.First)
}

// instr codes an instruction, and takes the space for its operands.
func (c *codec) instr(v effects.V, space []effects.V) []effects.V {
	in := &c.f.Code[v]
	op := int(in.Op)<<2 | int(in.How)
	number32(c, &op)
	in.Op, in.How = effects.Op(op>>2), effects.How(op&3)
	c.check(op>>2 > 0 && op>>2 <= int(effects.LastOp) && in.How <= effects.Started && in.Op.Leaf() == (v < c.f.First))
	fn, said := c.linked(in)
	flags, index, typ, sym, class, args, pos, called := said != 0, in.Index != 0, in.Type != nil, in.Sym != "", in.Class != "", len(in.Args) > 0, in.Pos.IsValid(), fn != nil
	c.bits(&args, &pos, &typ, &sym, &class, &called, &flags, &index)
	if args {
		n := c.size(len(in.Args))
		if c.reading {
			if n > len(space) {
				c.fail()
				return nil
			}
			in.Args, space = space[:n:n], space[n:]
		}
		for i := range in.Args {
			c.v(&in.Args[i], v)
		}
	}
	if pos {
		c.pos(&in.Pos)
	}
	if typ {
		c.typ(&in.Type)
	}
	if sym {
		c.string(&in.Sym)
	}
	if class {
		c.string(&in.Class)
	}
	if called {
		if c.fn(&fn); c.reading {
			in.Fn = fn
		}
	}
	if flags {
		if number32(c, &said); c.reading {
			in.Flags = said
		}
	}
	if index {
		number32(c, &in.Index)
	}
	return space
}

// linked returns the function and the flags of an instruction without what Link finds by its package and key.
func (c *codec) linked(in *effects.Instr) (*effects.Func, effects.Flags) {
	fn, flags := in.Fn, in.Flags
	if fn == nil || fn.Unit != c.t.unit {
		if keyed(in) {
			fn = nil
		}
		if in.Op == effects.FuncOf || in.Op == effects.Closure {
			flags &^= effects.Recover
		}
	}
	return fn, flags
}

// keyed reports whether Class and Sym of an instruction are the package and the key of a function.
func keyed(in *effects.Instr) bool {
	switch in.Op {
	case effects.FuncOf, effects.Call, effects.Known:
		return in.Sym != ""
	case effects.Closure:
		return in.Sym != "" && in.Class != ""
	}
	return in.Op.Sync() && in.Op != effects.Atomic && in.Class != "" && in.Sym != ""
}

// blocks codes the blocks. They are the instructions that are no leaves, without gaps, and each ends as a block does.
func (c *codec) blocks() {
	f := c.f
	list(c, &f.Blocks, func(*effects.Block) {})
	next := f.First
	for b := range f.Blocks {
		bl := &f.Blocks[b]
		n := int(bl.Last - bl.First + 1)
		number32(c, &n)
		if c.reading {
			bl.First, bl.Last = next, next+effects.V(n)-1
		}
		if c.check(n > 0 && bl.First == next && n <= len(f.Code)-int(next)); c.err != nil {
			return
		}
		for v := bl.First; v <= bl.Last; v++ {
			if c.reading {
				f.Code[v].Block = int32(b)
			}
			c.check(f.Code[v].Block == int32(b) && f.Code[v].Op.Ends() == (v == bl.Last))
		}
		next = bl.Last + 1
		list(c, &bl.Succs, c.block)
	}
	c.check(int(next) == len(f.Code))
	if c.reading && c.err == nil {
		for v := range f.First {
			if v > 0 {
				f.Code[v].Block = -1
			}
		}
	}
	if c.err == nil {
		c.preds()
	}
	n := f.Recover + 1
	number32(c, &n)
	f.Recover = n - 1
	c.check(n >= 0 && n <= len(f.Blocks))
}

func (c *codec) block(b *int32) {
	number32(c, b)
	c.check(int(*b) < len(c.f.Blocks))
}

// preds codes the predecessors of blocks, those that are not in the order of the blocks.
func (c *codec) preds() {
	f := c.f
	guess := f.OrderedPreds()
	for b := range f.Blocks {
		bl := &f.Blocks[b]
		other := !slices.Equal(bl.Preds, guess[b])
		if len(guess[b]) > 1 {
			c.bits(&other)
		} else {
			c.check(c.reading || !other)
			other = false
		}
		if !other {
			bl.Preds = guess[b]
			continue
		}
		list(c, &bl.Preds, c.block)
		c.check(slices.Equal(slices.Sorted(slices.Values(bl.Preds)), slices.Sorted(slices.Values(guess[b]))))
	}
	for b := range f.Blocks {
		for v := f.Blocks[b].First; v <= f.Blocks[b].Last; v++ {
			c.check(f.Code[v].Op != effects.Phi || len(f.Code[v].Args) == len(f.Blocks[b].Preds))
		}
	}
}

// keys codes the instructions that a map has something of, in order.
func keys[T any](c *codec, m *map[effects.V]T) []effects.V {
	ks := slices.Sorted(maps.Keys(*m))
	last := effects.V(0)
	list(c, &ks, func(v *effects.V) {
		d := int32(*v - last)
		number32(c, &d)
		if d <= 0 || int(last)+int(d) >= len(c.f.Code) {
			c.fail()
			*v = last
			return
		}
		*v = last + effects.V(d)
		last = *v
	})
	if c.reading && len(ks) > 0 && c.err == nil {
		*m = make(map[effects.V]T, len(ks))
	}
	return ks
}

func (c *codec) callbacks() {
	for _, v := range keys(c, &c.f.Callbacks) {
		if c.err != nil {
			return
		}
		cs := c.f.Callbacks[v]
		list(c, &cs, func(cb *effects.Callback) { c.callback(v, cb) })
		if c.reading && c.err == nil {
			c.f.Callbacks[v] = cs
		}
	}
}

func (c *codec) callback(v effects.V, cb *effects.Callback) {
	fn := cb.Fn
	if fn != nil && fn.Unit != c.t.unit && cb.Key != "" {
		fn = nil
	}
	method, known, named, recv := cb.Method != "", fn != nil, cb.Key != "" || cb.Pkg != "", cb.Recv != 0
	c.bits(&cb.Started, &method, &known, &named, &recv)
	c.v(&cb.Arg, v)
	if method {
		c.string(&cb.Method)
	}
	if known {
		if c.fn(&fn); c.reading {
			cb.Fn = fn
		}
	}
	if named {
		c.string(&cb.Pkg)
		c.string(&cb.Key)
	}
	if recv {
		c.v(&cb.Recv, v)
	}
}

func (c *codec) targets() {
	for _, v := range keys(c, &c.f.Targets) {
		if c.err != nil {
			return
		}
		fns := c.f.Targets[v]
		list(c, &fns, func(f **effects.Func) {
			c.fn(f)
			c.check(*f != nil)
		})
		if c.reading && c.err == nil {
			c.f.Targets[v] = fns
		}
	}
}
