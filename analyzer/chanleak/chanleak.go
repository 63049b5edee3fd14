package chanleak

import (
	_ "embed"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/analyzer/internal/waits"
)

//go:embed doc.go
var doc string

const name = "chanleak"

// V is the number of an instruction and of its value.
type V = effects.V

// Check is the check.
var Check = &lockset.Check{Name: name, Source: doc, Find: find}

// Analyzer is the check as a pass, for a tool that runs it alone.
var Analyzer = Check.Analyzer()

// A leak is one finding.
type leak struct {
	kind    string // part of the fingerprint
	at      waits.Spot
	what    string // the name of what is waited for
	message string
	steps   []report.TraceStep
	sure    report.Confidence
}

// find returns the waits of one package that never end.
func find(v *lockset.View) []report.Finding {
	m := v.Waits()
	if m == nil {
		return nil
	}
	c := &checker{View: v, m: m}
	leaks := c.nobody()
	leaks = append(leaks, c.groups()...)
	var out []report.Finding
	seen := map[waits.Spot]bool{}
	for _, l := range leaks {
		if seen[l.at] {
			continue
		}
		seen[l.at] = true
		f := report.Finding{
			Check: name, Package: v.Path, Message: l.message,
			Fingerprint: report.Fingerprint(name, l.kind, l.at.Fn.Name, l.what),
		}
		v.StandAt(&f, l.at.Fn, l.at.V)
		f.Weigh(l.sure)
		v.AddSteps(&f, l.steps)
		if !v.Suppressed(&f) {
			out = append(out, f)
		}
	}
	return out
}

// A checker looks at one package.
type checker struct {
	*lockset.View
	m *waits.Model
}
