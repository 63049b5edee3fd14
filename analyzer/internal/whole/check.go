package whole

import (
	"fmt"
	"go/ast"
	"go/types"
	"maps"
	"os"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// A Result is what the analysis of a program found.
type Result struct {
	Findings   []report.Finding
	Directives []*report.Directives
	Problems   []string
	Engine     *lockset.Engine
}

// Check analyzes a loaded program by some checks. Deps asks for findings in dependencies as well,
// trace for the locks held at every call.
func Check(prog *Program, checks []*lockset.Check, deps, trace bool) *Result {
	res := &Result{}
	in := lockset.Input{Fset: prog.Fset, Trace: trace, ReadFile: os.ReadFile}
	in.Funcs, in.Files = build(prog, res)
	if prog.built != nil {
		prog.built()
	}
	in.Extracted = prog.extracted
	in.Dynamic, in.Build = true, prog.builds()
	reported := map[string]bool{}
	for _, p := range prog.Pkgs {
		if p.reported(deps) {
			reported[p.PkgPath] = true
		}
	}
	in.Reported = func(path string) bool { return reported[path] }
	eng := lockset.New(in)
	res.Engine = eng

	directives := map[string]*report.Directives{}
	for _, p := range prog.Pkgs {
		if p.reported(deps) {
			directives[p.ID] = report.ParseDirectives(prog.Fset, p.Files)
		}
	}
	secs := eng.Sections(func(check string, frames []lockgraph.Frame) bool {
		hit := false
		for _, ds := range directives {
			for _, f := range frames {
				hit = ds.Suppresses(check, f.File, f.Line) || hit
			}
		}
		return hit
	})
	c := &checker{prog: prog, eng: eng, secs: secs, closures: map[*Package]map[string]bool{}, seen: map[string]bool{}, once: map[string]bool{}, deps: deps}
	for _, check := range checks {
		c.once[check.Name] = check.Rest != nil
	}
	c.positions = lockset.NewPositions(prog.Fset, all(prog), false)
	var views []*lockset.View // what a package requires of callers is known before these are looked at
	for _, p := range prog.Pkgs {
		if p.reported(deps) {
			v := c.pkg(p, directives[p.ID])
			v.Require()
			views = append(views, v)
		}
	}
	for _, v := range views {
		c.add(v.Findings(checks), res)
	}
	w := c.whole(directives)
	for _, check := range checks {
		c.add(w.Findings(check), res)
	}
	for _, id := range slices.Sorted(maps.Keys(directives)) {
		res.Directives = append(res.Directives, directives[id])
	}
	report.Sort(res.Findings)
	return res
}

func (p *Package) reported(deps bool) bool { return p.Initial || deps && !p.Bare }

// build makes the SSA form of all packages with bodies. A package of which that cannot be done leaves the program
// locked and half made: it is left out, and all is made again. That is expected only if some package does not type-check,
// and only then kept in mind what it takes; else nothing is analyzed.
func build(prog *Program, res *Result) ([]*ssa.Function, []*ast.File) {
	var fns []*ssa.Function
	var files []*ast.File
	ok := false
	for !ok {
		failed := prog.failed()
		fns, files, ok = tryBuild(prog, len(failed) > 0)
		if len(failed) == 0 {
			break
		}
	}
	for _, p := range prog.failed() {
		if p.Initial || !ok {
			res.Problems = append(res.Problems, problem(p))
		}
	}
	return fns, files
}

// failed returns the packages with errors.
func (prog *Program) failed() []*Package {
	return slices.DeleteFunc(slices.Clone(prog.Pkgs), func(p *Package) bool { return p.Pkg == nil || len(p.Errs) == 0 })
}

// tryBuild makes the SSA form once. If ok is false, more packages have errors than before. If it can be tried again, what
// is needed for that is kept.
func tryBuild(prog *Program, again bool) (_ []*ssa.Function, _ []*ast.File, ok bool) {
	sp := ssa.NewProgram(prog.Fset, ssa.InstantiateGenerics)
	sp.SetNoReturn(lockset.NoReturn)
	var files []*ast.File
	var from []*Package
	reported := map[string]bool{} // paths; a package and its test variant have one
	for _, p := range prog.Pkgs {
		if p.Initial {
			reported[p.PkgPath] = true
		}
	}
	created := map[*types.Package]bool{}
	for _, p := range prog.Pkgs {
		if p.Pkg == nil {
			continue
		}
		created[p.Pkg] = true
		if p.Bare || len(p.Errs) > 0 || p.Info == nil {
			// What does not type-check has no SSA form; its importers see its types.
			sp.CreatePackage(p.Pkg, nil, nil, true)
			p.ssa, p.funcs = nil, nil
			continue
		}
		p.ssa = sp.CreatePackage(p.Pkg, p.Files, p.Info, true)
		from = append(from, p)
		if reported[p.PkgPath] {
			files = append(files, p.Files...)
		}
	}
	for _, p := range from { // unsafe, and what stands in for an import that failed
		for _, imp := range p.Pkg.Imports() {
			if !created[imp] {
				created[imp] = true
				sp.CreatePackage(imp, nil, nil, true)
			}
		}
	}
	each(from, func(p *Package) {
		defer func() {
			if r := recover(); r != nil {
				p.Errs = append(p.Errs, p.unbuilt(r))
			}
		}()
		p.funcs = lockset.Declared(p.ssa, p.Files, p.Info)
		p.ssa.Build()
		if !again {
			p.Info = nil
		}
	})
	if slices.ContainsFunc(from, func(p *Package) bool { return len(p.Errs) > 0 }) {
		return nil, nil, false
	}
	each(from, func(p *Package) {
		p.Info = nil
		if !reported[p.PkgPath] {
			strip(p.Files)
		}
	})
	var fns []*ssa.Function
	for _, p := range from {
		fns = append(fns, p.funcs...)
		p.ssa, p.funcs = nil, nil
	}
	return fns, files, true
}

// unbuilt says why a package that type-checks has no SSA form: most often since it uses types of one that does not.
func (p *Package) unbuilt(cause any) string {
	seen := map[*Package]bool{}
	var find func(p *Package) *Package
	find = func(p *Package) *Package {
		for _, d := range p.deps {
			if seen[d] {
				continue
			}
			seen[d] = true
			if len(d.Errs) > 0 {
				return d
			}
			if f := find(d); f != nil {
				return f
			}
		}
		return nil
	}
	if d := find(p); d != nil {
		return fmt.Sprintf("it uses %s, which does not type-check: %s", d.PkgPath, d.Errs[0])
	}
	return fmt.Sprintf("internal error while building its SSA form: %v", cause)
}

// strip frees the bodies of functions that have an SSA form now, those of function
// literals inside them first.
func strip(files []*ast.File) {
	var bodies []**ast.BlockStmt
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				bodies = append(bodies, &n.Body)
			case *ast.FuncLit:
				bodies = append(bodies, &n.Body)
			}
			return true
		})
	}
	for _, body := range bodies {
		*body = nil
	}
}

