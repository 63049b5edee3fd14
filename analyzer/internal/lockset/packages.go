package lockset

import (
	"go/ast"
	"path/filepath"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
)

// byPackage sorts what the engine knows by package, once: a whole program has hundreds.
type byPackage struct {
	funcs map[string][]*ssa.Function // by import path, in the order of the engine
	files map[string][]*ast.File     // by folder
}

func (e *Engine) packages() *byPackage {
	if e.byPackage == nil {
		b := &byPackage{map[string][]*ssa.Function{}, map[string][]*ast.File{}}
		for _, fn := range e.funcs {
			path := flow.PackageOf(fn)
			b.funcs[path] = append(b.funcs[path], fn)
		}
		for _, f := range e.in.Files {
			dir := filepath.Dir(e.in.Fset.Position(f.Package).Filename)
			b.files[dir] = append(b.files[dir], f)
		}
		e.byPackage = b
	}
	return e.byPackage
}
