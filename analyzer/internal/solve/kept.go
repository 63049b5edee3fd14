package solve

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
)

// A field that is set to one thing wherever it is set tells what it leads to. If that thing has the owner of the field, the way
// there and back is the owner again:
//
//	j.run = j.work                        calling j.run() calls j.work()
//	p.child = &child{parent: p}           p.child.parent is p
//
// Only fields that no other package can set are believed, so that a package knows as much as a whole program.

// keeps finds what fields are set to in all stores.
type keeps struct {
	by    map[string]*resolve.Kept // by class; nil if two stores differ
	whole map[string]bool          // names of the struct types that are stored to as a whole
	parts map[string]bool          // classes of the fields of new objects that hold functions which have the owner of these
}

// store notes a store to field addr.
func (ks *keeps) store(fn *effects.Func, addr *effects.Instr, val effects.V) {
	class := addr.Class
	if class == "" || exportedField(addr.Sym) {
		return
	}
	if in := fn.At(val); in.Op == effects.Const && in.Sym == "nil" {
		return // what is called, or followed, is not nil
	}
	k := keptBy(fn, single(fn, addr.Args[0]), val)
	if old, met := ks.by[class]; met && !old.Same(k) {
		k = nil
	}
	ks.by[class] = k
	if k != nil {
		for _, p := range k.Parts {
			ks.parts[p.Class] = ks.parts[p.Class] || p.Func != nil
		}
	}
}

// copied notes that a struct is stored as a whole: with it come the fields of another object.
func (ks *keeps) copied(t *effects.Type) {
	if t != nil && t.Kind == effects.Struct && t.Name != "" {
		ks.whole[t.Name] = true
	}
}

// Kept returns what the field of a class is set to everywhere, nil if that is not one thing.
func (ks *keeps) Kept(class string) *resolve.Kept {
	if k := ks.by[class]; k != nil && !ks.whole[class[:strings.LastIndexByte(class, '.')]] {
		return k
	}
	return nil
}

func exportedField(name string) bool {
	r, _ := utf8.DecodeRuneInString(name)
	return unicode.IsUpper(r)
}

// keptBy tells of a value what it has of the object that a field of it is set to the value.
func keptBy(fn *effects.Func, owner, val effects.V) *resolve.Kept {
	val = single(fn, val)
	switch in := fn.At(val); in.Op {
	case effects.FuncOf, effects.Closure:
		return function(fn, in, owner)
	case effects.Alloc:
		return parts(fn, val, owner)
	}
	return nil
}

// function tells of a function what it captures of an owner.
func function(fn *effects.Func, in *effects.Instr, owner effects.V) *resolve.Kept {
	k := &resolve.Kept{Fn: in.Fn, Free: make([]resolve.Has, len(in.Args))}
	for i, arg := range in.Args {
		switch {
		case single(fn, arg) == owner:
			k.Free[i] = resolve.HasOwner
		case fn.Op(arg) == effects.Alloc && onlyValue(fn, arg) == owner:
			k.Free[i] = resolve.HasVariable
		}
	}
	return k
}

// parts tells of a new object which of its fields lead back to an owner, or are functions that have it. A field must be set once,
// and to be set anywhere else must be out of the question, see Mutable.
func parts(fn *effects.Func, obj, owner effects.V) *resolve.Kept {
	k := &resolve.Kept{}
	for _, u := range fn.Uses(obj) {
		fa := fn.At(u)
		if fa.Op != effects.Field || exportedField(fa.Sym) {
			continue
		}
		var set []effects.V
		for _, s := range fn.Uses(u) {
			if st := fn.At(s); st.Op == effects.Store && st.Args[0] == u {
				set = append(set, single(fn, st.Args[1]))
			}
		}
		if len(set) != 1 {
			continue
		}
		p := resolve.KeptPart{Field: fa.Sym, Class: fa.Class}
		switch in := fn.At(set[0]); {
		case set[0] == owner:
		case in.Op == effects.Closure && in.Fn != nil:
			p.Func = function(fn, in, owner)
		default:
			continue
		}
		k.Parts = append(k.Parts, p)
	}
	return k
}

// single follows conversions, and variables that have one value ever, back to the value.
func single(fn *effects.Func, v effects.V) effects.V {
	for range 8 {
		switch in := fn.At(v); in.Op {
		case effects.Convert, effects.Box:
			v = in.Args[0]
		case effects.Load:
			val := onlyValue(fn, in.Args[0])
			if val == 0 {
				return v
			}
			v = val
		default:
			return v
		}
	}
	return v
}

// onlyValue returns the only value that a local variable in memory ever has, 0 if there are several.
func onlyValue(fn *effects.Func, v effects.V) effects.V {
	if fn.Op(v) != effects.Alloc {
		return 0
	}
	return resolve.CellOf(fn, v).Single()
}

// through calls f for the functions that a function may call or hand on through the fields it loads.
func (ks *keeps) through(fn *effects.Func, f func(*effects.Func)) {
	for v := fn.First; int(v) < len(fn.Code); v++ {
		in := fn.At(v)
		if in.Op != effects.Load || fn.Op(in.Args[0]) != effects.Field {
			continue
		}
		k := ks.Kept(fn.At(in.Args[0]).Class)
		if k == nil {
			continue
		}
		if k.Fn != nil {
			f(k.Fn)
		}
		for _, p := range k.Parts {
			if p.Func != nil && p.Func.Fn != nil {
				f(p.Func.Fn)
			}
		}
	}
}

// handles reports whether a function calls what an object that it is given has in a field, where that is known of some object.
func (ks *keeps) handles(fn *effects.Func) bool {
	for v := fn.First; int(v) < len(fn.Code); v++ {
		in := fn.At(v)
		if in.Op != effects.Call || in.Flags&effects.Dynamic == 0 {
			continue
		}
		if ld := fn.At(in.Args[0]); ld.Op == effects.Load && fn.Op(ld.Args[0]) == effects.Field {
			if fa := fn.At(ld.Args[0]); ks.parts[fa.Class] && fn.Op(fa.Args[0]) == effects.Param {
				return true
			}
		}
	}
	return false
}