func problem(p *Package) string {
	msg := fmt.Sprintf("package %s is not analyzed: %s", p.PkgPath, p.Errs[0])
	if n := len(p.Errs) - 1; n > 0 {
		msg += fmt.Sprintf(" (and %d more)", n)
	}
	return msg
}

// builds tells which packages are compiled anew for which test.
func (prog *Program) builds() func(*types.Package) string {
	in := map[*types.Package]string{}
	for _, p := range prog.Pkgs {
		if _, test, ok := strings.Cut(p.ID, " ["); ok && p.Pkg != nil {
			in[p.Pkg] = strings.TrimSuffix(test, "]")
		}
	}
	return func(p *types.Package) string { return in[p] }
}

// A checker makes the findings of one package after another.
type checker struct {
	prog     *Program
	eng      *lockset.Engine
	secs     map[string]*lockset.Section
	closures map[*Package]map[string]bool
	seen     map[string]bool // positions and messages reported, against test variants; fingerprints of what is reported once
	once     map[string]bool // checks whose findings are reported once, see lockset.Check

	positions *lockset.Positions
	deps      bool
}

// closure returns the paths of p and of all packages below that have sections.
func (c *checker) closure(p *Package) map[string]bool {
	if m := c.closures[p]; m != nil {
		return m
	}
	m := map[string]bool{}
	c.closures[p] = m
	if s := c.secs[p.PkgPath]; s != nil && !p.Std {
		m[p.PkgPath] = true
	}
	for _, d := range p.deps {
		if !d.Std {
			maps.Copy(m, c.closure(d))
		}
	}
	return m
}

