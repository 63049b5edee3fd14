package waits

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
)

// anyGroup stands, among what a function touches, for a WaitGroup that only callers can tell.
type anyGroup struct{}

func groupKey(pl place) any {
	if pl.class != "" {
		return pl.class
	}
	if a, ok := pl.root.(*ssa.Alloc); ok {
		return a
	}
	return anyGroup{}
}

// touch finds which WaitGroups each function, or one that it refers to, counts.
func (p *program) touch() {
	p.touched = map[*ssa.Function]map[any]bool{}
	var add func(fn *ssa.Function, key any)
	add = func(fn *ssa.Function, key any) {
		if p.touched[fn] == nil {
			p.touched[fn] = map[any]bool{}
		}
		if p.touched[fn][key] {
			return
		}
		p.touched[fn][key] = true
		for _, user := range p.users[fn] {
			add(user, key)
		}
	}
	for _, fn := range p.fns {
		for _, o := range p.ops[fn] {
			if o.kind == opAdd || o.kind == opDone || o.kind == opGo {
				add(fn, groupKey(p.place(o.recv, nil)))
			}
		}
		flow.EachInstr(fn, func(instr ssa.Instruction) {
			for _, v := range p.handsOut(instr) {
				add(fn, groupKey(p.place(v, nil)))
			}
		})
	}
}

// handsOut returns the pointers to WaitGroups that an instruction gives away: to a method value, to what is not in view,
// or to where they are kept. Who has them may count at any time.
func (p *program) handsOut(instr ssa.Instruction) []ssa.Value {
	var vs []ssa.Value
	switch x := instr.(type) {
	case *ssa.MakeClosure:
		if x.Fn.(*ssa.Function).Synthetic != "" {
			vs = x.Bindings
		}
	case *ssa.Store:
		if p.onlyValue(x.Addr) == nil {
			vs = append(vs, x.Val)
		}
	case *ssa.Send:
		vs = append(vs, x.X)
	case *ssa.MapUpdate:
		vs = append(vs, x.Value)
	case *ssa.MakeInterface:
		vs = append(vs, x.X)
	case ssa.CallInstruction:
		if typ, _ := syncMethod(x.Common()); typ == "" && p.target(x.Common().Value, x.Common()).fn == nil {
			vs = x.Common().Args
		}
	}
	return slices.DeleteFunc(slices.Clone(vs), func(v ssa.Value) bool { return !isWaitGroup(v.Type()) })
}

// isWaitGroup reports whether a type is that of pointers to WaitGroups.
func isWaitGroup(t types.Type) bool {
	p, ok := t.Underlying().(*types.Pointer)
	if !ok {
		return false
	}
	n, ok := types.Unalias(p.Elem()).(*types.Named)
	return ok && n.Obj().Name() == "WaitGroup" && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "sync"
}

// touches reports whether fn, or a function that it refers to, may call Add or Done of w.
func (p *program) touches(fn *ssa.Function, w place) bool {
	set := p.touched[fn]
	if len(set) == 0 {
		return false
	}
	key := groupKey(w)
	if _, ok := key.(anyGroup); ok {
		return true
	}
	return set[key] || set[anyGroup{}]
}

// synchronize finds the functions that, while they run, may wait for another goroutine or
// let one go on.
func (p *program) synchronize() {
	p.syncing = map[*ssa.Function]bool{}
	var mark func(fn *ssa.Function)
	mark = func(fn *ssa.Function) {
		if p.syncing[fn] {
			return
		}
		p.syncing[fn] = true
		for _, site := range p.sites[fn] {
			mark(site.Parent())
		}
	}
	for _, fn := range p.fns {
		flow.EachInstr(fn, func(instr ssa.Instruction) {
			if p.syncsHere(instr) {
				mark(fn)
			}
		})
	}
}

// syncs reports whether an instruction may wait for another goroutine or let one go on.
// The counting of a WaitGroup is left to the caller.
func (p *program) syncs(instr ssa.Instruction) bool {
	if call, ok := instr.(*ssa.Call); ok {
		if t := p.target(call.Call.Value, &call.Call); t.fn != nil {
			return p.syncing[t.fn]
		}
	}
	return p.syncsHere(instr)
}

func (p *program) syncsHere(instr ssa.Instruction) bool {
	switch instr := instr.(type) {
	case *ssa.Send, *ssa.Select:
		return true
	case *ssa.UnOp:
		return instr.Op == token.ARROW
	case *ssa.Call:
		c := &instr.Call
		if b, ok := c.Value.(*ssa.Builtin); ok {
			return b.Name() == "close"
		}
		if c.IsInvoke() {
			return false
		}
		if p.target(c.Value, c).fn != nil {
			return false // by its body
		}
		fn := c.StaticCallee()
		if fn == nil {
			return true
		}
		switch opOf(instr).kind {
		case opAdd, opDone, opGo, opWait:
			return false
		}
		o := fn.Object()
		return o == nil || o.Pkg() == nil || !quiet[o.Pkg().Path()]
	}
	return false
}

// quiet are packages whose functions make no goroutine wait for another.
var quiet = map[string]bool{
	"bytes": true, "context": true, "errors": true, "fmt": true, "log": true, "log/slog": true, "maps": true,
	"math": true, "math/rand": true, "math/rand/v2": true, "os": true, "runtime": true, "slices": true, "sort": true,
	"strconv": true, "strings": true, "sync/atomic": true, "testing": true, "time": true, "unicode/utf8": true,
}
