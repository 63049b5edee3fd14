package extract_test

import (
	"crypto/sha256"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/extract"
)

// A program is a set of packages in SSA form.
type program struct {
	fset  *token.FileSet
	files []*ast.File
	fns   []*ssa.Function // nil when they are used up
	built time.Duration
	all   []*packages.Package
}

// load builds packages and those that they import. It asks the go command for them.
func load(t testing.TB, dir string, patterns ...string) *program {
	t.Helper()
	prog := &program{fset: token.NewFileSet()}
	pkgs, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports | packages.NeedDeps | packages.NeedTypes |
			packages.NeedTypesInfo | packages.NeedTypesSizes | packages.NeedSyntax | packages.NeedModule,
		Dir: dir, Fset: prog.fset,
	}, patterns...)
	if err != nil {
		t.Fatal(err)
	}
	packages.Visit(pkgs, nil, func(p *packages.Package) { prog.all = append(prog.all, p) })
	prog.build()
	return prog
}

// build makes the SSA form.
func (prog *program) build() {
	sp := ssa.NewProgram(prog.fset, ssa.InstantiateGenerics)
	sp.SetNoReturn(noReturn)
	prog.files = nil
	var from []*ssa.Package
	var infos []*packages.Package
	for _, p := range prog.all {
		if p.Types == nil || p.IllTyped {
			if p.Types != nil {
				sp.CreatePackage(p.Types, nil, nil, true)
			}
			continue
		}
		from = append(from, sp.CreatePackage(p.Types, p.Syntax, p.TypesInfo, true))
		infos = append(infos, p)
	}
	sp.CreatePackage(types.Unsafe, nil, nil, true)
	start := time.Now()
	for _, p := range from {
		p.Build()
	}
	prog.built = time.Since(start)
	for i, p := range from {
		prog.files = append(prog.files, infos[i].Syntax...)
		prog.fns = append(prog.fns, declared(p, infos[i].Syntax, infos[i].TypesInfo)...)
	}
}

func (p *program) extract() *extract.Extractor {
	if p.fns == nil {
		p.build()
	}
	x := extract.New(extract.Input{Calls: true, Fset: p.fset, Files: p.files})
	x.Add(p.fns)
	x.Extract()
	p.fns = nil
	return x
}

