package fix

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/analyzer/internal/typetest"
)

// A program is one file, type-checked.
type program struct {
	t    *testing.T
	src  string
	fset *token.FileSet
	pkg  *types.Package
	ast  *ast.File
	srcs *Sources
}

// The standard library is read once.
var (
	fset = token.NewFileSet()
	std  = typetest.Std(fset)
)

func load(t *testing.T, src string) *program {
	t.Helper()
	p := &program{t: t, src: src, fset: fset}
	var err error
	if p.ast, err = parser.ParseFile(p.fset, "a.go", src, parser.ParseComments); err != nil {
		t.Fatal(err)
	}
	conf := types.Config{Importer: std, Error: func(error) {}}
	p.pkg, _ = conf.Check("a", p.fset, []*ast.File{p.ast}, nil)
	p.srcs = NewSources(p.fset, []*ast.File{p.ast}, p.read)
	return p
}

func (p *program) read(string) ([]byte, error) { return []byte(p.src), nil }

// fn returns the function of that name.
func (p *program) fn(name string) *Func {
	p.t.Helper()
	for _, d := range p.ast.Decls {
		if fd, ok := d.(*ast.FuncDecl); ok && fd.Name.Name == name {
			if f := p.srcs.Func(p.pkg, fd); f != nil {
				return f
			}
		}
	}
	p.t.Fatalf("no function %s", name)
	return nil
}

// stmt returns the statement of f in which a text occurs first.
func (p *program) stmt(f *Func, text string) Stmt {
	p.t.Helper()
	i := strings.Index(f.text[f.tok.Offset(f.Body.Pos()):], text)
	s, ok := f.Stmt(f.Body.Pos() + token.Pos(i))
	if i < 0 || !ok {
		p.t.Fatalf("no statement %s", text)
	}
	return s
}

// patched returns the file after some edits.
func (p *program) patched(edits ...report.Edit) string {
	p.t.Helper()
	patch, err := NewPatch(p.fset, []report.Finding{{Fixes: []report.Fix{Join("", edits...)}}}, p.read)
	if err != nil {
		p.t.Fatal(err)
	}
	return string(patch.Files[0].New)
}

const body = `package a

import "sync"

type T struct {
	mu sync.Mutex
	n  int
}

func f(t *T) { t.n++ }

func (t *T) g(wg *sync.WaitGroup) {
	// First.
	t.mu.Lock() // keep

	go func() {
		wg.Add(1) // keep this, too
		defer wg.Done()
	}()

	t.mu.Unlock()

	if t.n > 0 {
		t.n = 0 /* a */ // b
		t.n = 1; t.n = 2
	}
	switch {
	case t.n > 1:
		t.n--
	}
}
`

func TestEdits(t *testing.T) {
	for _, tt := range []struct {
		name string
		edit func(p *program, f *Func) ([]report.Edit, bool)
		old  string // the text that changes, and
		new  string // what it is then; "" if there is no such edit
	}{
		{"delete between blank lines", func(p *program, f *Func) ([]report.Edit, bool) {
			e, ok := f.Delete(p.stmt(f, "t.mu.Unlock"))
			return []report.Edit{e}, ok
		}, "\t}()\n\n\tt.mu.Unlock()\n\n\tif", "\t}()\n\n\tif"},
		{"delete before a comment", func(p *program, f *Func) ([]report.Edit, bool) {
			e, ok := f.Delete(p.stmt(f, "t.n = 0"))
			return []report.Edit{e}, ok
		}, "t.n = 0 /* a */ // b", "/* a */ // b"},
		{"delete one of two", func(p *program, f *Func) ([]report.Edit, bool) {
			e, ok := f.Delete(p.stmt(f, "t.n = 1"))
			return []report.Edit{e}, ok
		}, "", ""},
		{"delete all of a case", func(p *program, f *Func) ([]report.Edit, bool) {
			e, ok := f.Delete(p.stmt(f, "t.n--"))
			return []report.Edit{e}, ok
		}, "\tcase t.n > 1:\n\t\tt.n--\n", "\tcase t.n > 1:\n"},
		{"insert before a comment", func(p *program, f *Func) ([]report.Edit, bool) {
			return []report.Edit{f.InsertAfter(p.stmt(f, "t.mu.Lock"), "f(t)")}, true
		}, "t.mu.Lock() // keep\n", "t.mu.Lock() // keep\n\tf(t)\n"},
		{"insert in a line", func(p *program, f *Func) ([]report.Edit, bool) {
			return []report.Edit{f.InsertBefore(p.stmt(f, "t.n = 2"), "f(t)", "f(t)")}, true
		}, "t.n = 1; t.n = 2", "t.n = 1; f(t); f(t); t.n = 2"},
		{"move", func(p *program, f *Func) ([]report.Edit, bool) {
			// The statement of a function literal is one of that literal.
			lit := p.stmt(f, "go func").Stmt.(*ast.GoStmt).Call.Fun.(*ast.FuncLit)
			g := p.srcs.Func(p.pkg, lit)
			add, ok := g.Stmt(lit.Body.List[0].Pos())
			if !ok {
				return nil, false
			}
			e, ok := g.Delete(add)
			return []report.Edit{f.InsertBefore(p.stmt(f, "go func"), g.Source(add.Stmt)), e}, ok
		}, "\tgo func() {\n\t\twg.Add(1) // keep", "\twg.Add(1)\n\tgo func() {\n\t\t// keep"},
		{"move in a list", func(p *program, f *Func) ([]report.Edit, bool) {
			return f.Move(p.stmt(f, "t.mu.Unlock"), p.stmt(f, "go func"))
		}, "\tgo func", "\tt.mu.Unlock()\n\tgo func"},
		{"comment", func(p *program, f *Func) ([]report.Edit, bool) {
			fields := p.ast.Decls[1].(*ast.GenDecl).Specs[0].(*ast.TypeSpec).Type.(*ast.StructType).Fields.List
			e, ok := f.AppendComment(fields[1], "guarded by mu")
			return []report.Edit{e}, ok
		}, "\tn  int\n", "\tn  int // guarded by mu\n"},
		{"import", func(p *program, f *Func) ([]report.Edit, bool) {
			name, es, ok := f.Import(p.pkg, "sync/atomic")
			return es, ok && name == "atomic"
		}, `import "sync"`, "import \"sync/atomic\"\nimport \"sync\""},
		{"at the end of a line", func(p *program, _ *Func) ([]report.Edit, bool) {
			return []report.Edit{p.fn("f").InsertAtEnd("t.n--")}, true
		}, "{ t.n++ }", "{ t.n++; t.n-- }"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := load(t, body)
			edits, ok := tt.edit(p, p.fn("g"))
			if !ok || tt.new == "" {
				if ok || tt.new != "" {
					t.Fatalf("ok is %t", ok)
				}
				return
			}
			got := p.patched(edits...)
			if !strings.Contains(body, tt.old) {
				t.Fatal("wrong test")
			}
			if !strings.Contains(got, tt.new) {
				t.Errorf("the difference is\n%s", cmp.Diff(body, got))
			}
		})
	}
}