func (c *checker) view(p *Package, ds *report.Directives) *lockset.View {
	module := ""
	if p.Module != nil && !c.deps {
		module = p.Module.Path
	}
	v := lockset.NewView(p.PkgPath, module, c.positions, ds)
	v.Engine = c.eng
	return v
}

// pkg returns the view of package p.
func (c *checker) pkg(p *Package, ds *report.Directives) *lockset.View {
	v := c.view(p, ds)
	if s := c.secs[p.PkgPath]; s != nil {
		v.Own = s
	}
	specs := map[string]*ast.ImportSpec{}
	for _, f := range p.Files {
		for _, s := range f.Imports {
			if path := strings.Trim(s.Path.Value, "`\""); specs[path] == nil {
				specs[path] = s
			}
		}
	}
	for path := range c.closure(p) {
		if path != p.PkgPath {
			v.Below[path] = c.secs[path]
		}
	}
	for _, d := range p.deps {
		if d.Std || len(c.closure(d)) == 0 || d.PkgPath == p.PkgPath {
			continue
		}
		for path, imp := range p.Imports {
			if imp == d.Package && specs[path] != nil {
				v.Imports = append(v.Imports, lockset.Import{Path: d.PkgPath, Spec: specs[path], Closure: c.closure(d)})
			}
		}
	}
	slices.SortFunc(v.Imports, func(a, b lockset.Import) int {
		return report.ComparePosn(c.prog.Fset.Position(a.Spec.Pos()), c.prog.Fset.Position(b.Spec.Pos()))
	})
	return v
}

func (c *checker) add(fs []report.Finding, res *Result) {
	for _, f := range fs {
		key := fmt.Sprint(f.Posn, f.Check, f.Message)
		if c.seen[key] || c.once[f.Check] && c.seen[f.Fingerprint] {
			continue
		}
		c.seen[key] = true
		if c.once[f.Check] {
			c.seen[f.Fingerprint] = true
		}
		res.Findings = append(res.Findings, f)
	}
}

// whole returns the program, for what no package sees.
func (c *checker) whole(directives map[string]*report.Directives) *lockset.Whole {
	byPath := map[string]*Package{}
	for _, p := range c.prog.Pkgs {
		if p.reported(c.deps) && (byPath[p.PkgPath] == nil || p.ForTest != "") {
			byPath[p.PkgPath] = p
		}
	}
	return &lockset.Whole{
		Sections: c.secs, Positions: c.positions, Seen: func(fingerprint string) bool { return c.seen[fingerprint] },
		View: func(paths []string) *lockset.View {
			for _, path := range slices.Sorted(slices.Values(paths)) {
				if p := byPath[path]; p != nil {
					return c.view(p, directives[p.ID])
				}
			}
			return nil
		},
	}
}

// all returns the files of all packages with bodies.
func all(prog *Program) []*ast.File {
	var files []*ast.File
	for _, p := range prog.Pkgs {
		files = append(files, p.Files...)
	}
	return files
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
