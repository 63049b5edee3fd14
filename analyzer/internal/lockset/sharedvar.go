package lockset

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/capture"
	"github.com/lockcheck/lockcheck/analyzer/internal/held"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
)

// sharedvar reports the local variables on which goroutines race, in one package.
func (v *View) sharedvar(e *Engine) []report.Finding {
	in := &capture.Input{
		InTest: e.inTest,
		Locks: func(fn *ssa.Function, instr ssa.Instruction) *held.Locks {
			i, ok := e.index[fn]
			if !ok || e.results[i] == nil {
				return nil
			}
			if e.results[i].Summary.Truncated {
				return &held.Locks{Any: true}
			}
			return e.results[i].LocksAt(instr)
		},
	}
	var out []report.Finding
	for _, fn := range e.distinct(v.Path) {
		if fn.Parent() != nil || fn.Synthetic != "" {
			continue
		}
		type cause struct {
			start *capture.Run
			at    token.Pos
		}
		first := map[cause]int{} // variables that race at the same places are one bug
		for _, r := range capture.Find(in, fn) {
			f := v.race(e, &r)
			if v.Suppressed(&f) {
				continue
			}
			c := cause{r.Start, f.Pos}
			if i, ok := first[c]; ok {
				v.addSteps(&out[i], []report.TraceStep{{Frame: v.at(f.Pos, ""), Message: "the same is so of " + capturedName(&r, r.X)}})
				continue
			}
			first[c] = len(out)
			out = append(out, f)
		}
	}
	return out
}

// race words one race.
func (v *View) race(e *Engine, r *capture.Race) report.Finding {
	f := report.Finding{Check: "sharedvar", Package: v.Path, Confidence: r.Confidence}
	name := capturedName(r, r.X)
	x, y := e.accessPos(r.Var, r.X), e.accessPos(r.Var, r.Y)
	start := v.line(r.Start.Site.Pos())
	can := raceVerb(r.Confidence)
	at := y
	switch r.Kind {
	case capture.Self:
		at = x
		if !r.X.Write {
			at, x, y = y, y, x
		}
		f.Message = fmt.Sprintf("%s is %s by goroutines that line %d starts and that run at the same time; they %s", name, written(r, r.X, r.Y), start, can)
	case capture.Parent:
		f.Message = fmt.Sprintf("%s is %s by the goroutine started at line %d and %s here without waiting for it; the two %s", name, participle(r.X), start, participle(r.Y), can)
	case capture.Sibling:
		f.Message = fmt.Sprintf("%s is %s by the goroutine started at line %d and %s here by the one started at line %d; the two %s",
			name, participle(r.X), start, participle(r.Y), v.line(r.Other.Site.Pos()), can)
	}
	f.Pos, f.End = at, at
	if token.IsIdentifier(r.Var.Comment) && e.identAt(r, at) {
		f.End = at + token.Pos(len(r.Var.Comment))
	}
	f.Posn = v.pos.fset.Position(f.Pos)
	var steps []report.TraceStep
	step := func(pos token.Pos, fn *ssa.Function, format string) {
		fr := v.at(pos, e.name(fn))
		steps = append(steps, report.TraceStep{Frame: fr, Message: fmt.Sprintf(format, report.Func(fr.Func, v.Path), report.At(fr))})
	}
	step(r.Start.Site.Pos(), r.Start.Site.Parent(), "%s starts the goroutine at %s")
	if r.Other != nil && r.Other != r.Start {
		step(r.Other.Site.Pos(), r.Other.Site.Parent(), "%s starts the other goroutine at %s")
	}
	step(x, r.X.Fn, "%s "+verbOf(r.X)+" "+name+" at %s")
	if r.X.Instr != r.Y.Instr {
		step(y, r.Y.Fn, "%s "+verbOf(r.Y)+" "+name+" at %s")
	}
	v.addSteps(&f, steps)
	f.Fingerprint = report.Fingerprint(f.Check, e.name(r.X.Fn), e.name(r.Y.Fn), name, fmt.Sprint(r.Kind, r.X.Write, r.Y.Write))
	f.Fixes = e.raceFixes(r)
	return f
}

// raceFixes returns the fix that gives a goroutine a variable of its own; package capture has proved that
// nobody else wants what it assigns.
func (e *Engine) raceFixes(r *capture.Race) []report.Fix {
	f := e.source(r.X.Fn)
	if f == nil || !r.Own.IsValid() {
		return nil
	}
	return one(f.Declare(r.Own, r.Var.Type().Underlying().(*types.Pointer).Elem()))
}

