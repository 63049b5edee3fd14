package flow

import (
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/model"
)

// An Op is what an access does.
type Op uint8

const (
	Read Op = iota
	Write
	Atomic // through a function of sync/atomic
)

// An Access is a use of a field of a struct that has a lock, or of a package variable.
type Access struct {
	Instr  ssa.Instruction
	Fn     *ssa.Function
	Pos    token.Pos
	Class  string // "pkg.Type.field" or "pkg.var"; with "[]" the content of the map or slice there
	Op     Op
	Fresh  bool // of an object that nobody else has seen yet
	Param  int  // the object is what this parameter points to, or -1
	Global bool // of a package variable
	Free   int  // the object is what this captured variable holds, or -1

	Local *ssa.Alloc // the variable of a function that the place is, or is a field of
	Made  bool       // the object was made by this function, or is a variable of the one around it
}

// A Scope tells which accesses are wanted: those to package variables and to the fields of structs that have a
// lock or are in the set (see [Owned]); or, if Atomic is not nil, those to its places only. Leak, if it is not nil, is
// told where the address of a place goes to something that is not followed, and Escape what leaves the function.
type Scope struct {
	Owned  map[*types.Struct]bool
	Atomic *AtomicPlaces
	Leak   func(Access)
	Escape func(Escape)
}

// A Scanned is a function of which no path is walked: what can be told of its instructions one by one. It
// keeps what a scan of the whole function has found, so ask it all that is wanted, and let it go.
type Scanned struct{ w *walker }

// Scan scans a function that has a body.
func Scan(env Env, fn *ssa.Function) *Scanned {
	w := &walker{env: env, fn: fn}
	w.scan()
	return &Scanned{w}
}

// Accesses calls f for the accesses that are in the scope.
func (s *Scanned) Accesses(scope Scope, f func(Access)) {
	fn := s.w.fn
	c := &collector{w: s.w, owned: scope.Owned, only: scope.Atomic, emit: f, leak: scope.Leak, escaped: scope.Escape, seen: map[accessID]bool{}}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch v := instr.(type) {
			case *ssa.FieldAddr:
				if p := c.field(v); p.class != "" {
					c.address(v, p)
				}
			case *ssa.Alloc:
				c.variable(v)
			}
			for _, op := range instr.Operands(nil) {
				if g, ok := (*op).(*ssa.Global); ok && (c.only != nil || guardable(g.Type())) {
					c.use(instr, g, place{class: globalClass(g), pos: instr.Pos(), param: -1, free: -1})
				}
			}
		}
	}
	for _, v := range fn.FreeVars {
		c.variable(v)
	}
}

func globalClass(g *ssa.Global) string {
	if g.Pkg == nil {
		return ""
	}
	return g.Pkg.Pkg.Path() + "." + g.Name()
}

// A place is where the accesses of one address go to.
type place struct {
	class       string
	pos         token.Pos
	owner       ssa.Value // pointer to the object with the lock; nil for package variables
	param, free int
	local       *ssa.Alloc
}

type accessID struct {
	instr ssa.Instruction
	class string
	op    Op
}

type collector struct {
	w       *walker
	owned   map[*types.Struct]bool
	only    *AtomicPlaces
	emit    func(Access)
	leak    func(Access) // may be nil
	escaped func(Escape) // may be nil
	seen    map[accessID]bool
}

// field returns the place of a field.
func (c *collector) field(fa *ssa.FieldAddr) place {
	if c.only != nil {
		return c.anyField(fa)
	}
	if !guardable(fa.Type()) {
		return place{}
	}
	st := structAt(fa.X.Type())
	if st == nil || !c.owned[st] && !hasLock(st) {
		return place{}
	}
	if o := c.w.path(fa.X); (o.Kind == ident.Free || o.Kind == ident.Alloc) && !strings.ContainsAny(o.Steps, "^[") && !hasLock(st) {
		return place{} // a variable of the function around, such as a parameter that is a copy
	}
	return c.fieldPlace(fa)
}

func (c *collector) fieldPlace(fa *ssa.FieldAddr) place {
	_, class := ident.FieldClass(fa.X.Type(), fa.Field, "")
	if class == "" {
		class = c.w.path(fa).Class // a struct without a name, in a variable or a field
	}
	if class == "" {
		return place{}
	}
	p := place{class: class, pos: fa.Pos(), owner: fa.X, param: -1, free: -1}
	c.root(&p)
	return p
}

// Decides reports whether what an instruction reads is tested by a branch.
func Decides(instr ssa.Instruction) bool {
	v, ok := instr.(ssa.Value)
	return ok && decides(v, 0)
}

