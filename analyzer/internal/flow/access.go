package flow

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/model"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
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
	Instr ssa.Instruction
	Fn    *ssa.Function
	Pos   token.Pos
	Class string // "pkg.Type.field" or "pkg.var"; with "[]" the content of the map or slice there
	Op    Op
	Fresh bool // of an object that nobody else has seen yet
	Param int  // the object is what this parameter points to, or -1
	Free  int  // the object is what this captured variable holds, or -1

	Local *ssa.Alloc // the variable of a function that the place is, or is a field of
	Made  bool       // the object was made by this function, or is a variable of the one around it
}

// A Scope tells which accesses are wanted: those to package variables and to the fields of structs that have a
// lock or are in the set (see [Owned]); or, if Atomic is not nil, those to its places only.
type Scope struct {
	Owned  map[*types.Struct]bool
	Atomic *AtomicPlaces
}

// Accesses calls f for the accesses of a function that are in the scope.
func Accesses(env Env, fn *ssa.Function, scope Scope, f func(Access)) {
	c := &collector{w: scanned(env, fn), owned: scope.Owned, only: scope.Atomic, emit: f, seen: map[accessID]bool{}}
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

// scanned returns a walker that has scanned a function, but walks no path.
func scanned(env Env, fn *ssa.Function) *walker {
	w := &walker{env: env, fn: fn}
	w.rec.init()
	w.scan()
	return w
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
	w     *walker
	owned map[*types.Struct]bool
	only  *AtomicPlaces
	emit  func(Access)
	seen  map[accessID]bool
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
	return c.fieldPlace(fa)
}

func (c *collector) fieldPlace(fa *ssa.FieldAddr) place {
	_, class := ident.FieldClass(fa.X.Type(), fa.Field, "")
	if class == "" {
		class = c.w.path(nil, fa).Class // a struct without a name, in a variable or a field
	}
	if class == "" {
		return place{}
	}
	p := place{class: class, pos: fa.Pos(), owner: fa.X, param: -1, free: -1}
	c.root(&p)
	return p
}

func structAt(t types.Type) *types.Struct {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	st, _ := t.Underlying().(*types.Struct)
	return st
}

// Owned returns the structs of a package that have a lock, and those without one that they lead to: whose
// values they contain, point to, or keep in maps, slices and arrays.
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
		if o := pkg.Scope().Lookup(name); o != nil && hasLock(o.Type()) {
			add(o.Type(), 0)
		}
	}
	return set
}

// root tells which parameter or captured variable the owner is.
func (c *collector) root(p *place) {
	o := c.w.path(nil, p.owner)
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
		}
	case *ssa.IndexAddr: // an array
		if x.X == addr {
			c.element(x, p)
		}
	case *ssa.Convert, *ssa.ChangeType: // to unsafe.Pointer and on
		if v := x.(ssa.Value); c.only != nil {
			for _, ref := range *v.Referrers() {
				switch ref.(type) {
				case ssa.CallInstruction, *ssa.Convert, *ssa.ChangeType:
					c.use(ref, v, p)
				}
			}
		}
	case ssa.CallInstruction:
		c.passed(x, addr, p, false)
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
	for _, ref := range *loaded.Referrers() {
		switch x := ref.(type) {
		case *ssa.Lookup:
			if x.X == loaded {
				c.access(x, p, Read)
			}
		case *ssa.MapUpdate:
			if x.Map == loaded {
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
			if x.X == loaded {
				c.element(x, p)
			}
		case *ssa.Call:
			c.builtin(x, loaded, p)
		}
	}
}

