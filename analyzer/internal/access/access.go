package access

import (
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/threads"
)

// V is the number of an instruction and of its value.
type V = effects.V

// An Op is what an access does.
type Op uint8

const (
	Read Op = iota
	Write
	Atomic // through a function of sync/atomic
)

// An Access is a use of a field of a struct that has a lock, or of a package variable.
type Access struct {
	threads.Spot
	Pos    effects.Pos
	Class  string // "pkg.Type.field" or "pkg.var"; with "[]" the content of the map or slice there
	Op     Op
	Fresh  bool // of an object that nobody else has seen yet
	Param  int  // the object is what this parameter points to, or -1
	Global bool // of a package variable
	Free   int  // the object is what this captured variable holds, or -1

	Within string // class of the field that contains the struct of which the place is a field; "" if there is none, or it is not known
	Local  Local  // the variable of a function that the place is, or is a field of
	Made   bool   // the object was made by this function, or is a variable of the one around it
	Got    bool   // the object is what a call of another package has returned
	Apart  bool   // it is found behind an object that this function has made: a lock of another object is not its own
}

// A Local is a variable of a function.
type Local struct {
	Fn *effects.Func // that declares it; nil if there is none
	At V
}

// A Scope tells which accesses are wanted: those to package variables and to the fields of structs that have a
// lock or are in the set (see [Owned]); or, if Atomic is not nil, those to its places only. Leak, if it is not nil, is
// told where the address of a place goes to something that is not followed, and Escape what leaves the function.
type Scope struct {
	Structs map[*effects.Type]bool
	Atomic  *AtomicPlaces
	Leak    func(Access)
	Escape  func(Escape)
}

// Of calls emit for the accesses of a function that are in the scope.
func Of(f *threads.View, scope Scope, emit func(Access)) {
	c := &collector{View: f, Scope: scope, emit: emit, seen: map[accessID]bool{}}
	for i := range f.Code {
		v := V(i)
		switch in := f.At(v); in.Op {
		case effects.Field:
			if p := c.field(v, in); p.class != "" {
				c.address(v, p)
			}
		case effects.Global:
			if c.Atomic != nil || guardable(in.Type.To()) {
				c.address(v, place{class: in.Class, param: -1, free: -1})
			}
		case effects.Alloc, effects.Free:
			c.variable(v)
		}
	}
}

// A place is where the accesses of one address go to.
type place struct {
	class       string
	pos         effects.Pos
	owner       V // pointer to the object with the lock; 0 for package variables
	param, free int
	local       Local
}

type accessID struct {
	at    V
	class string
	op    Op
}

type collector struct {
	*threads.View
	Scope
	emit func(Access)
	seen map[accessID]bool
}

// field returns the place of a field.
func (c *collector) field(v V, in *effects.Instr) place {
	if c.Atomic != nil {
		return c.anyField(v, in)
	}
	st := c.At(in.Args[0]).Type.To()
	if !guardable(in.Type.To()) || st == nil || st.Kind != effects.Struct || !c.Structs[st] && !hasLock(st) {
		return place{}
	}
	if o := c.Path(nil, in.Args[0]); (o.Kind == ident.Free || o.Kind == ident.Alloc) && !o.FollowsPointer() && !o.Indexed() && !hasLock(st) {
		return place{} // a variable of the function around, such as a parameter that is a copy
	}
	return c.fieldPlace(v, in)
}

func (c *collector) fieldPlace(v V, in *effects.Instr) place {
	class := in.Class
	if class == "" {
		class = c.Path(nil, v).Class // a struct without a name, in a variable or a field
	}
	if class == "" {
		return place{}
	}
	p := place{class: class, pos: in.Pos, owner: in.Args[0], param: -1, free: -1}
	c.root(&p)
	return p
}

// root tells which parameter or captured variable the owner is.
func (c *collector) root(p *place) {
	o := c.Path(nil, p.owner)
	switch {
	case o.Kind == ident.Param && !o.FollowsPointer() && !o.Indexed():
		p.param = o.Index()
	case o.Kind == ident.Free:
		if in, _ := o.Content(); in.Len() == 0 {
			p.free = o.Index()
		}
	}
}

// Decides reports whether what an instruction reads is tested by a branch.
func Decides(fn *effects.Func, v V) bool { return decides(fn, v, 0) }

func decides(fn *effects.Func, v V, depth int) bool {
	if depth > 5 {
		return false
	}
	for _, u := range fn.Uses(v) {
		switch fn.Op(u) {
		case effects.If:
			return true
		case effects.Compare, effects.Not, effects.Opaque, effects.Extract, effects.Load, effects.Lookup, effects.Phi, effects.Next, effects.Builtin:
			if decides(fn, u, depth+1) {
				return true
			}
		}
	}
	return false
}

