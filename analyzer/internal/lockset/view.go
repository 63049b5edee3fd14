package lockset

import (
	"go/ast"
	"go/token"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/held"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// A View is what one package sees of the program: its own section and those of all
// packages below it.
type View struct {
	Path       string
	Module     string // path of the module; "" if there is none
	Own        *Section
	Below      map[string]*Section // all packages below, by path
	Imports    []Import            // direct imports that have sections below, in source order
	Directives *report.Directives
	Engine     *Engine // which knows the package; it has no functions if nothing there has to do with locks

	mu  sync.Mutex // under go vet the checks look at the view at the same time
	pos *Positions
	g   *lockgraph.Graph
}

// An Import is a direct import.
type Import struct {
	Path    string
	Spec    *ast.ImportSpec
	Closure map[string]bool // packages whose sections it sees
}

// NewView returns the view of a package.
func NewView(path, module string, pos *Positions, ds *report.Directives) *View {
	return &View{Path: path, Module: module, Directives: ds, Own: &Section{Path: path}, Below: map[string]*Section{}, pos: pos}
}

// Findings returns the findings of some checks in the package, of all bands, by position.
func (v *View) Findings(checks []*Check) []report.Finding {
	var fs []report.Finding
	for _, c := range checks {
		fs = append(fs, c.find(v)...)
	}
	report.Sort(fs)
	return fs
}

// generatedFactor lowers findings in generated files, which nobody can mend by hand.
const generatedFactor = 50

// finish does with findings what is the same for all checks.
func (p *Positions) finish(fs []report.Finding) {
	for i := range fs {
		if p.generated[fs[i].Posn.Filename] {
			fs[i].Times(generatedFactor, "the file is generated")
		}
		if fs[i].Band() != report.Error {
			fs[i].Fixes = nil // who mends what is right breaks it
		}
	}
}

// Graph returns the order graph of everything in view.
func (v *View) Graph() *lockgraph.Graph {
	if v.g == nil {
		v.g = graphOf(maps.Values(v.Below), v.Own)
	}
	return v.g
}

func graphOf(secs iter.Seq[*Section], more ...*Section) *lockgraph.Graph {
	g := lockgraph.New()
	for _, s := range slices.AppendSeq(more, secs) {
		for _, e := range s.Edges {
			g.AddEdge(e)
		}
		for _, w := range s.Writers {
			g.AddWriter(w)
		}
	}
	return g
}

// Stand makes a frame the position of a finding.
func (v *View) Stand(f *report.Finding, at lockgraph.Frame) {
	f.Pos, f.Posn = v.pos.pos(at), posn(at)
	f.End = f.Pos
}

// StandAt makes an instruction the position of a finding: the call that it is, as far as that is known.
func (v *View) StandAt(f *report.Finding, fn *effects.Func, at effects.V) {
	v.Stand(f, v.Engine.Step(fn, at))
	if pos, end := v.Engine.Syntax.Span(fn, at); pos.IsValid() {
		f.Pos, f.End = pos, end
	}
}

// StandAtExit makes a way out of a function the position of a finding, and returns what it is called.
func (v *View) StandAtExit(f *report.Finding, fn *effects.Func, at effects.V) (what string) {
	f.Pos, f.End, what = v.Engine.Syntax.Exit(fn, at)
	f.Posn = v.Position(f.Pos)
	return what
}

// Results returns what the walks of the package's functions have found, in the order of the engine.
func (v *View) Results() []*held.Result {
	var out []*held.Result
	for _, f := range v.Engine.pkgs().funcs[v.Path] {
		if r := v.Engine.Results[f.ID]; r != nil && v.Engine.wanted(f) {
			out = append(out, r)
		}
	}
	return out
}

// Position returns the position of a place in the files of the package.
func (v *View) Position(pos token.Pos) token.Position { return v.pos.fset.Position(pos) }

// AddSteps adds steps to the proof of a finding.
func (v *View) AddSteps(f *report.Finding, steps []report.TraceStep) {
	for _, s := range steps {
		f.Steps = append(f.Steps, report.Step{Pos: v.pos.pos(s.Frame), Posn: posn(s.Frame), Message: s.Message})
	}
}

// Suppressed reports whether a directive silences the finding at its position or at a
// step in a file of the package.
func (v *View) Suppressed(f *report.Finding) bool {
	hit := v.Directives.Suppresses(f.Check, f.Posn.Filename, f.Posn.Line)
	for _, s := range f.Steps {
		hit = v.Directives.Suppresses(f.Check, s.Posn.Filename, s.Posn.Line) || hit
	}
	return hit
}

// Ours reports whether a package belongs to the module under analysis.
func (v *View) Ours(path string) bool {
	if v.Module == "" {
		return true
	}
	path = strings.TrimSuffix(path, "_test")
	return path == v.Module || strings.HasPrefix(path, v.Module+"/")
}
