package resolve

import (
	"strconv"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
)

// A path is what is remembered of a value.
type path struct {
	ident.Path
	done   bool
	varies bool // it depends on what a join has picked
}

// Path returns the access path of value v: for a pointer, of the location it points to; for a value loaded from
// memory, of that memory, dereferenced. What is known on a path may be nil.
func (f *Func) Path(known Known, v V) ident.Path {
	p, _ := f.at(known, v, 0)
	return p
}

// maxDepth bounds the operands that are followed back.
const maxDepth = 40

// at returns the path of v, and whether it depends on what a join has picked.
func (f *Func) at(known Known, v V, depth int) (p ident.Path, varies bool) {
	if c := &f.paths[v]; c.done && (!c.varies || known == nil) {
		return c.Path, c.varies
	}
	if depth > maxDepth {
		return Opaque(v, ""), false
	}
	p, varies = f.find(known, v, depth+1)
	if depth <= maxDepth/4 && (!varies || known == nil) {
		f.paths[v] = path{p, true, varies}
	}
	return p, varies
}

func (f *Func) find(known Known, v V, depth int) (ident.Path, bool) {
	in := f.At(v)
	switch in.Op {
	case effects.Param:
		return ident.ParamPath(f.ParamIndex(v)), false
	case effects.Free:
		return ident.Root(ident.Free, strconv.Itoa(f.FreeIndex(v)), in.Class), false
	case effects.Global:
		return ident.Root(ident.Global, in.Class, in.Class), false
	case effects.Alloc:
		return ident.Root(ident.Alloc, ref(v), in.Class), false
	case effects.Field:
		return f.fieldPath(known, v, in, depth)
	case effects.FieldOf:
		if val := f.parts(in.Args[0])["."+in.Sym]; val != 0 {
			return f.at(known, val, depth)
		}
	case effects.Elem:
		base, varies := f.at(known, in.Args[0], depth)
		if base.Len() >= ident.MaxSteps {
			return Opaque(v, base.Class), varies
		}
		i, iv := f.index(known, in.Args[1])
		return base.Elem(i), varies || iv
	case effects.Load:
		return f.loadPath(known, v, in.Args[0], depth)
	case effects.Phi:
		if known != nil {
			if p, ok := known.Binding(v); ok {
				return p, true
			}
		}
		return Opaque(v, ""), true
	case effects.Convert:
		if in.Flags&effects.Through == 0 {
			return f.at(known, in.Args[0], depth)
		}
	case effects.Slice, effects.Box:
		return f.at(known, in.Args[0], depth)
	case effects.Assert:
		if in.Flags&effects.CommaOK == 0 {
			return f.at(known, in.Args[0], depth)
		}
	case effects.Extract:
		if in.Index != 0 {
			break
		}
		switch t := f.At(in.Args[0]); t.Op {
		case effects.Assert:
			return f.at(known, t.Args[0], depth)
		case effects.Lookup:
			return f.lookupPath(known, in.Args[0], t, depth)
		}
	case effects.RLocker:
		p, varies := f.at(known, in.Args[0], depth)
		p.Read = true
		return p, varies
	case effects.Lookup:
		return f.lookupPath(known, v, in, depth)
	}
	return Opaque(v, ""), false
}

func (f *Func) fieldPath(known Known, v V, in *effects.Instr, depth int) (ident.Path, bool) {
	base, varies := f.at(known, in.Args[0], depth)
	class := in.Class
	if class == "" && base.Class != "" {
		class = base.Class + "." + in.Sym
	}
	if t := f.At(in.Args[0]).Type.To(); t != nil && t.Sync == effects.LockType {
		// Only callers know which lock of the type this is, unless it is no parameter.
		if base.Class != "" || base.Kind == ident.Param || base.Kind == ident.Free {
			class = base.Class
		}
	}
	if base.Len() >= ident.MaxSteps {
		return Opaque(v, class), varies
	}
	return base.Field(in.Sym, class), varies
}

// loadPath returns the path of a loaded value. A location that this function, or one it calls, stores to gives a new root
// at every load.
func (f *Func) loadPath(known Known, v, addr V, depth int) (ident.Path, bool) {
	x := f.At(addr)
	switch x.Op {
	case effects.Alloc:
		c := f.cells[addr]
		if val := c.Single(); val != 0 {
			return f.at(known, val, depth)
		}
		if f.Refers(v) || c == nil || c.Escapes {
			return Opaque(v, ""), false
		}
		return ident.Root(ident.Alloc, ref(addr), x.Class).Deref(), false
	case effects.Free:
		if i := f.FreeIndex(addr); !storesFree(f.Func, i, 0) {
			return ident.Root(ident.Free, strconv.Itoa(i), "").Deref(), false
		}
		return Opaque(v, ""), false
	case effects.Field:
		obj, varies := f.at(known, x.Args[0], depth)
		if p, ok := f.back(obj, x); ok {
			return p, varies
		}
		if f.isCondL(x) {
			if p, varies, ok := f.condLocker(known, x.Args[0], depth); ok {
				return p, varies
			}
		}
	}
	base, varies := f.at(known, addr, depth)
	if base.Class != "" {
		if f.unstable[base.Class] {
			if p, v2 := f.rewire(known, base.Deref()); p != base.Deref() {
				return p, varies || v2 // stored to while the object was built, and never again
			}
			return Opaque(v, base.Class), varies
		}
		if p, ok := f.siblingPath(base); ok {
			return p, varies
		}
	}
	if base.Len() >= ident.MaxSteps || f.Graph().Loop[f.At(v).Block] && f.throughPhi(addr) {
		return Opaque(v, base.Class), varies
	}
	p, v2 := f.rewire(known, base.Deref())
	return p, varies || v2
}

