package whole

import (
	"fmt"
	"go/ast"
	"go/types"
	"iter"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
)

// A building makes the SSA form of the packages with bodies: of some at a time, so that it is gone when that of others is made. If
// packages have errors, their importers may have no SSA form, either, and leave the program locked and half made: then it is made of all
// packages at once, and again without those, as often as that is needed.
type building struct {
	prog   *Program
	mode   ssa.BuilderMode
	files  []*ast.File // of packages that are reported on
	broken bool        // nothing can be analyzed
}

func newBuild(prog *Program) *building {
	b := &building{prog: prog}
	for _, p := range prog.Pkgs {
		if p.hasBodies() && prog.reports(p) {
			b.files = append(b.files, p.Files...)
		}
	}
	return b
}

func (p *Package) hasBodies() bool {
	return p.Pkg != nil && !p.Bare && len(p.Errs) == 0 && p.Info != nil
}

// reports reports whether a package, or its test variant, was asked for.
func (prog *Program) reports(p *Package) bool {
	if prog.initial == nil {
		prog.initial = map[string]bool{}
		for _, p := range prog.Pkgs {
			prog.initial[p.PkgPath] = prog.initial[p.PkgPath] || p.Initial
		}
	}
	return prog.initial[p.PkgPath]
}

// failed returns the packages with errors.
func (prog *Program) failed() []*Package {
	return slices.DeleteFunc(slices.Clone(prog.Pkgs), func(p *Package) bool { return p.Pkg == nil || len(p.Errs) == 0 })
}

// problems says what is not analyzed.
func (b *building) problems() []string {
	var out []string
	for _, p := range b.prog.failed() {
		if p.Initial || b.broken {
			out = append(out, problem(p))
		}
	}
	return out
}

// atOnce is the bytes of source of which the SSA form is there at the same time.
const atOnce = 1 << 20

// functions returns the functions in the order of their packages, dependencies first.
func (b *building) functions() iter.Seq[[]*ssa.Function] {
	return func(yield func([]*ssa.Function) bool) {
		for len(b.prog.failed()) > 0 {
			from := b.create()
			if fns, ok := b.build(from, true); ok {
				b.free(from)
				yield(fns)
				return
			}
		}
		from := b.create()
		for len(from) > 0 {
			n, size := 0, 0
			for n < len(from) && size < atOnce {
				size += from[n].size()
				n++
			}
			fns, ok := b.build(from[:n], false)
			if !ok {
				b.broken = true
				return
			}
			b.free(from[:n])
			if !yield(fns) {
				return
			}
			from = from[n:]
		}
	}
}

func (p *Package) size() int {
	n := 0
	for _, f := range p.Files {
		n += int(f.FileEnd - f.FileStart)
	}
	return n
}

// create makes an empty program, and returns the packages with bodies.
func (b *building) create() []*Package {
	sp := ssa.NewProgram(b.prog.Fset, b.mode)
	sp.SetNoReturn(lockset.NoReturn)
	var from []*Package
	created := map[*types.Package]bool{}
	for _, p := range b.prog.Pkgs {
		if p.Pkg == nil {
			continue
		}
		created[p.Pkg] = true
		if !p.hasBodies() {
			// What does not type-check has no SSA form; its importers see its types.
			sp.CreatePackage(p.Pkg, nil, nil, true)
			p.ssa = nil
			continue
		}
		p.ssa = sp.CreatePackage(p.Pkg, p.Files, p.Info, true)
		from = append(from, p)
	}
	for _, p := range from { // unsafe, and what stands in for an import that failed
		for _, imp := range p.Pkg.Imports() {
			if !created[imp] {
				created[imp] = true
				sp.CreatePackage(imp, nil, nil, true)
			}
		}
	}
	return from
}

// build makes the SSA form of some packages. If ok is false, more packages have errors than before. If it can be tried again, what
// is needed for that is kept.
func (b *building) build(from []*Package, again bool) (fns []*ssa.Function, ok bool) {
	funcs := make([][]*ssa.Function, len(from))
	place := map[*Package]int{}
	for i, p := range from {
		place[p] = i
	}
	each(from, func(p *Package) {
		defer func() {
			if r := recover(); r != nil {
				p.Errs = append(p.Errs, p.unbuilt(r))
			}
		}()
		funcs[place[p]] = lockset.Declared(p.ssa, p.Files, p.Info)
		p.ssa.Build()
		if !again {
			p.Info = nil
		}
	})
	if slices.ContainsFunc(from, func(p *Package) bool { return len(p.Errs) > 0 }) {
		return nil, false
	}
	return slices.Concat(funcs...), true
}

// free frees what is no longer needed of packages that have an SSA form.
func (b *building) free(from []*Package) {
	each(from, func(p *Package) {
		p.Info, p.ssa = nil, nil
		if !b.prog.reports(p) {
			strip(p.Files)
		}
	})
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
