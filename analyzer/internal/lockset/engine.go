package lockset

import (
	"go/ast"
	"go/token"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/extract"
	"github.com/lockcheck/lockcheck/analyzer/internal/fix"
	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
	"github.com/lockcheck/lockcheck/analyzer/internal/guards"
	"github.com/lockcheck/lockcheck/analyzer/internal/solve"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
	"github.com/lockcheck/lockcheck/analyzer/internal/threads"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// Input is what an [Engine] analyzes.
type Input struct {
	Fset  *token.FileSet
	Files []*ast.File     // syntax of the functions reported on, for positions
	Funcs []*ssa.Function // in a fixed order; functions they make or refer to are added

	// External returns the summary of a function outside Funcs, by package and key; nil if unknown. It may be called by
	// several goroutines.
	External func(pkg, key string) *summary.Func
	// Dynamic resolves calls that are not static; nil resolves none.
	Dynamic func(ssa.CallInstruction) []*ssa.Function
	// Reported tells the packages that are reported on; nil means all.
	Reported func(path string) bool
	// Trace records the locks held at every call.
	Trace bool
	// ReadFile returns the content of a file, for fixes; nil offers none.
	ReadFile func(name string) ([]byte, error)
}

// An Engine analyzes functions.
type Engine struct {
	in        Input
	extractor *extract.Extractor
	prog      *solve.Program
	funcs     []*ssa.Function // those of the program, by number
	index     map[*ssa.Function]int
	results   []*flow.Result // nil where not walked, and of packages that are not reported on

	calls     map[token.Pos]*ast.CallExpr // by left parenthesis
	ends      map[token.Pos]token.Pos     // of calls, by start
	frames    map[ssa.Instruction]lockgraph.Frame
	names     map[*ssa.Function]string
	byPackage *byPackage               // see packages
	givesBack *givers                  // see givers
	takes     *takers                  // see takers
	tables    map[string]*guards.Table // by package, see View.Guards
	sources   *fix.Sources
	positions *Positions // see tokenPos
	threads   *threads.Model
	units     map[string]*effects.Unit // by path, see Declared
}

// New analyzes the functions.
func New(in Input) *Engine {
	if in.External == nil {
		in.External = func(string, string) *summary.Func { return nil }
	}
	if in.Dynamic == nil {
		in.Dynamic = func(ssa.CallInstruction) []*ssa.Function { return nil }
	}
	e := &Engine{
		in: in, index: map[*ssa.Function]int{}, calls: map[token.Pos]*ast.CallExpr{},
		frames: map[ssa.Instruction]lockgraph.Frame{}, names: map[*ssa.Function]string{},
	}
	e.indexCalls()
	e.extractor = extract.New(extract.Input{Fset: in.Fset, Files: in.Files, Dynamic: in.Dynamic})
	e.extractor.Add(in.Funcs)
	e.extractor.Extract()
	for i, f := range e.extractor.Funcs() {
		fn := e.extractor.SSA(f)
		e.funcs = append(e.funcs, fn)
		e.index[fn] = i
	}
	e.forget()
	in.Dynamic = nil
	e.prog = solve.Solve(solve.Input{
		Funcs: e.extractor.Funcs(), External: in.External, Trace: in.Trace,
		Wanted: e.wanted,
	})
	e.results = make([]*flow.Result, len(e.funcs))
	for i, f := range e.prog.Funcs {
		if e.wanted(f) {
			e.results[i] = e.bridged(i)
		}
	}
	e.threads = threads.New(threads.Input{Funcs: e.prog.Funcs, Facts: e.prog.Facts()})
	e.givers()
	e.takers()
	for _, f := range e.prog.Funcs {
		if !e.wanted(f) {
			f.Forget()
		}
	}
	e.sources = fix.NewSources(in.Fset, in.Files, in.ReadFile)
	return e
}

// Summary returns the summary of a function; nil if it is unknown.
func (e *Engine) Summary(fn *ssa.Function) *summary.Func {
	if i, ok := e.index[fn]; ok {
		return e.prog.Sums[i]
	}
	return e.in.External(flow.PackageOf(fn), FuncKey(fn))
}

// wanted reports whether a function is in a package that is reported on.
func (e *Engine) wanted(f *effects.Func) bool {
	return e.in.Reported == nil || e.in.Reported(f.Unit.Path)
}

// forget frees the bodies of functions of which nothing is reported: their effects are all that is asked for from now on.
func (e *Engine) forget() {
	e.in.Dynamic = nil // told by the effects, too
	for _, f := range e.extractor.Funcs() {
		if !e.wanted(f) {
			e.extractor.Forget(f)
		}
	}
}

// Frame returns the witness step of an instruction.
func (e *Engine) Frame(instr ssa.Instruction) lockgraph.Frame {
	f, ok := e.frames[instr]
	if !ok {
		posn := e.in.Fset.Position(e.start(posOf(instr)))
		f = lockgraph.Frame{Func: e.name(instr.Parent()), File: posn.Filename, Line: posn.Line, Col: posn.Column}
		e.frames[instr] = f
	}
	return f
}

// start returns where the call begins whose left parenthesis is at pos, if that is
// on the same line.
func (e *Engine) start(pos token.Pos) token.Pos {
	if call := e.calls[pos]; call != nil {
		if e.in.Fset.Position(call.Pos()).Line == e.in.Fset.Position(pos).Line {
			return call.Pos()
		}
	}
	return pos
}

// indexCalls maps the position that SSA gives a call to its syntax.
func (e *Engine) indexCalls() {
	for _, f := range e.in.Files {
		ast.Inspect(f, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				e.calls[call.Lparen] = call
			}
			return true
		})
	}
}

// name returns the full name of a function as witnesses have it: import path, then
// the name as a reader would write it.
func (e *Engine) name(fn *ssa.Function) string {
	n, ok := e.names[fn]
	if !ok {
		n = funcName(fn)
		e.names[fn] = n
	}
	return n
}

func funcName(fn *ssa.Function) string {
	suffix := ""
	if fn.Parent() != nil {
		suffix = fn.Name()
		fn = flow.Outermost(fn)
		suffix = strings.TrimPrefix(suffix, fn.Name())
	}
	path := flow.PackageOf(fn)
	if fn.Pkg == nil && fn.Object() != nil {
		fnPkg := fn.Object().Pkg()
		return path + "." + fn.RelString(fnPkg) + suffix
	}
	if fn.Pkg == nil {
		return fn.String() + suffix
	}
	return path + "." + fn.RelString(fn.Pkg.Pkg) + suffix
}

// EndOf returns the end of the call that starts at pos.
func (e *Engine) EndOf(pos token.Pos) token.Pos {
	if e.ends == nil {
		e.ends = map[token.Pos]token.Pos{}
		for lparen, call := range e.calls {
			start := e.start(lparen)
			if end, ok := e.ends[start]; !ok || call.End() > end {
				e.ends[start] = call.End()
			}
		}
	}
	if end, ok := e.ends[pos]; ok {
		return end
	}
	return pos
}
