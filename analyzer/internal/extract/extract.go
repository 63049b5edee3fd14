package extract

import (
	"go/ast"
	"go/token"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/parallel"
)

// Input is what an [Extractor] needs beside functions.
type Input struct {
	Fset  *token.FileSet
	Files []*ast.File // syntax of the functions, for positions

	// Dynamic resolves calls that are not static; nil resolves none. It is not called by several goroutines at once.
	Dynamic func(ssa.CallInstruction) []*ssa.Function
}

// An Extractor makes effects of functions. After Extract it can be used by several goroutines.
type Extractor struct {
	in     Input
	syntax *syntax
	funcs  []*function
	index  map[*ssa.Function]*function
	byFunc map[*effects.Func]*function
	units  map[string]*unit
	done   int // functions of which the wrappers they refer to were added

	stands  map[*effects.Func]*ssa.Function         // the other way
	outside map[*ssa.Function]*effects.Func         // see stub
	sites   map[ssa.CallInstruction][]*ssa.Function // calls that are not static -> what they reach
	dynamic map[ssa.CallInstruction][]*effects.Func // the same
	boxes   boxes
}

// A function is one of which a body is extracted.
type function struct {
	*effects.Func
	ssa  *ssa.Function
	unit *unit

	types []*effects.Type // in the order in which they are met
	files []string        // that positions are in, in the order in which they are met
}

// A unit is a package.
type unit struct {
	*effects.Unit
	types *table
}

// New returns an Extractor without functions.
func New(in Input) *Extractor {
	if in.Dynamic == nil {
		in.Dynamic = func(ssa.CallInstruction) []*ssa.Function { return nil }
	}
	return &Extractor{
		in: in, syntax: newSyntax(in.Files), index: map[*ssa.Function]*function{}, byFunc: map[*effects.Func]*function{}, units: map[string]*unit{},
		outside: map[*ssa.Function]*effects.Func{}, stands: map[*effects.Func]*ssa.Function{}, sites: map[ssa.CallInstruction][]*ssa.Function{}, dynamic: map[ssa.CallInstruction][]*effects.Func{}, boxes: boxes{},
	}
}

// Extract makes the bodies of the functions added. It is called once.
func (x *Extractor) Extract() {
	x.collect()
	idle := make(chan *builder, runtime.GOMAXPROCS(0)) // a sync.Pool would keep them after the last function
	parallel.Do(len(x.funcs), func(i int) {
		var b *builder
		select {
		case b = <-idle:
		default:
			b = newBuilder(x)
		}
		b.build(x.funcs[i])
		release(x.funcs[i].ssa)
		select {
		case idle <- b:
		default:
		}
	})
	for i, f := range x.funcs {
		f.ID = i
		f.unit.Funcs = append(f.unit.Funcs, f.Func)
		f.unit.number(f)
	}
	x.dynamic, x.sites, x.boxes, x.syntax, x.in = nil, nil, nil, nil, Input{}
}

// release frees the instructions of a function. Its blocks stay, since others ask whether it has any.
func release(fn *ssa.Function) {
	for _, p := range fn.Params {
		*p.Referrers() = nil
	}
	for _, v := range fn.FreeVars {
		*v.Referrers() = nil
	}
	for _, b := range fn.Blocks {
		b.Instrs = nil
	}
	fn.Locals = nil
}

// number gives the types and files that a function uses their numbers in its package.
func (u *unit) number(f *function) {
	for _, t := range f.types {
		u.types.number(u.Unit, t)
	}
	f.types = nil
	to := make([]int32, len(f.files))
	same := true
	for i, name := range f.files {
		k := slices.Index(u.Files, name)
		if k < 0 {
			k = len(u.Files)
			u.Files = append(u.Files, name)
		}
		to[i] = int32(k)
		same = same && i == k
	}
	f.files = nil
	if same {
		return
	}
	move := func(p *effects.Pos) {
		if p.IsValid() {
			p.File = to[p.File]
		}
	}
	move(&f.Pos)
	move(&f.End)
	for i := range f.Code {
		move(&f.Code[i].Pos)
	}
}

// Funcs returns the functions in the order in which they were added.
func (x *Extractor) Funcs() []*effects.Func {
	fns := make([]*effects.Func, len(x.funcs))
	for i, f := range x.funcs {
		fns[i] = f.Func
	}
	return fns
}

// Units returns the packages by import path.
func (x *Extractor) Units() []*effects.Unit {
	us := make([]*effects.Unit, 0, len(x.units))
	for _, u := range x.units {
		us = append(us, u.Unit)
	}
	slices.SortFunc(us, func(a, b *effects.Unit) int { return strings.Compare(a.Path, b.Path) })
	return us
}

// Func returns what was made of a function, or of the generic function that it is an instance of; nil if it is not known.
func (x *Extractor) Func(fn *ssa.Function) *effects.Func {
	if f := x.index[canon(fn)]; f != nil {
		return f.Func
	}
	return nil
}

// SSA returns the function that f was made of, or stands for.
func (x *Extractor) SSA(f *effects.Func) *ssa.Function {
	if f := x.byFunc[f]; f != nil {
		return f.ssa
	}
	return x.stands[f]
}
