// Package model is the table of functions whose effect on locks is known
// without reading their bodies: the operations of sync and of types that stand
// in for it, and the functions of the standard library that call back into
// user code. The standard library itself is never built; what is not in the
// table is taken to do nothing to the caller's locks.
//
// Beside that, [SyncOf] tells the other operations by which goroutines wait for each other, [KindOf] the types that are made for
// it, [Quiet] and [Apart] what is none of it, and [Mutates] which methods change a container.
//
// # Limits
//
// Locks inside the standard library (http.Server.mu and the like) are not part
// of the order graph. reflect, plugin, cgo and assembly call nothing. Values
// nested in a formatted operand are not searched for String methods, although fmt
// would find those in exported fields. The functions of the container/heap
// package are known; a user's own container is known by its summary.
package model

import "go/types"

// An Op is an operation on a lock.
type Op uint8

const (
	None Op = iota
	Lock
	Unlock
	RLock
	RUnlock
	TryLock
	TryRLock
	RLocker // returns a Locker that read-locks the receiver
	NewCond // returns a Cond whose L is the argument
	Wait    // (*sync.Cond).Wait: releases L and acquires it again
)

// A Formats tells which operands a function formats as fmt does.
type Formats struct {
	Verbs int // index of the format string, -1 if every operand is formatted with %v
	From  int // index of the variadic operands
}

// An Effect is what a call of a modelled function does. Indices count call
// arguments, the receiver first.
type Effect struct {
	Op       Op
	Calls    []int    // functions called before the call returns
	Spawns   []int    // functions run in another goroutine
	Methods  []Method // methods of operands called before the call returns
	Formats  *Formats
	NoReturn bool
}

// A Method says that the named methods of operand Arg are called, those which
// its type has.
type Method struct {
	Arg   int
	Names []string
}

// Lookup returns the effect of a function, or nil if it has none of its own. It is shared: do not change it.
func Lookup(fn *types.Func) *Effect {
	if fn == nil || fn.Pkg() == nil {
		return nil
	}
	if e := lockOps[fn.Name()]; e != nil && isLockMethod(fn) {
		return e
	}
	if byName := table[fn.Pkg().Path()]; byName != nil {
		if e := byName[localName(fn)]; e != nil {
			return e
		}
	}
	return nil
}

var lockOps = map[string]*Effect{
	"Lock": {Op: Lock}, "Unlock": {Op: Unlock}, "RLock": {Op: RLock}, "RUnlock": {Op: RUnlock},
	"TryLock": {Op: TryLock}, "TryRLock": {Op: TryRLock}, "RLocker": {Op: RLocker},
}

// lockTypes are the types that are locks by themselves: package path to names.
var lockTypes = map[string][]string{
	"sync":                                               {"Mutex", "RWMutex"},
	"internal/sync":                                      {"Mutex"},
	"github.com/sasha-s/go-deadlock":                     {"Mutex", "RWMutex"},
	"github.com/linkdata/deadlock":                       {"Mutex", "RWMutex"},
	"github.com/algorand/go-deadlock":                    {"Mutex", "RWMutex"},
	"github.com/lockcheck/lockcheck/runtime":             {"Mutex", "RWMutex"},
	"github.com/cockroachdb/cockroach/pkg/util/syncutil": {"Mutex", "RWMutex"},
	"gvisor.dev/gvisor/pkg/sync":                         {"Mutex", "RWMutex", "CrossGoroutineMutex", "CrossGoroutineRWMutex"},
}

// HasLocks reports whether a package declares locks.
func HasLocks(path string) bool { return lockTypes[path] != nil }

// IsLock reports whether t, or what it points to, is a lock by itself.
func IsLock(t types.Type) bool {
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	n, ok := t.(*types.Named)
	if !ok || n.Obj().Pkg() == nil {
		return false
	}
	for _, name := range lockTypes[n.Obj().Pkg().Path()] {
		if n.Obj().Name() == name {
			return true
		}
	}
	return false
}

// IsLocker reports whether t is an interface that stands for locks, as sync.Locker does: it has Lock and Unlock, and nothing that a
// sync.RWMutex has not.
func IsLocker(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() == nil {
		return false
	}
	face, ok := n.Underlying().(*types.Interface)
	if !ok || face.NumMethods() < 2 {
		return false
	}
	both := 0
	for m := range face.Methods() {
		sig := m.Signature()
		none := sig.Params().Len() == 0
		switch m.Name() {
		case "Lock", "Unlock":
			both++
			none = none && sig.Results().Len() == 0
		case "RLock", "RUnlock":
			none = none && sig.Results().Len() == 0
		case "TryLock", "TryRLock":
			none = none && sig.Results().Len() == 1 && types.Identical(sig.Results().At(0).Type(), types.Typ[types.Bool])
		case "RLocker":
			none = none && sig.Results().Len() == 1
		default:
			return false
		}
		if !none {
			return false
		}
	}
	return both == 2
}

// IsLockOp reports whether a function is a method that takes or releases a lock.
func IsLockOp(o types.Object) bool {
	fn, ok := o.(*types.Func)
	if !ok {
		return false
	}
	e := Lookup(fn)
	return e != nil && e.Op.Locks()
}

// Locks reports whether an operation takes or releases a lock, other than for a while as Wait of a Cond does.
func (o Op) Locks() bool {
	switch o {
	case Lock, Unlock, RLock, RUnlock, TryLock, TryRLock:
		return true
	}
	return false
}

func isLockMethod(fn *types.Func) bool {
	recv := fn.Signature().Recv()
	return recv != nil && (IsLock(recv.Type()) || IsLocker(recv.Type()))
}

// localName returns the name of fn within its package: "F" or "T.M".
func localName(fn *types.Func) string {
	recv := fn.Signature().Recv()
	if recv == nil {
		return fn.Name()
	}
	t := types.Unalias(recv.Type())
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	if n, ok := t.(*types.Named); ok {
		return n.Obj().Name() + "." + fn.Name()
	}
	return fn.Name()
}
