package whole

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/packages"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/model"
	"golang.org/x/tools/go/ssa"
)

// A Package is a type-checked package.
type Package struct {
	*packages.Package
	Std     bool // of the standard library and not asked for
	Bare    bool // type-checked without function bodies
	Initial bool // asked for
	Files   []*ast.File
	Pkg     *types.Package
	Info    *types.Info
	Errs    []string

	ssa  *ssa.Package
	deps []*Package
	done chan struct{}
}

// A Program is what was loaded.
type Program struct {
	Fset *token.FileSet
	Pkgs []*Package // dependencies first

	extracted func()          // see Options
	initial   map[string]bool // paths of packages that were asked for
}

// Options say what to load.
type Options struct {
	Dir      string
	Patterns []string
	Tests    bool
	Env      []string
	Tags     string
	Deps     bool // dependencies are reported on: load the bodies of all of them

	Library *Library // keeps the standard library for further loads; nil keeps nothing

	// Listed, if set, is told the bytes of source whose bodies will be loaded, before that is done. Extracted is called when the
	// SSA form is gone.
	Listed    func(bytes int64)
	Extracted func()
}

// Load lists, parses and type-checks packages and all their dependencies.
func Load(o Options) (*Program, error) {
	prog := &Program{Fset: o.Library.fileSet(), extracted: o.Extracted}
	cfg := &packages.Config{
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports |
			packages.NeedDeps | packages.NeedModule | packages.NeedTypesSizes | packages.NeedForTest,
		Dir: o.Dir, Env: o.Env, Tests: o.Tests, Fset: prog.Fset,
	}
	if o.Tags != "" {
		cfg.BuildFlags = append(cfg.BuildFlags, "-tags="+o.Tags)
	}
	roots, err := packages.Load(cfg, o.Patterns...)
	if err != nil {
		return nil, errors.New(goMessage(err.Error()))
	}
	roots = slices.DeleteFunc(roots, func(p *packages.Package) bool { return strings.HasSuffix(p.ID, ".test") && p.ForTest == "" })
	if len(roots) == 0 {
		return nil, fmt.Errorf("no packages match %s", strings.Join(o.Patterns, " "))
	}
	if err := unusable(roots); err != nil {
		return nil, err
	}
	prog.arrange(roots)
	if o.Listed != nil {
		o.Listed(prog.size())
	}
	prog.check(o.Library, o.Deps)
	return prog, nil
}

// unusable returns an error if no root has a Go file.
func unusable(roots []*packages.Package) error {
	var why string
	for _, p := range roots {
		if len(p.CompiledGoFiles) > 0 || len(p.GoFiles) > 0 || len(p.Errors) == 0 {
			return nil
		}
		if why == "" {
			why = describe(p.Errors[0])
		}
	}
	return errors.New(why)
}

// arrange puts the packages in an order in which each comes behind its imports.
func (prog *Program) arrange(roots []*packages.Package) {
	initial := map[*packages.Package]bool{}
	variant := map[string]bool{} // paths of which a test variant is a root
	for _, p := range roots {
		initial[p] = true
		if p.ForTest != "" && p.PkgPath == p.ForTest {
			variant[p.PkgPath] = true
		}
	}
	goroot := gorootOf(roots)
	seen := map[*packages.Package]*Package{}
	var visit func(p *packages.Package) *Package
	visit = func(p *packages.Package) *Package {
		if q := seen[p]; q != nil {
			return q
		}
		q := &Package{Package: p, Initial: initial[p], done: make(chan struct{})}
		seen[p] = q
		q.Std = !q.Initial && p.Module == nil && isStd(p, goroot)
		q.Bare = q.Std
		for _, path := range sortedKeys(p.Imports) {
			if path != "unsafe" && path != "C" {
				q.deps = append(q.deps, visit(p.Imports[path]))
			}
		}
		prog.Pkgs = append(prog.Pkgs, q)
		return q
	}
	slices.SortFunc(roots, func(a, b *packages.Package) int { return strings.Compare(a.ID, b.ID) })
	for _, p := range roots {
		if p.ForTest == "" && variant[p.PkgPath] {
			continue // its variant has all of it; loaded only if something imports it
		}
		if p.PkgPath != "unsafe" {
			visit(p)
		}
	}
}

func isStd(p *packages.Package, goroot string) bool {
	if goroot != "" && len(p.GoFiles) > 0 {
		return strings.HasPrefix(p.GoFiles[0], goroot)
	}
	first, _, _ := strings.Cut(p.PkgPath, "/")
	return !strings.Contains(first, ".")
}

// gorootOf returns the folder of the standard library that the packages were listed
// with, which is not always that of this program; "" if none of it is among them.
func gorootOf(roots []*packages.Package) string {
	var src string
	packages.Visit(roots, func(p *packages.Package) bool {
		if p.PkgPath == "unsafe" || p.PkgPath == "runtime" {
			for _, f := range p.GoFiles {
				src = filepath.Dir(filepath.Dir(f)) + string(filepath.Separator)
			}
		}
		return src == ""
	}, nil)
	return src
}

// check parses and type-checks all packages, but those that a library has.
func (prog *Program) check(lib *Library, deps bool) {
	pkgs := prog.Pkgs
	if lib != nil {
		pkgs = lib.check(prog)
	}
	each(pkgs, func(p *Package) {
		defer close(p.done)
		for _, d := range p.deps {
			<-d.done
		}
		p.check(prog.Fset, deps)
	})
}

