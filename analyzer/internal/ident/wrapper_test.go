package ident_test

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"testing"

	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
)

// TestIsLockWrapper tells kinds of mutexes from objects that have one, whatever they are called.
func TestIsLockWrapper(t *testing.T) {
	const src = `package p
import ("context"; "sync"; "sync/atomic")

type Yes1 struct { mu sync.Mutex; users atomic.Int64 }
func (y *Yes1) Lock() { y.mu.Lock() }
func (y *Yes1) Unlock() { y.mu.Unlock() }
func (y *Yes1) TryLock() bool { return y.mu.TryLock() }
func (y *Yes1) LockContext(context.Context) error { return nil }
func (y *Yes1) With(f func()) {}

type No5 struct { sync.RWMutex }

type Yes3 struct { ch chan bool; name string }
func (y *Yes3) Lock() {}
func (y *Yes3) Unlock() {}
func (y *Yes3) String() string { return y.name }

// No1 is an object with an embedded lock, No2 one that can be locked, and NoMutex is named like a lock.
type No1 struct { sync.Mutex; n int }

type No2 struct { mu sync.Mutex; m map[string]int }
func (n *No2) Lock() { n.mu.Lock() }
func (n *No2) Unlock() { n.mu.Unlock() }
func (n *No2) Get(k string) int { return n.m[k] }

type NoMutex struct { mu sync.Mutex; n int }
func (n *NoMutex) Lock() { n.mu.Lock() }
func (n *NoMutex) Do() int { return n.n }

type No3 struct { sync.RWMutex }
func (n *No3) Ready() bool { n.RLock(); defer n.RUnlock(); return true }

type No4 struct { mu sync.Mutex; open bool }
func (n *No4) Lock() { n.mu.Lock() }
func (n *No4) Unlock() { n.mu.Unlock() }
func (n *No4) IsOpen() bool { return n.open }

type NoCopy struct{}
func (*NoCopy) Lock() {}
func (*NoCopy) Unlock() {}

type NoClock struct { mu sync.Mutex }
func (n *NoClock) Lock(k string) { n.mu.Lock() }
func (n *NoClock) Unlock(k string) { n.mu.Unlock() }
`
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "p.go", src, 0)
	if err != nil {
		t.Fatal(err)
	}
	pkg, err := (&types.Config{Importer: importer.Default()}).Check("p", fset, []*ast.File{f}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range pkg.Scope().Names() {
		typ := pkg.Scope().Lookup(name).Type()
		want := name[0] == 'Y'
		if got := ident.IsLockWrapper(typ); got != want {
			t.Errorf("%s: %v", name, got)
		}
		if got := ident.IsLockWrapper(types.NewPointer(typ)); got != want {
			t.Errorf("*%s: %v", name, got)
		}
	}
}
