package chanleak

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/fix"
	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
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
	fixes   []report.Fix
	cause   waits.Spot // leaks of one cause are one finding; zero if it has no other
}

// inTest lowers a finding about a function in a test file.
func (l *leak) inTest(fn *effects.Func) {
	file := ""
	if int(fn.Pos.File) < len(fn.Unit.Files) {
		file = fn.Unit.Files[fn.Pos.File]
	}
	if len(l.sure.Reasons) == 0 && (fn.Outermost().Test || strings.HasSuffix(file, "_test.go")) {
		l.sure.Times(50, "a test may leave goroutines behind")
	}
}

// find returns the waits of one package that never end.
func find(v *lockset.View) []report.Finding {
	m := v.Waits()
	if m == nil {
		return nil
	}
	c := &checker{View: v, m: m, run: map[*effects.Func]map[*effects.Func]bool{}, views: map[*effects.Func]*resolve.Func{}}
	leaks := c.nobody()
	leaks = append(leaks, c.groups()...)
	leaks = append(leaks, c.earlyWaits()...)
	for _, s := range c.scenes() {
		leaks = append(leaks, s.stranded()...)
		leaks = append(leaks, s.ended()...)
	}
	var out []report.Finding
	for _, l := range joined(leaks) {
		f := report.Finding{
			Check: name, Package: v.Path, Message: l.message, Fixes: l.fixes,
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

// joined makes leaks of one cause one, and leaves out what is told twice. What mends the one must mend the others, too.
func joined(leaks []leak) []leak {
	var out []leak
	seen := map[waits.Spot]bool{}
	first := map[waits.Spot]int{}
	for _, l := range leaks {
		if seen[l.at] {
			continue
		}
		seen[l.at] = true
		i, again := first[l.cause]
		if !again || l.cause.Fn == nil {
			first[l.cause] = len(out)
			out = append(out, l)
			continue
		}
		if len(l.fixes) == 0 || len(out[i].fixes) == 0 {
			out[i].fixes = nil
			continue
		}
		out[i].fixes = []report.Fix{fix.Join("Give the channels room for a value", slices.Concat(out[i].fixes[0].Edits, l.fixes[0].Edits)...)}
	}
	return out
}

// A checker looks at one package.
type checker struct {
	*lockset.View
	m     *waits.Model
	run   map[*effects.Func]map[*effects.Func]bool // see runs
	views map[*effects.Func]*resolve.Func
}

// view returns a function in view of the program.
func (c *checker) view(fn *effects.Func) *resolve.Func {
	f := c.views[fn]
	if f == nil {
		f = resolve.New(c.Engine.Facts(), fn)
		c.views[fn] = f
	}
	return f
}
