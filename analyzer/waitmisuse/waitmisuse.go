package waitmisuse

import (
	_ "embed"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/fix"
	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
)

//go:embed doc.go
var doc string

const name = "waitmisuse"

// Check is the check.
var Check = &lockset.Check{Name: name, Source: doc, Find: find}

// Analyzer is the check as a pass, for a tool that runs it alone.
var Analyzer = Check.Analyzer()

// find returns the wrong uses of WaitGroup, Cond and Once in one package.
func find(v *lockset.View) []report.Finding {
	e := v.Engine
	if len(e.Funcs) == 0 {
		return nil
	}
	var out []report.Finding
	for _, m := range check(input{e.Functions(v.Path), e.Facts(), func(f *effects.Func, v V) string { return e.Syntax.Callee(f, v) }, e.MayLock}) {
		f := report.Finding{Check: name, Package: v.Path, Confidence: m.confidence, Message: m.message, Fingerprint: m.fingerprint()}
		if m.kind == lostDone {
			f.Pos, f.End, _ = e.Syntax.Exit(m.at.Fn, m.at.V)
		} else {
			f.Pos, f.End = e.Syntax.Span(m.at.Fn, m.at.V)
		}
		f.Posn = v.Position(f.Pos)
		v.AddSteps(&f, m.steps())
		if m.kind == lateAdd {
			f.Fixes = m.fixes(e)
		}
		if !v.Suppressed(&f) {
			out = append(out, f)
		}
	}
	return out
}

// fixes returns the fix of an Add that a function literal calls for its goroutine: to count it outside. The finding tells that
// nothing else counts it before.
func (m *misuse) fixes(e *lockset.Engine) []report.Fix {
	f, lit := e.Source(m.start.Fn), e.Source(m.at.Fn)
	if f == nil || lit == nil {
		return nil
	}
	return fix.One(f.CountOutside(e.Pos(m.start.Fn, m.start.V), e.Pos(m.at.Fn, m.at.V), lit))
}
