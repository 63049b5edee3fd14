package flow

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// Endless reports whether control never gets from a block to its i-th successor, since that is the way of a
// receive which finds the channel closed, and nobody closes it: a range over a ticker has no end.
func Endless(b *ssa.BasicBlock, i int) bool {
	br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok || i != 1 {
		return false
	}
	open, ok := br.Cond.(*ssa.Extract)
	if !ok || open.Index != 1 {
		return false
	}
	recv, ok := open.Tuple.(*ssa.UnOp)
	return ok && recv.Op == token.ARROW && neverClosed(recv.X)
}

// neverClosed reports whether a channel is that of a timer, which package time does not close and others cannot, or
// one that is made here and of which all uses are seen.
func neverClosed(ch ssa.Value) bool {
	for range 4 {
		switch x := ch.(type) {
		case *ssa.ChangeType:
			ch = x.X
		case *ssa.Call:
			fn := x.Call.StaticCallee()
			if fn == nil {
				return false
			}
			o, ok := fn.Object().(*types.Func)
			return ok && o.Signature().Recv() == nil && o.Pkg() != nil && o.Pkg().Path() == "time"
		case *ssa.MakeChan:
			return unclosed(x, 0)
		case *ssa.UnOp:
			switch from := x.X.(type) {
			case *ssa.FieldAddr:
				return ofTimer(from)
			case *ssa.Alloc:
				if ch = scanCell(from).single(); ch == nil {
					return false
				}
			case *ssa.FreeVar:
				cell, ok := binding(from.Parent(), freeIndex(from.Parent(), from)).(*ssa.Alloc)
				if !ok {
					return false
				}
				if ch = scanCell(cell).single(); ch == nil {
					return false
				}
			default:
				return false
			}
		default:
			return false
		}
	}
	return false
}

// ofTimer reports whether a field is the channel of a time.Ticker or time.Timer: one from which others can only receive.
func ofTimer(fa *ssa.FieldAddr) bool {
	p, ok := fa.X.Type().Underlying().(*types.Pointer)
	if !ok {
		return false
	}
	n, ok := types.Unalias(p.Elem()).(*types.Named)
	return ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "time"
}

// unclosed reports whether a channel, or a variable that holds it, is only sent to, received from and measured, here
// and in the literals that capture it.
func unclosed(v ssa.Value, depth int) bool {
	if v.Referrers() == nil || depth > 8 {
		return false
	}
	for _, ref := range *v.Referrers() {
		switch x := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.Select:
			if slices.ContainsFunc(x.States, func(st *ssa.SelectState) bool { return st.Send == v }) {
				return false
			}
		case *ssa.Send:
			if x.X == v {
				return false
			}
		case *ssa.UnOp:
			if x.Op == token.MUL && !unclosed(x, depth+1) {
				return false
			}
		case *ssa.ChangeType:
			if !unclosed(x, depth+1) {
				return false
			}
		case *ssa.Store:
			if x.Val != v {
				continue
			}
			if cell, ok := x.Addr.(*ssa.Alloc); !ok || !unclosed(cell, depth+1) {
				return false
			}
		case *ssa.MakeClosure:
			lit := x.Fn.(*ssa.Function)
			for i, b := range x.Bindings {
				if b == v && !unclosed(lit.FreeVars[i], depth+1) {
					return false
				}
			}
		case *ssa.Call:
			b, ok := x.Call.Value.(*ssa.Builtin)
			if !ok || b.Name() != "len" && b.Name() != "cap" {
				return false
			}
		default:
			return false
		}
	}
	return true
}