func TestSameName(t *testing.T) {
	p := load(t, "package a\n\nimport (\n\tat \"sync/atomic\"\n)\n\nvar x at.Int32\n\nfunc g() { atomic := 1; _ = atomic }\n")
	if name, es, ok := p.fn("g").Import(p.pkg, "sync/atomic"); name != "at" || es != nil || !ok {
		t.Errorf("Import = %s, %v, %t", name, es, ok)
	}
	if name, _, ok := p.fn("g").Import(p.pkg, "example.com/atomic"); ok {
		t.Errorf("%s means something else", name)
	}
}

func TestNoFile(t *testing.T) {
	for name, src := range map[string]string{
		"generated":      "// Code generated by hand. DO NOT EDIT.\n\npackage a\n\nfunc g() {}\n",
		"line directive": "package a\n\n//line b.y:1\nfunc g() {}\n",
	} {
		p := load(t, src)
		if p.srcs.File(p.ast.Package) != nil {
			t.Errorf("%s: the file may be changed", name)
		}
	}
	p := load(t, body)
	for name, read := range map[string]func(string) ([]byte, error){
		"no reader":  nil,
		"unreadable": func(string) ([]byte, error) { return nil, errors.New("no") },
		"changed":    func(string) ([]byte, error) { return []byte(body + "\n"), nil },
	} {
		if NewSources(p.fset, []*ast.File{p.ast}, read).File(p.ast.Package) != nil {
			t.Errorf("%s: the file may be changed", name)
		}
	}
}

func TestPatch(t *testing.T) {
	p := load(t, body)
	f := p.fn("g")
	first, last := p.stmt(f, "t.mu.Lock"), p.stmt(f, "switch")
	one := report.Finding{Message: "one", Fixes: []report.Fix{Join("", f.InsertBefore(first, "f(t)"), f.InsertBefore(last, "f(t)"))}}
	same := one
	same.Message = "same"
	other := report.Finding{Message: "other", Fixes: []report.Fix{Join("", f.InsertBefore(last, "t.n = 3"))}}
	none := report.Finding{Message: "none"}
	apart := report.Finding{Message: "apart", Fixes: []report.Fix{Join("", f.InsertAfter(first, "t.n = 4"))}}
	patch, err := NewPatch(p.fset, []report.Finding{one, other, none, same, apart}, p.read)
	if err != nil {
		t.Fatal(err)
	}
	names := func(fs []report.Finding) (s string) {
		for _, f := range fs {
			s += f.Message + " "
		}
		return s
	}
	if got := names(patch.Fixed); got != "one same apart " {
		t.Errorf("fixed: %s", got)
	}
	if len(patch.Skipped) != 1 || patch.Skipped[0].Finding.Message != "other" || patch.Skipped[0].Other.Message != "one" {
		t.Errorf("skipped: %v", patch.Skipped)
	}
	if n := strings.Count(string(patch.Files[0].New), "f(t)\n"); n != 2 {
		t.Errorf("f(t) is inserted %d times", n)
	}

	_, err = NewPatch(p.fset, []report.Finding{one}, func(string) ([]byte, error) { return []byte("package a"), nil })
	if err == nil || err.Error() != "a.go changed while it was analyzed" {
		t.Errorf("error %v", err)
	}
	broken := report.Finding{Fixes: []report.Fix{Join("", f.InsertBefore(first, "}"))}}
	if _, err = NewPatch(p.fset, []report.Finding{broken}, p.read); err == nil || !strings.Contains(err.Error(), "internal error: after its fixes, a.go would be broken") {
		t.Errorf("error %v", err)
	}
}
