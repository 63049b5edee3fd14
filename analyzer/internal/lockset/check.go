package lockset

import (
	"maps"

	"golang.org/x/tools/go/analysis"

	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// A Check finds bugs of one kind in what the engine has learned. Package analyzer lists all of them: from there the
// drivers, the directives and the command have their names.
type Check struct {
	Name   string // of the check, its package and its flag
	Source string // the doc.go of its package, see [report.Doc]

	// Find returns the findings in the package of a view, of all bands and in any order. Those that a directive silences are
	// left out, see [View.Suppressed].
	Find func(*View) []report.Finding

	// Rest returns what no view finds: the driver of whole programs asks for it when Find has been asked of the views of all packages
	// reported on. It is nil for most. A finding of a check that has it is reported once, whatever views find it.
	Rest func(*Whole) []report.Finding
}

// find runs the check on a view.
func (c *Check) find(v *View) []report.Finding {
	v.mu.Lock()
	defer v.mu.Unlock()
	fs := c.Find(v)
	v.pos.finish(fs)
	report.Sort(fs)
	return fs
}

// Analyzer returns the check as a pass that reports the default band.
func (c *Check) Analyzer() *analysis.Analyzer { return c.analyzer(false) }

// AllBands returns the check as a pass that reports every band.
func (c *Check) AllBands() *analysis.Analyzer { return c.analyzer(true) }

func (c *Check) analyzer(all bool) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:     c.Name,
		Doc:      report.Doc(c.Source, c.Name),
		URL:      "https://pkg.go.dev/github.com/lockcheck/lockcheck/analyzer/" + c.Name,
		Requires: []*analysis.Analyzer{Analyzer},
		Run: func(pass *analysis.Pass) (_ any, err error) {
			defer rescue(pass, &err)
			for _, f := range c.find(pass.ResultOf[Analyzer].(*View)) {
				if all || f.Band() == report.Error {
					pass.Report(diagnostic(&f))
				}
			}
			return nil, nil
		},
	}
}

// diagnostic returns a finding as a pass reports it.
func diagnostic(f *report.Finding) analysis.Diagnostic {
	d := analysis.Diagnostic{Pos: f.Pos, End: f.End, Category: f.Check, Message: f.Text()}
	for _, s := range f.Steps {
		if s.Pos.IsValid() {
			d.Related = append(d.Related, analysis.RelatedInformation{Pos: s.Pos, Message: s.Message})
		}
	}
	for _, fix := range f.Fixes {
		sf := analysis.SuggestedFix{Message: fix.Message}
		for _, e := range fix.Edits {
			sf.TextEdits = append(sf.TextEdits, analysis.TextEdit{Pos: e.Pos, End: e.End, NewText: []byte(e.NewText)})
		}
		d.SuggestedFixes = append(d.SuggestedFixes, sf)
	}
	return d
}

// A Whole is a whole program, for what no package sees.
type Whole struct {
	Sections  map[string]*Section // by import path
	Positions *Positions
	// View returns the view of the first, by path, of those of some packages that are reported on; nil if none is.
	View func(paths []string) *View
	// Seen reports whether there is a finding already, by its fingerprint.
	Seen func(fingerprint string) bool
}

// Graph returns the order graph of the program.
func (w *Whole) Graph() *lockgraph.Graph { return graphOf(maps.Values(w.Sections)) }

// Findings returns what a check finds in no view, by position.
func (w *Whole) Findings(c *Check) []report.Finding {
	if c.Rest == nil {
		return nil
	}
	fs := c.Rest(w)
	w.Positions.finish(fs)
	report.Sort(fs)
	return fs
}

// Names returns the names of checks.
func Names(checks []*Check) []string {
	var names []string
	for _, c := range checks {
		names = append(names, c.Name)
	}
	return names
}
