package lockset

import (
	"go/ast"
	"go/token"
	"go/types"
	"iter"
	"reflect"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/calls"
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/extract"
	"github.com/lockcheck/lockcheck/analyzer/internal/fix"
	"github.com/lockcheck/lockcheck/analyzer/internal/fold"
	"github.com/lockcheck/lockcheck/analyzer/internal/guards"
	"github.com/lockcheck/lockcheck/analyzer/internal/held"
	"github.com/lockcheck/lockcheck/analyzer/internal/parallel"
	"github.com/lockcheck/lockcheck/analyzer/internal/solve"
	"github.com/lockcheck/lockcheck/analyzer/internal/source"
	"github.com/lockcheck/lockcheck/analyzer/internal/standin"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
	"github.com/lockcheck/lockcheck/analyzer/internal/threads"
	"github.com/lockcheck/lockcheck/analyzer/internal/waits"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// Input is what an [Engine] analyzes.
type Input struct {
	Fset  *token.FileSet
	Files []*ast.File               // syntax of the functions reported on, for positions
	Funcs iter.Seq[[]*ssa.Function] // in a fixed order, callees in other packages first; functions they make or refer to are added. Their bodies are used up before more are asked for

	// External returns the summary of a function outside Funcs, by package and key; nil if unknown. It may be called by
	// several goroutines.
	External func(pkg, key string) *summary.Func
	// Dynamic asks for the targets of calls that are not static: Funcs are a whole program.
	Dynamic bool
	// Build returns the test that a package is compiled anew for; nil means none, "" is none.
	Build func(*types.Package) string
	// Reported tells the packages that are reported on; nil means all.
	Reported func(path string) bool
	// Trace records the locks held at every call.
	Trace bool
	// Extracted, if set, is called when the SSA form is gone.
	Extracted func()
	// ReadFile returns the content of a file, for fixes; nil offers none.
	ReadFile func(name string) ([]byte, error)
}

// An Engine analyzes functions.
type Engine struct {
	*solve.Program
	Syntax  *source.Index // of functions that are reported on
	Sources *fix.Sources
	Threads *threads.Model

	in        Input
	units     []*effects.Unit // by import path
	guesses   calls.Guesses
	byPackage *byPackage               // see pkgs
	learned   map[reflect.Type]any     // see Learn
	tables    map[string]*guards.Table // by package, see View.Guards
	waits     map[string]*waits.Model  // by package, see View.Waits
}

// New analyzes the functions.
func New(in Input) *Engine {
	if in.External == nil {
		in.External = func(string, string) *summary.Func { return nil }
	}
	e := &Engine{in: in, Syntax: source.New(in.Fset, in.Files), Sources: fix.NewSources(in.Fset, in.Files, in.ReadFile), learned: map[reflect.Type]any{}}
	e.in.Funcs = nil // the SSA form ends with the extraction
	funcs := e.extract(in.Funcs)
	if in.Extracted != nil {
		in.Extracted()
	}
	e.Program = solve.Solve(solve.Input{Funcs: funcs, External: in.External, Trace: in.Trace, Wanted: e.wanted, Guesses: e.guesses})
	e.guesses = nil
	e.Threads = threads.New(threads.Input{Funcs: e.Funcs, Facts: e.Facts()})
	for _, f := range e.Funcs {
		if !e.wanted(f) && !f.Wrapper { // through which others see what it calls
			f.Forget()
		}
	}
	return e
}

// extract makes effects of the functions. All that is left of their SSA form is where their syntax is.
func (e *Engine) extract(funcs iter.Seq[[]*ssa.Function]) []*effects.Func {
	x := extract.New(extract.Input{Fset: e.in.Fset, Files: e.in.Files, Calls: e.in.Dynamic, Open: e.in.Reported, Build: e.in.Build})
	if funcs != nil {
		for fns := range funcs {
			x.Add(fns)
			x.Next()
		}
	}
	x.Extract()
	units := x.Units()
	parallel.Do(len(units), func(i int) {
		fold.Unit(units[i])
		standin.Find(units[i])
	})
	if e.in.Dynamic {
		e.guesses = calls.Resolve(x.Funcs(), e.in.Reported)
		x.Prune()
	}
	all := x.Funcs()
	for _, f := range all {
		if e.wanted(f) {
			e.Syntax.Add(f, syntaxOf(x.SSA(f)))
		}
	}
	e.units = x.Units()
	return all
}

// syntaxOf returns the syntax of a function, and its package.
func syntaxOf(fn *ssa.Function) source.Func {
	s := source.Func{Node: fn.Syntax()}
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	if o := fn.Origin(); o != nil {
		fn = o
	}
	if fn.Pkg != nil {
		s.Pkg = fn.Pkg.Pkg
	}
	return s
}

// wanted reports whether a function is in a package that is reported on.
func (e *Engine) wanted(f *effects.Func) bool {
	return e.in.Reported == nil || e.in.Reported(f.Unit.Path)
}

// Learn returns what a check learns of the whole program, once for all packages.
func Learn[T any](e *Engine, learn func(*Engine) *T) *T {
	t := reflect.TypeFor[T]()
	if e.learned[t] == nil {
		e.learned[t] = learn(e)
	}
	return e.learned[t].(*T)
}

// Step returns the witness step of an instruction; what has no position has that of the function.
func (e *Engine) Step(f *effects.Func, v effects.V) lockgraph.Frame {
	if f.At(v).Pos.IsValid() {
		return held.Frame(f, v)
	}
	return held.FrameAt(f, f.Pos)
}

// Pos returns where an instruction stands in the files of its package.
func (e *Engine) Pos(f *effects.Func, v effects.V) token.Pos { return e.Syntax.Pos(f, f.At(v).Pos) }

// Source returns the function in whose body fixes of f are made, or nil.
func (e *Engine) Source(f *effects.Func) *fix.Func {
	s := e.Syntax.Func(f)
	if s.Node == nil {
		return nil
	}
	return e.Sources.Func(s.Pkg, s.Node)
}

// SummaryOf returns the summary of a function by its package and full name as go/types has it; nil if there is nothing to tell of it.
// It is not known if there is no such function.
func (e *Engine) SummaryOf(pkg, full string) (_ *summary.Func, known bool) {
	name := pkg + "." + strings.Replace(full, pkg+".", "", 1)
	funcs := e.pkgs().funcs[pkg]
	for _, f := range funcs {
		if f.Name == name {
			return e.Sums[f.ID], true
		}
	}
	return e.in.External(pkg, full), len(funcs) == 0
}

// LocksAt returns the locks at an instruction, nil if none are known.
func (e *Engine) LocksAt(f *effects.Func, v effects.V) *held.Locks {
	r := e.Results[f.ID]
	switch {
	case r == nil:
		return nil
	case r.Summary.Truncated:
		return &held.Locks{Any: true}
	}
	return r.Locks[v]
}
