package flow

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
)

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
	New    uint64 // bit i: argument i is what a constructor has returned, and nobody has got from the user of the function
	Conf   int    // 1 to 100: less for one of several targets
	Args   []int  // for each argument the parameter of the caller that is passed on, or -1
}

// Uses calls f for the functions that the function calls or uses as values.
func (s *Scanned) Uses(f func(Use)) {
	w := s.w
	for _, b := range w.fn.Blocks {
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
			if p := w.path(a); p.Kind == ident.Param && p.Steps == "" {
				from = p.Index()
			}
			if i < 64 && pointerLike(a.Type()) {
				if kind == Called && w.unseen(a, site) {
					u.Fresh |= 1 << i
				}
				if kind == Called && w.constructed(a, site) {
					u.New |= 1 << i
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

// padded returns the arguments of a method call of which only the receiver is known.
func padded(recv ssa.Value, fn *ssa.Function) []ssa.Value {
	args := make([]ssa.Value, max(1, len(fn.Params)))
	args[0] = recv
	return args
}
