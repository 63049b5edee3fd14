package extract

import (
	"go/ast"
	"go/token"
	"go/types"
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

	// Calls asks for what package calls needs: the methods of what is made an interface, and what type parameters stand for.
	Calls bool
	// Open tells the packages whose exported types unknown code may make interfaces; nil means none.
	Open func(path string) bool
	// Build returns the test that a package is compiled anew for, see [effects.Func.Build]; nil means none.
	Build func(*types.Package) string
	// Site, if set, is told which instruction was made of a call that is not static. It may be called by several goroutines.
	Site func(ssa.CallInstruction, *effects.Func, effects.V)
}

// An Extractor makes effects of functions. After Extract it can be used by several goroutines.
type Extractor struct {
	in     Input
	prog   *ssa.Program
	syntax *syntax
	funcs  []*function
	index  map[*ssa.Function]*function
	byFunc map[*effects.Func]*function
	units  map[string]*unit
	done   int           // functions of which the wrappers they refer to were added
	bodies int           // functions of which the body was made
	idle   chan *builder // a sync.Pool would keep them after the last function

	boxes boxes
	texts *typeTexts
	made  made

	wrappers map[*ssa.Function]bool // see Prune
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
	if in.Open == nil {
		in.Open = func(string) bool { return false }
	}
	if in.Build == nil {
		in.Build = func(*types.Package) string { return "" }
	}
	texts := &typeTexts{fset: in.Fset}
	return &Extractor{
		in: in, idle: make(chan *builder, runtime.GOMAXPROCS(0)), syntax: newSyntax(in.Files), index: map[*ssa.Function]*function{}, byFunc: map[*effects.Func]*function{}, units: map[string]*unit{}, boxes: boxes{},
		texts: texts, made: made{off: !in.Calls, texts: texts, opened: map[*ssa.Package]bool{}, instances: map[*unit]map[*ssa.Function]bool{}, types: map[*unit]map[types.Type]bool{}, invoked: map[string]bool{}, wrappers: map[*ssa.Function]bool{}},
	}
}

// Extract makes the bodies of the functions added. It is called once, at the end.
func (x *Extractor) Extract() {
	x.Next()
	for x.promote(); x.bodies < len(x.funcs); x.promote() {
		x.Next()
	}
	x.tellMade()
	for i, f := range x.funcs {
		f.ID = i
		f.unit.Funcs = append(f.unit.Funcs, f.Func)
		f.unit.number(f)
	}
	for _, u := range x.units {
		for i := range u.Boxed {
			u.types.number(u.Unit, u.Boxed[i].Type)
		}
	}
	x.wrappers = x.made.wrappers
	x.boxes, x.made, x.syntax, x.idle, x.in = nil, made{}, nil, nil, Input{}
}

// Next makes the bodies of the functions added so far, and uses up their SSA form: what is added later must not be called by them, but for
// wrappers, which are added where they are needed.
func (x *Extractor) Next() {
	for ; x.done < len(x.funcs); x.done++ {
		x.look(x.funcs[x.done])
	}
	from := x.bodies
	x.bodies = len(x.funcs)
	parallel.Do(x.bodies-from, func(i int) {
		var b *builder
		select {
		case b = <-x.idle:
		default:
			b = newBuilder(x)
		}
		f := x.funcs[from+i]
		b.build(f)
		release(f.ssa)
		select {
		case x.idle <- b:
		default:
		}
	})
	for _, f := range x.funcs[from:] {
		f.ssa.Blocks, f.ssa.Recover = released, nil
	}
}

// released is what is left of a body, since others ask whether a function has any.
var released = []*ssa.BasicBlock{{}}

// release frees the instructions of a function.
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

// SSA returns the function that f was made of.
func (x *Extractor) SSA(f *effects.Func) *ssa.Function {
	if f := x.byFunc[f]; f != nil {
		return f.ssa
	}
	return nil
}