// address follows the uses of an address.
func (c *collector) address(v V, p place) {
	last := V(0)
	for _, u := range c.Uses(v) {
		if u != last {
			c.use(u, v, p)
		}
		last = u
	}
}

// use notes what an instruction does with an address.
func (c *collector) use(u, addr V, p place) {
	in := c.At(u)
	switch {
	case in.Op == effects.Load:
		if c.Atomic != nil && in.Sym == "_" {
			return // what is not used can be of any time; so does a range over the indices of an array
		}
		c.access(u, p, Read)
		c.content(u, p)
	case in.Op == effects.Store && in.Args[0] == addr:
		c.access(u, p, Write)
	case in.Op == effects.Field: // a place of its own
	case in.Op == effects.Elem: // an array
		if in.Args[0] == addr {
			c.element(u, p)
		}
	case in.Op == effects.Convert: // to unsafe.Pointer and on
		c.leaks(u, p)
		if c.Atomic != nil {
			for _, v := range c.Uses(u) {
				if op := c.Op(v); op.Calls() || op == effects.Convert {
					c.use(v, u, p)
				}
			}
		}
	case in.Op.Calls():
		if !c.passed(u, in, addr, p, false) {
			c.leaks(u, p)
		}
	default:
		c.leaks(u, p)
	}
}

// leaks notes that the address of a place goes where it is not followed.
func (c *collector) leaks(at V, p place) {
	if c.Leak != nil {
		c.Leak(c.made(at, p, Read))
	}
}

// content notes the accesses of what a loaded map or slice holds.
func (c *collector) content(loaded V, p place) {
	switch t := c.At(loaded).Type; {
	case t == nil:
		return
	case t.Kind == effects.Pointer:
		for _, u := range c.Uses(loaded) {
			if in := c.At(u); in.Op.Calls() {
				c.passed(u, in, loaded, inside(p), true)
			}
		}
		return
	case t.Kind != effects.Map && t.Kind != effects.SliceOf || c.takenOut(loaded, p):
		return
	}
	p = inside(p)
	c.elements(loaded, p)
	if c.Escape != nil {
		c.leave(loaded, p)
	}
}

// elements notes the accesses of what a map or slice holds.
func (c *collector) elements(v V, p place) {
	for _, u := range c.Uses(v) {
		in := c.At(u)
		if in.Args[0] != v {
			continue
		}
		switch in.Op {
		case effects.Lookup:
			c.access(u, p, Read)
			if in.Flags&effects.CommaOK == 0 {
				c.held(u, p)
			}
			for _, e := range c.Uses(u) {
				if x := c.At(e); x.Op == effects.Extract && x.Index == 0 {
					c.held(e, p)
				}
			}
		case effects.MapUpdate:
			c.access(u, p, Write)
		case effects.Range:
			c.access(u, p, Read)
			for _, n := range c.Uses(u) {
				if c.Op(n) == effects.Next {
					c.access(n, p, Read)
				}
			}
		case effects.Elem:
			c.element(u, p)
		case effects.Slice: // what is appended to a part overwrites the rest
			if in.Args[2] == 0 || in.Args[3] != 0 {
				break
			}
			for _, r := range c.Uses(u) {
				if call := c.At(r); isAppend(call) && call.Args[0] == u {
					c.access(r, p, Write)
				}
			}
		case effects.Builtin:
			c.builtin(u, in, v, p)
		}
	}
}

// held notes the accesses of what a map or slice holds that was read from a place.
func (c *collector) held(v V, p place) {
	t := c.At(v).Type
	if t == nil || t.Kind != effects.Map && t.Kind != effects.SliceOf || c.Atomic != nil {
		return
	}
	if q, ok := deeper(p); ok {
		c.elements(v, q)
		if c.Escape != nil {
			c.leave(v, q)
		}
	}
}

func isAppend(in *effects.Instr) bool { return in.Op == effects.Builtin && in.Sym == "append" }

// takenOut reports whether the function puts something else in the field after it has loaded what was there,
// which is its own from then on.
func (c *collector) takenOut(loaded V, p place) bool {
	from := c.At(loaded).Args[0]
	for v := c.First; int(v) < len(c.Code); v++ {
		in := c.At(v)
		if in.Op != effects.Store || in.Args[1] == loaded || !c.Before(loaded, v) || derived(c.View.Func.Func, in.Args[1], loaded) {
			continue
		}
		switch addr := c.At(in.Args[0]); addr.Op {
		case effects.Field:
			if guardable(addr.Type.To()) && c.field(in.Args[0], addr).class == p.class && c.Path(nil, in.Args[0]).Same(c.Path(nil, from)) {
				return true
			}
		case effects.Global:
			if in.Args[0] == from {
				return true
			}
		}
	}
	return false
}