func raceVerb(confidence int) string {
	if report.BandOf(confidence) == report.Error {
		return "race"
	}
	return "can race"
}

// capturedName returns a captured variable as a message shows it.
func capturedName(r *capture.Race, a *capture.Access) string {
	if place, ok := strings.CutSuffix(a.Place, "[]"); ok {
		return "the map " + r.Var.Comment + place
	}
	return r.Var.Comment + a.Place
}

func participle(a *capture.Access) string {
	switch {
	case !a.Write:
		return "read"
	case strings.HasSuffix(a.Place, "[]"):
		return "written"
	}
	return "assigned"
}

func verbOf(a *capture.Access) string {
	switch {
	case !a.Write:
		return "reads"
	case strings.HasSuffix(a.Place, "[]"):
		return "writes"
	}
	return "assigns"
}

// written tells what goroutines do with a variable, of which one does x and another y.
func written(r *capture.Race, x, y *capture.Access) string {
	if x.Write && y.Write {
		return participle(x)
	}
	if !x.Write {
		x, y = y, x
	}
	return participle(x) + " and read"
}

// accessPos returns where the name of a variable stands that an instruction reads or writes. Loads have
// no position of their own: the nearest use of the name to what is done with the value is taken.
func (e *Engine) accessPos(a *ssa.Alloc, x *capture.Access) token.Pos {
	if pos := x.Instr.Pos(); pos.IsValid() && x.Write {
		return pos
	}
	pos := usedAt(x.Instr, 0)
	if !pos.IsValid() {
		return posOf(x.Instr)
	}
	best := token.NoPos
	dist := func(p token.Pos) int {
		d := e.in.Fset.Position(p).Line - e.in.Fset.Position(pos).Line
		return max(d, -d)
	}
	if syn := x.Fn.Syntax(); syn != nil {
		ast.Inspect(syn, func(n ast.Node) bool {
			if lit, ok := n.(*ast.FuncLit); ok && ast.Node(lit) != syn {
				return x.Fn.Synthetic != "" || lit.Pos() <= pos && pos < lit.End()
			}
			if id, ok := n.(*ast.Ident); ok && id.Name == a.Comment && id.Pos() != a.Pos() && (!best.IsValid() || dist(id.Pos()) < dist(best)) {
				best = id.Pos()
			}
			return true
		})
	}
	if !best.IsValid() || dist(best) > 3 {
		return pos // a bare return
	}
	return best
}

// usedAt returns the position of an instruction, or of the first that uses its value and has one.
func usedAt(instr ssa.Instruction, depth int) token.Pos {
	if pos := instr.Pos(); pos.IsValid() {
		return pos
	}
	v, ok := instr.(ssa.Value)
	if !ok || depth > 6 || v.Referrers() == nil {
		return token.NoPos
	}
	if st := instr.Block(); st != nil {
		for _, in := range st.Instrs {
			if ret, ok := in.(*ssa.Return); ok && ret.Pos().IsValid() {
				for _, op := range ret.Results {
					if op == v {
						return ret.Pos()
					}
				}
			}
		}
	}
	for _, ref := range *v.Referrers() {
		if pos := usedAt(ref, depth+1); pos.IsValid() {
			return pos
		}
		if st, ok := ref.(*ssa.Store); ok {
			if ia, ok := st.Addr.(*ssa.IndexAddr); ok && st.Val == v { // among variadic operands
				if arr, ok := ia.X.(*ssa.Alloc); ok && arr.Pos().IsValid() {
					return arr.Pos()
				}
			}
		}
		if br, ok := ref.(*ssa.If); ok {
			for _, s := range br.Block().Succs {
				for _, in := range s.Instrs {
					if pos := in.Pos(); pos.IsValid() {
						return pos
					}
				}
			}
		}
	}
	return token.NoPos
}

// identAt reports whether the name of the variable stands at pos.
func (e *Engine) identAt(r *capture.Race, pos token.Pos) bool {
	found := false
	for _, fn := range []*ssa.Function{r.X.Fn, r.Y.Fn} {
		if syn := fn.Syntax(); syn != nil {
			ast.Inspect(syn, func(n ast.Node) bool {
				id, ok := n.(*ast.Ident)
				found = found || ok && id.Pos() == pos && id.Name == r.Var.Comment
				return !found
			})
		}
	}
	return found
}
