package access

import (
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
)

// unseen reports whether v points to, or into, an object made by this call that nobody
// else has seen at an instruction.
func (c *collector) unseen(v, at V) bool { return unseen(c.Func, v, at) }

func unseen(f *resolve.Func, v, at V) bool {
	for range 16 {
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
			for _, e := range in.Args {
				if !f.Made(e) || f.PublishedBefore(e, at) {
					return false
				}
			}
			return true
		}
		break
	}
	return f.Made(v) && !f.PublishedBefore(v, at) || f.Fresh(f.Path(nil, v), at)
}

// cellUnseen reports whether a variable in memory holds nothing but objects that nobody else has seen.
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
		if !f.Made(v) || f.PublishedBefore(v, at) {
			return false
		}
		some = true
	}
	return some
}

// ownObject reports whether v points into an object that this function made, or that a variable of it, or of
// the function around it, contains.
func (c *collector) ownObject(v V) bool { return ownObject(c.Func, v) }

func ownObject(f *resolve.Func, v V) bool {
	for range 16 {
		in := f.At(v)
		switch in.Op {
		case effects.Field, effects.Elem:
			v = in.Args[0]
			continue
		case effects.Load:
			if val := onlyValue(f, in.Args[0]); val != 0 {
				v = val
				continue
			}
		case effects.Free:
			return variableOf(f.Func, v).Fn != nil
		}
		break
	}
	return f.Made(v)
}

// onlyValue returns the only value that a variable of this function gets; 0 if there is none.
func onlyValue(f *resolve.Func, addr V) V {
	if l := variableOf(f.Func, addr); l.Fn == f.Func {
		return f.Cell(l.At).Single()
	}
	return 0
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
