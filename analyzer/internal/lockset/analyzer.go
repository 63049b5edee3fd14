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
	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// Analyzer is the engine as a pass: the only one with facts. Its result is the view of the package, in which the checks,
// which require it, look for their findings.
var Analyzer = &analysis.Analyzer{
	Name:       "lockset",
	Doc:        "lockset: compute held locks and the lock-acquisition-order graph\n\nThe engine behind lockcheck's checks. It reports nothing itself.",
	Run:        run,
	FactTypes:  []analysis.Fact{(*Fact)(nil)},
	ResultType: reflect.TypeFor[*View](),
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

// rescue turns a panic into an error: of one package, not of the whole run.
func rescue(pass *analysis.Pass, err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("lockcheck: internal error in package %s: %v, at %s; please report it", pass.Pkg.Path(), r, report.PanicSite(r, debug.Stack()))
	}
}

func run(pass *analysis.Pass) (_ any, err error) {
	defer rescue(pass, &err)
	below, imports := readFacts(pass)
	ds := report.ParseDirectives(pass.Fset, pass.Files)
	known := func(fn *types.Func) bool {
		s := below[fn.Pkg().Path()]
		return s != nil && touchesLocks(s.Func(fn.FullName()))
	}
	view := NewView(pass.Pkg.Path(), modulePath(pass), NewPositions(pass.Fset, pass.Files, true), ds)
	view.Below, view.Imports = below, imports

	in := Input{
		Fset: pass.Fset, Files: pass.Files, ReadFile: pass.ReadFile,
		External: func(pkg, key string) *summary.Func {
			if s := below[pkg]; s != nil {
				return s.Func(key)
			}
			return nil
		},
	}
	if needed(pass.Files, pass.TypesInfo, known) {
		in.Funcs = slices.Values([][]*ssa.Function{build(pass.Fset, pass.Pkg, pass.Files, pass.TypesInfo)})
	}
	view.Engine = New(in)
	if s := view.Engine.Sections(suppressor(ds))[pass.Pkg.Path()]; s != nil {
		view.Own = s
	}
	if in.Funcs != nil {
		view.Require()
	}
	writeFact(pass, view.Own, below)
	return view, nil
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
