package lockset

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/fix"
	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
	"github.com/lockcheck/lockcheck/analyzer/internal/guards"
	"github.com/lockcheck/lockcheck/analyzer/internal/held"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// All that the checks need which still stand on the SSA form. It goes with them.

// ssaView is what the engine knows in terms of the SSA form.
type ssaView struct {
	funcs   []*ssa.Function // by number
	index   map[*ssa.Function]int
	results []*flow.Result              // nil where not walked, and of packages that are not reported on
	calls   map[token.Pos]*ast.CallExpr // by left parenthesis
	sources *fix.Sources

	ssaPackages *ssaPackages
}

func (e *Engine) seeSSA() {
	e.index, e.calls, e.sources = map[*ssa.Function]int{}, map[token.Pos]*ast.CallExpr{}, e.Sources
	e.results = make([]*flow.Result, len(e.Funcs))
	for i, f := range e.Funcs {
		fn := e.extractor.SSA(f)
		e.funcs = append(e.funcs, fn)
		e.index[fn] = i
		if r := e.Results[i]; r != nil && e.wanted(f) {
			e.results[i] = &flow.Result{Fn: fn, Summary: r.Summary, LocksAt: func(instr ssa.Instruction) *held.Locks { return r.Locks[e.extractor.V(instr)] }}
		}
	}
	for _, f := range e.in.Files {
		ast.Inspect(f, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				e.calls[call.Lparen] = call
			}
			return true
		})
	}
}

// Summary implements flow.Env.
func (e *Engine) Summary(fn *ssa.Function) *summary.Func {
	if i, ok := e.index[fn]; ok {
		return e.Sums[i]
	}
	return e.in.External(flow.PackageOf(fn), FuncKey(fn))
}

// Dynamic implements flow.Env.
func (e *Engine) Dynamic(site ssa.CallInstruction) []*ssa.Function {
	f := e.extractor.Func(site.Parent())
	if f == nil {
		return nil
	}
	var fns []*ssa.Function
	for _, t := range f.Targets[e.extractor.V(site)] {
		fns = append(fns, e.extractor.SSA(t))
	}
	return fns
}

// Mutable implements flow.Env.
func (e *Engine) Mutable(from *ssa.Function, class string) bool {
	return e.Program.Mutable(flow.PackageOf(from), class)
}

// Sibling implements flow.Env.
func (e *Engine) Sibling(class string) (name, lock string, read, ok bool) {
	s, ok := e.Facts().Sibling(class)
	return s.Name, s.Class, s.Read, ok
}

// Frame implements flow.Env.
func (e *Engine) Frame(instr ssa.Instruction) lockgraph.Frame {
	posn := e.in.Fset.Position(e.start(posOf(instr)))
	return lockgraph.Frame{Func: e.name(instr.Parent()), File: posn.Filename, Line: posn.Line, Col: posn.Column}
}

// start returns where the call begins whose left parenthesis is at pos, if that is
// on the same line.
func (e *Engine) start(pos token.Pos) token.Pos {
	if call := e.calls[pos]; call != nil && e.in.Fset.Position(call.Pos()).Line == e.in.Fset.Position(pos).Line {
		return call.Pos()
	}
	return pos
}

// name returns the full name of a function as witnesses have it.
func (e *Engine) name(fn *ssa.Function) string {
	if f := e.extractor.Func(fn); f != nil {
		return f.Name
	}
	fn = flow.Outermost(fn)
	switch {
	case fn.Pkg != nil:
		return flow.PackageOf(fn) + "." + fn.RelString(fn.Pkg.Pkg)
	case fn.Object() != nil:
		return flow.PackageOf(fn) + "." + fn.RelString(fn.Object().Pkg())
	}
	return fn.String()
}

// source returns the function in whose body fixes of fn are made, or nil.
func (e *Engine) source(fn *ssa.Function) *fix.Func {
	if f := e.extractor.Func(fn); f != nil {
		return e.Source(f)
	}
	return nil
}

func one(f report.Fix, ok bool) []report.Fix { return fix.One(f, ok) }

func count(n int) string { return report.Count(n, "more such call") }

func (v *View) addSteps(f *report.Finding, steps []report.TraceStep) { v.AddSteps(f, steps) }

func (v *View) ours(path string) bool { return v.Ours(path) }

// FuncKey returns the name by which other packages look a function up.
func FuncKey(fn *ssa.Function) string {
	if o := fn.Origin(); o != nil {
		fn = o
	}
	if fn.Parent() != nil {
		return ""
	}
	if o, ok := fn.Object().(*types.Func); ok && fn.Synthetic == "" || ok && strings.HasPrefix(fn.Synthetic, "from type information") {
		return o.Origin().FullName()
	}
	return ""
}

