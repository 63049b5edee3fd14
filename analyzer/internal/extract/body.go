package extract

import (
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// A builder makes bodies, one after the other.
type builder struct {
	x       *Extractor
	fields  map[fieldID][2]string
	globals map[*ssa.Global]string
	callees map[*ssa.Function]*callee
	types   map[types.Type]*effects.Type
	unit    *unit // that types are of

	// Of the function that is made:
	f      *function
	place  map[ssa.Value]int32 // of an instruction with a value -> its number in the function
	instrs []ssa.Instruction   // by number
	nodes  []node              // by number
	ops    []ssa.Value         // operands of nodes
	code   []effects.Instr     // leaves
	work   []int32             // nodes whose operands are to be kept
	now    int32               // node that is translated
	calls  []call              // that call back
	names  names               // see near; nil if not found yet
	file   *token.File         // of the last position
	leaves map[ssa.Value]effects.V
	consts map[constID]effects.V
	met    map[*effects.Type]bool
}

// A node is an instruction that is kept, if in.Op is not None.
type node struct {
	in       effects.Instr
	from, to int32 // operands in ops
	v        effects.V
}

type constID struct {
	text string
	typ  *effects.Type
}

func newBuilder(x *Extractor) *builder {
	return &builder{
		x: x, fields: map[fieldID][2]string{}, globals: map[*ssa.Global]string{}, callees: map[*ssa.Function]*callee{},
		types: map[types.Type]*effects.Type{}, place: map[ssa.Value]int32{},
		leaves: map[ssa.Value]effects.V{}, consts: map[constID]effects.V{}, met: map[*effects.Type]bool{},
	}
}

// build makes the body of a function.
func (b *builder) build(f *function) {
	b.reset(f)
	for i, instr := range b.instrs {
		if b.nodes[i].in.Op == effects.None && b.root(instr) {
			b.keep(int32(i))
		}
	}
	b.number()
	b.emit()
	b.callbacks()
}

// maxReused bounds the instructions of a function whose maps are used for the next.
const maxReused = 2000

// reset forgets one function, and numbers the instructions of another.
func (b *builder) reset(f *function) {
	if b.unit != f.unit {
		b.unit = f.unit
		clear(b.types)
	}
	b.f, b.names, b.file = f, nil, nil
	if len(b.instrs) > maxReused { // to clear a map takes as long as it has ever been large
		b.place, b.leaves, b.consts = map[ssa.Value]int32{}, map[ssa.Value]effects.V{}, map[constID]effects.V{}
	}
	clear(b.place)
	clear(b.leaves)
	clear(b.consts)
	clear(b.met)
	b.instrs, b.nodes, b.ops, b.calls = b.instrs[:0], b.nodes[:0], b.ops[:0], b.calls[:0]
	for _, bb := range f.ssa.Blocks {
		for _, instr := range bb.Instrs {
			if v, ok := instr.(ssa.Value); ok {
				b.place[v] = int32(len(b.instrs))
			}
			b.instrs = append(b.instrs, instr)
			b.nodes = append(b.nodes, node{})
		}
	}
}

// keep keeps an instruction, and all that makes its operands.
func (b *builder) keep(i int32) {
	b.work = append(b.work[:0], i)
	for len(b.work) > 0 {
		i := b.work[len(b.work)-1]
		b.work = b.work[:len(b.work)-1]
		n := &b.nodes[i]
		if n.in.Op != effects.None {
			continue
		}
		b.now, n.from = i, int32(len(b.ops))
		b.translate(b.instrs[i], &n.in)
		n.to = int32(len(b.ops))
		for _, op := range b.ops[n.from:n.to] {
			if op == nil {
				continue
			}
			if k, ok := b.place[op]; ok && b.nodes[k].in.Op == effects.None {
				b.work = append(b.work, k)
			}
		}
	}
}

// number numbers the leaves, then the instructions.
func (b *builder) number() {
	f, fn := b.f, b.f.ssa
	b.code = append(b.code[:0], effects.Instr{})
	for _, p := range fn.Params {
		v := b.leaf(effects.Instr{Op: effects.Param, Type: b.typ(p.Type()), Sym: p.Name(), Pos: b.pos(p.Pos())})
		f.Params = append(f.Params, v)
		b.leaves[p] = v
	}
	for i, fv := range fn.FreeVars {
		v := b.leaf(effects.Instr{Op: effects.Free, Type: b.typ(fv.Type()), Sym: fv.Name(), Class: b.x.captured(fn, i, 0), Pos: b.pos(fv.Pos())})
		f.Free = append(f.Free, v)
		b.leaves[fv] = v
	}
	for i := range b.nodes {
		if n := &b.nodes[i]; n.in.Op != effects.None {
			for _, op := range b.ops[n.from:n.to] {
				if op != nil {
					b.addLeaf(op)
				}
			}
		}
	}
	v := effects.V(len(b.code))
	f.First = v
	for i := range b.nodes {
		if n := &b.nodes[i]; n.in.Op != effects.None {
			n.v = v
			v++
		}
	}
	f.Code = make([]effects.Instr, len(b.code), v)
	copy(f.Code, b.code)
}

func (b *builder) leaf(in effects.Instr) effects.V {
	in.Block = -1
	b.code = append(b.code, in)
	return effects.V(len(b.code) - 1)
}

// addLeaf makes a leaf of an operand that is no instruction, unless there is one.
func (b *builder) addLeaf(op ssa.Value) {
	switch op := op.(type) {
	case *ssa.Const:
		if _, ok := b.leaves[op]; ok {
			return
		}
		k := constID{constText(op), b.typ(op.Type())}
		v, ok := b.consts[k]
		if !ok {
			v = b.leaf(effects.Instr{Op: effects.Const, Type: k.typ, Sym: k.text})
			b.consts[k] = v
		}
		b.leaves[op] = v
	case *ssa.Global:
		if _, ok := b.leaves[op]; !ok {
			b.leaves[op] = b.leaf(effects.Instr{Op: effects.Global, Type: b.typ(op.Type()), Sym: op.Name(), Class: b.global(op)})
		}
	case *ssa.Function:
		fn := canon(op)
		v, ok := b.leaves[fn]
		if !ok {
			in := effects.Instr{Op: effects.FuncOf, Type: b.typ(op.Type())}
			b.callee(fn).name(&in)
			if in.Fn != nil && in.Fn.Recovers {
				in.Flags |= effects.Recover
			}
			v = b.leaf(in)
			b.leaves[fn] = v
		}
		b.leaves[op] = v
	}
}

// value returns the number of an operand.
func (b *builder) value(op ssa.Value) effects.V {
	if op == nil {
		return 0
	}
	if i, ok := b.place[op]; ok {
		return b.nodes[i].v
	}
	return b.leaves[op]
}

// emit writes the instructions, block by block.
func (b *builder) emit() {
	f, fn := b.f, b.f.ssa
	args := make([]effects.V, 0, len(b.ops))
	f.Blocks = make([]effects.Block, len(fn.Blocks))
	i := 0
	for k, bb := range fn.Blocks {
		first := effects.V(len(f.Code))
		for range bb.Instrs {
			n := &b.nodes[i]
			if n.in.Op != effects.None {
				from := len(args)
				for _, op := range b.ops[n.from:n.to] {
					args = append(args, b.value(op))
				}
				if len(args) > from {
					n.in.Args = args[from:len(args):len(args)]
				}
				n.in.Block = int32(k)
				f.Code = append(f.Code, n.in)
			}
			i++
		}
		f.Blocks[k] = effects.Block{First: first, Last: effects.V(len(f.Code) - 1), Succs: indexes(bb.Succs), Preds: indexes(bb.Preds)}
	}
	for v := range fn.Signature.Results().Variables() {
		f.Results = append(f.Results, b.typ(v.Type()))
	}
	f.Pos = b.pos(fn.Pos())
	if s := syntaxOf(fn); s != nil {
		f.End = b.pos(s.End())
	}
}

func indexes(blocks []*ssa.BasicBlock) []int32 {
	if len(blocks) == 0 {
		return nil
	}
	is := make([]int32, len(blocks))
	for i, b := range blocks {
		is[i] = int32(b.Index)
	}
	return is
}

// typ returns the description of a type.
func (b *builder) typ(t types.Type) *effects.Type {
	d, ok := b.types[t]
	if !ok {
		d = b.unit.types.at(t)
		b.types[t] = d
	}
	if !b.met[d] {
		b.met[d] = true
		b.f.types = append(b.f.types, d)
	}
	return d
}

// pos returns a position as messages show it.
func (b *builder) pos(p token.Pos) effects.Pos {
	if !p.IsValid() {
		return effects.Pos{}
	}
	if b.file == nil || int(p) < b.file.Base() || int(p) > b.file.Base()+b.file.Size() {
		if b.file = b.x.in.Fset.File(p); b.file == nil {
			return effects.Pos{}
		}
	}
	at := b.file.Position(p)
	i := 0
	for i < len(b.f.files) && b.f.files[i] != at.Filename {
		i++
	}
	if i == len(b.f.files) {
		b.f.files = append(b.f.files, at.Filename)
	}
	return effects.Pos{File: int32(i), Line: int32(at.Line), Col: int32(at.Column)}
}

// constText returns a constant as text.
func constText(c *ssa.Const) string {
	switch {
	case c.Value == nil && c.IsNil():
		return "nil"
	case c.Value == nil:
		return "zero" // of a struct, array or type parameter
	case c.Value.Kind() == constant.String:
		return c.Value.ExactString()
	}
	return c.Value.String()
}
