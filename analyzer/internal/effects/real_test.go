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
	"github.com/lockcheck/lockcheck/analyzer/internal/effects/codec"
	"github.com/lockcheck/lockcheck/analyzer/internal/effects/text"
	"github.com/lockcheck/lockcheck/analyzer/internal/extract"
)

// units extracts packages of the standard library and all that they import.
var units = sync.OnceValues(func() ([]*effects.Unit, error) {
	fset := token.NewFileSet()
	pkgs, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports | packages.NeedDeps | packages.NeedTypes |
			packages.NeedTypesInfo | packages.NeedTypesSizes | packages.NeedSyntax,
		Fset: fset,
	}, "net/http")
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
	x := extract.New(extract.Input{Calls: true, Fset: fset, Files: files})
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

func textOf(u *effects.Unit) string {
	var b strings.Builder
	text.Print(&b, u)
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
		s := textOf(u)
		size += len(s)
		v, err := text.Parse(s)
		if err != nil {
			t.Errorf("%s: %v", u.Path, err)
			continue
		}
		differ(t, u.Path, s, textOf(v))
	}
	t.Logf("%d bytes of text", size)
}

// TestRealCodec encodes and reads what is extracted of the standard library, and links it.
func TestRealCodec(t *testing.T) {
	us := realUnits(t)
	var read []*effects.Unit
	size, funcs, instrs := 0, 0, 0
	for _, u := range us {
		data, err := codec.Encode(u)
		if err != nil {
			t.Fatal(err)
		}
		v, err := codec.Decode(data)
		if err != nil {
			t.Fatalf("%s: %v", u.Path, err)
		}
		again, err := codec.Encode(v)
		if err != nil || string(again) != string(data) {
			t.Errorf("%s: other bytes are written of what was read: %v", u.Path, err)
		}
		read = append(read, v)
		size += len(data)
		funcs += len(u.Funcs)
		for _, f := range u.Funcs {
			instrs += len(f.Code)
		}
	}
	t.Logf("%d functions of %d instructions in %d bytes, %d a function", funcs, instrs, size, size/funcs)
	codec.Link(read)
	for i, u := range us {
		differ(t, u.Path, textOf(u), textOf(read[i]))
		for k, f := range u.Funcs {
			sameLinks(t, f, read[i].Funcs[k])
		}
		again, err := codec.Encode(read[i])
		if data, _ := codec.Encode(u); err != nil || string(again) != string(data) {
			t.Errorf("%s: other bytes are written after it was linked: %v", u.Path, err)
		}
	}
}

// BenchmarkReal writes and reads all of it.
func BenchmarkReal(b *testing.B) {
	us := realUnits(b)
	var all [][]byte
	size := 0
	for _, u := range us {
		data, err := codec.Encode(u)
		if err != nil {
			b.Fatal(err)
		}
		all = append(all, data)
		size += len(data)
	}
	bench := func(name string, each func(i int) error) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				for i := range us {
					if err := each(i); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
	bench("encode", func(i int) error { _, err := codec.Encode(us[i]); return err })
	bench("decode", func(i int) error { _, err := codec.Decode(all[i]); return err })
	bench("open", func(i int) error { _, err := codec.Open(all[i]); return err })
}

// sameLinks checks that functions refer to the same functions.
func sameLinks(t *testing.T, f, g *effects.Func) {
	t.Helper()
	name := func(f *effects.Func) string {
		if f == nil {
			return "nothing"
		}
		return f.Unit.Path + " " + f.Name
	}
	same := func(v int, what string, a, b *effects.Func) {
		if name(a) != name(b) {
			t.Errorf("%s: %s of v%d: %s, then %s: %s", f.Name, what, v, name(a), name(b), f.Code[v].Sym)
		}
	}
	for v := range f.Code {
		same(v, "function", f.Code[v].Fn, g.Code[v].Fn)
		if f.Code[v].Flags != g.Code[v].Flags {
			t.Errorf("%s: flags of v%d: %b, then %b", f.Name, v, f.Code[v].Flags, g.Code[v].Flags)
		}
		for i, c := range f.Callbacks[effects.V(v)] {
			same(v, "callback", c.Fn, g.Callbacks[effects.V(v)][i].Fn)
		}
		for i, c := range f.Targets[effects.V(v)] {
			same(v, "target", c, g.Targets[effects.V(v)][i])
		}
	}
	same(0, "parent", f.Parent, g.Parent)
	if len(f.Literals) != len(g.Literals) {
		t.Errorf("%s: %d literals, then %d", f.Name, len(f.Literals), len(g.Literals))
	}
}
