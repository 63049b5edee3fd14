package lockset

import (
	"go/ast"
	"go/token"
	"reflect"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/fix"
	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
	"github.com/lockcheck/lockcheck/analyzer/internal/guards"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// Input is what an [Engine] analyzes.
type Input struct {
	Fset  *token.FileSet
	Files []*ast.File     // syntax of the functions reported on, for positions
	Funcs []*ssa.Function // in a fixed order; functions they make or refer to are added

	// External returns the summary of a function outside Funcs, nil if unknown.
	External func(*ssa.Function) *summary.Func
	// Dynamic resolves calls that are not static; nil resolves none.
	Dynamic func(ssa.CallInstruction) []*ssa.Function
	// Reported tells the packages that are reported on; nil means all.
	Reported func(path string) bool
	// Trace records the locks held at every call.
	Trace bool
	// ReadFile returns the content of a file, for fixes; nil offers none.
	ReadFile func(name string) ([]byte, error)
}

// An Engine analyzes functions. It implements flow.Env.
type Engine struct {
	in       Input
	funcs    []*ssa.Function
	index    map[*ssa.Function]int
	callees  [][]int
	relevant []bool
	sums     []*summary.Func // nil: not yet
	lightNow []bool          // being summarized lightly
	results  []*flow.Result  // nil where not walked

	mutable   map[string]bool
	siblings  map[string]*sibling
	calls     map[token.Pos]*ast.CallExpr // by left parenthesis
	ends      map[token.Pos]token.Pos     // of calls, by start
	frames    map[ssa.Instruction]lockgraph.Frame
	names     map[*ssa.Function]string
	pkg       string // of the function being walked
	entries   []entry
	byPackage *byPackage               // see packages
	givesBack *givers                  // see givers
	takes     *takers                  // see takers
	tables    map[string]*guards.Table // by package, see View.Guards
	sources   *fix.Sources
	threads   []string // name of the only goroutine that runs the function; "" if there may be more
}

// maxRounds bounds the iterations over one recursive component.
const maxRounds = 4

// New analyzes the functions.
func New(in Input) *Engine {
	if in.External == nil {
		in.External = func(*ssa.Function) *summary.Func { return nil }
	}
	if in.Dynamic == nil {
		in.Dynamic = func(ssa.CallInstruction) []*ssa.Function { return nil }
	}
	e := &Engine{
		in: in, index: map[*ssa.Function]int{}, calls: map[token.Pos]*ast.CallExpr{},
		frames: map[ssa.Instruction]lockgraph.Frame{}, names: map[*ssa.Function]string{},
	}
	e.indexCalls()
	e.collect()
	e.scanFields()
	e.markRelevant()
	n := len(e.funcs)
	e.sums, e.results, e.lightNow = make([]*summary.Func, n), make([]*flow.Result, n), make([]bool, n)
	for _, comp := range e.components() {
		e.solve(comp)
	}
	e.contexts()
	e.markThreads()
	e.sources = fix.NewSources(in.Fset, in.Files, in.ReadFile)
	return e
}

// solve walks the functions of one component until their summaries are stable.
func (e *Engine) solve(comp []int) {
	recursive := len(comp) > 1
	for _, i := range comp {
		for _, c := range e.callees[i] {
			recursive = recursive || c == i
		}
	}
	for round := 0; ; round++ {
		changed := false
		for _, i := range comp {
			e.pkg = flow.PackageOf(e.funcs[i])
			r := flow.Walk(e, e.funcs[i], e.in.Trace)
			if recursive && (e.sums[i] == nil || !sameSummary(e.sums[i], r.Summary)) {
				changed = true
			}
			e.results[i], e.sums[i] = r, r.Summary
		}
		if !changed {
			return
		}
		if round >= maxRounds {
			for _, i := range comp {
				e.sums[i].Truncated = true
			}
			return
		}
	}
}

// sameSummary reports whether two summaries say the same to a caller.
func sameSummary(a, b *summary.Func) bool {
	if len(a.Events) != len(b.Events) || a.Publishes != b.Publishes || a.Lends != b.Lends || a.Fresh != b.Fresh || a.Lent != b.Lent ||
		len(a.Exits) != len(b.Exits) || !reflect.DeepEqual(a.Stores, b.Stores) {
		return false
	}
	for i := range a.Events {
		if a.Events[i].Key() != b.Events[i].Key() || len(a.Events[i].Inner) != len(b.Events[i].Inner) {
			return false
		}
	}
	for i := range a.Exits {
		x, y := a.Exits[i], b.Exits[i]
		if len(x.Acquired) != len(y.Acquired) || !reflect.DeepEqual(x.Released, y.Released) {
			return false
		}
		for k := range x.Acquired {
			if x.Acquired[k].Lock != y.Acquired[k].Lock {
				return false
			}
		}
	}
	return true
}

// Summary implements flow.Env.
func (e *Engine) Summary(fn *ssa.Function) *summary.Func {
	i, ok := e.index[fn]
	if !ok {
		return e.in.External(fn)
	}
	if s := e.sums[i]; s != nil || e.relevant[i] {
		return s
	}
	if e.lightNow[i] {
		return nil
	}
	e.lightNow[i] = true
	e.sums[i] = flow.Light(e, fn)
	e.lightNow[i] = false
	return e.sums[i]
}

// Wanted implements flow.Env.
func (e *Engine) Wanted(fn *ssa.Function) bool {
	return e.in.Reported == nil || e.in.Reported(flow.PackageOf(fn))
}

// Dynamic implements flow.Env.
func (e *Engine) Dynamic(site ssa.CallInstruction) []*ssa.Function { return e.in.Dynamic(site) }

// Mutable implements flow.Env. Fields of other packages count as mutable.
func (e *Engine) Mutable(class string) bool {
	return e.mutable[class] || !strings.HasPrefix(class, e.pkg+".")
}

// Sibling implements flow.Env.
func (e *Engine) Sibling(class string) (name, lock string, read, ok bool) {
	s := e.siblings[class]
	if s == nil || s.conflict {
		return "", "", false, false
	}
	return s.name, s.class, s.read, true
}

// Frame implements flow.Env.
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
