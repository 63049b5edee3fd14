package capture

import (
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// evaluated returns the instruction before which a load happens. In
//
//	return n, g.Wait()
//
// the language leaves open whether n is read before or after the call. SSA form reads it before, compilers after,
// and those who write it count on that: nobody is told of it.
func evaluated(load *ssa.UnOp) ssa.Instruction {
	ret, ok := returned(load, 0)
	if !ok {
		return load
	}
	at, past := ssa.Instruction(load), false
	for i, instr := range load.Block().Instrs {
		if instr == load {
			past = true
			continue
		}
		if !past || !waits(instr) {
			continue
		}
		if !instr.Pos().IsValid() || instr.Pos() < ret {
			return at // of a statement before
		}
		at = load.Block().Instrs[i+1]
	}
	return at
}

// returned returns the position of the return statement in which a value is used, and nowhere else.
func returned(v ssa.Value, depth int) (ret token.Pos, ok bool) {
	refs := *v.Referrers()
	if len(refs) != 1 || depth > 4 {
		return token.NoPos, false
	}
	last := refs[0].Block().Instrs[len(refs[0].Block().Instrs)-1]
	switch x := refs[0].(type) {
	case *ssa.Return:
		return x.Pos(), x.Pos().IsValid()
	case *ssa.Store: // to a named result
		r, isReturn := last.(*ssa.Return)
		return x.Pos(), isReturn && x.Val == v && x.Pos().IsValid() && r.Pos() == x.Pos()
	case *ssa.BinOp, *ssa.Convert, *ssa.ChangeType, *ssa.MakeInterface:
		return returned(x.(ssa.Value), depth+1)
	case *ssa.Call:
		if _, builtin := x.Call.Value.(*ssa.Builtin); builtin {
			return returned(x, depth+1)
		}
	}
	return token.NoPos, false
}

// waits reports whether an instruction may wait for another goroutine.
func waits(instr ssa.Instruction) bool {
	switch x := instr.(type) {
	case *ssa.Call:
		_, builtin := x.Call.Value.(*ssa.Builtin)
		return !builtin
	case *ssa.UnOp:
		return x.Op == token.ARROW
	}
	return false
}
