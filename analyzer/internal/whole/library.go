package whole

import (
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"sync"
)

// A Library keeps the standard library, which has no bodies, from one load to the next. Loads may share it at the
// same time. The zero value is an empty one.
//
// What a load asks for itself, and what imports that, is not kept. A package is known by its ID and the names of
// its files, so that another release, or other build tags, find their own; their content is taken to stay as it is.
type Library struct {
	once sync.Once
	fset *token.FileSet

	mu   sync.Mutex // held while packages are type-checked, so that each is one for all loads
	kept map[string]*kept
}

// kept is a package that was type-checked.
type kept struct {
	files []string
	sizes types.Sizes
	deps  []*types.Package
	pkg   *types.Package
}

// fileSet returns the file set that all loads have in common, a new one if there is no library.
func (l *Library) fileSet() *token.FileSet {
	if l == nil {
		return token.NewFileSet()
	}
	l.once.Do(func() { l.fset = token.NewFileSet() })
	return l.fset
}

// check type-checks the packages of the standard library that import nothing else, or takes those it has. It returns
// the others.
func (l *Library) check(prog *Program) (rest []*Package) {
	fit := map[*Package]bool{}
	var pkgs []*Package
	for _, p := range prog.Pkgs { // behind what it imports
		fit[p] = p.Std && !slices.ContainsFunc(p.deps, func(d *Package) bool { return !fit[d] })
		if fit[p] {
			pkgs = append(pkgs, p)
		} else {
			rest = append(rest, p)
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	each(pkgs, func(p *Package) {
		defer close(p.done)
		for _, d := range p.deps {
			<-d.done
		}
		if k := l.kept[p.ID]; k != nil && k.is(p) {
			p.Pkg = k.pkg
			return
		}
		p.check(prog.Fset, false)
	})
	if l.kept == nil {
		l.kept = map[string]*kept{}
	}
	for _, p := range pkgs {
		if len(p.Errs) == 0 {
			l.kept[p.ID] = &kept{p.GoFiles, p.TypesSizes, typesOf(p.deps), p.Pkg}
		}
	}
	return rest
}

// is reports whether a package that was kept is p, whose imports are there.
func (k *kept) is(p *Package) bool {
	return slices.Equal(k.files, p.GoFiles) && slices.Equal(k.deps, typesOf(p.deps)) && reflect.DeepEqual(k.sizes, p.TypesSizes)
}

func typesOf(pkgs []*Package) (out []*types.Package) {
	for _, p := range pkgs {
		out = append(out, p.Pkg)
	}
	return out
}