// posOf returns the position of an instruction; the call that a range over a function
// stands for has that of the body, and what has none that of the function.
func posOf(instr ssa.Instruction) token.Pos {
	if pos := instr.Pos(); pos.IsValid() {
		return pos
	}
	if call, ok := instr.(ssa.CallInstruction); ok {
		for _, a := range call.Common().Args {
			if mc, ok := a.(*ssa.MakeClosure); ok && mc.Fn.Pos().IsValid() {
				return mc.Fn.Pos()
			}
		}
	}
	return instr.Parent().Pos()
}

// span returns the call that instr is, as source has it.
func (e *Engine) span(instr ssa.Instruction) (pos, end token.Pos) {
	pos = posOf(instr)
	if call := e.calls[pos]; call != nil {
		return e.start(pos), call.End()
	}
	if d, ok := instr.(*ssa.Defer); ok { // its position is the keyword
		return d.Pos(), d.Pos() + token.Pos(len("defer"))
	}
	return pos, pos
}

// exitSpan returns where an exit is, and what it is called.
func (e *Engine) exitSpan(instr ssa.Instruction) (pos, end token.Pos, what string) {
	f := e.extractor.Func(instr.Parent())
	return e.Syntax.Exit(f, e.extractor.V(instr))
}

// ssaPackages has the functions of packages in SSA form, and all files by folder.
type ssaPackages struct {
	funcs map[string][]*ssa.Function
	files map[string][]*ast.File
}

func (e *Engine) packages() *ssaPackages {
	if e.ssaPackages == nil {
		e.ssaPackages = &ssaPackages{map[string][]*ssa.Function{}, e.pkgs().files}
		for path, fs := range e.pkgs().funcs {
			for _, f := range fs {
				e.ssaPackages.funcs[path] = append(e.ssaPackages.funcs[path], e.extractor.SSA(f))
			}
		}
	}
	return e.ssaPackages
}

// distinct returns the functions of a package, of those that its test variant has as well only one.
func (e *Engine) distinct(path string) []*ssa.Function {
	var out []*ssa.Function
	for _, f := range e.InPackage(path) {
		out = append(out, e.extractor.SSA(f))
	}
	return out
}

// inTest reports whether fn is declared in a test file.
func (e *Engine) inTest(fn *ssa.Function) bool {
	return fn.Pos().IsValid() && strings.HasSuffix(e.in.Fset.Position(fn.Pos()).Filename, "_test.go")
}

func typeName(t types.Type) string {
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	if n, ok := t.(*types.Named); ok {
		return ident.TypeName(n)
	}
	return t.String()
}

func inMain(fn *ssa.Function) bool {
	fn = flow.Outermost(fn)
	return fn.Pkg != nil && fn.Pkg.Pkg.Name() == "main"
}

func (e *Engine) mayLock(call ssa.CallInstruction) bool {
	f, v := e.extractor.Func(call.Parent()), e.extractor.V(call)
	return f != nil && v != 0 && e.MayLock(f, v)
}

// guardFixes returns the fix of an access without its guard.
func (e *Engine) guardFixes(x *guards.Violation) []report.Fix {
	fn := e.extractor.Func(x.Site.Fn)
	f := e.source(x.Site.Fn)
	if f == nil {
		return nil
	}
	if x.Kind == guards.Lockless {
		var seen []token.Pos
		for _, s := range x.Place.Sites {
			seen = append(seen, s.Pos)
		}
		return fix.One(e.Sources.MakeAtomic(f, x.Site.Pos, seen))
	}
	if !x.Guard.Sibling {
		return nil
	}
	u := Unheld{Fn: fn, First: x.Site.Pos, Reads: true, Place: x.Place.Class, Lock: x.Guard.Class, Param: x.Site.Param}
	here := true
	for _, s := range append([]*guards.Site{x.Site}, x.More...) {
		if s.Fn != x.Site.Fn {
			here = false
			continue
		}
		u.First, u.Reads = min(u.First, s.Pos), u.Reads && s.Op == flow.Read
	}
	switch x.Kind {
	case guards.ReadLocked:
		return e.WriteFixes(fn, u.Lock)
	case guards.Unlocked:
		if here {
			return e.HoldFixes(u)
		}
	case guards.Unchecked:
		if fixes := e.OnceFixes(fn, u.Place, u.Lock); fixes != nil {
			return fixes
		}
		return e.CheckFixes(u)
	}
	return nil
}
