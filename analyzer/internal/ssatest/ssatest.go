package ssatest

import (
	"go/types"
	"slices"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/analyzer/internal/typetest"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// A Program is sources that type-check.
type Program struct {
	*typetest.Tree
}

// Load type-checks a string, see [typetest.Source]. If that fails, the test ends.
func Load(tb testing.TB, src string) *Program {
	tb.Helper()
	p, err := Parse(src)
	if err != nil {
		tb.Fatalf("%v\n%s", err, src)
	}
	return p
}

// Parse is Load for sources that may be wrong.
func Parse(src string) (*Program, error) {
	t, err := typetest.Source(src)
	if err != nil {
		return nil, err
	}
	return &Program{Tree: t}, nil
}

// Vetted is what go vet makes of a package.
type Vetted struct {
	View  *lockset.View
	Facts []lockset.SectionBytes // of the package and of all below it
}

// Vet runs the engine as go vet does, one package after the other. It returns the results by import path.
func (p *Program) Vet() (map[string]Vetted, error) {
	out := map[string]Vetted{}
	facts := map[*types.Package]*lockset.Fact{}
	for _, pkg := range p.Pkgs {
		pass := &analysis.Pass{
			Analyzer: lockset.Analyzer, Fset: p.Fset, Files: pkg.Files, Pkg: pkg.Types, TypesInfo: pkg.Info, TypesSizes: typetest.Sizes(),
			ImportPackageFact: func(of *types.Package, fact analysis.Fact) bool {
				f := facts[of]
				if f != nil {
					*fact.(*lockset.Fact) = *f
				}
				return f != nil
			},
			ExportPackageFact: func(f analysis.Fact) { facts[pkg.Types] = f.(*lockset.Fact) },
			ReadFile:          p.ReadFile,
		}
		res, err := lockset.Analyzer.Run(pass)
		if err != nil {
			return nil, err
		}
		v := Vetted{View: res.(*lockset.View)}
		if f := facts[pkg.Types]; f != nil {
			v.Facts = f.Sections
		}
		out[pkg.Types.Path()] = v
	}
	return out, nil
}

// Findings returns what some checks find under go vet in all packages, in their order.
func (p *Program) Findings(tb testing.TB, checks ...*lockset.Check) []report.Finding {
	tb.Helper()
	vetted, err := p.Vet()
	if err != nil {
		tb.Fatal(err)
	}
	var out []report.Finding
	for _, pkg := range p.Pkgs {
		out = append(out, vetted[pkg.Types.Path()].View.Findings(checks)...)
	}
	return out
}

// Functions returns the functions of all packages in SSA form, made anew, since an engine uses them up. The standard library has
// no bodies.
func (p *Program) Functions() []*ssa.Function {
	prog := ssa.NewProgram(p.Fset, ssa.InstantiateGenerics)
	prog.SetNoReturn(lockset.NoReturn)
	created := map[*types.Package]*ssa.Package{}
	for _, pkg := range p.Pkgs {
		created[pkg.Types] = prog.CreatePackage(pkg.Types, pkg.Files, pkg.Info, true)
	}
	for _, pkg := range p.Pkgs {
		for _, imp := range pkg.Types.Imports() {
			if created[imp] == nil {
				created[imp] = prog.CreatePackage(imp, nil, nil, true)
			}
		}
	}
	var fns []*ssa.Function
	for _, pkg := range p.Pkgs {
		created[pkg.Types].Build()
		fns = append(fns, lockset.Declared(created[pkg.Types], pkg.Files, pkg.Info)...)
	}
	return fns
}

// Engine analyzes all packages as one program, as the command does.
func (p *Program) Engine() *lockset.Engine {
	in := lockset.Input{Fset: p.Fset, Funcs: slices.Values([][]*ssa.Function{p.Functions()}), Trace: true, ReadFile: p.ReadFile}
	for _, pkg := range p.Pkgs {
		in.Files = append(in.Files, pkg.Files...)
	}
	in.Dynamic = true
	return lockset.New(in)
}

// View returns what a package sees of a program that e has analyzed, and the sections of all packages.
func (p *Program) View(pkg *typetest.Package, e *lockset.Engine) (*lockset.View, map[string]*lockset.Section) {
	secs := e.Sections(func(string, []lockgraph.Frame) bool { return false })
	v := lockset.NewView(pkg.Types.Path(), "", lockset.NewPositions(p.Fset, pkg.Files, false), nil)
	v.Engine = e
	if s := secs[pkg.Types.Path()]; s != nil {
		v.Own = s
	}
	return v, secs
}

// Reasons tests that a check finds one thing in a source under go vet, with that confidence, for these reasons.
func Reasons(tb testing.TB, src string, check *lockset.Check, confidence int, why ...string) {
	tb.Helper()
	fs := Load(tb, src).Findings(tb, check)
	if len(fs) != 1 {
		tb.Errorf("%d findings, want one, in\n%s", len(fs), src)
		return
	}
	var got []string
	for _, r := range fs[0].Reasons {
		got = append(got, r.Why)
	}
	if fs[0].Confidence != confidence || !slices.Equal(got, why) {
		tb.Errorf("%s: confidence %d for %q, want %d for %q", fs[0].Text(), fs[0].Confidence, got, confidence, why)
	}
}
