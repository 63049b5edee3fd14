package lockset

import (
	"go/ast"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// Checks are the names of the checks whose findings the engine makes, and which directives can name.
var Checks = []string{"atomicmix", "doublelock", "lockorder", "missingunlock", "rlockrecursion", "sharedvar", "unguarded", "waitmisuse"}

// A View is what one package sees of the program: its own section and those of all
// packages below it.
type View struct {
	Path       string
	Module     string // path of the module; "" if there is none
	Own        *Section
	Below      map[string]*Section // all packages below, by path
	Imports    []Import            // direct imports that have sections below, in source order
	Directives *report.Directives

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
	return &View{Path: path, Module: module, Directives: ds, Below: map[string]*Section{}, pos: pos}
}

// Findings returns the findings of all bands in the package, by position.
func (v *View) Findings(e *Engine) []report.Finding {
	fs := v.doubles(e)
	fs = append(fs, v.cycles(e)...)
	fs = append(fs, v.keeps(e)...)
	fs = append(fs, v.unguarded(e)...)
	fs = append(fs, v.waits(e)...)
	fs = append(fs, v.atomicmix(e)...)
	fs = append(fs, v.sharedvar(e)...)
	v.Demote(fs)
	for i := range fs {
		if fs[i].Band() != report.Error {
			fs[i].Fixes = nil // who mends what is right breaks it
		}
	}
	report.Sort(fs)
	return fs
}

// generatedFactor lowers findings in generated files, which nobody can mend by hand.
const generatedFactor = 50

// Demote lowers the findings that stand in generated files.
func (v *View) Demote(fs []report.Finding) {
	for i := range fs {
		if v.pos.generated[fs[i].Posn.Filename] {
			fs[i].Confidence = max(1, fs[i].Confidence*generatedFactor/100)
		}
	}
}

// graph returns the order graph of everything in view.
func (v *View) graph() *lockgraph.Graph {
	if v.g == nil {
		v.g = lockgraph.New()
		add := func(s *Section) {
			for _, e := range s.Edges {
				v.g.AddEdge(e)
			}
			for _, w := range s.Writers {
				v.g.AddWriter(w)
			}
		}
		for _, s := range v.Below {
			add(s)
		}
		if v.Own != nil {
			add(v.Own)
		}
	}
	return v.g
}

// ours reports whether a package belongs to the module under analysis.
func (v *View) ours(path string) bool {
	if v.Module == "" {
		return true
	}
	path = strings.TrimSuffix(path, "_test")
	return path == v.Module || strings.HasPrefix(path, v.Module+"/")
}