// derived reports whether a value shares what another holds, as append(s, x) and s[1:] do.
func derived(fn *effects.Func, v, from V) bool {
	for range 8 {
		if v == from {
			return true
		}
		in := fn.At(v)
		switch {
		case in.Op == effects.Slice || isAppend(in):
			v = in.Args[0]
		case in.Op == effects.Phi:
			for _, e := range in.Args {
				if e == from {
					return true
				}
			}
			return false
		default:
			return false
		}
	}
	return false
}

func (c *collector) element(elem V, p place) {
	for _, u := range c.Uses(elem) {
		in := c.At(u)
		switch {
		case in.Op == effects.Load:
			c.access(u, p, Read)
		case in.Op == effects.Store && in.Args[0] == elem:
			c.access(u, p, Write)
		case in.Op.Calls() && c.Atomic != nil:
			c.passed(u, in, elem, p, false)
		}
	}
}

func (c *collector) builtin(u V, in *effects.Instr, v V, p place) {
	switch in.Sym {
	case "delete", "clear", "copy":
		c.access(u, p, Write)
	case "len":
		if t := c.At(v).Type; t != nil && t.Kind == effects.Map {
			c.access(u, p, Read)
		}
	}
}

// passed notes what a call does with the address of a field, or with a pointer in it: the functions
// of sync/atomic, and the methods of the containers and buffers of the standard
// library, are known. It reports whether this is one of them.
func (c *collector) passed(u V, in *effects.Instr, addr V, p place, pointee bool) bool {
	if len(in.Args) == 0 || in.Args[0] != addr {
		return false
	}
	switch {
	case in.Op == effects.Atomic && in.Flags&effects.Method == 0 && !pointee:
		c.access(u, p, Atomic)
		return true
	case in.Flags&effects.Mutates != 0:
		c.access(u, p, Write)
		return true
	case in.Flags&effects.Reads != 0:
		c.access(u, p, Read)
		return true
	}
	return false
}

func (c *collector) access(at V, p place, op Op) {
	id := accessID{at, p.class, op}
	if c.seen[id] || c.Atomic != nil && !c.Atomic.has(&p) {
		return
	}
	c.seen[id] = true
	c.emit(c.made(at, p, op))
}

// made returns the access of an instruction to a place.
func (c *collector) made(at V, p place, op Op) Access {
	in := c.At(at)
	a := Access{Spot: threads.Spot{Fn: c.View.Func.Func, V: at}, Pos: p.pos, Class: p.class, Op: op, Param: p.param, Free: p.free, Global: p.owner == 0 && p.local.Fn == nil, Local: p.local}
	if !a.Pos.IsValid() || IsContent(p.class) && in.Op != effects.Load && in.Pos.IsValid() {
		a.Pos = in.Pos
	}
	if p.owner != 0 {
		_, a.Fresh = c.Owned(p.owner, at)
		a.Apart = c.BehindNew(p.owner)
		a.Within = c.within(p.owner)
		a.Got = c.gotten(p.owner)
	}
	a.Made = p.local.Fn != nil || p.owner != 0 && c.MadeHere(p.owner)
	return a
}

// gotten reports whether an object is the result of a call of another package: of a pool, for example.
func (c *collector) gotten(owner V) bool {
	v := c.Content(owner)
	for c.Op(v) == effects.Extract || c.Op(v) == effects.Assert {
		v = c.At(v).Args[0]
	}
	in := c.At(v)
	return in.Op == effects.Invoke || in.Op == effects.Call && in.Flags&effects.Dynamic == 0 && in.Class != c.Unit.Path && (in.Fn == nil || in.Fn.Unit != c.Unit)
}

// within returns the class of the field that is the struct at an address, "" if it is none.
func (c *collector) within(owner V) string {
	in := c.At(owner)
	if in.Op != effects.Field {
		return ""
	}
	if in.Class != "" {
		return in.Class
	}
	return c.Path(nil, owner).Class
}

// IsContent reports whether a class is that of what a map, slice or array holds.
func IsContent(class string) bool { return strings.HasSuffix(class, "[]") }

// Base returns the class of the field or variable itself in that of what it holds.
func Base(class string) string { return strings.TrimRight(class, "[]") }

// deeper returns what a map or slice holds that is held by a place; ok is false if that is deeper than is followed.
func deeper(p place) (_ place, ok bool) {
	if strings.HasSuffix(p.class, "[][]") {
		return p, false
	}
	p.class += "[]"
	return p, true
}

func inside(p place) place {
	if !IsContent(p.class) {
		p.class += "[]"
	}
	return p
}
