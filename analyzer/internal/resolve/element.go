package resolve

import "github.com/lockcheck/lockcheck/analyzer/internal/effects"

// place tells of a target how it leads back to the object in whose container it, or its receiver, was found; it reports whether it
// does. V is what is called, or the receiver.
func (f *Func) place(t *Target, v V) bool {
	if f.Facts.Element == nil {
		return false
	}
	field := f.container(v)
	if field == nil {
		return false
	}
	k := f.Facts.Element(field.Class, t.Fn)
	if k == nil {
		return false
	}
	if k.Fn != nil {
		has := k.target(field.Args[0])
		t.Free, t.Held = has.Free, has.Held
	}
	t.Owner, t.Parts = field.Args[0], k.Parts
	return true
}

// maxContainers bounds containers in containers.
const maxContainers = 6

// container returns the field with the slice or map of which v is an element, or one of those that are in it; nil if there is none.
func (f *Func) container(v V) *effects.Instr {
	elem := false
	for range maxContainers {
		switch in := f.At(v); in.Op {
		case effects.Load:
			switch at := f.At(in.Args[0]); at.Op {
			case effects.Elem:
				v, elem = at.Args[0], true
			case effects.Field:
				if !elem || at.Class == "" {
					return nil
				}
				return at
			case effects.Alloc:
				if v = f.cells[in.Args[0]].Single(); v == 0 {
					return nil
				}
			default:
				return nil
			}
		case effects.Lookup:
			v, elem = in.Args[0], true
		case effects.Extract:
			switch of := f.At(in.Args[0]); {
			case of.Op == effects.Lookup && in.Index == 0:
				v, elem = of.Args[0], true
			case of.Op == effects.Next && in.Index == 2:
				v, elem = f.At(of.Args[0]).Args[0], true
			default:
				return nil
			}
		case effects.Slice, effects.Convert:
			v = in.Args[0]
		default:
			return nil
		}
	}
	return nil
}

// leadsBack reports whether a field of the receiver leads to the owner.
func (t *Target) leadsBack(name string) bool {
	for _, p := range t.Parts {
		if p.Field == name {
			return true
		}
	}
	return false
}
