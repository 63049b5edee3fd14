package lockset

import (
	"go/ast"
	"path/filepath"
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// byPackage sorts what the engine knows by package, once: a whole program has hundreds.
type byPackage struct {
	funcs map[string][]*effects.Func // by import path, in the order of the engine
	files map[string][]*ast.File     // by folder
}

func (e *Engine) pkgs() *byPackage {
	if e.byPackage == nil {
		b := &byPackage{map[string][]*effects.Func{}, map[string][]*ast.File{}}
		for _, f := range e.Funcs {
			b.funcs[f.Unit.Path] = append(b.funcs[f.Unit.Path], f)
		}
		for _, f := range e.in.Files {
			dir := filepath.Dir(e.in.Fset.Position(f.Package).Filename)
			b.files[dir] = append(b.files[dir], f)
		}
		e.byPackage = b
	}
	return e.byPackage
}

// Functions returns all functions of a package but wrappers, in the order of the source.
func (e *Engine) Functions(path string) []*effects.Func {
	return slices.DeleteFunc(slices.Clone(e.pkgs().funcs[path]), func(f *effects.Func) bool { return f.Wrapper })
}

// InPackage returns the functions of a package, of those that its test variant has as well only one.
func (e *Engine) InPackage(path string) []*effects.Func {
	var out []*effects.Func
	seen := map[effects.Pos]bool{}
	for _, f := range e.pkgs().funcs[path] {
		if !f.Made && f.Pos.IsValid() {
			if seen[f.Pos] {
				continue
			}
			seen[f.Pos] = true
		}
		out = append(out, f)
	}
	return out
}

// Declared returns those that the package declares, without literals.
func (e *Engine) Declared(path string) []*effects.Func {
	return slices.DeleteFunc(e.InPackage(path), func(f *effects.Func) bool { return f.Parent != nil || f.Made })
}
