package whole

import (
	"fmt"
	"go/ast"
	"go/types"
	"maps"
	"os"
	"slices"
	"strings"

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
	b := newBuild(prog)
	in.Funcs, in.Files = b.functions(), b.files
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
	if b.broken {
		in.Funcs = nil
		eng = lockset.New(in)
	}
	res.Engine = eng
	res.Problems = append(res.Problems, b.problems()...)

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
			for _, also := range f.Covers {
				c.seen[also] = true
			}
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
