package lockset

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/analyzer/internal/solve"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// doubles reports the acquisitions of locks held already, in one package.
func (v *View) doubles(e *Engine) []report.Finding {
	type group struct {
		f    report.Finding
		more []token.Position // of findings with the same cause
	}
	var order []string
	groups := map[string]*group{} // by check, function and first acquisition
	for i, r := range e.results {
		if r == nil || flow.PackageOf(e.funcs[i]) != v.Path {
			continue
		}
		for k := range r.Doubles {
			f, ok := v.double(e, &r.Doubles[k])
			if !ok {
				continue
			}
			d := &r.Doubles[k]
			key := fmt.Sprint(f.Check, "|", i, "|", d.Held.Chain.Frame, "|", d.Path.Class, d.Path.Steps)
			if d.Held.Leak { // the forgotten unlock is the one cause of all
				key = fmt.Sprint("leak|", d.Held.Chain.Last())
			}
			if g := groups[key]; g != nil {
				more := f.Posn
				if f.Confidence > g.f.Confidence {
					more, g.f = g.f.Posn, f
				}
				g.more = append(g.more, more)
				continue
			}
			groups[key] = &group{f: f}
			order = append(order, key)
		}
	}
	var out []report.Finding
	for _, key := range order {
		g := groups[key]
		if n := len(g.more); n > 0 {
			first := lockgraph.Frame{File: g.more[0].Filename, Line: g.more[0].Line, Col: g.more[0].Column}
			g.f.Steps = append(g.f.Steps, report.Step{Pos: v.pos.pos(first), Posn: g.more[0], Message: fmt.Sprintf("the same cause has %s, the first at %s", count(n), report.At(first))})
		}
		out = append(out, g.f)
	}
	return out
}

// double words one acquisition of a lock held already.
func (v *View) double(e *Engine, d *flow.Double) (report.Finding, bool) {
	held, again := d.Held.Chain, d.Chain
	check := "doublelock"
	if d.Held.Mode == lockgraph.Read && d.Mode == lockgraph.Read {
		check = "rlockrecursion"
	}
	name := e.sourceName(d)
	f := report.Finding{Check: check, Package: v.Path, Confidence: doubleConfidence(d)}
	if d.Held.Leak && !v.inModule(d.Held.Chain.Last()) {
		f.Confidence = f.Confidence * 30 / 100 // the bug is in a dependency
	}
	f.Pos, f.End = e.span(d.Instr)
	f.Posn = v.pos.fset.Position(f.Pos)
	f.Fixes = e.doubleFixes(d)
	leaf := again.Last()
	since := fmt.Sprintf("line %d", held.Frame.Line)
	direct := again.Len == 1
	if check == "doublelock" {
		f.Message = doubleMessage(v.Path, name, since, d, direct)
	} else {
		writer, ok := v.writerOf(d.Path.Class, solve.Union(solve.Gates(d.Others, d.Path, d.Path), e.prog.Entries[e.index[d.Fn]].Held))
		tail := "; a writer waiting in between deadlocks both"
		if !ok {
			f.Confidence = f.Confidence * 30 / 100
		}
		if direct {
			f.Message = fmt.Sprintf("%s is read-locked again while read-locked since %s%s", name, since, tail)
		} else {
			f.Message = fmt.Sprintf("calling %s read-locks %s (%s), which is read-locked since %s%s",
				report.Func(again.Next.Func, v.Path), name, report.At(leaf), since, tail)
		}
		v.addSteps(&f, report.Trace(held.Frames(), name, d.Held.Mode, v.Path, ""))
		if !direct {
			v.addSteps(&f, report.Trace(again.Frames(), name, d.Mode, v.Path, ""))
		}
		if ok {
			v.addSteps(&f, report.Trace(writer.At, report.Lock(writer.Class, v.Path), lockgraph.Write, v.Path, ", for writing"))
		}
		f.Fingerprint = fingerprintDouble(check, e.name(d.Fn), d.Path, leaf)
		return f, !v.Suppressed(&f)
	}
	v.addSteps(&f, report.Trace(held.Frames(), name, d.Held.Mode, v.Path, ""))
	if !direct {
		v.addSteps(&f, report.Trace(again.Frames(), name, d.Mode, v.Path, ""))
	}
	f.Fingerprint = fingerprintDouble(check, e.name(d.Fn), d.Path, leaf)
	return f, !v.Suppressed(&f)
}

func fingerprintDouble(check, fn string, p ident.Path, leaf lockgraph.Frame) string {
	return report.Fingerprint(check, fn, p.Class, p.Pretty(), leaf.Func)
}

