package fix

import (
	"go/ast"
	"testing"
)

const groups = `package a

import "sync"

type T struct {
	wg sync.WaitGroup
	to *sync.WaitGroup
	in struct{ wg sync.WaitGroup }
	up *T
}

type E struct{ sync.WaitGroup }

type P struct{ *sync.WaitGroup }

var (
	global  sync.WaitGroup
	pointer = &global
	list    []T
)

func g(param *T, e *E, p *P, ts []*T) {
	var local sync.WaitGroup
	once := &local
	twice := &local
	shown := &local
	show(&shown)
	_ = func() {
		global.Add(1)
		pointer.Add(2)
		local.Add(3)
		once.Add(4)
		twice.Add(5)
		shown.Add(6)
		param.wg.Add(7)
		param.to.Add(8)
		param.in.wg.Add(9)
		param.up.wg.Add(10)
		e.Add(11)
		p.Add(12)
		list[0].wg.Add(13)
		(*once).Add(14)
	}
	twice = &global
	for _, t := range ts {
		_ = func() { t.wg.Add(15) }
	}
	for t := ts[0]; t != nil; t = t.up {
		_ = func() { t.wg.Add(16) }
	}
}

func show(**sync.WaitGroup) {}
`

// TestFixed is about which WaitGroups stay the same while a goroutine is started.
func TestFixed(t *testing.T) {
	want := map[string]bool{"1": true, "3": true, "4": true, "7": true, "9": true, "11": true, "15": true}
	for version, last := range map[string]bool{"": true, "go1.21": false} {
		p := load(t, groups)
		p.ast.GoVersion = version
		f := p.fn("g")
		want["15"] = last // iterations share the variable before 1.22
		calls := 0
		ast.Inspect(f.Body, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) != 1 {
				return true
			}
			if n, ok := call.Args[0].(*ast.BasicLit); ok {
				calls++
				if got := f.fixed(call.Fun); got != want[n.Value] {
					t.Errorf("%s: fixed(%s) = %t", version, f.Source(call.Fun), got)
				}
			}
			return true
		})
		if calls != 16 {
			t.Errorf("%d calls", calls)
		}
	}
}
