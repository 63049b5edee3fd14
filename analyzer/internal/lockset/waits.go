package lockset

import (
	"fmt"
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/analyzer/internal/waits"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// waits reports the wrong uses of WaitGroup, Cond and Once in one package.
func (v *View) waits(e *Engine) []report.Finding {
	var fns []*ssa.Function
	for _, fn := range e.packages().funcs[v.Path] {
		if fn.Synthetic == "" || fn.Name() == "init" {
			fns = append(fns, fn)
		}
	}
	var out []report.Finding
	for _, m := range waits.Check(fns, e.mayLock) {
		if f, ok := v.misuse(e, &m); ok {
			out = append(out, f)
		}
	}
	return out
}

// misuse words one wrong use.
func (v *View) misuse(e *Engine, m *waits.Misuse) (report.Finding, bool) {
	f := report.Finding{Check: "waitmisuse", Package: v.Path, Confidence: m.Confidence}
	name := e.objectName(m)
	f.Pos, f.End = e.span(m.At)
	var other lockgraph.Frame
	if m.Other != nil {
		other = e.Frame(m.Other)
	}
	switch m.Kind {
	case waits.LateAdd:
		f.Message = fmt.Sprintf("%s.Add is called in the goroutine that it counts, so Wait at %s can return before it", name, report.At(other))
		f.Fixes = e.lateFixes(m)
	case waits.LostDone:
		var what string
		f.Pos, f.End, what = e.exitSpan(m.At)
		can := "ends"
		if !m.All {
			can = "can end"
		}
		f.Message = fmt.Sprintf("%s %s the goroutine without %s.Done, which another path calls at %s; Wait then never returns",
			what, can, name, report.At(e.Frame(m.Op)))
	case waits.TwoDones:
		f.Message = fmt.Sprintf("%s.Done is called twice in a goroutine that Add at %s counts once; the counter becomes negative, which crashes, or Wait returns early",
			name, report.At(other))
	case waits.DoneInGo:
		f.Message = fmt.Sprintf("%s.Done is called in the function given to Go at %s, which calls it, too; the counter becomes negative, which crashes, or Wait returns early",
			name, report.At(other))
	case waits.TooFew:
		f.Message = fmt.Sprintf("%s.Wait never returns: Add has counted %d more than there are calls of Done", name, m.Excess)
	case waits.TooMany:
		f.Message = fmt.Sprintf("%s.Done is called %d more times than Add has counted before this Wait, which crashes", name, m.Excess)
	case waits.BareWait:
		f.Message = fmt.Sprintf("%s.Wait is not in a loop that tests the condition, which can be false again when it returns", name)
	case waits.SelfOnce:
		f.Message = v.onceMessage(e, m, name)
	case waits.ResetOnce:
		since := report.At(e.Frame(m.Op))
		if m.Pointer {
			f.Message = fmt.Sprintf("%s is replaced by the function that its Do runs since %s, while others read it for their own", name, since)
		} else {
			f.Message = fmt.Sprintf("%s is overwritten by the function that its Do runs since %s; Do then unlocks what is not locked, which crashes", name, since)
		}
	case waits.MissWake:
		if m.State == waits.Canceled {
			f.Message = fmt.Sprintf("%s wakes without a lock when the context is done: who tests it at %s can wait after and miss it", name, report.At(other))
			break
		}
		state := "what is waited for"
		if m.State != "" {
			state = ident.Short(m.State, v.Path)
		}
		f.Message = fmt.Sprintf("%s wakes without a lock held since %s was set: who tests it at %s can wait after and miss it", name, state, report.At(other))
	}
	f.Posn = v.pos.fset.Position(f.Pos)
	for _, n := range m.Notes {
		at := e.Frame(n.At)
		v.addSteps(&f, []report.TraceStep{{Frame: at, Message: fmt.Sprintf("%s %s at %s", report.Func(at.Func, v.Path), n.Text, report.At(at))}})
	}
	f.Fingerprint = report.Fingerprint(f.Check, string(m.Kind), e.name(m.Fn), m.Class, name)
	return f, !v.Suppressed(&f)
}

// lateFixes returns the fix of an Add that a function literal calls for its goroutine: to count it outside. The
// finding tells that nothing else counts it before.
func (e *Engine) lateFixes(m *waits.Misuse) []report.Fix {
	f, lit := e.source(m.Start.Parent()), e.source(m.At.Parent())
	if f == nil || lit == nil {
		return nil
	}
	return one(f.CountOutside(m.Start.Pos(), m.At.Pos(), lit))
}

// onceMessage words a function that waits for itself.
func (v *View) onceMessage(e *Engine, m *waits.Misuse, name string) string {
	since := report.At(e.Frame(m.Op))
	if m.Other == m.At {
		if m.All {
			return fmt.Sprintf("%s is called in the function that it runs since %s; this call never returns", name, since)
		}
		return fmt.Sprintf("%s can be called in the function that it runs since %s; this call then never returns", name, since)
	}
	callee := "this"
	if fn := m.At.(ssa.CallInstruction).Common().StaticCallee(); fn != nil {
		callee = "calling " + report.Func(e.name(flow.Canon(fn)), v.Path)
	}
	if m.All {
		return fmt.Sprintf("%s calls %s (%s), which runs this function since %s; the call never returns", callee, name, report.At(e.Frame(m.Other)), since)
	}
	return fmt.Sprintf("%s can call %s (%s), which runs this function since %s; the call then never returns", callee, name, report.At(e.Frame(m.Other)), since)
}

// objectName returns the WaitGroup, Cond or Once of a misuse as the source of its call writes it;
// for a Once, a Signal or a Broadcast with the method.
func (e *Engine) objectName(m *waits.Misuse) string {
	withMethod := m.Kind == waits.SelfOnce || m.Kind == waits.MissWake
	c := m.Op.(ssa.CallInstruction).Common()
	if m.Kind == waits.SelfOnce && c.Signature().Recv() == nil { // sync.OnceFunc: the call of what it returned
		c = m.Other.(ssa.CallInstruction).Common()
	}
	if call := e.calls[c.Pos()]; call != nil {
		x := call.Fun
		if sel, ok := x.(*ast.SelectorExpr); ok && !withMethod {
			x = sel.X
		}
		if s := types.ExprString(x); len(s) <= 60 {
			return s
		}
	}
	if m.Class != "" {
		return ident.Short(m.Class, flow.PackageOf(m.Fn))
	}
	return "it"
}
