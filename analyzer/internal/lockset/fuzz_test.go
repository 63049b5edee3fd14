package lockset_test

import (
	"bytes"
	gocmp "cmp"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/callgraph/vta"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"

	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// imports reads each package once. It asks the go command for export data.
var imports = sync.OnceValue(func() types.Importer { return importer.Default() })

// A unit is a type-checked package.
type unit struct {
	src   string
	fset  *token.FileSet
	files []*ast.File
	pkg   *types.Package
	info  *types.Info
}

// load type-checks a file and builds its SSA form, standard library without bodies.
func load(src string) (*unit, error) {
	u := &unit{src: src, fset: token.NewFileSet()}
	f, err := parser.ParseFile(u.fset, "p.go", src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	u.files = []*ast.File{f}
	u.info = &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Implicits: map[ast.Node]types.Object{}, Instances: map[*ast.Ident]types.Instance{}, Scopes: map[ast.Node]*types.Scope{},
		Selections: map[*ast.SelectorExpr]*types.Selection{}, FileVersions: map[*ast.File]string{},
	}
	u.pkg, err = (&types.Config{Importer: imports(), GoVersion: "go1.26"}).Check("example.com/p", u.fset, u.files, u.info)
	return u, err
}

// findings runs the engine as go vet does, and returns the findings and the facts.
func (u *unit) findings() (_ []report.Finding, facts []lockset.SectionBytes, _ error) {
	res, err := lockset.Analyzer.Run(&analysis.Pass{
		Analyzer: lockset.Analyzer, Fset: u.fset, Files: u.files, Pkg: u.pkg, TypesInfo: u.info, TypesSizes: types.SizesFor("gc", "amd64"),
		ImportPackageFact: func(*types.Package, analysis.Fact) bool { return false },
		ExportPackageFact: func(f analysis.Fact) { facts = f.(*lockset.Fact).Sections },
		ReadFile:          u.read,
	})
	if err != nil {
		return nil, nil, err
	}
	return res.(*lockset.Result).Findings, facts, nil
}

func (u *unit) read(string) ([]byte, error) { return []byte(u.src), nil }

// vet returns the findings as text, and the facts.
func (u *unit) vet() (string, []lockset.SectionBytes, error) {
	findings, facts, err := u.findings()
	if err != nil {
		return "", nil, err
	}
	var b bytes.Buffer
	for _, f := range findings {
		fmt.Fprintf(&b, "%s-%d: %s %d %s %v\n", f.Posn, f.End, f.Text(), f.Confidence, f.Fingerprint, f.Fixes)
		for _, s := range f.Steps {
			fmt.Fprintf(&b, "\t%s: %s\n", s.Posn, s.Message)
		}
	}
	return b.String(), facts, nil
}

// whole runs the engine as the command does, with dynamic calls resolved, and returns
// everything that it can print.
func (u *unit) whole() (_ string, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	prog := ssa.NewProgram(u.fset, ssa.InstantiateGenerics)
	prog.SetNoReturn(lockset.NoReturn)
	for _, p := range u.pkg.Imports() {
		prog.CreatePackage(p, nil, nil, true)
	}
	p := prog.CreatePackage(u.pkg, u.files, u.info, false)
	p.Build()
	targets := map[ssa.CallInstruction][]*ssa.Function{}
	for _, fn := range vta.CallGraph(ssautil.AllFunctions(prog), nil).Nodes {
		for _, e := range fn.Out {
			if e.Site != nil && e.Site.Common().StaticCallee() == nil {
				targets[e.Site] = append(targets[e.Site], e.Callee.Func)
			}
		}
	}
	for site, fns := range targets {
		slices.SortFunc(fns, func(a, b *ssa.Function) int {
			return gocmp.Or(gocmp.Compare(a.Pos(), b.Pos()), gocmp.Compare(a.String(), b.String()))
		})
		targets[site] = slices.Compact(fns)
	}
	eng := lockset.New(lockset.Input{
		Fset: u.fset, Files: u.files, Funcs: lockset.Declared(p, u.files, u.info), Trace: true,
		Dynamic: func(site ssa.CallInstruction) []*ssa.Function { return targets[site] },
	})
	var b bytes.Buffer
	if err := eng.PrintHeld(&b, func(*ssa.Function) bool { return true }); err != nil {
		return "", err
	}
	secs := eng.Sections(func(string, []lockgraph.Frame) bool { return false })
	v := lockset.NewView(u.pkg.Path(), "", lockset.NewPositions(u.fset, u.files, false), nil)
	v.Own = secs[u.pkg.Path()]
	if v.Own == nil {
		v.Own = &lockset.Section{Path: u.pkg.Path()}
	}
	for _, f := range v.Findings(eng) {
		fmt.Fprintf(&b, "%s-%d: %s %d %s %v\n", f.Posn, f.End, f.Text(), f.Confidence, f.Fingerprint, f.Steps)
	}
	for _, path := range slices.Sorted(maps.Keys(secs)) {
		fmt.Fprintf(&b, "%s %x\n", path, secs[path].Encode())
	}
	return b.String(), nil
}

// FuzzBody runs the engine on generated functions, as go vet and as the command do: it
// must not panic, must end, must give the same result again, and what it exports
// must decode to what it was.
func FuzzBody(f *testing.F) {
	for seed := range 24 {
		r := rand.New(rand.NewPCG(uint64(seed), 1))
		data := make([]byte, 40+40*seed)
		for i := range data {
			data[i] = byte(r.Uint32())
		}
		f.Add(data)
	}
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 4096 {
			return
		}
		src := generate(data)
		u, err := load(src)
		if err != nil {
			t.Fatalf("the generator is wrong: %v\n%s", err, src)
		}
		finished := make(chan struct{})
		defer close(finished)
		go func() {
			select {
			case <-finished:
			case <-time.After(time.Minute): // some inputs take a second under the race detector
				panic("the engine does not end on\n" + src)
			}
		}()

		first, facts, err := u.vet()
		if err != nil {
			t.Fatalf("%v\n%s", err, src)
		}
		second, again, err := u.vet()
		if err != nil {
			t.Fatalf("second run: %v\n%s", err, src)
		}
		if first != second {
			t.Errorf("two runs differ:\n%s\n%s", cmp.Diff(first, second), src)
		}
		if diff := cmp.Diff(facts, again); diff != "" {
			t.Errorf("two runs export different facts:\n%s\n%s", diff, src)
		}
		for _, s := range facts {
			sec, err := lockset.DecodeSection(s.Path, s.Data)
			if err != nil {
				t.Fatalf("%v\n%s", err, src)
			}
			sec.Func("")
			if !bytes.Equal(sec.Encode(), s.Data) {
				t.Errorf("facts do not survive encoding\n%s", src)
			}
		}

		first, err = u.whole()
		if err != nil {
			t.Fatalf("whole program: %v\n%s", err, src)
		}
		second, err = u.whole()
		if err != nil {
			t.Fatalf("whole program, second run: %v\n%s", err, src)
		}
		if first != second {
			t.Errorf("whole program, two runs differ:\n%s\n%s", cmp.Diff(first, second), src)
		}
	})
}
