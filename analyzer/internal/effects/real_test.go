package effects_test

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/extract"
)

// units extracts packages of the standard library and all that they import.
var units = sync.OnceValues(func() ([]*effects.Unit, error) {
	fset := token.NewFileSet()
	pkgs, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports | packages.NeedDeps | packages.NeedTypes |
			packages.NeedTypesInfo | packages.NeedTypesSizes | packages.NeedSyntax,
		Fset: fset,
	}, "net/http", "go/types", "text/template")
	if err != nil {
		return nil, err
	}
	prog := ssa.NewProgram(fset, ssa.InstantiateGenerics)
	built := map[*packages.Package]*ssa.Package{}
	packages.Visit(pkgs, nil, func(p *packages.Package) {
		if p.Types != nil && !p.IllTyped {
			built[p] = prog.CreatePackage(p.Types, p.Syntax, p.TypesInfo, true)
		}
	})
	prog.CreatePackage(types.Unsafe, nil, nil, true)
	prog.Build()
	var files []*ast.File
	var fns []*ssa.Function
	packages.Visit(pkgs, nil, func(p *packages.Package) {
		if built[p] == nil {
			return
		}
		files = append(files, p.Syntax...)
		for _, f := range p.Syntax {
			for _, d := range f.Decls {
				if fd, ok := d.(*ast.FuncDecl); ok {
					if fn := prog.FuncValue(p.TypesInfo.Defs[fd.Name].(*types.Func)); fn != nil {
						fns = append(fns, fn)
					}
				}
			}
		}
		fns = append(fns, built[p].Func("init"))
	})
	x := extract.New(extract.Input{Fset: fset, Files: files})
	x.Add(fns)
	x.Extract()
	return x.Units(), nil
})

func realUnits(t testing.TB) []*effects.Unit {
	t.Helper()
	if testing.Short() {
		t.Skip("loads a part of the standard library from source")
	}
	us, err := units()
	if err != nil {
		t.Fatal(err)
	}
	return us
}

func text(u *effects.Unit) string {
	var b strings.Builder
	u.Print(&b)
	return b.String()
}

// differ reports the first line in which texts differ.
func differ(t *testing.T, what, a, b string) {
	t.Helper()
	if a == b {
		return
	}
	as, bs := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(as), len(bs)) {
		if as[i] != bs[i] {
			t.Errorf("%s: line %d:\n%s\n%s", what, i+1, as[i], bs[i])
			return
		}
	}
	t.Errorf("%s: %d lines, then %d", what, len(as), len(bs))
}

// TestRealText prints and reads what is extracted of the standard library.
func TestRealText(t *testing.T) {
	size := 0
	for _, u := range realUnits(t) {
		if u.Path == "" || len(u.Funcs) == 0 {
			continue
		}
		s := text(u)
		size += len(s)
		v, err := effects.Parse(s)
		if err != nil {
			t.Errorf("%s: %v", u.Path, err)
			continue
		}
		differ(t, u.Path, s, text(v))
	}
	t.Logf("%d bytes of text", size)
}
