package lockset

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/fix"
	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
	"github.com/lockcheck/lockcheck/analyzer/internal/guards"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
)

// onceFixes returns the fix of a double check of a package variable that gets its value once: to make it by
// sync.OnceValue. The value is certainly not nil, with which the function would try again.
func (e *Engine) onceFixes(f *fix.Func, x *guards.Violation) []report.Fix {
	v, mu := global(f.Pkg, x.Place.Class), global(f.Pkg, x.Guard.Class)
	if v == nil || mu == nil {
		return nil
	}
	var made ssa.Value
	fn := e.extractor.SSA(x.Site.Fn)
	flow.EachInstr(fn, func(instr ssa.Instruction) {
		if s, ok := instr.(*ssa.Store); ok {
			if g, ok := s.Addr.(*ssa.Global); ok && g.Object() == v {
				made = s.Val
			}
		}
	})
	n := &nonNil{pkg: fn.Pkg, seen: map[any]bool{}}
	if made == nil || !n.value(made) {
		return nil
	}
	return one(e.sources.Once(f, v, mu))
}

// global returns the variable of a package that makes up a class, nil if there is none.
func global(pkg *types.Package, class string) types.Object {
	name, ok := strings.CutPrefix(class, pkg.Path()+".")
	if !ok {
		return nil
	}
	v, _ := pkg.Scope().Lookup(name).(*types.Var)
	if v == nil {
		return nil
	}
	return v
}

// A nonNil proves values not to be nil, looking into the functions of one package. What it is about to prove, it
// takes for proved: a value that comes from itself has to come from elsewhere first.
type nonNil struct {
	pkg  *ssa.Package
	seen map[any]bool
}

func (n *nonNil) value(v ssa.Value) bool {
	if n.seen[v] {
		return true
	}
	n.seen[v] = true
	switch v := v.(type) {
	case *ssa.Alloc, *ssa.FieldAddr, *ssa.IndexAddr, *ssa.Global, *ssa.Function,
		*ssa.MakeMap, *ssa.MakeSlice, *ssa.MakeChan, *ssa.MakeClosure, *ssa.MakeInterface:
		return true
	case *ssa.Slice:
		return n.value(v.X)
	case *ssa.ChangeType:
		return n.value(v.X)
	case *ssa.ChangeInterface:
		return n.value(v.X)
	case *ssa.Phi:
		for _, e := range v.Edges {
			if !n.value(e) {
				return false
			}
		}
		return true
	case *ssa.Call:
		fn := v.Call.StaticCallee()
		return fn != nil && fn.Pkg == n.pkg && n.pkg != nil && n.results(fn)
	}
	return false
}

// results reports whether a function returns what is not nil, or does not return. One that panics, or may recover
// from that, is not: who calls it again may have better luck, while sync.OnceValue panics again.
func (n *nonNil) results(fn *ssa.Function) bool {
	if n.seen[fn] {
		return true
	}
	n.seen[fn] = true
	ok := len(fn.Blocks) > 0 && fn.Recover == nil
	flow.EachInstr(fn, func(instr ssa.Instruction) {
		switch instr := instr.(type) {
		case *ssa.Panic:
			ok = false
		case *ssa.Return:
			ok = ok && len(instr.Results) == 1 && n.value(instr.Results[0])
		}
	})
	return ok
}