// lookupPath returns the path of what a map element points to. In a function that stores to maps two look-ups of one
// key may differ.
func (f *Func) lookupPath(known Known, v V, in *effects.Instr, depth int) (ident.Path, bool) {
	base, varies := f.at(known, in.Args[0], depth)
	if base.Len() >= ident.MaxSteps || base.Kind == ident.Unknown {
		return Opaque(v, base.Class), varies
	}
	if f.mapStores {
		return base.Elem("*").Deref(), varies
	}
	i, iv := f.index(known, in.Args[1])
	return base.Elem(i).Deref(), varies || iv
}

// throughPhi reports whether an address is reached from a pointer that a loop carries around, as in n = n.next.
func (f *Func) throughPhi(v V) bool {
	for range 16 {
		switch in := f.At(v); in.Op {
		case effects.Phi:
			return true
		case effects.Field, effects.Elem, effects.Load:
			v = in.Args[0]
		default:
			return false
		}
	}
	return true
}

// isCondL reports whether an instruction is the address of field L of a sync.Cond.
func (f *Func) isCondL(in *effects.Instr) bool {
	t := f.At(in.Args[0]).Type.To()
	return t != nil && t.Sync == effects.Cond && in.Sym == "L"
}

// CondLocker returns the path of the lock that a Cond uses.
func (f *Func) CondLocker(known Known, cond V) (ident.Path, bool) {
	p, _, ok := f.condLocker(known, cond, 0)
	if !ok {
		p, ok = f.siblingPath(f.Path(known, cond))
	}
	return p, ok
}

func (f *Func) condLocker(known Known, cond V, depth int) (p ident.Path, varies, ok bool) {
	for range 4 {
		switch c := f.At(cond); c.Op {
		case effects.NewCond:
			p, varies = f.at(known, c.Args[0], depth)
			return p, varies, true
		case effects.Load:
			if val := f.cells[c.Args[0]].Single(); val != 0 {
				cond = val
				continue
			}
			if f.Op(c.Args[0]) == effects.Free {
				p, ok = f.freeCondLocker(c.Args[0])
				return p, false, ok
			}
			base, varies := f.at(known, c.Args[0], depth)
			p, ok = f.siblingPath(base)
			return p, varies, ok
		case effects.Field:
			base, varies := f.at(known, cond, depth)
			p, ok = f.siblingPath(base)
			return p, varies, ok
		default:
			return p, false, false
		}
	}
	return p, false, false
}

// freeCondLocker resolves a captured variable c := sync.NewCond(&mu) when mu is captured as well, or gives at least its
// class.
func (f *Func) freeCondLocker(v V) (ident.Path, bool) {
	outer := f.Parent
	a := binding(f.Func, f.FreeIndex(v))
	if a == 0 || outer.Op(a) != effects.Alloc {
		return ident.Path{}, false
	}
	c := cellOf(outer, a).Single()
	if c == 0 || outer.Op(c) != effects.NewCond {
		return ident.Path{}, false
	}
	arg := outer.At(c).Args[0]
	if outer.Op(arg) == effects.Box {
		arg = outer.At(arg).Args[0]
	}
	for i, v := range f.Func.Free {
		if binding(f.Func, i) == arg {
			return f.Path(nil, v), true
		}
	}
	if outer.Op(arg) == effects.Alloc {
		return ident.Path{Class: outer.At(arg).Class}, true
	}
	return ident.Path{}, false
}

func (f *Func) siblingPath(base ident.Path) (ident.Path, bool) {
	s, ok := f.Facts.Sibling(base.Class)
	if !ok {
		return ident.Path{}, false
	}
	owner, ok := base.Owner()
	if !ok {
		return ident.Path{}, false
	}
	p := owner.Field(s.Name, s.Class)
	p.Read = s.Read
	return p, true
}

// index returns the index of an element as paths have it.
func (f *Func) index(known Known, v V) (string, bool) {
	in := f.At(v)
	switch in.Op {
	case effects.Const:
		if in.Sym != "nil" {
			return ident.ConstantIndex(in.Sym), false
		}
	case effects.Phi:
		if known != nil {
			if c, ok := known.Constant(v); ok {
				return ident.ConstantIndex(c), true
			}
		}
		return ident.ValueIndex(ref(v)), true
	case effects.Opaque, effects.Convert:
		if len(in.Args) == 1 && in.Sym == "convert" {
			return f.index(known, in.Args[0])
		}
	}
	return ident.ValueIndex(ref(v)), false
}

func ref(v V) string { return strconv.Itoa(int(v)) }

// Opaque returns the path of which nothing is known but that it starts at the value of an instruction.
func Opaque(v V, class string) ident.Path { return ident.Root(ident.Value, ref(v), class) }
