package lockset

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/types"
	"reflect"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// Analyzer is the engine as a pass: the only one with facts. The checks require it and
// report what it found.
var Analyzer = &analysis.Analyzer{
	Name:       "lockset",
	Doc:        "lockset: compute held locks and the lock-acquisition-order graph\n\nThe engine behind lockcheck's checks. It reports nothing itself.",
	Run:        run,
	FactTypes:  []analysis.Fact{(*Fact)(nil)},
	ResultType: reflect.TypeFor[*Result](),
}

// A Result is what the engine found in one package.
type Result struct {
	Findings   []report.Finding
	Directives *report.Directives
}

// A Fact is what a package tells its importers: the sections of itself and of all
// packages below it.
type Fact struct {
	Sections []SectionBytes // sorted by path
}

// SectionBytes is an encoded section.
type SectionBytes struct {
	Path string
	Data []byte
}

// AFact marks a Fact as one.
func (*Fact) AFact() {}

func (f *Fact) String() string {
	var names []string
	for _, s := range f.Sections {
		sec, err := DecodeSection(s.Path, s.Data)
		if err != nil {
			names = append(names, s.Path+": "+err.Error())
			continue
		}
		sec.Func("")
		names = append(names, fmt.Sprintf("%s: %d edges, %d functions", s.Path, len(sec.Edges), len(sec.Funcs)))
	}
	return "locks(" + strings.Join(names, "; ") + ")"
}

func run(pass *analysis.Pass) (_ any, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("lockcheck: internal error in package %s: %v, at %s; please report it", pass.Pkg.Path(), r, report.PanicSite(r, debug.Stack()))
		}
	}()
	below, imports := readFacts(pass)
	ds := report.ParseDirectives(pass.Fset, pass.Files, Checks)
	res := &Result{Directives: ds}
	known := func(fn *types.Func) bool {
		s := below[fn.Pkg().Path()]
		return s != nil && touchesLocks(s.Func(fn.FullName()))
	}
	view := NewView(pass.Pkg.Path(), modulePath(pass), NewPositions(pass.Fset, pass.Files, true), ds)
	view.Below, view.Imports = below, imports

	var eng *Engine
	own := &Section{Path: pass.Pkg.Path()}
	if needed(pass.Files, pass.TypesInfo, known) {
		eng = New(Input{
			Fset: pass.Fset, Files: pass.Files, ReadFile: pass.ReadFile,
			Funcs: build(pass.Fset, pass.Pkg, pass.Files, pass.TypesInfo),
			External: func(pkg, key string) *summary.Func {
				if s := below[pkg]; s != nil {
					return s.Func(key)
				}
				return nil
			},
		})
		if s := eng.Sections(suppressor(ds))[pass.Pkg.Path()]; s != nil {
			own = s
		}
	}
	view.Own = own
	if eng != nil {
		view.Require(eng)
		res.Findings = view.Findings(eng)
	} else if view.joins() {
		res.Findings = view.cycles(nil)
	}
	writeFact(pass, own, below)
	return res, nil
}

// suppressor returns the test whether a directive silences a witness.
func suppressor(ds *report.Directives) func(string, []lockgraph.Frame) bool {
	return func(check string, frames []lockgraph.Frame) bool {
		hit := false
		for _, f := range frames {
			hit = ds.Suppresses(check, f.File, f.Line) || hit
		}
		return hit
	}
}

func modulePath(pass *analysis.Pass) string {
	if pass.Module == nil {
		return ""
	}
	return pass.Module.Path
}

// readFacts merges the facts of the direct imports.
func readFacts(pass *analysis.Pass) (map[string]*Section, []Import) {
	below := map[string]*Section{}
	specs := map[string]*ast.ImportSpec{}
	for _, f := range pass.Files {
		for _, spec := range f.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err == nil && specs[path] == nil {
				specs[path] = spec
			}
		}
	}
	var imports []Import
	for _, p := range pass.Pkg.Imports() {
		var fact Fact
		if !pass.ImportPackageFact(p, &fact) {
			continue
		}
		im := Import{Path: p.Path(), Spec: specs[p.Path()], Closure: map[string]bool{}}
		for _, s := range fact.Sections {
			if below[s.Path] == nil {
				sec, err := DecodeSection(s.Path, s.Data)
				if err != nil {
					continue // written by another version: as if there were no fact
				}
				below[s.Path] = sec
			}
			im.Closure[s.Path] = true
		}
		if im.Spec != nil {
			imports = append(imports, im)
		}
	}
	slices.SortFunc(imports, func(a, b Import) int {
		return cmp.Or(report.ComparePosn(pass.Fset.Position(a.Spec.Pos()), pass.Fset.Position(b.Spec.Pos())), cmp.Compare(a.Path, b.Path))
	})
	return below, imports
}

func writeFact(pass *analysis.Pass, own *Section, below map[string]*Section) {
	fact := &Fact{}
	for path, s := range below {
		if path != own.Path {
			fact.Sections = append(fact.Sections, SectionBytes{path, s.lazy})
		}
	}
	if !own.Empty() {
		fact.Sections = append(fact.Sections, SectionBytes{own.Path, own.Encode()})
	}
	if len(fact.Sections) == 0 {
		return
	}
	slices.SortFunc(fact.Sections, func(a, b SectionBytes) int { return cmp.Compare(a.Path, b.Path) })
	pass.ExportPackageFact(fact)
}

// Check returns the analyzer of a check whose findings the engine makes. Source is the doc.go of its package.
func Check(name, source string) *analysis.Analyzer {
	return newCheck(name, report.Doc(source, name), false)
}

// AllBands returns a copy of a check that shows every band.
func AllBands(check *analysis.Analyzer) *analysis.Analyzer {
	return newCheck(check.Name, check.Doc, true)
}

// SetAll makes an analyzer show every band, or the default one. It does nothing to one that [Check] has not made.
func SetAll(check *analysis.Analyzer, all bool) {
	if slices.Contains(Checks, check.Name) {
		check.Run = reporter(check.Name, all)
	}
}

func newCheck(name, doc string, all bool) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:     name,
		Doc:      doc,
		URL:      "https://pkg.go.dev/github.com/lockcheck/lockcheck/analyzer/" + name,
		Requires: []*analysis.Analyzer{Analyzer},
		Run:      reporter(name, all),
	}
}

func reporter(name string, all bool) func(*analysis.Pass) (any, error) {
	return func(pass *analysis.Pass) (any, error) {
		reportFindings(pass, name, all)
		return nil, nil
	}
}

// reportFindings reports the findings of one check through a pass: of every band, or the default one.
func reportFindings(pass *analysis.Pass, check string, all bool) {
	for _, f := range pass.ResultOf[Analyzer].(*Result).Findings {
		if f.Check != check || !all && f.Band() != report.Error {
			continue
		}
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
		pass.Report(d)
	}
}
