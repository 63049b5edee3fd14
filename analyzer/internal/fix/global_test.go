package fix

import (
	"go/ast"
	"testing"
)

const references = `package a

import "strings"

type T struct{ g int }

func (t T) method() { g() }

func (t T) Index() { g() }

type I interface{ call() }

var (
	value = g()
	_     = g()
	far   = func() int { return value }
)

func g() int { return 0 }

func calls() int { return further() }

func further() int {
	if far() > 0 {
		return 1
	}
	return 0
}

func mentions() any { return g }

func selects(t T) { t.method() }

func names(g T) int { return g.g }

func foreign() int { return strings.Index("a", "b") }

func dynamic(i I, f func() int) int { i.call(); return f() }

func x() {
	_ = calls()
	_ = mentions()
	_ = selects
	_ = T.method
	_ = func() int { return value }
	_ = names(T{})
	_ = foreign()
	_ = dynamic(nil, nil)
	_ = func() int { g := 1; return g }()
	_ = T{g: 1}.g
}
`

// TestRefers is about what a variable may be initialized by, without a cycle.
func TestRefers(t *testing.T) {
	p := load(t, references)
	var g *ast.FuncDecl
	for _, d := range p.ast.Decls {
		if d, ok := d.(*ast.FuncDecl); ok && d.Name.Name == "g" {
			g = d
		}
	}
	f := p.fn("x")
	// The key of T{g: 1} is taken for the function.
	want := []bool{true, true, true, true, true, false, false, false, false, true}
	for i, s := range f.Body.List {
		x := s.(*ast.AssignStmt).Rhs[0]
		if got := refers(p.pkg, []*ast.File{p.ast}, x, g); got != want[i] {
			t.Errorf("refers(%s) = %t", f.Source(x), got)
		}
	}
}

func TestUsedElsewhere(t *testing.T) {
	const src = `package a

var v, field, shadowed, key, taken int

type T struct{ field int }

func (T) method(field int) {}

func x() { v++; field++; shadowed++; key++; taken++ }

func y(t T) {
	t.field = 1
	shadowed := 1
	_ = shadowed
	_ = map[int]int{key: 1}
	p := &taken
	_ = p
}
`
	p := load(t, src)
	f := p.fn("x")
	for name, want := range map[string]bool{"v": false, "field": false, "shadowed": false, "key": true, "taken": true} {
		if got := usedElsewhere(p.pkg, p.pkg.Scope().Lookup(name), []*ast.File{p.ast}, f.Body); got != want {
			t.Errorf("usedElsewhere(%s) = %t", name, got)
		}
	}
}
