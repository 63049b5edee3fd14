package lockset

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/fix"
	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
	"github.com/lockcheck/lockcheck/analyzer/internal/held"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// keeps reports the locks that a function keeps on one way and releases on another, and the unlocks that
// cannot be right, in one package.
func (v *View) keeps(e *Engine) []report.Finding {
	givers := e.givers()
	var out []report.Finding
	for i, r := range e.results {
		if r == nil || flow.PackageOf(e.funcs[i]) != v.Path {
			continue
		}
		type cause struct {
			first   ssa.Instruction
			band    report.Band
			mending bool // has a fix, which mends all of them
		}
		same := map[cause]int{} // the finding for what one acquisition leaves locked
		for k := range r.Keeps {
			f, exit, ok := v.keep(e, r, &r.Keeps[k], givers)
			if !ok {
				continue
			}
			c := cause{r.Keeps[k].First, f.Band(), len(f.Fixes) > 0}
			if i, ok := same[c]; ok {
				alsoKept(&out[i], &f, exit)
				continue
			}
			same[c] = len(out)
			out = append(out, f)
		}
		for k := range r.Slips {
			if f, ok := v.slip(e, &r.Slips[k]); ok {
				out = append(out, f)
			}
		}
	}
	return out
}

// alsoKept adds to a finding one that another exit leaves the same lock locked.
func alsoKept(f, also *report.Finding, exit string) {
	if rest, ok := strings.CutPrefix(exit, "this "); ok {
		exit = "the " + rest
	}
	at := fmt.Sprintf("%s:%d", filepath.Base(also.Posn.Filename), also.Posn.Line)
	f.Steps = append(f.Steps, report.Step{Pos: also.Pos, Posn: also.Posn, Message: fmt.Sprintf("so does %s at %s", exit, at)})
	f.Confidence = max(f.Confidence, also.Confidence)
	if len(f.Fixes) > 0 && !slices.Equal(f.Fixes[0].Edits, also.Fixes[0].Edits) {
		f.Fixes = []report.Fix{fix.Join(f.Fixes[0].Message, slices.Concat(f.Fixes[0].Edits, also.Fixes[0].Edits)...)}
	}
}

// givers are those who release for others.
type givers struct {
	kept  map[*effects.Func]bool // functions whose callers release what they left locked
	seen  map[*effects.Func]bool // functions all of whose callers are in view, and leave nothing locked
	class map[string]bool        // classes of locks that some function releases for whoever calls it
}

// givers finds them once for all packages.
func (e *Engine) givers() givers {
	if e.givesBack == nil {
		g := e.findGivers()
		e.givesBack = &g
	}
	return *e.givesBack
}

func (e *Engine) findGivers() givers {
	g := givers{map[*effects.Func]bool{}, map[*effects.Func]bool{}, map[string]bool{}}
	open := e.prog.Open()
	called := map[*effects.Func]bool{}
	for _, r := range e.prog.Results {
		if r != nil {
			for _, c := range r.Contexts {
				called[c.Callee] = true
			}
		}
	}
	for fn := range called {
		if len(fn.Blocks) > 0 && !open[fn.ID] {
			g.seen[fn] = true
		}
	}
	for _, r := range e.prog.Results {
		if r == nil || !slices.ContainsFunc(r.Summary.Exits, func(x summary.Exit) bool { return len(x.Acquired) > 0 }) {
			continue
		}
		for _, c := range r.Contexts {
			if c.Callee != r.Fn {
				delete(g.seen, c.Callee) // whose lock its caller may hand on
			}
		}
	}
	for i, r := range e.prog.Results {
		if r == nil {
			continue
		}
		for first := range r.Freed {
			if in := r.Fn.At(first); in.Op == effects.Call && in.Fn != nil {
				g.kept[in.Fn] = true
			}
		}
		if r.Fn.InPlace() || called[r.Fn] && !open[i] {
			continue // what its callers have locked
		}
		for _, x := range r.Summary.Exits {
			for _, l := range x.Released {
				g.class[l.Path.Class] = true
			}
		}
	}
	return g
}