// takenOut reports whether the function puts something else in the field after it has loaded what was there,
// which is its own from then on.
func (c *collector) takenOut(loaded *ssa.UnOp, p place) bool {
	for _, b := range c.w.fn.Blocks {
		for _, instr := range b.Instrs {
			st, ok := instr.(*ssa.Store)
			if !ok || st.Val == loaded || (b != loaded.Block() || c.w.compareInstr(st, loaded) < 0) && !loaded.Block().Dominates(b) {
				continue
			}
			switch x := st.Addr.(type) {
			case *ssa.FieldAddr:
				if guardable(x.Type()) && c.field(x).class == p.class && c.w.path(nil, x).Same(c.w.path(nil, loaded.X)) && !derived(st.Val, loaded) {
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
			if b, ok := x.Call.Value.(*ssa.Builtin); !ok || b.Name() != "append" {
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
// library, are known.
func (c *collector) passed(call ssa.CallInstruction, addr ssa.Value, p place, pointee bool) {
	com := call.Common()
	fn := com.StaticCallee()
	if fn == nil || len(com.Args) == 0 || com.Args[0] != addr {
		return
	}
	if o := fn.Origin(); o != nil {
		fn = o
	}
	obj, ok := fn.Object().(*types.Func)
	if !ok || obj.Pkg() == nil {
		return
	}
	if isAtomic(obj) && !pointee {
		c.access(call, p, Atomic)
		return
	}
	if write, known := model.Mutates(obj); known {
		op := Read
		if write {
			op = Write
		}
		c.access(call, p, op)
	}
}

func (c *collector) access(instr ssa.Instruction, p place, op Op) {
	id := accessID{instr, p.class, op}
	if c.seen[id] || c.only != nil && !c.only.has(&p) {
		return
	}
	c.seen[id] = true
	a := Access{Instr: instr, Fn: c.w.fn, Pos: p.pos, Class: p.class, Op: op, Param: p.param, Free: p.free, Local: p.local}
	if !a.Pos.IsValid() {
		a.Pos = instr.Pos()
	}
	if strings.HasSuffix(p.class, "[]") && instr.Pos().IsValid() {
		a.Pos = instr.Pos()
	}
	if p.owner != nil {
		a.Fresh = c.w.unseen(p.owner, instr)
	}
	if c.only != nil {
		a.Made = p.local != nil || p.owner != nil && c.w.ownObject(p.owner)
		if p.owner == nil {
			a.Pos = nearPos(instr, &p)
		}
	}
	c.emit(a)
}

// unseen reports whether v points to, or into, an object made by this call that nobody
// else has seen at instr.
func (w *walker) unseen(v ssa.Value, instr ssa.Instruction) bool {
	for range 16 {
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
			}
		case *ssa.Phi:
			for _, e := range x.Edges {
				if !w.made(e) || w.publishedBefore(e, instr) {
					return false
				}
			}
			return true
		}
		break
	}
	return w.made(v) && !w.publishedBefore(v, instr)
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

// A Take is an instruction that certainly takes a lock, itself or below a call.
type Take struct {
	Instr ssa.Instruction
	Class string
}

// Takes calls f for the locks that a function takes.
func Takes(env Env, fn *ssa.Function, f func(Take)) {
	w := scanned(env, fn)
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			if e := modelled(call.Common()); e != nil {
				if (e.Op == model.Lock || e.Op == model.RLock) && !call.Call.IsInvoke() {
					f(Take{call, w.path(nil, call.Call.Args[0]).Class})
				}
				continue
			}
			ts := w.targets(call.Common(), call)
			if len(ts) != 1 {
				continue
			}
			if s := env.Summary(ts[0].fn); s != nil {
				for _, ev := range s.Events {
					if ev.Kind == summary.Acquire && ev.Always {
						f(Take{call, ev.Lock.Path.Class})
					}
				}
			}
		}
	}
}

// A UseKind is how a function is used.
type UseKind uint8

const (
	Called  UseKind = iota // in place, or by a deferred call
	Handed                 // given to a call, which may call it, keep it or start it
	Started                // by a go statement, or by what starts goroutines
	Kept                   // stored, returned or sent
)

// A Use is one place where a function is called or used as a value.
type Use struct {
	Site   ssa.Instruction
	Callee *ssa.Function
	Kind   UseKind
	Loop   bool   // Started on a cycle, so perhaps many times
	Fresh  uint64 // bit i: argument i is an object that nobody else has seen
	Free   uint64 // the same for the captured variables
	Made   uint64 // bit i: argument i is an object that the user of the function has made
	Conf   int    // 1 to 100: less for one of several targets
	Args   []int  // for each argument the parameter of the caller that is passed on, or -1
}

// Uses calls f for the functions that fn calls or uses as values.
func Uses(env Env, fn *ssa.Function, f func(Use)) {
	w := scanned(env, fn)
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, isCall := instr.(ssa.CallInstruction)
			if isCall {
				w.callUses(call, f)
			}
			var callee *ssa.Value
			if isCall {
				callee = &call.Common().Value
			}
			for _, op := range instr.Operands(nil) {
				if v, ok := (*op).(*ssa.Function); ok && op != callee {
					if _, made := instr.(*ssa.MakeClosure); !made {
						w.valueUse(instr, v, target{fn: Canon(v), conf: 100}, f)
					}
				}
			}
			if mc, ok := instr.(*ssa.MakeClosure); ok {
				t := target{fn: mc.Fn.(*ssa.Function), free: mc.Bindings, conf: 100}
				for _, ref := range *mc.Referrers() {
					w.valueUse(ref, mc, t, f)
				}
			}
		}
	}
}

// callUses gives the uses by a call: of the functions called, and of the methods of what
// is made an interface for it.
func (w *walker) callUses(call ssa.CallInstruction, f func(Use)) {
	c := call.Common()
	kind := Called
	if _, ok := call.(*ssa.Go); ok {
		kind = Started
	}
	e := modelled(c)
	if e == nil {
		for _, t := range w.targets(c, call) {
			f(w.useOf(call, t, kind))
		}
	}
	for _, a := range c.Args {
		mi := boxed(a)
		if mi == nil {
			continue
		}
		for _, name := range calledBack {
			if m, recv := methodOf(mi, nil, name); m != nil {
				f(w.useOf(call, target{fn: Canon(m), args: padded(recv, m), conf: 100}, Handed))
			}
		}
	}
}

// valueUse gives the use of a function value v by an instruction.
func (w *walker) valueUse(ref ssa.Instruction, v ssa.Value, t target, f func(Use)) {
	switch x := ref.(type) {
	case *ssa.DebugRef:
		return
	case *ssa.Store:
		if a, ok := x.Addr.(*ssa.Alloc); ok && w.info.cells[a].single() == x.Val && calledThrough(a) {
			return // its calls are seen
		}
	case *ssa.ChangeType:
		for _, r := range *x.Referrers() {
			w.valueUse(r, x, t, f)
		}
		return
	case ssa.CallInstruction:
		c := x.Common()
		if c.Value == v && !c.IsInvoke() {
			return // called
		}
		kind := Handed
		if e := modelled(c); e != nil {
			for i, a := range c.Args {
				if a == v && slices.Contains(e.Spawns, i) {
					kind = Started
				}
			}
		}
		if _, ok := x.(*ssa.Go); ok {
			kind = Started
		}
		f(w.useOf(x, t, kind))
		return
	}
	f(w.useOf(ref, t, Kept))
}

// calledThrough reports whether what a local variable holds is only called.
func calledThrough(a *ssa.Alloc) bool {
	for _, ref := range *a.Referrers() {
		load, ok := ref.(*ssa.UnOp)
		if !ok {
			continue
		}
		for _, use := range *load.Referrers() {
			call, ok := use.(ssa.CallInstruction)
			if _, isGo := use.(*ssa.Go); !ok || isGo || call.Common().Value != load {
				return false
			}
		}
	}
	return true
}

func (w *walker) useOf(site ssa.Instruction, t target, kind UseKind) Use {
	u := Use{Site: site, Callee: t.fn, Kind: kind, Conf: max(t.conf, 1), Loop: w.info.loop[site.Block().Index]}
	for i, a := range t.args {
		from := -1
		if a != nil {
			if p := w.path(nil, a); p.Kind == ident.Param && p.Steps == "" {
				from = p.Index()
			}
			if i < 64 && pointerLike(a.Type()) {
				if w.unseen(a, site) {
					u.Fresh |= 1 << i
				}
				if w.ownObject(a) {
					u.Made |= 1 << i
				}
			}
		}
		u.Args = append(u.Args, from)
	}
	if kind == Started || kind == Kept {
		return u // seen from now on
	}
	for i, b := range t.free {
		if b == nil || i >= 64 {
			continue
		}
		if a, ok := b.(*ssa.Alloc); ok {
			if val := w.info.cells[a].single(); val != nil {
				b = val
			}
		}
		if w.unseen(b, site) {
			u.Free |= 1 << i
		}
	}
	return u
}