func decides(v ssa.Value, depth int) bool {
	if depth > 5 || v.Referrers() == nil {
		return false
	}
	for _, ref := range *v.Referrers() {
		switch x := ref.(type) {
		case *ssa.If:
			return true
		case *ssa.BinOp, *ssa.Extract, *ssa.UnOp, *ssa.Lookup, *ssa.Phi, *ssa.Next:
			if decides(x.(ssa.Value), depth+1) {
				return true
			}
		case *ssa.Call:
			if _, ok := x.Call.Value.(*ssa.Builtin); ok && decides(x, depth+1) {
				return true
			}
		}
	}
	return false
}

func structAt(t types.Type) *types.Struct {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	st, _ := t.Underlying().(*types.Struct)
	return st
}

// Owned returns the structs of a package that have a lock or handle HTTP requests, and those that they lead to:
// whose values they contain, point to, or keep in maps, slices and arrays.
func Owned(pkg *types.Package) map[*types.Struct]bool {
	set := map[*types.Struct]bool{}
	var add func(t types.Type, depth int)
	add = func(t types.Type, depth int) {
		if depth > 3 {
			return
		}
		switch u := types.Unalias(t).(type) {
		case *types.Pointer:
			add(u.Elem(), depth)
			return
		case *types.Named:
			if u.Obj().Pkg() != pkg {
				return
			}
		}
		switch u := t.Underlying().(type) {
		case *types.Slice:
			add(u.Elem(), depth)
		case *types.Array:
			add(u.Elem(), depth)
		case *types.Map:
			add(u.Elem(), depth)
		case *types.Struct:
			if n, ok := types.Unalias(t).(*types.Named); ok {
				u, _ = n.Origin().Underlying().(*types.Struct)
			}
			if u == nil || set[u] {
				return
			}
			set[u] = true
			for f := range u.Fields() {
				add(f.Type(), depth+1)
			}
		}
	}
	for _, name := range pkg.Scope().Names() {
		if o := pkg.Scope().Lookup(name); o != nil && (hasLock(o.Type()) || handles(o.Type())) {
			add(o.Type(), 0)
		}
	}
	return set
}

// handles reports whether a type has a method that handles HTTP requests.
func handles(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return false
	}
	for m := range n.Methods() {
		if IsHandler(m.Signature()) {
			return true
		}
	}
	return false
}

// IsHandler reports whether a function has the parameters of a handler of HTTP requests: a server runs it
// for any number of requests at once.
func IsHandler(sig *types.Signature) bool {
	is := func(i int, name string) bool {
		t := types.Unalias(sig.Params().At(i).Type())
		if p, ok := t.(*types.Pointer); ok {
			t = types.Unalias(p.Elem())
		}
		n, ok := t.(*types.Named)
		return ok && n.Obj().Name() == name && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "net/http"
	}
	return sig.Params().Len() == 2 && sig.Results().Len() == 0 && is(0, "ResponseWriter") && is(1, "Request")
}

// root tells which parameter or captured variable the owner is.
func (c *collector) root(p *place) {
	o := c.w.path(p.owner)
	steps := strings.Contains(o.Steps, "^") || strings.Contains(o.Steps, "[")
	switch {
	case o.Kind == ident.Param && !steps:
		p.param = o.Index()
	case o.Kind == ident.Free && (o.Steps == "" || o.Steps == "^"):
		p.free = o.Index()
	}
}

// address follows the uses of an address.
func (c *collector) address(v ssa.Value, p place) {
	for _, ref := range *v.Referrers() {
		c.use(ref, v, p)
	}
}

// use notes what an instruction does with an address.
func (c *collector) use(instr ssa.Instruction, addr ssa.Value, p place) {
	switch x := instr.(type) {
	case *ssa.UnOp:
		if x.Op == token.MUL && x.X == addr {
			if c.only != nil && len(*x.Referrers()) == 0 {
				return // range over the indices of an array
			}
			c.access(x, p, Read)
			c.content(x, p)
		}
	case *ssa.Store:
		if x.Addr == addr {
			c.access(x, p, Write)
		} else {
			c.leaks(x, p)
		}
	case *ssa.FieldAddr, *ssa.DebugRef: // a place of its own
	case *ssa.IndexAddr: // an array
		if x.X == addr {
			c.element(x, p)
		}
	case *ssa.Convert, *ssa.ChangeType: // to unsafe.Pointer and on
		c.leaks(instr, p)
		if v := x.(ssa.Value); c.only != nil {
			for _, ref := range *v.Referrers() {
				switch ref.(type) {
				case ssa.CallInstruction, *ssa.Convert, *ssa.ChangeType:
					c.use(ref, v, p)
				}
			}
		}
	case ssa.CallInstruction:
		if !c.passed(x, addr, p, false) {
			c.leaks(x, p)
		}
	default:
		c.leaks(x, p)
	}
}