func doubleMessage(pkg, name, since string, d *flow.Double, direct bool) string {
	if direct {
		is, then := "is", ""
		if !d.All {
			is, then = "can be", "then "
		}
		what := "locked again while this goroutine still holds it"
		switch {
		case d.Held.Mode == lockgraph.Read:
			what = "locked for writing while this goroutine still has it read-locked"
		case d.Mode == lockgraph.Read:
			what = "read-locked while this goroutine still holds it"
		}
		return fmt.Sprintf("%s %s %s from %s; this call %snever returns", name, is, what, since, then)
	}
	callee := report.Func(d.Chain.Next.Func, pkg)
	verb := report.Locks(d.Mode)
	if d.Held.Mode == lockgraph.Read {
		verb = "locks"
	}
	head := fmt.Sprintf("calling %s %s %s (%s), which is already %s from %s", callee, verb, name, report.At(d.Chain.Last()), already(d.Held.Mode), since)
	if d.Always && d.All {
		return head + "; the call never returns"
	}
	head = fmt.Sprintf("calling %s can %s %s (%s), which is already %s from %s", callee,
		strings.TrimSuffix(verb, "s"), name, report.At(d.Chain.Last()), already(d.Held.Mode), since)
	return head + "; the call then never returns"
}

func count(n int) string {
	if n == 1 {
		return "1 more such call"
	}
	return fmt.Sprintf("%d more such calls", n)
}

// inModule reports whether a witness step is in a package under analysis.
func (v *View) inModule(f lockgraph.Frame) bool {
	if v.Module == "" {
		return true
	}
	rest, ok := strings.CutPrefix(f.Func, v.Module)
	return ok && rest != "" && strings.ContainsRune("./_", rune(rest[0]))
}

func already(m lockgraph.Mode) string {
	if m == lockgraph.Read {
		return "read-locked"
	}
	return "held"
}

// doubleConfidence weighs what a double acquisition rests on.
func doubleConfidence(d *flow.Double) int {
	c := d.Conf
	if !d.Held.Must {
		c /= 2
	}
	if !d.All {
		if d.Correlated {
			c = c * 80 / 100
		} else {
			c = c * 55 / 100
		}
	}
	for range d.Chain.Len - 4 {
		c = c * 90 / 100
	}
	return max(1, min(100, c))
}

// sourceName returns the lock of d as the source of its function writes it: the
// operand of the first Lock call if that is in the function, else the path.
func (e *Engine) sourceName(d *flow.Double) string {
	if d.Held.Chain.Len == 1 && d.First != nil {
		if call := e.calls[d.First.Pos()]; call != nil {
			if sel, ok := call.Fun.(*ast.SelectorExpr); ok && (sel.Sel.Name != "Lock" || d.Held.Mode == lockgraph.Write) {
				if s := types.ExprString(sel.X); len(s) <= 60 && d.Held.Chain.Line == d.Held.Chain.Last().Line {
					return s
				}
			}
		}
	}
	return e.pathName(d)
}

// pathName returns the lock of d by its access path.
func (e *Engine) pathName(d *flow.Double) string {
	p := d.Path
	if strings.Contains(p.Steps, "[{") {
		return ident.Short(p.Class, flow.PackageOf(d.Fn))
	}
	switch p.Kind {
	case ident.Param:
		if i := p.Index(); i >= 0 && i < len(d.Fn.Params) {
			if n := d.Fn.Params[i].Name(); n != "" && n != "_" {
				return n + p.Pretty()
			}
		}
	case ident.Free:
		if i := p.Index(); i >= 0 && i < len(d.Fn.FreeVars) {
			return d.Fn.FreeVars[i].Name() + p.Pretty()
		}
	case ident.Global:
		return ident.Short(p.Ref, flow.PackageOf(d.Fn)) + p.Pretty()
	case ident.Alloc:
		if f := e.extractor.Func(d.Fn); f != nil {
			if name := f.At(effects.V(p.Index())).Sym; name != "" {
				return name + p.Pretty()
			}
		}
	}
	if p.Class != "" {
		return ident.Short(p.Class, flow.PackageOf(d.Fn))
	}
	return "the lock"
}

// writerOf returns a write acquisition of the class anywhere in view that can come
// while the gates are held.
func (v *View) writerOf(class string, gates []lockgraph.Gate) (lockgraph.Acquisition, bool) {
	ws := slices.DeleteFunc(slices.Clone(v.Graph().Writers(lockgraph.Class(class))), func(w lockgraph.Acquisition) bool {
		return slices.ContainsFunc(w.Held, func(h lockgraph.Gate) bool {
			return slices.ContainsFunc(gates, func(g lockgraph.Gate) bool {
				return g.Class == h.Class && g.Mode.Excludes(h.Mode)
			})
		})
	})
	if class == "" || len(ws) == 0 {
		return lockgraph.Acquisition{}, false
	}
	return slices.MinFunc(ws, func(a, b lockgraph.Acquisition) int {
		return cmp.Or(cmp.Compare(b2i(a.Origin != v.Path), b2i(b.Origin != v.Path)), cmp.Compare(len(a.Held), len(b.Held)), report.CompareFrames(a.At, b.At))
	}), true
}

func (v *View) addSteps(f *report.Finding, steps []report.TraceStep) { v.AddSteps(f, steps) }
