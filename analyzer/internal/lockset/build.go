package lockset

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/model"
)

// build makes the SSA form of one package and returns the functions it declares, in
// source order, with the initializer last. The standard pass buildssa is not used:
// it computes facts in every dependency, and builds packages that have nothing
// to do with locks.
func build(fset *token.FileSet, pkg *types.Package, files []*ast.File, info *types.Info) []*ssa.Function {
	prog := ssa.NewProgram(fset, 0)
	prog.SetNoReturn(NoReturn)
	for _, p := range pkg.Imports() { // packages further below are made on demand
		prog.CreatePackage(p, nil, nil, true)
	}
	p := prog.CreatePackage(pkg, files, info, false)
	p.Build()
	return Declared(p, files, info)
}

// Declared returns the functions that files declare, in source order, and the
// package's initializer.
func Declared(p *ssa.Package, files []*ast.File, info *types.Info) []*ssa.Function {
	var fns []*ssa.Function
	for _, f := range files {
		for _, d := range f.Decls {
			if fd, ok := d.(*ast.FuncDecl); ok {
				if obj, ok := info.Defs[fd.Name].(*types.Func); ok {
					if fn := p.Prog.FuncValue(obj); fn != nil {
						fns = append(fns, fn)
					}
				}
			}
		}
	}
	if init := p.Func("init"); init != nil {
		fns = append(fns, init)
	}
	return fns
}

// NoReturn reports whether a function is known not to return.
func NoReturn(fn *types.Func) bool {
	e := model.Lookup(fn)
	return e != nil && e.NoReturn
}

// needed reports whether a package can have anything to do with locks: it uses one,
// calls a function that does, takes functions that callers may lock in, or starts
// goroutines, or uses channels. What else goroutines wait for each other by counts as well, and functions of sync/atomic, since check
// atomicmix wants to see what else touches their operands.
func needed(files []*ast.File, info *types.Info, known func(*types.Func) bool) bool {
	for _, obj := range info.Uses {
		fn, ok := obj.(*types.Func)
		if !ok || fn.Pkg() == nil {
			continue
		}
		if s := model.SyncOf(fn); s != model.NoSync && (s != model.Atomic || fn.Signature().Recv() == nil) || model.MakesOnce(fn) {
			return true
		}
		if e := model.Lookup(fn); e != nil && (e.Op != model.None || e.NoReturn || len(e.Spawns) > 0) || known(fn.Origin()) {
			return true
		}
	}
	for _, f := range files {
		for _, d := range f.Decls {
			if fd, ok := d.(*ast.FuncDecl); ok && fd.Body != nil && (takesFunc(info, fd) || concurrent(fd)) {
				return true
			}
		}
	}
	return false
}

// concurrent reports whether a function starts goroutines, or sends to others or receives from them.
func concurrent(fd *ast.FuncDecl) bool {
	found := false
	ast.Inspect(fd.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt, *ast.SendStmt:
			found = true
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW
		}
		return !found
	})
	return found
}

func takesFunc(info *types.Info, fd *ast.FuncDecl) bool {
	obj, ok := info.Defs[fd.Name].(*types.Func)
	if !ok || !obj.Exported() {
		return false
	}
	for v := range obj.Signature().Params().Variables() {
		if _, ok := v.Type().Underlying().(*types.Signature); ok {
			return true
		}
	}
	return false
}