// keepConfidence weighs what a kept lock rests on; 0 if it is no finding.
func keepConfidence(k *flow.Keep, g givers) int {
	if g.kept[k.Of] {
		return 0
	}
	c := 95
	switch {
	case k.All:
	case k.Decided:
		c = 65
	default:
		c = 40
	}
	if k.Told && !g.seen[k.Of] && (g.class[k.Held.Path.Class] || !private(k.Held.Path.Class)) {
		c = c * 45 / 100
	}
	if g.class[k.Held.Path.Class] {
		c = c * 75 / 100
	}
	return c
}

// private reports whether only the package that declares a lock can name it.
func private(class string) bool {
	name := class[strings.LastIndexByte(class, '.')+1:]
	return name != "" && !token.IsExported(name)
}

// keep words the finding for one exit, and what the exit is.
func (v *View) keep(e *Engine, r *flow.Result, k *flow.Keep, g givers) (f report.Finding, what string, ok bool) {
	c := keepConfidence(k, g)
	if c == 0 || k.Fn.Synthetic != "" {
		return f, "", false
	}
	name := e.lockName(k.Fn, k.First, k.Held.Path)
	f = report.Finding{Check: "missingunlock", Package: v.Path, Confidence: c}
	f.Pos, f.End, what = e.exitSpan(k.Exit)
	f.Posn = v.pos.fset.Position(f.Pos)
	can := "leaves"
	if !k.All {
		can = "can leave"
	}
	f.Message = fmt.Sprintf("%s %s %s %s since line %d", what, can, name, report.Locked(k.Held.Mode), k.Held.Chain.Line)
	v.addSteps(&f, report.Trace(k.Held.Chain.Frames(), name, k.Held.Mode, v.Path, ""))
	other := e.Frame(k.Elsewhere)
	v.addSteps(&f, []report.TraceStep{{Frame: other, Message: fmt.Sprintf("another path %s %s at %s", unlocks(k.Elsewhere, k.Held.Mode), name, report.At(other))}})
	f.Fingerprint = report.Fingerprint(f.Check, "keep", e.name(k.Fn), k.Held.Path.Class, k.Held.Path.Pretty(), what)
	f.Fixes = e.keepFixes(r, k, g)
	return f, what, !v.Suppressed(&f)
}

// slip words an unlock that cannot be right.
func (v *View) slip(e *Engine, s *flow.Slip) (report.Finding, bool) {
	if s.Fn.Synthetic != "" {
		return report.Finding{}, false
	}
	f := report.Finding{Check: "missingunlock", Package: v.Path, Confidence: 95}
	name := e.lockName(s.Fn, s.Instr, s.Path)
	f.Pos, f.End = e.span(s.Instr)
	if s.Kind == held.SlipNever {
		return v.never(e, s, f, name)
	}
	var steps []report.TraceStep
	first := e.Frame(s.First)
	locked := report.Trace([]lockgraph.Frame{first}, name, s.Mode.Other(), v.Path, "")
	switch s.Kind {
	case held.SlipMode:
		f.Message = fmt.Sprintf("%s is %s since line %d: %s crashes, %s is meant", name, report.Locked(s.Mode.Other()), first.Line, verb(s.Mode), verb(s.Mode.Other()))
		steps = locked
	case held.SlipTwice:
		since := e.Frame(s.Since)
		f.Message = fmt.Sprintf("%s is unlocked again after line %d, which crashes", name, since.Line)
		if s.At != s.Instr {
			var what string
			f.Pos, f.End, what = e.exitSpan(e.end(s.At))
			f.Message = fmt.Sprintf("%s unlocks %s again by the defer of line %d, after line %d, which crashes", what, name, e.Frame(s.Instr).Line, since.Line)
		}
		steps = append(report.Trace([]lockgraph.Frame{first}, name, s.Mode, v.Path, ""),
			report.TraceStep{Frame: since, Message: fmt.Sprintf("%s unlocks %s at %s", report.Func(since.Func, v.Path), name, report.At(since))})
	}
	f.Posn = v.pos.fset.Position(f.Pos)
	v.addSteps(&f, steps)
	f.Fingerprint = report.Fingerprint(f.Check, fmt.Sprint(s.Kind), e.name(s.Fn), s.Path.Class, s.Path.Pretty())
	f.Fixes = e.slipFixes(s)
	return f, !v.Suppressed(&f)
}

