package lockset_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// A source is one package of a small program, by import path.
type source struct{ path, text string }

// A program is type-checked and built, imports first.
type program struct {
	fset  *token.FileSet
	files []*ast.File
	funcs []*ssa.Function // that are declared, in source order
}

// buildProgram makes the program of the sources, of which each may import those before it.
func buildProgram(t *testing.T, sources ...source) *program {
	t.Helper()
	p := &program{fset: token.NewFileSet()}
	prog := ssa.NewProgram(p.fset, ssa.InstantiateGenerics)
	prog.SetNoReturn(lockset.NoReturn)
	made := map[string]*types.Package{}
	imp := importerFunc(func(path string) (*types.Package, error) {
		if pkg := made[path]; pkg != nil {
			return pkg, nil
		}
		return imports().Import(path)
	})
	created := map[*types.Package]bool{}
	for _, s := range sources {
		f, err := parser.ParseFile(p.fset, s.path+".go", s.text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		info := &types.Info{
			Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
			Implicits: map[ast.Node]types.Object{}, Instances: map[*ast.Ident]types.Instance{}, Scopes: map[ast.Node]*types.Scope{},
			Selections: map[*ast.SelectorExpr]*types.Selection{}, FileVersions: map[*ast.File]string{},
		}
		pkg, err := (&types.Config{Importer: imp, GoVersion: "go1.26"}).Check(s.path, p.fset, []*ast.File{f}, info)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range pkg.Imports() {
			if made[d.Path()] == nil && !created[d] {
				created[d] = true
				prog.CreatePackage(d, nil, nil, true)
			}
		}
		made[s.path] = pkg
		sp := prog.CreatePackage(pkg, []*ast.File{f}, info, true)
		sp.Build()
		p.files = append(p.files, f)
		p.funcs = append(p.funcs, lockset.Declared(sp, []*ast.File{f}, info)...)
	}
	return p
}

type importerFunc func(path string) (*types.Package, error)

func (f importerFunc) Import(path string) (*types.Package, error) { return f(path) }

// sections walks the functions in the order given, and returns the sections as bytes.
func (p *program) sections(funcs []*ssa.Function) map[string]string {
	e := lockset.New(lockset.Input{Fset: p.fset, Files: p.files, Funcs: funcs})
	out := map[string]string{}
	for path, s := range e.Sections(func(string, []lockgraph.Frame) bool { return false }) {
		out[path] = fmt.Sprintf("%q", s.Encode())
	}
	return out
}

// TestOrder checks that what is learned of a function does not depend on the function that was looked at before, nor on
// the package that asks.
func TestOrder(t *testing.T) {
	tests := map[string][]source{
		"wiring": {
			{"example.com/house", `package house
import "sync"
type House struct { Mu sync.Mutex; Lamps int }
type Room struct { in *House }
func Build(h *House) *Room { return &Room{in: h} }
func (r *Room) Light() { r.in.Mu.Lock(); r.in.Lamps++; r.in.Mu.Unlock() }
func Lit(h *House) { r := Build(h); r.Light() }`},
			{"example.com/street", `package street
import "example.com/house"
func Evening(h *house.House) { h.Mu.Lock(); defer h.Mu.Unlock(); r := house.Build(h); r.Light() }`},
		},
		"light recursion": {
			{"example.com/tree", `package tree
import "sync"
type Node struct { Mu sync.Mutex; Kids []*Node; n int }
var root, last *Node
func Odd(n *Node, d int) *Node { if d == 0 { return n }; return Even(n, d-1) }
func Even(n *Node, d int) *Node { if d == 0 { last = n; return &Node{} }; return Odd(n, d-1) }
func Third(n *Node, d int) *Node { Odd(n, d); return &Node{} }
func A() { n := &Node{}; n.Mu.Lock(); root.Mu.Lock(); Odd(n, 3); n.Mu.Unlock(); root.Mu.Unlock() }
func B() { n := &Node{}; Even(n, 3); n.Mu.Lock(); root.Mu.Lock(); root.Mu.Unlock(); n.Mu.Unlock() }
func C() { n := &Node{}; Third(n, 3); root.Mu.Lock(); n.Mu.Lock(); root.Mu.Unlock(); n.Mu.Unlock() }
func D() { n := &Node{}; Odd(n, 3); root.Mu.Lock(); n.Mu.Lock(); root.Mu.Unlock(); n.Mu.Unlock() }`},
		},
		"recursion": {
			{"example.com/walk", `package walk
import "sync"
type Dir struct { mu sync.Mutex; files sync.RWMutex; sub []*Dir }
func (d *Dir) Size() int { d.mu.Lock(); defer d.mu.Unlock(); n := 0; for _, s := range d.sub { n += s.count() }; return n }
func (d *Dir) count() int { d.files.RLock(); defer d.files.RUnlock(); return d.deep(2) }
func (d *Dir) deep(n int) int { if n > 0 { return d.count() }; return d.Size() }
func (d *Dir) Clear() { d.files.Lock(); d.mu.Lock(); d.mu.Unlock(); d.files.Unlock() }`},
		},
	}
	for name, sources := range tests {
		t.Run(name, func(t *testing.T) {
			p := buildProgram(t, sources...)
			want := p.sections(p.funcs)
			if len(want) == 0 {
				t.Fatal("nothing is learned")
			}
			r := rand.New(rand.NewPCG(1, 2))
			for range 40 {
				funcs := slices.Clone(p.funcs)
				r.Shuffle(len(funcs), func(i, j int) { funcs[i], funcs[j] = funcs[j], funcs[i] })
				if got := p.sections(funcs); !maps.Equal(want, got) {
					t.Fatalf("in the order %v:\n%s", funcs, cmp.Diff(want, got))
				}
			}
		})
	}
}
