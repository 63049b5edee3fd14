package extract_test

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"sync"
	"testing"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/extract"
	"github.com/lockcheck/lockcheck/analyzer/internal/model"
)

var imports = sync.OnceValue(func() types.Importer { return importer.Default() })

// extracted makes the effects of a package, by function.
func extracted(t *testing.T, src string, mode ssa.BuilderMode) (*extract.Extractor, map[string]*effects.Func) {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "m.go", src, parser.SkipObjectResolution|parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Implicits: map[ast.Node]types.Object{}, Scopes: map[ast.Node]*types.Scope{}, Selections: map[*ast.SelectorExpr]*types.Selection{},
		Instances: map[*ast.Ident]types.Instance{}, FileVersions: map[*ast.File]string{},
	}
	pkg, err := (&types.Config{Importer: imports()}).Check("m", fset, []*ast.File{file}, info)
	if err != nil {
		t.Fatal(err)
	}
	prog := ssa.NewProgram(fset, mode)
	prog.SetNoReturn(noReturn)
	for _, p := range pkg.Imports() {
		prog.CreatePackage(p, nil, nil, true)
	}
	p := prog.CreatePackage(pkg, []*ast.File{file}, info, false)
	p.Build()
	x := extract.New(extract.Input{Fset: fset, Files: []*ast.File{file}})
	x.Add(declared(p, []*ast.File{file}, info))
	x.Extract()
	byName := map[string]*effects.Func{}
	for _, f := range x.Funcs() {
		byName[f.Name] = f
	}
	return x, byName
}

func noReturn(fn *types.Func) bool {
	e := model.Lookup(fn)
	return e != nil && e.NoReturn
}

// declared returns the functions that files declare, in source order, and the initializer of the package.
func declared(p *ssa.Package, files []*ast.File, info *types.Info) []*ssa.Function {
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
	return append(fns, p.Func("init"))
}

const first = `package m
import ("sync"; "fmt"; "time")
type Q struct { mu sync.Mutex; items []int; n int; c *sync.Cond; wg sync.WaitGroup; once sync.Once }
var total int
func (q *Q) Push(x int, now bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if now && x > 3 { q.items = append(q.items, x+1) }
	for i := range q.items { total += i }
	fmt.Printf("%v %d\n", q, x)
	go func() { q.wg.Done(); _ = time.Now() }()
	q.once.Do(func() { total++ })
	time.AfterFunc(time.Second, q.reset)
}
func (q *Q) String() string { return "q" }
func (q *Q) reset() { q.n = 0 }
`

func TestFirst(t *testing.T) {
	x, _ := extracted(t, first, 0)
	for _, f := range x.Funcs() {
		t.Log("\n" + dump(f, true))
	}
}