// size returns the bytes of source outside of the standard library.
func (prog *Program) size() int64 {
	var n int64
	for _, p := range prog.Pkgs {
		if p.Bare {
			continue
		}
		for _, name := range p.CompiledGoFiles {
			if fi, err := os.Stat(name); err == nil {
				n += fi.Size()
			}
		}
	}
	return n
}

// each calls f for every package, in order, as many at a time as there are processors.
// f may wait for packages before its own.
func each(pkgs []*Package, f func(*Package)) {
	var wg sync.WaitGroup
	next := make(chan *Package)
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for p := range next {
				f(p)
			}
		})
	}
	for _, p := range pkgs {
		next <- p
	}
	close(next)
	wg.Wait()
}

func (p *Package) check(fset *token.FileSet, deps bool) {
	defer func() {
		if r := recover(); r != nil {
			p.fail(fmt.Sprintf("internal error while type-checking: %v", r))
			if p.Pkg == nil {
				p.Pkg = types.NewPackage(p.PkgPath, p.Name)
			}
		}
	}()
	files := p.CompiledGoFiles
	if len(files) == 0 || p.Std {
		files = p.GoFiles
	}
	mode := parser.SkipObjectResolution
	if p.Initial || deps {
		mode |= parser.ParseComments // for directives, and what says that it is generated
	}
	for _, name := range files {
		if !strings.HasSuffix(name, ".go") && filepath.Ext(name) != "" {
			continue
		}
		f, err := parser.ParseFile(fset, name, nil, mode)
		if err != nil {
			p.fail(firstLine(err.Error()))
		}
		if f != nil {
			p.Files = append(p.Files, f)
		}
	}
	if !p.Initial && !deps && !p.Bare && p.inert() {
		p.Bare = true
	}
	if p.Bare {
		for _, f := range p.Files {
			for _, d := range f.Decls {
				if fd, ok := d.(*ast.FuncDecl); ok {
					fd.Body = nil // free it
				}
			}
		}
	}
	for _, e := range p.Errors {
		if e.Kind != packages.TypeError && e.Kind != packages.ParseError {
			p.fail(describe(e))
		}
	}
	p.Info = &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Implicits: map[ast.Node]types.Object{}, Instances: map[*ast.Ident]types.Instance{},
		Selections: map[*ast.SelectorExpr]*types.Selection{}, FileVersions: map[*ast.File]string{},
	}
	if p.Bare {
		p.Info = nil
	}
	conf := types.Config{
		Importer:         importer{p},
		IgnoreFuncBodies: p.Bare,
		FakeImportC:      true,
		Sizes:            p.TypesSizes,
		Error:            func(err error) { p.fail(firstLine(err.Error())) },
	}
	if p.Module != nil && p.Module.GoVersion != "" {
		conf.GoVersion = "go" + p.Module.GoVersion
	}
	p.Pkg, _ = conf.Check(p.PkgPath, fset, p.Files, p.Info)
	if p.Std {
		p.Errs = nil // cgo and assembly stay invisible there
	}
	if p.Bare {
		p.Files = nil
	}
}

// inertSize is the size from which a dependency that has no locks of its own is taken to
// be generated data or a generated client: its functions are left out, which loses the
// orders that run through them and most of the memory that programs with many such
// dependencies take.
const inertSize = 256 << 10

// inert reports whether a dependency is large and imports nothing of package sync.
func (p *Package) inert() bool {
	size := 0
	for _, f := range p.Files {
		size += int(f.FileEnd - f.FileStart)
		for _, spec := range f.Imports {
			if model.HasLocks(strings.Trim(spec.Path.Value, "`\"")) {
				return false
			}
		}
	}
	return size > inertSize
}

func (p *Package) fail(msg string) {
	if len(p.Errs) == 0 || p.Errs[len(p.Errs)-1] != msg {
		p.Errs = append(p.Errs, msg)
	}
}

type importer struct{ p *Package }

func (im importer) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	imp := im.p.Imports[path]
	if imp == nil {
		return nil, fmt.Errorf("no package for import %s", path)
	}
	for _, d := range im.p.deps {
		if d.Package == imp {
			if d.Pkg == nil || len(d.Files) == 0 && !d.Bare {
				return nil, fmt.Errorf("package %s could not be loaded", path)
			}
			return d.Pkg, nil
		}
	}
	return nil, fmt.Errorf("package %s could not be loaded", path)
}

// goMessage returns what the go command said, without what the driver puts around it.
func goMessage(msg string) string {
	if _, rest, ok := strings.Cut(msg, "stderr: "); ok {
		msg = rest
	}
	return strings.TrimPrefix(firstLine(msg), "go: ")
}

func describe(e packages.Error) string {
	msg := firstLine(e.Msg)
	if e.Pos == "" || e.Pos == "-" {
		return msg
	}
	return e.Pos + ": " + msg
}

func firstLine(s string) string {
	s = strings.TrimSpace(s)
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// InitialFunc reports whether f is declared in a package asked for.
func (prog *Program) InitialFunc(f *effects.Func) bool {
	return slices.ContainsFunc(prog.Pkgs, func(p *Package) bool { return p.Initial && p.PkgPath == f.Unit.Path })
}
