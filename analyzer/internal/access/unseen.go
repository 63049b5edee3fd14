package access

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
)

// Unseen reports whether v points to, or into, an object that nobody else has at an instruction: one made by this call that only
// goroutines have got which have ended, or one that a pool has given or will get back.
func Unseen(f *resolve.Func, v, at V) bool {
	for range 16 {
		if pooled(f, v, at) {
			return true
		}
		switch in := f.At(v); in.Op {
		case effects.Field:
			v = in.Args[0]
			continue
		case effects.Convert:
			if in.Flags&effects.Through != 0 {
				v = in.Args[0]
				continue
			}
		case effects.Load: // a variable in memory
			if f.Op(in.Args[0]) == effects.Alloc {
				if val := f.Cell(in.Args[0]).Single(); val != 0 {
					v = val
					continue
				}
				return cellUnseen(f, in.Args[0], at)
			}
		case effects.Phi:
			return !slices.ContainsFunc(resolve.Possible(f.Func, v, at), func(e V) bool { return !owned(f, e, at) })
		}
		break
	}
	return owned(f, v, at) || fromPool(f, v) && !f.PublishedBefore(v, at) || f.Fresh(f.Path(nil, v), at)
}

// owned reports whether v is an object made here that nobody else has.
func owned(f *resolve.Func, v, at V) bool { return f.Made(v) && !f.PublishedBefore(v, at) }

// cellUnseen reports whether a variable in memory holds nothing but objects that nobody else has.
func cellUnseen(f *resolve.Func, a, at V) bool {
	cell := f.Cell(a)
	if cell == nil || cell.Escapes {
		return false
	}
	some := false
	for _, v := range cell.Stores {
		if in := f.At(v); f.IsNil(v) || in.Op == effects.Load && in.Args[0] == a {
			continue // or the same again, by a return of the named result
		}
		if !owned(f, v, at) {
			return false
		}
		some = true
	}
	return some
}

// Own reports whether v points into an object that this function made, or that a variable of it, or of the function around it,
// contains.
func Own(f *resolve.Func, v V) bool {
	for range 16 {
		in := f.At(v)
		switch in.Op {
		case effects.Field, effects.Elem:
			v = in.Args[0]
			continue
		case effects.Load:
			if l := variableOf(f.Func, in.Args[0]); l.Fn == f.Func {
				if val := f.Cell(l.At).Single(); val != 0 {
					v = val
					continue
				}
			}
		case effects.Free:
			return variableOf(f.Func, v).Fn != nil
		}
		break
	}
	return f.Made(v)
}

// variableOf returns the variable that an address in its function, or in a literal, is of.
func variableOf(fn *effects.Func, v V) Local {
	for range 8 {
		switch fn.Op(v) {
		case effects.Alloc:
			if fn.At(v).Class == "" {
				return Local{}
			}
			return Local{fn, v}
		case effects.Free:
			b := resolve.Binding(fn, v)
			if b == 0 {
				return Local{}
			}
			fn, v = fn.Parent, b
		default:
			return Local{}
		}
	}
	return Local{}
}
