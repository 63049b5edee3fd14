package resolve

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
)

// A Kept is what a field is set to wherever it is set: a function, or a new object.
type Kept struct {
	Fn    *effects.Func // the function
	Free  []Has         // what it captures
	Parts []KeptPart    // what the object has of the owner
}

// A KeptPart is a field of a new object which leads back to the owner of the field that the object is in, or a function that
// has the owner.
type KeptPart struct {
	Field, Class string
	Func         *Kept // nil if the field is the owner
}

// A Has tells what something has of the owner of a field.
type Has uint8

const (
	HasNothing  Has = iota
	HasOwner        // the pointer to it
	HasVariable     // a variable that holds the pointer
)

// Same reports whether two stores set a field to the same thing.
func (k *Kept) Same(o *Kept) bool {
	if k == nil || o == nil {
		return k == o
	}
	return k.Fn == o.Fn && slices.Equal(k.Free, o.Free) && slices.EqualFunc(k.Parts, o.Parts, func(p, q KeptPart) bool {
		return p.Field == q.Field && p.Class == q.Class && p.Func.Same(q.Func)
	})
}

// kept returns what is known of the field that a class names.
func (f *Func) kept(class string) *Kept {
	if f.Facts.Kept == nil || class == "" {
		return nil
	}
	return f.Facts.Kept(class)
}

// part returns the part that a field of the object is which the field of a class keeps.
func (f *Func) part(class, field string) *KeptPart {
	k := f.kept(class)
	if k == nil {
		return nil
	}
	for i := range k.Parts {
		if p := &k.Parts[i]; p.Field == field && !f.Facts.Mutable(f.Func, p.Class) {
			return p
		}
	}
	return nil
}

// target returns the function that k is, where the owner is at hand.
func (k *Kept) target(owner V) Target {
	t := Target{Fn: k.Fn, Free: make([]V, len(k.Free)), Held: make([]V, len(k.Free)), Conf: 100}
	for i, has := range k.Free {
		switch has {
		case HasOwner:
			t.Free[i] = owner
		case HasVariable:
			t.Held[i] = owner
		}
	}
	return t
}

// keptFunction resolves a call of the function that a field holds.
func (f *Func) keptFunction(field *effects.Instr) (Target, bool) {
	k := f.kept(field.Class)
	if k == nil || k.Fn == nil || !slices.Contains(k.Free, HasOwner) && !slices.Contains(k.Free, HasVariable) {
		return f.FieldFunction(field.Args[0], field.Sym)
	}
	return k.target(field.Args[0]), true
}

// FieldFunction resolves a function that a callee finds in a field of the object v which it is given.
func (f *Func) FieldFunction(v V, field string) (Target, bool) {
	if set := f.wired(v, "."+field); set != 0 {
		return f.Function(set)
	}
	in := f.At(v)
	if in.Op != effects.Load || f.Op(in.Args[0]) != effects.Field {
		return Target{}, false
	}
	at := f.At(in.Args[0])
	if p := f.part(at.Class, field); p != nil && p.Func != nil {
		return p.Func.target(at.Args[0]), true
	}
	return Target{}, false
}

// back shortens the path of a field's content if the field leads back to the owner of the one before.
func (f *Func) back(obj ident.Path, field *effects.Instr) (ident.Path, bool) {
	part := f.part(obj.Class, field.Sym)
	if part == nil || part.Func != nil {
		return ident.Path{}, false
	}
	at, ok := obj.Undo()
	if !ok {
		return ident.Path{}, false
	}
	return at.Owner()
}

// Follow returns the path that q is from p: where p leads through a field into an object that leads back, the way there and
// back is left out.
func (f *Func) Follow(p, q ident.Path) ident.Path {
	if name, rest, ok := q.FirstField(); ok {
		if part := f.part(p.Class, name); part != nil && part.Func == nil {
			if field, ok := p.Undo(); ok {
				if owner, ok := field.Owner(); ok {
					return owner.Extend(rest)
				}
			}
		}
	}
	return p.Extend(q)
}
