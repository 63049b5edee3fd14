package name

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
)

// The packages whose types must be known, in as few words as will do. All others
// are opaque: a name that is used as a type there is an empty type, everything else is invalid.
const (
	syncSource = `package sync
type Locker interface { Lock(); Unlock() }
type Mutex struct { _ int }
func (*Mutex) Lock()
func (*Mutex) Unlock()
func (*Mutex) TryLock() bool
type RWMutex struct { _ int }
func (*RWMutex) Lock()
func (*RWMutex) Unlock()
func (*RWMutex) TryLock() bool
func (*RWMutex) RLock()
func (*RWMutex) RUnlock()
func (*RWMutex) TryRLock() bool
func (*RWMutex) RLocker() Locker
type Once struct { _ int }
func (*Once) Do(func())
type WaitGroup struct { _ int }
func (*WaitGroup) Add(int)
func (*WaitGroup) Done()
func (*WaitGroup) Wait()
func (*WaitGroup) Go(func())
type Cond struct { L Locker }
func NewCond(Locker) *Cond
func (*Cond) Wait()
func (*Cond) Signal()
func (*Cond) Broadcast()
type Pool struct { New func() any }
func (*Pool) Get() any
func (*Pool) Put(any)
type Map struct { _ int }
func (*Map) Load(any) (any, bool)
func (*Map) Store(any, any)
func (*Map) LoadOrStore(any, any) (any, bool)
func (*Map) LoadAndDelete(any) (any, bool)
func (*Map) Delete(any)
func (*Map) Swap(any, any) (any, bool)
func (*Map) CompareAndSwap(k, o, n any) bool
func (*Map) CompareAndDelete(k, o any) bool
func (*Map) Range(func(any, any) bool)
func (*Map) Clear()
func OnceFunc(func()) func()
func OnceValue[T any](func() T) func() T
func OnceValues[T, U any](func() (T, U)) func() (T, U)
`
	atomicSource = `package atomic
type Pointer[T any] struct { _ *T }
func (*Pointer[T]) Load() *T
func (*Pointer[T]) Store(*T)
func (*Pointer[T]) Swap(*T) *T
func (*Pointer[T]) CompareAndSwap(o, n *T) bool
type Value struct { _ int }
func (*Value) Load() any
func (*Value) Store(any)
func (*Value) Swap(any) any
func (*Value) CompareAndSwap(o, n any) bool
`
)

// fakes maps import paths to the packages that stand for them. The lock packages are those
// which the static half knows.
var fakes = map[string]string{
	"sync":                                               syncSource,
	"internal/sync":                                      syncSource,
	"github.com/lockcheck/lockcheck/runtime":             syncSource,
	"github.com/sasha-s/go-deadlock":                     syncSource,
	"github.com/linkdata/deadlock":                       syncSource,
	"github.com/algorand/go-deadlock":                    syncSource,
	"github.com/cockroachdb/cockroach/pkg/util/syncutil": syncSource,
	"gvisor.dev/gvisor/pkg/sync":                         syncSource,
	"sync/atomic":                                        atomicSource,
}

// isLock reports whether t, or what it points to, is a type of a lock package.
func isLock(t types.Type) bool {
	n := namedOf(t)
	if n == nil || n.Obj().Pkg() == nil {
		return false
	}
	path := n.Obj().Pkg().Path()
	return path != "sync/atomic" && fakes[path] != ""
}

// fake returns the package that stands for path, nil if there is none. The name is
// that which the importing files expect.
func fake(path string) *types.Package {
	src, ok := fakes[path]
	if !ok {
		return nil
	}
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "fake.go", src, parser.SkipObjectResolution)
	if err != nil {
		panic("lockcheck: internal error: " + err.Error())
	}
	switch path {
	case "github.com/lockcheck/lockcheck/runtime":
		f.Name.Name = "lockcheck"
	case "github.com/sasha-s/go-deadlock", "github.com/linkdata/deadlock", "github.com/algorand/go-deadlock":
		f.Name.Name = "deadlock"
	case "github.com/cockroachdb/cockroach/pkg/util/syncutil":
		f.Name.Name = "syncutil"
	}
	conf := types.Config{Error: func(error) {}, IgnoreFuncBodies: true}
	p, _ := conf.Check(path, fset, []*ast.File{f}, nil)
	return p
}

// opaque returns a package of which nothing is known but the names that files use as types.
// go/types takes names it does not find for errors, which are ignored.
func opaque(path string, names map[string]bool) *types.Package {
	p := types.NewPackage(path, guessName(path))
	for name := range names {
		obj := types.NewTypeName(token.NoPos, p, name, nil)
		types.NewNamed(obj, types.NewStruct(nil, nil), nil)
		p.Scope().Insert(obj)
	}
	p.MarkComplete()
	return p
}

// isOpaque reports whether t is a type of which nothing but the name is known.
func isOpaque(t types.Type) bool {
	n := namedOf(t)
	if n == nil {
		return false
	}
	st, ok := n.Underlying().(*types.Struct)
	return ok && st.NumFields() == 0 && n.NumMethods() == 0 && n.Obj().Pos() == token.NoPos
}