// never words an unlock of what nobody has locked.
func (v *View) never(e *Engine, s *flow.Slip, f report.Finding, name string) (report.Finding, bool) {
	if f.Confidence = e.neverLocked(s); f.Confidence == 0 {
		return f, false
	}
	f.Posn = v.pos.fset.Position(f.Pos)
	f.Message = fmt.Sprintf("%s is unlocked, but nothing that leads here locks it: %s crashes", name, verb(s.Mode))
	if s.First != nil {
		first := e.Frame(s.First)
		other := e.lockName(s.Fn, s.First, e.results[e.index[s.Fn]].Taken[s.First])
		f.Message = fmt.Sprintf("%s is unlocked, but %s is what is locked since line %d: %s crashes", name, other, first.Line, verb(s.Mode))
		v.addSteps(&f, report.Trace([]lockgraph.Frame{first}, other, lockgraph.Write, v.Path, ""))
	}
	f.Fingerprint = report.Fingerprint(f.Check, fmt.Sprint(s.Kind), e.name(s.Fn), s.Path.Class, s.Path.Pretty())
	return f, !v.Suppressed(&f)
}

func verb(m lockgraph.Mode) string {
	if m == lockgraph.Read {
		return "RUnlock"
	}
	return "Unlock"
}

// unlocks returns the words for an instruction that releases a lock.
func unlocks(instr ssa.Instruction, m lockgraph.Mode) string {
	s := "unlocks"
	if m == lockgraph.Read {
		s = "read-unlocks"
	}
	if _, ok := instr.(*ssa.Defer); ok {
		s = "defers an unlock that " + s
	}
	return s
}

// lockName returns a lock as the source of its function writes it.
func (e *Engine) lockName(fn *ssa.Function, first ssa.Instruction, p ident.Path) string {
	if call := e.calls[first.Pos()]; call != nil {
		if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
			switch sel.Sel.Name {
			case "Lock", "RLock", "Unlock", "RUnlock", "TryLock", "TryRLock":
				if s := types.ExprString(sel.X); len(s) <= 60 {
					return s
				}
			}
		}
	}
	return e.pathName(&flow.Double{Path: p, Fn: fn})
}

// end returns the return to which a RunDefers leads.
func (e *Engine) end(at ssa.Instruction) ssa.Instruction {
	b := at.Block()
	return b.Instrs[len(b.Instrs)-1]
}

// exitSpan returns where an exit is, and what it is called.
func (e *Engine) exitSpan(instr ssa.Instruction) (pos, end token.Pos, what string) {
	switch instr := instr.(type) {
	case *ssa.Return:
		if instr.Pos().IsValid() {
			return instr.Pos(), instr.Pos() + token.Pos(len("return")), "this return"
		}
	case *ssa.Panic:
		if instr.Pos().IsValid() {
			return instr.Pos(), instr.Pos() + token.Pos(len("panic")), "this panic, which is recovered,"
		}
	case *ssa.Call:
		pos, end = e.span(instr)
		return pos, end, "runtime.Goexit"
	}
	// The end of the body.
	if syn := instr.Parent().Syntax(); syn != nil {
		return syn.End() - 1, syn.End(), "the end of the function"
	}
	return instr.Parent().Pos(), instr.Parent().Pos(), "the function"
}