// leaks notes that the address of a place goes where it is not followed.
func (c *collector) leaks(instr ssa.Instruction, p place) {
	if c.leak != nil {
		c.leak(c.made(instr, p, Read))
	}
}

// content notes the accesses of what a loaded map or slice holds.
func (c *collector) content(loaded *ssa.UnOp, p place) {
	switch loaded.Type().Underlying().(type) {
	case *types.Map, *types.Slice:
	case *types.Pointer:
		for _, ref := range *loaded.Referrers() {
			if call, ok := ref.(ssa.CallInstruction); ok {
				c.passed(call, loaded, inside(p), true)
			}
		}
		return
	default:
		return
	}
	if c.takenOut(loaded, p) {
		return
	}
	p = inside(p)
	c.elements(loaded, p)
	if c.escaped != nil {
		c.leave(loaded, p)
	}
}

// elements notes the accesses of what a map or slice holds.
func (c *collector) elements(v ssa.Value, p place) {
	for _, ref := range *v.Referrers() {
		switch x := ref.(type) {
		case *ssa.Lookup:
			if x.X == v {
				c.access(x, p, Read)
			}
		case *ssa.MapUpdate:
			if x.Map == v {
				c.access(x, p, Write)
			}
		case *ssa.Range:
			c.access(x, p, Read)
			for _, next := range *x.Referrers() {
				if n, ok := next.(*ssa.Next); ok {
					c.access(n, p, Read)
				}
			}
		case *ssa.IndexAddr:
			if x.X == v {
				c.element(x, p)
			}
		case *ssa.Slice:
			// What is appended to a part overwrites the rest.
			if x.X == v && x.High != nil && x.Max == nil {
				for _, r := range *x.Referrers() {
					if call, ok := r.(*ssa.Call); ok && isAppend(call) && call.Call.Args[0] == x {
						c.access(call, p, Write)
					}
				}
			}
		case *ssa.Call:
			c.builtin(x, v, p)
		}
	}
}

func isAppend(call *ssa.Call) bool {
	b, ok := call.Call.Value.(*ssa.Builtin)
	return ok && b.Name() == "append"
}

// takenOut reports whether the function puts something else in the field after it has loaded what was there,
// which is its own from then on.
func (c *collector) takenOut(loaded *ssa.UnOp, p place) bool {
	for _, b := range c.w.fn.Blocks {
		for _, instr := range b.Instrs {
			st, ok := instr.(*ssa.Store)
			if !ok || st.Val == loaded || (b != loaded.Block() || compareInstr(st, loaded) < 0) && !loaded.Block().Dominates(b) {
				continue
			}
			switch x := st.Addr.(type) {
			case *ssa.FieldAddr:
				if guardable(x.Type()) && c.field(x).class == p.class && c.w.path(x).Same(c.w.path(loaded.X)) && !derived(st.Val, loaded) {
					return true
				}
			case *ssa.Global:
				if x == loaded.X && !derived(st.Val, loaded) {
					return true
				}
			}
		}
	}
	return false
}

