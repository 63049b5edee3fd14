package extract_test

import (
	"testing"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// TestLockTypes checks which types are locks: the type of the field x of T.
func TestLockTypes(t *testing.T) {
	tests := []struct {
		name, decls string
		want        effects.Sync
	}{
		{"methods that pass on", `
type X struct { mu sync.Mutex; holder string }
func (x *X) Lock() { x.mu.Lock(); x.holder = "me" }
func (x *X) Unlock() { x.holder = ""; x.mu.Unlock() }`, effects.LockType},
		{"of another such type", `
type L struct { mu sync.Mutex }
func (l *L) Lock() { l.mu.Lock() }
func (l *L) Unlock() { l.mu.Unlock() }
type X struct { inner *L }
func (x X) Lock() { x.inner.Lock() }
func (x X) Unlock() { x.inner.Unlock() }`, effects.LockType},
		{"with a method that uses its own", `
type X struct { mu sync.RWMutex }
func (x *X) Lock() { x.mu.Lock() }
func (x *X) Unlock() { x.mu.Unlock() }
func (x *X) With(f func()) { x.Lock(); defer x.Unlock(); f() }`, effects.LockType},
		{"that also guards data", `
type X struct { mu sync.Mutex; n int }
func (x *X) Lock() { x.mu.Lock() }
func (x *X) Unlock() { x.mu.Unlock() }
func (x *X) Add() { x.mu.Lock(); x.n++; x.mu.Unlock() }`, effects.NoSync},
		{"whose Lock is a section", `
type X struct { mu sync.Mutex; cond *sync.Cond; held bool }
func (x *X) Lock() { x.mu.Lock(); for x.held { x.cond.Wait() }; x.held = true; x.mu.Unlock() }
func (x *X) Unlock() { x.mu.Lock(); x.held = false; x.mu.Unlock(); x.cond.Signal() }`, effects.NoSync},
		{"embedding beside data", `
type X struct { sync.Mutex; n int }`, effects.NoSync},
		{"embedding alone", `
type X struct { sync.Mutex; _ [7]uint64 }`, effects.LockType},
		{"embedding alone, with sections", `
type X struct { sync.RWMutex }
func (x *X) Get() bool { x.RLock(); defer x.RUnlock(); return true }`, effects.NoSync},
		{"named like one", `
type X struct { mu sync.Mutex }
func (x *X) Acquire() { x.mu.Lock() }
func (x *X) Release() { x.mu.Unlock() }`, effects.NoSync},
		{"doing nothing", `
type X struct { mu sync.Mutex }
func (x *X) Lock() {}
func (x *X) Unlock() {}`, effects.NoSync},
		{"without a lock inside", `
type X struct { n int }
func (x *X) Lock() { x.n++ }
func (x *X) Unlock() { x.n-- }`, effects.NoSync},
		{"mutex", `
type X = sync.Mutex`, effects.Mutex},
		{"rwmutex", `
type X = sync.RWMutex`, effects.RWMutex},
		{"locker", `
type X = sync.Locker`, effects.Locker},
		{"once", `
type X = sync.Once`, effects.OnceType},
		{"cond", `
type X = sync.Cond`, effects.Cond},
		{"map", `
type X = sync.Map`, effects.Safe},
		{"atomic", `
type X = atomic.Pointer[sync.Mutex]`, effects.AtomicOf},
		{"context", `
type X = context.Context`, effects.Context},
		{"group", `
type X = sync.WaitGroup`, effects.WaitGroup},
		{"group by shape", `
type X struct { sync.WaitGroup; err error }
func (x *X) Go(f func() error) { x.WaitGroup.Go(func() { x.err = f() }) }`, effects.WaitGroup},
		{"wait without done", `
type X struct { ch chan int }
func (x *X) Wait() { <-x.ch }
func (x *X) Done() <-chan int { return x.ch }`, effects.NoSync},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			src := "package m\nimport (\"context\"; \"sync\"; \"sync/atomic\")\nvar (_ context.Context; _ sync.Mutex; _ atomic.Int64)\n" + tt.decls +
				"\ntype T struct { x X }\nfunc use(*T) {}\n"
			_, fns := extracted(t, src, 0)
			f := fns["m.use"]
			field := f.At(f.Params[0]).Type.To().Fields[0]
			if field.Type.Sync != tt.want {
				t.Errorf("it is %d, not %d", field.Type.Sync, tt.want)
			}
		})
	}
}
