package extract

import (
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// translate writes what an instruction is to in, and adds its operands to b.ops.
func (b *builder) translate(instr ssa.Instruction, in *effects.Instr) {
	if call, ok := instr.(ssa.CallInstruction); ok {
		b.call(call, in)
		return
	}
	v, isValue := instr.(ssa.Value)
	if !isValue {
		b.statement(instr, in)
		return
	}
	switch x := v.(type) {
	case *ssa.Alloc:
		in.Op = effects.Alloc
		in.Sym, in.Class = VarName(x), b.x.local(x)
		if x.Heap {
			in.Flags |= effects.Heap
		}
		if x.Comment == "varargs" && in.Sym == "" {
			in.Flags |= effects.Varargs
		}
	case *ssa.Phi:
		in.Op = effects.Phi
		b.ops = append(b.ops, x.Edges...)
	case *ssa.UnOp:
		b.unary(x, in)
	case *ssa.BinOp:
		b.binary(x, in)
	case *ssa.MakeClosure:
		in.Op = effects.Closure
		b.ops = append(b.ops, x.Bindings...)
		if f := b.x.index[canon(x.Fn.(*ssa.Function))]; f != nil {
			in.Fn = f.Func
			if f.Recovers {
				in.Flags |= effects.Recover
			}
		}
	case *ssa.Select:
		b.choose(x, in)
	case *ssa.MakeMap:
		in.Op = effects.MakeMap
	case *ssa.MakeSlice:
		in.Op = effects.MakeSlice
	case *ssa.MakeChan:
		in.Op = effects.MakeChan
		b.ops = append(b.ops, x.Size)
	default:
		if !b.access(v, in) {
			b.convert(v, in)
		}
	}
	if _, iterator := v.(*ssa.Range); !iterator { // whose type is none of go/types
		in.Type = b.typ(v.Type())
	} else {
		in.Type = b.typ(types.Typ[types.Invalid])
	}
	in.Pos = b.pos(b.posOf(instr))
}

// posOf returns the position of an instruction that is no call.
func (b *builder) posOf(instr ssa.Instruction) token.Pos {
	if pos := instr.Pos(); pos.IsValid() {
		return pos
	}
	load, ok := instr.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return token.NoPos
	}
	name, declared := "", token.NoPos
	switch x := load.X.(type) {
	case *ssa.FieldAddr, *ssa.IndexAddr:
		return x.Pos()
	case *ssa.Alloc:
		name, declared = VarName(x), x.Pos()
	case *ssa.Global, *ssa.FreeVar:
		name = x.Name()
	}
	if name == "" {
		return token.NoPos
	}
	if b.names == nil {
		b.names = namesIn(b.f.ssa)
	}
	return b.names.nearest(b.x.in.Fset, name, near(instr), declared)
}

// statement translates what has no value.
func (b *builder) statement(instr ssa.Instruction, in *effects.Instr) {
	switch x := instr.(type) {
	case *ssa.Store:
		in.Op = effects.Store
		b.ops = append(b.ops, x.Addr, x.Val)
	case *ssa.MapUpdate:
		in.Op = effects.MapUpdate
		b.ops = append(b.ops, x.Map, x.Key, x.Value)
	case *ssa.Send:
		in.Op = effects.Send
		b.ops = append(b.ops, x.Chan, x.X)
	case *ssa.RunDefers:
		in.Op = effects.RunDefers
	case *ssa.Return:
		in.Op = effects.Return
		b.ops = append(b.ops, x.Results...)
	case *ssa.Panic:
		in.Op = effects.Panic
		b.ops = append(b.ops, x.X)
	case *ssa.If:
		in.Op = effects.If
		b.ops = append(b.ops, x.Cond)
	case *ssa.Jump:
		in.Op = effects.Jump
	}
	in.Pos = b.pos(instr.Pos())
}

func (b *builder) unary(x *ssa.UnOp, in *effects.Instr) {
	switch x.Op {
	case token.MUL:
		in.Op = effects.Load
		if refs := x.Referrers(); refs != nil && len(*refs) == 0 {
			in.Sym = "_"
		}
	case token.ARROW:
		in.Op = effects.Recv
		if x.CommaOk {
			in.Flags |= effects.CommaOK
		}
	case token.NOT:
		in.Op = effects.Not
	default:
		in.Op, in.Sym = effects.Opaque, x.Op.String()
		return
	}
	b.ops = append(b.ops, x.X)
}

func (b *builder) binary(x *ssa.BinOp, in *effects.Instr) {
	in.Sym = x.Op.String()
	switch x.Op {
	case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
		in.Op = effects.Compare
		b.ops = append(b.ops, x.X, x.Y)
	default:
		in.Op = effects.Opaque
		if _, ok := x.X.(*ssa.Phi); ok && x.Op == token.ADD && isOne(x.Y) { // which counts the rounds of a loop
			b.ops = append(b.ops, x.X, x.Y)
			return
		}
		b.sources(x.X, 0)
		b.sources(x.Y, 0)
	}
}