// derived reports whether a value shares what another holds, as append(s, x) and s[1:] do.
func derived(v, from ssa.Value) bool {
	for range 8 {
		if v == from {
			return true
		}
		switch x := v.(type) {
		case *ssa.Slice:
			v = x.X
		case *ssa.Call:
			if !isAppend(x) {
				return false
			}
			v = x.Call.Args[0]
		case *ssa.Phi:
			for _, e := range x.Edges {
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

func (c *collector) element(x *ssa.IndexAddr, p place) {
	for _, ref := range *x.Referrers() {
		switch y := ref.(type) {
		case *ssa.UnOp:
			c.access(y, p, Read)
		case *ssa.Store:
			if y.Addr == x {
				c.access(y, p, Write)
			}
		case ssa.CallInstruction:
			if c.only != nil {
				c.passed(y, x, p, false)
			}
		}
	}
}

func (c *collector) builtin(call *ssa.Call, v ssa.Value, p place) {
	b, ok := call.Call.Value.(*ssa.Builtin)
	if !ok || len(call.Call.Args) == 0 || call.Call.Args[0] != v {
		return
	}
	_, isMap := v.Type().Underlying().(*types.Map)
	switch b.Name() {
	case "delete", "clear", "copy":
		c.access(call, p, Write)
	case "len":
		if isMap {
			c.access(call, p, Read)
		}
	}
}

// passed notes what a call does with the address of a field, or with a pointer in it: the functions
// of sync/atomic, and the methods of the containers and buffers of the standard
// library, are known. It reports whether this is one of them.
func (c *collector) passed(call ssa.CallInstruction, addr ssa.Value, p place, pointee bool) bool {
	com := call.Common()
	fn := com.StaticCallee()
	if fn == nil || len(com.Args) == 0 || com.Args[0] != addr {
		return false
	}
	if o := fn.Origin(); o != nil {
		fn = o
	}
	obj, ok := fn.Object().(*types.Func)
	if !ok || obj.Pkg() == nil {
		return false
	}
	if isAtomic(obj) && !pointee {
		c.access(call, p, Atomic)
		return true
	}
	write, known := model.Mutates(obj)
	if known {
		op := Read
		if write {
			op = Write
		}
		c.access(call, p, op)
	}
	return known
}

func (c *collector) access(instr ssa.Instruction, p place, op Op) {
	id := accessID{instr, p.class, op}
	if c.seen[id] || c.only != nil && !c.only.has(&p) {
		return
	}
	c.seen[id] = true
	c.emit(c.made(instr, p, op))
}

// made returns the access of an instruction to a place.
func (c *collector) made(instr ssa.Instruction, p place, op Op) Access {
	a := Access{Instr: instr, Fn: c.w.fn, Pos: p.pos, Class: p.class, Op: op, Param: p.param, Free: p.free, Global: p.owner == nil && p.local == nil, Local: p.local}
	if !a.Pos.IsValid() {
		a.Pos = instr.Pos()
	}
	if strings.HasSuffix(p.class, "[]") && instr.Pos().IsValid() {
		a.Pos = instr.Pos()
	}
	if p.owner != nil {
		a.Fresh = c.w.unseen(p.owner, instr)
	}
	a.Made = p.local != nil || p.owner != nil && c.w.ownObject(p.owner)
	if c.only != nil {
		if p.owner == nil {
			a.Pos = nearPos(instr, &p)
		}
	}
	return a
}

// unseen reports whether v points to, or into, an object made by this call that nobody
// else has seen at instr, or only goroutines that have ended by then; or that a pool has given or will get back.
func (w *walker) unseen(v ssa.Value, instr ssa.Instruction) bool {
	for range 16 {
		if w.pooled(v, instr) {
			return true
		}
		switch x := v.(type) {
		case *ssa.FieldAddr:
			v = x.X
			continue
		case *ssa.Convert:
			if throughUnsafe(x) {
				v = x.X
				continue
			}
		case *ssa.UnOp: // a variable in memory
			if a, ok := x.X.(*ssa.Alloc); ok {
				if val := w.info.cells[a].single(); val != nil {
					v = val
					continue
				}
				return w.cellUnseen(a, instr)
			}
		case *ssa.Phi:
			for _, e := range possible(x, instr) {
				if !w.made(e) || w.shared(e, instr) {
					return false
				}
			}
			return true
		}
		break
	}
	return (w.made(v) || fromPool(v)) && !w.shared(v, instr) || w.fresh(w.path(v), instr)
}

// cellUnseen reports whether a variable in memory holds nothing but objects that nobody else has.
func (w *walker) cellUnseen(a *ssa.Alloc, instr ssa.Instruction) bool {
	c := w.info.cells[a]
	if c == nil || c.escapes {
		return false
	}
	some := false
	for _, st := range c.stores {
		if k, ok := st.Val.(*ssa.Const); ok && k.IsNil() {
			continue
		}
		if u, ok := st.Val.(*ssa.UnOp); ok && u.X == a {
			continue // the same again, by a return of the named result
		}
		if !w.made(st.Val) || w.shared(st.Val, instr) {
			return false
		}
		some = true
	}
	return some
}

func inside(p place) place {
	if !strings.HasSuffix(p.class, "[]") {
		p.class += "[]"
	}
	return p
}

// guardable reports whether what a pointer type points to needs a guard: locks, channels and
// what synchronizes itself do not.
func guardable(t types.Type) bool {
	p, ok := t.Underlying().(*types.Pointer)
	if !ok {
		return false
	}
	t = types.Unalias(p.Elem())
	if model.IsLock(t) || model.IsLocker(t) || ident.IsLockWrapper(t) {
		return false
	}
	if _, ok := t.Underlying().(*types.Chan); ok {
		return false
	}
	if q, ok := t.(*types.Pointer); ok {
		t = types.Unalias(q.Elem())
	}
	if n, ok := t.(*types.Named); ok && n.Obj().Pkg() != nil {
		switch n.Obj().Pkg().Path() {
		case "sync", "sync/atomic", "context", "testing":
			return false
		}
	}
	return true
}

// hasLock reports whether a struct has a lock among its fields, or gets one by embedding.
func hasLock(t types.Type) bool { return lockIn(t, 0) }

func lockIn(t types.Type, depth int) bool {
	t = types.Unalias(t)
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok || depth > 3 {
		return false
	}
	for f := range st.Fields() {
		if model.IsLock(f.Type()) || model.IsLocker(f.Type()) || ident.IsLockWrapper(f.Type()) || f.Embedded() && lockIn(f.Type(), depth+1) {
			return true
		}
	}
	return false
}