// free frees the bodies of functions, as the command does with packages that it does not report on.
func (p *program) free() {
	var bodies []**ast.BlockStmt
	for _, f := range p.files {
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
	for _, b := range bodies {
		*b = nil
	}
	p.files = nil
}

// TestLarge extracts a part of the standard library, on one and on several processors; and when the syntax is gone.
func TestLarge(t *testing.T) {
	if testing.Short() {
		t.Skip("loads a part of the standard library from source")
	}
	prog := load(t, ".", "go/types", "text/template", "log/slog", "os/exec")
	sums := map[string]bool{}
	for _, procs := range []int{1, 4} {
		old := runtime.GOMAXPROCS(procs)
		x := prog.extract()
		runtime.GOMAXPROCS(old)
		h := sha256.New()
		for _, f := range x.Funcs() {
			sound(t, f)
			fmt.Fprintln(h, dump(f, true))
		}
		for _, u := range x.Units() {
			fmt.Fprintln(h, u.Path, u.Files)
			for i, typ := range u.Types {
				if typ.ID != i {
					t.Fatalf("%s: type %d has number %d", u.Path, i, typ.ID)
				}
				fmt.Fprintln(h, typ.Name, typ.Kind, typ.Sync, len(typ.Fields))
			}
		}
		sums[fmt.Sprintf("%x", h.Sum(nil))] = true
	}
	if len(sums) != 1 {
		t.Error("what is extracted depends on the number of processors")
	}
	prog.build()
	prog.free()
	prog.extract()
}

// sound checks that a function is as package effects says.
func sound(t *testing.T, f *effects.Func) {
	t.Helper()
	bad := func(format string, args ...any) { t.Errorf("%s: %s", f.Name, fmt.Sprintf(format, args...)) }
	for i, v := range f.Params {
		if f.Op(v) != effects.Param || int(v) != i+1 {
			bad("parameter %d is v%d", i, v)
		}
	}
	for i, v := range f.Free {
		if f.Op(v) != effects.Free || int(v) != len(f.Params)+i+1 {
			bad("captured variable %d is v%d", i, v)
		}
	}
	for v := effects.V(1); int(v) < len(f.Code); v++ {
		in := f.At(v)
		if in.Op == effects.None || in.Op.Leaf() != (v < f.First) || in.Op.Leaf() != (in.Block < 0) {
			bad("v%d is out of place", v)
		}
		for _, a := range in.Args {
			if a < 0 || int(a) >= len(f.Code) || a > 0 && f.At(a).Type == nil {
				bad("v%d has operand v%d", v, a)
			}
			if a == 0 && in.Op != effects.Slice && in.Op != effects.Select {
				bad("v%d lacks an operand: %s", v, instr(f, v))
			}
			if a >= v && in.Op != effects.Phi && f.At(a).Block == in.Block {
				bad("v%d is used before it is made", a)
			}
		}
		if in.Op == effects.Phi && len(in.Args) != len(f.Blocks[in.Block].Preds) {
			bad("v%d has %d operands", v, len(in.Args))
		}
		if b := in.Block; b >= 0 {
			if v < f.Blocks[b].First || v > f.Blocks[b].Last || in.Op.Ends() != (v == f.Blocks[b].Last) {
				bad("v%d is not in block %d", v, b)
			}
		}
		for _, c := range f.Callbacks[v] {
			if c.Arg == 0 || c.Method != "" && c.Recv == 0 {
				bad("v%d has a callback without operand", v)
			}
		}
	}
}

// TestFigures tells what extraction costs, for packages named in the environment.
func TestFigures(t *testing.T) {
	patterns := strings.Fields(os.Getenv("EXTRACT_PACKAGES"))
	if len(patterns) == 0 {
		t.Skip("EXTRACT_PACKAGES is not set")
	}
	prog := load(t, os.Getenv("EXTRACT_DIR"), patterns...)
	instrs := 0
	seen := map[*ssa.Function]bool{}
	var count func(fn *ssa.Function)
	count = func(fn *ssa.Function) {
		if seen[fn] {
			return
		}
		seen[fn] = true
		for _, b := range fn.Blocks {
			instrs += len(b.Instrs)
		}
		for _, l := range fn.AnonFuncs {
			count(l)
		}
	}
	for _, fn := range prog.fns {
		count(fn)
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	start := time.Now()
	x := prog.extract()
	took := time.Since(start)
	us, fs := x.Units(), x.Funcs()
	kept, leaves := 0, 0
	ops := map[effects.Op]int{}
	for _, f := range fs {
		kept += len(f.Code) - int(f.First)
		leaves += int(f.First) - 1
		for v := f.First; int(v) < len(f.Code); v++ {
			ops[f.Op(v)]++
		}
	}
	types := 0
	for _, u := range us {
		types += len(u.Types)
	}
	x = nil
	runtime.GC()
	runtime.ReadMemStats(&after)
	t.Logf("%d functions, %d SSA instructions: %d kept (%.0f%%), %d leaves, %d types in %d packages", len(fs), instrs, kept, 100*float64(kept)/float64(instrs), leaves, types, len(us))
	t.Logf("%.0f bytes for each SSA instruction, %v against %v of ssa.Build", float64(after.HeapAlloc-before.HeapAlloc)/float64(instrs), took, prog.built)
	var list []effects.Op
	for op := range ops {
		list = append(list, op)
	}
	slices.SortFunc(list, func(a, b effects.Op) int { return ops[b] - ops[a] })
	for _, op := range list[:min(25, len(list))] {
		t.Logf("%8d %s", ops[op], opNames[op])
	}
	runtime.KeepAlive(us)
	runtime.KeepAlive(fs)
	runtime.KeepAlive(prog)
}