// maxSources bounds the arithmetic that is looked into.
const maxSources = 8

// sources adds to the operands of arithmetic what it is computed from, as far as that is kept for itself: what is read from memory
// that others see, and results of calls.
func (b *builder) sources(x ssa.Value, depth int) {
	switch x := x.(type) {
	case *ssa.BinOp:
		if depth < maxSources {
			b.sources(x.X, depth+1)
			b.sources(x.Y, depth+1)
		}
	case *ssa.Convert:
		b.sources(x.X, depth)
	case *ssa.UnOp:
		if b.root(x) {
			b.ops = append(b.ops, x)
		}
	case *ssa.Call:
		if bi, ok := x.Call.Value.(*ssa.Builtin); ok && bi.Name() == "len" {
			b.sources(x.Call.Args[0], depth)
		} else if b.root(x) {
			b.ops = append(b.ops, x)
		}
	}
}

func isOne(v ssa.Value) bool {
	k, ok := v.(*ssa.Const)
	return ok && k.Value != nil && k.Value.Kind() == constant.Int && k.Int64() == 1
}

func (b *builder) choose(x *ssa.Select, in *effects.Instr) {
	in.Op = effects.Select
	if x.Blocking {
		in.Flags |= effects.Blocking
	}
	for _, s := range x.States {
		b.ops = append(b.ops, s.Chan, s.Send)
	}
}

// access translates what leads to a part of something; ok is false for other instructions.
func (b *builder) access(v ssa.Value, in *effects.Instr) (ok bool) {
	switch x := v.(type) {
	case *ssa.FieldAddr:
		in.Op = effects.Field
		in.Sym, in.Class = b.field(x.X.Type(), x.Field)
		b.ops = append(b.ops, x.X)
	case *ssa.Field:
		in.Op = effects.FieldOf
		in.Sym, in.Class = b.field(x.X.Type(), x.Field)
		b.ops = append(b.ops, x.X)
	case *ssa.IndexAddr:
		in.Op = effects.Elem
		b.ops = append(b.ops, x.X, x.Index)
	case *ssa.Index:
		if isString(x.X.Type()) {
			in.Op, in.Sym = effects.Opaque, "index"
			break
		}
		in.Op = effects.ElemOf
		b.ops = append(b.ops, x.X, x.Index)
	case *ssa.Lookup:
		if isString(x.X.Type()) {
			in.Op, in.Sym = effects.Opaque, "index"
			break
		}
		in.Op = effects.Lookup
		if x.CommaOk {
			in.Flags |= effects.CommaOK
		}
		b.ops = append(b.ops, x.X, x.Index)
	case *ssa.Range:
		in.Op = effects.Range
		b.ops = append(b.ops, x.X)
	case *ssa.Next:
		in.Op = effects.Next
		b.ops = append(b.ops, x.Iter)
	case *ssa.Slice:
		in.Op = effects.Slice
		b.ops = append(b.ops, x.X, x.Low, x.High, x.Max)
	case *ssa.Extract:
		in.Op, in.Index = effects.Extract, int32(x.Index)
		b.ops = append(b.ops, x.Tuple)
	default:
		return false
	}
	return true
}

// convert translates what makes a value of another type.
func (b *builder) convert(v ssa.Value, in *effects.Instr) {
	switch x := v.(type) {
	case *ssa.ChangeType:
		in.Op = effects.Convert
		b.ops = append(b.ops, x.X)
	case *ssa.ChangeInterface:
		in.Op = effects.Convert
		b.ops = append(b.ops, x.X)
	case *ssa.SliceToArrayPointer:
		in.Op = effects.Convert
		b.ops = append(b.ops, x.X)
	case *ssa.Convert:
		if throughUnsafe(x) {
			in.Op, in.Flags = effects.Convert, effects.Through
		} else {
			in.Op, in.Sym = effects.Opaque, "convert"
		}
		b.ops = append(b.ops, x.X)
	case *ssa.MultiConvert:
		in.Op, in.Sym = effects.Opaque, "convert"
		b.ops = append(b.ops, x.X)
	case *ssa.MakeInterface:
		in.Op = effects.Box
		b.ops = append(b.ops, x.X)
	case *ssa.TypeAssert:
		in.Op = effects.Assert
		if x.CommaOk {
			in.Flags |= effects.CommaOK
		}
		b.ops = append(b.ops, x.X)
	default:
		in.Op = effects.Opaque
	}
}

// throughUnsafe reports whether a conversion is to or from unsafe.Pointer.
func throughUnsafe(x *ssa.Convert) bool { return isUnsafe(x.Type()) || isUnsafe(x.X.Type()) }

func isUnsafe(t types.Type) bool {
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Kind() == types.UnsafePointer
}
