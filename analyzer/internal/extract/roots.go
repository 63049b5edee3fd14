package extract

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/model"
)

// root reports whether an instruction is kept whether its value is used or not: it does something, or reads what others may write.
func (b *builder) root(instr ssa.Instruction) bool {
	switch x := instr.(type) {
	case *ssa.Store:
		return !b.fillsTable(x)
	case *ssa.MapUpdate, *ssa.Send, *ssa.Select, *ssa.RunDefers, *ssa.Return, *ssa.Panic, *ssa.If, *ssa.Jump:
		return true
	case *ssa.UnOp:
		return x.Op == token.ARROW || x.Op == token.MUL && !private(x.X)
	case *ssa.Lookup, *ssa.Range:
		return !isString(operand(x).Type())
	case *ssa.Next:
		return !x.IsString
	case ssa.CallInstruction:
		return b.does(x)
	}
	return false
}

// fillsTable reports whether a store puts a number or the like into a table that is built: the elements of a slice literal or variadic
// argument, or, in the initializer of a package, those of its variables. Nobody else can see it yet, and nothing is reached
// through what is stored.
func (b *builder) fillsTable(x *ssa.Store) bool {
	t := x.Val.Type()
	if mi, ok := x.Val.(*ssa.MakeInterface); ok && !hasMethods(mi.X.Type()) {
		t = mi.X.Type()
	}
	if refers(t) {
		return false
	}
	for addr, elem := x.Addr, false; ; {
		switch a := addr.(type) {
		case *ssa.FieldAddr:
			addr = a.X
		case *ssa.IndexAddr:
			addr, elem = a.X, true
		case *ssa.Alloc:
			return elem && VarName(a) == "" && (a.Comment == "slicelit" || a.Comment == "varargs" || b.initializes())
		case *ssa.Global:
			return elem && b.initializes()
		default:
			return false
		}
	}
}

// initializes reports whether the function is the initializer of a package.
func (b *builder) initializes() bool { return b.f.ssa.Synthetic == "package initializer" }

func operand(x ssa.Instruction) ssa.Value {
	switch x := x.(type) {
	case *ssa.Lookup:
		return x.X
	case *ssa.Range:
		return x.X
	}
	return nil
}

func isString(t types.Type) bool {
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Info()&types.IsString != 0
}

// private reports whether an address is of, or in, a variable that nobody else sees.
func private(addr ssa.Value) bool {
	for {
		switch x := addr.(type) {
		case *ssa.FieldAddr:
			addr = x.X
		case *ssa.IndexAddr:
			addr = x.X
		case *ssa.Alloc:
			return !x.Heap
		default:
			return false
		}
	}
}

// does reports whether a call does anything but compute its result.
func (b *builder) does(x ssa.CallInstruction) bool {
	c := x.Common()
	_, now := x.(*ssa.Call)
	if bi, ok := c.Value.(*ssa.Builtin); ok {
		switch bi.Name() {
		case "print", "println":
			return false
		case "len", "cap":
			return !now || isShared(c.Args[0].Type())
		case "append", "copy", "delete", "clear", "close", "recover", "panic":
			return true
		}
		return !now
	}
	if c.IsInvoke() || !now {
		return true
	}
	fn := c.StaticCallee()
	if fn == nil || len(fn.Blocks) > 0 {
		return true
	}
	obj, _ := canon(fn).Object().(*types.Func)
	if !model.Quiet(obj) {
		return true
	}
	for _, a := range c.Args {
		if refers(a.Type()) {
			return true
		}
	}
	return false
}

// isShared reports whether the length of a value may change without a store to a variable.
func isShared(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Map, *types.Chan:
		return true
	}
	return false
}

// refers reports whether values of a type may lead to objects.
func refers(t types.Type) bool {
	_, basic := t.Underlying().(*types.Basic)
	return !basic || isUnsafe(t)
}
