package resolve

import (
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// Endless reports whether control never gets from a block to its second successor, since that is the way of a
// receive which finds the channel closed, and nobody closes it: a range over a ticker has no end.
func Endless(fn *effects.Func, b int32) bool {
	br := fn.At(fn.Blocks[b].Last)
	if br.Op != effects.If {
		return false
	}
	open := fn.At(br.Args[0])
	if open.Op != effects.Extract || open.Index != 1 {
		return false
	}
	recv := fn.At(open.Args[0])
	return recv.Op == effects.Recv && neverClosed(fn, recv.Args[0])
}

// neverClosed reports whether a channel is that of a timer, which package time does not close and others cannot, or
// one that is made here and of which all uses are seen.
func neverClosed(fn *effects.Func, ch V) bool {
	for range 4 {
		in := fn.At(ch)
		switch in.Op {
		case effects.Convert:
			ch = in.Args[0]
		case effects.Call, effects.Known:
			return in.Flags&effects.Dynamic == 0 && strings.HasPrefix(in.Sym, "time.")
		case effects.MakeChan:
			return unclosed(fn, ch, 0)
		case effects.Load:
			switch from := fn.At(in.Args[0]); from.Op {
			case effects.Field:
				t := fn.At(from.Args[0]).Type.To()
				return t != nil && t.Pkg == "time" // one from which others can only receive
			case effects.Alloc:
				if ch = cellOf(fn, in.Args[0]).Single(); ch == 0 {
					return false
				}
			case effects.Free:
				cell := Binding(fn, in.Args[0])
				if cell == 0 || fn.Parent.Op(cell) != effects.Alloc {
					return false
				}
				fn = fn.Parent
				if ch = cellOf(fn, cell).Single(); ch == 0 {
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

// unclosed reports whether a channel, or a variable that holds it, is only sent to, received from and measured, here
// and in the literals that capture it.
func unclosed(fn *effects.Func, v V, depth int) bool {
	if depth > 8 {
		return false
	}
	for _, u := range fn.Uses(v) {
		in := fn.At(u)
		switch in.Op {
		case effects.Recv:
		case effects.Select:
			for i := 1; i < len(in.Args); i += 2 {
				if in.Args[i] == v {
					return false
				}
			}
		case effects.Send:
			if in.Args[1] == v {
				return false
			}
		case effects.Load, effects.Convert:
			if !unclosed(fn, u, depth+1) {
				return false
			}
		case effects.Store:
			if in.Args[1] == v && (fn.Op(in.Args[0]) != effects.Alloc || !unclosed(fn, in.Args[0], depth+1)) {
				return false
			}
		case effects.Closure:
			for i, b := range in.Args {
				if b == v && (in.Fn == nil || i >= len(in.Fn.Free) || !unclosed(in.Fn, in.Fn.Free[i], depth+1)) {
					return false
				}
			}
		case effects.Builtin:
			if in.Sym != "len" && in.Sym != "cap" {
				return false
			}
		default:
			return false
		}
	}
	return true
}
