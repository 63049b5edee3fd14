package capture

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/extract"
	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
	"github.com/lockcheck/lockcheck/analyzer/internal/model"
)

// An Access is a read or a write of a captured variable.
type Access struct {
	Instr ssa.Instruction
	Fn    *ssa.Function
	Place string // "" the variable, ".f" a field of it; with "[]" what a map there holds
	Write bool

	ctx  []context
	when ssa.Instruction // before which it happens: Instr, but see evaluated
}

// A variable is a local variable that literals capture.
type variable struct {
	alloc  *ssa.Alloc
	in     *ssa.Function
	sites  []*Access
	atomic bool // also used by functions of sync/atomic
	leaks  bool // its address goes elsewhere
	copied bool // a loop makes it anew by copying it
}

// variables returns the captured variables that a function declares.
func (f *family) variables(fn *ssa.Function) []*variable {
	var out []*variable
	flow.EachInstr(fn, func(instr ssa.Instruction) {
		a, ok := instr.(*ssa.Alloc)
		if !ok || extract.VarName(a) == "" || !captured(a) || synchronizes(a.Type()) {
			return
		}
		v := &variable{alloc: a, in: fn}
		v.collect(f, a, fn, "", 0)
		out = append(out, v)
	})
	return out
}

func captured(a *ssa.Alloc) bool {
	return slices.ContainsFunc(*a.Referrers(), func(r ssa.Instruction) bool {
		_, ok := r.(*ssa.MakeClosure)
		return ok
	})
}

// synchronizes reports whether what a pointer type points to is made to be shared.
func synchronizes(t types.Type) bool {
	p, ok := t.Underlying().(*types.Pointer)
	if !ok {
		return false
	}
	t = types.Unalias(p.Elem())
	if model.IsLock(t) {
		return true
	}
	n, ok := t.(*types.Named)
	if !ok || n.Obj().Pkg() == nil {
		return false
	}
	path := n.Obj().Pkg().Path()
	return path == "sync" || path == "sync/atomic"
}

// collect gathers the accesses through an address that fn has of the variable.
func (v *variable) collect(f *family, addr ssa.Value, fn *ssa.Function, place string, depth int) {
	if depth > 2*maxDepth {
		v.leaks = true
		return
	}
	add := func(instr ssa.Instruction, place string, write bool) {
		if instr.Block() != nil && instr.Block() == fn.Recover {
			return
		}
		when := instr
		if load, ok := instr.(*ssa.UnOp); ok {
			when = evaluated(load)
		}
		v.sites = append(v.sites, &Access{Instr: instr, Fn: fn, Place: place, Write: write, when: when})
	}
	for _, ref := range *addr.Referrers() {
		switch x := ref.(type) {
		case *ssa.DebugRef, *ssa.IndexAddr:
		case *ssa.Store:
			if x.Addr != addr {
				v.leaks = true
				continue
			}
			if load, ok := x.Val.(*ssa.UnOp); ok && load.X == addr {
				continue // a return of a named result by its name
			}
			add(x, place, true)
		case *ssa.UnOp:
			if len(*x.Referrers()) > 0 {
				add(x, place, false)
				content(x, place+"[]", add)
			}
		case *ssa.FieldAddr:
			if !synchronizes(x.Type()) {
				v.collect(f, x, fn, place+"."+fieldName(x), depth+1)
			}
		case *ssa.MakeClosure:
			lit := x.Fn.(*ssa.Function)
			for i, b := range x.Bindings {
				if b == addr {
					v.collect(f, lit.FreeVars[i], lit, place, depth+1)
				}
			}
		case *ssa.Phi:
			v.copied = true
		case ssa.CallInstruction:
			v.leaks = true
			if fn := calleeObject(x.Common()); fn != nil && fn.Pkg() != nil && fn.Pkg().Path() == "sync/atomic" {
				v.atomic = true
			}
		default:
			v.leaks = true
		}
	}
}

func fieldName(fa *ssa.FieldAddr) string {
	t := fa.X.Type().Underlying().(*types.Pointer).Elem()
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return "?"
	}
	return st.Field(fa.Field).Name()
}

// content adds the accesses to what a loaded map holds.
func content(m *ssa.UnOp, place string, add func(ssa.Instruction, string, bool)) {
	if _, ok := m.Type().Underlying().(*types.Map); !ok {
		return
	}
	for _, ref := range *m.Referrers() {
		switch x := ref.(type) {
		case *ssa.MapUpdate:
			if x.Map == m {
				add(x, place, true)
			}
		case *ssa.Lookup:
			if x.X == m {
				add(x, place, false)
			}
		case *ssa.Range:
			add(x, place, false)
		case *ssa.Call:
			b, ok := x.Call.Value.(*ssa.Builtin)
			if !ok || x.Call.Args[0] != m {
				continue
			}
			switch b.Name() {
			case "delete", "clear":
				add(x, place, true)
			case "len":
				add(x, place, false)
			}
		}
	}
}

// overlap reports whether two places share memory.
func overlap(a, b string) bool {
	if strings.HasSuffix(a, "[]") || strings.HasSuffix(b, "[]") {
		return a == b
	}
	return a == b || strings.HasPrefix(a, b+".") || strings.HasPrefix(b, a+".")
}
