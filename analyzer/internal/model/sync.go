package model

import (
	"go/types"
	"strings"
)

// A Sync is an operation by which goroutines wait for each other or tell each other something, other than those on locks and channels.
type Sync uint8

const (
	NoSync    Sync = iota
	Signal         // (*sync.Cond).Signal
	Broadcast      // (*sync.Cond).Broadcast
	Add            // (*sync.WaitGroup).Add
	Done           // (*sync.WaitGroup).Done
	Await          // Wait of a WaitGroup or errgroup.Group
	Start          // Go of a WaitGroup or errgroup.Group: also an Effect that spawns
	Do             // (*sync.Once).Do: also an Effect that calls
	Atomic         // function of sync/atomic, method of its types
)

// syncs maps package path and local name to the operation.
var syncs = map[string]map[string]Sync{
	"sync": {
		"Cond.Signal": Signal, "Cond.Broadcast": Broadcast,
		"WaitGroup.Add": Add, "WaitGroup.Done": Done, "WaitGroup.Wait": Await, "WaitGroup.Go": Start,
		"Once.Do": Do,
	},
	"golang.org/x/sync/errgroup": {"Group.Go": Start, "Group.TryGo": Start, "Group.Wait": Await},
}

// SyncOf returns the operation that a function is.
func SyncOf(fn *types.Func) Sync {
	if fn == nil || fn.Pkg() == nil {
		return NoSync
	}
	path := unvendored(fn.Pkg().Path())
	if path == "sync/atomic" {
		return Atomic
	}
	if byName := syncs[path]; byName != nil {
		return byName[localName(fn)]
	}
	return NoSync
}

// MakesOnce reports whether a function returns one that calls another only once.
func MakesOnce(fn *types.Func) bool {
	return fn.Pkg() != nil && fn.Pkg().Path() == "sync" && (fn.Name() == "OnceFunc" || fn.Name() == "OnceValue" || fn.Name() == "OnceValues")
}

// unvendored returns the path of a package of the standard library's copies of others as users import it.
func unvendored(path string) string {
	if i := strings.LastIndex(path, "vendor/"); i >= 0 && (i == 0 || path[i-1] == '/') {
		return path[i+len("vendor/"):]
	}
	return path
}

// A TypeKind is what a type is for, as far as goroutines go.
type TypeKind uint8

const (
	Plain       TypeKind = iota
	MutexType            // a lock
	RWMutexType          // a lock that can be locked for reading
	LockerType           // the interface sync.Locker
	CondType             //
	GroupType            // WaitGroup, errgroup.Group, and types of their shape: see IsGroup
	OnceType             //
	AtomicType           // types of sync/atomic
	ContextType          // context.Context
	SafeType             // another type that several goroutines may use
)

// KindOf returns what a type is for. A pointer is Plain.
func KindOf(t types.Type) TypeKind {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() == nil {
		return Plain
	}
	path, name := unvendored(n.Obj().Pkg().Path()), n.Obj().Name()
	switch {
	case IsLocker(n):
		return LockerType
	case IsLock(n):
		if name == "RWMutex" || strings.HasSuffix(name, "RWMutex") {
			return RWMutexType
		}
		return MutexType
	}
	switch path {
	case "sync":
		switch name {
		case "Cond":
			return CondType
		case "WaitGroup":
			return GroupType
		case "Once":
			return OnceType
		}
		return SafeType
	case "sync/atomic":
		return AtomicType
	case "context":
		if name == "Context" {
			return ContextType
		}
		return SafeType
	case "testing":
		return SafeType
	}
	if IsGroup(n) {
		return GroupType
	}
	return Plain
}

// IsGroup reports whether a named type has the shape of a sync.WaitGroup or errgroup.Group: one can wait for what was told by Done, or
// was started by Go.
func IsGroup(n *types.Named) bool {
	if wait := method(n, "Wait"); wait == nil {
		return false
	}
	if done := method(n, "Done"); done != nil && done.Signature().Params().Len() == 0 && done.Signature().Results().Len() == 0 {
		return true
	}
	start := method(n, "Go")
	if start == nil {
		return false
	}
	for p := range start.Signature().Params().Variables() {
		if _, ok := p.Type().Underlying().(*types.Signature); ok {
			return true
		}
	}
	return false
}

// Joins reports whether a function waits for goroutines to end, going by its name and the type it is a method of.
func Joins(fn *types.Func) bool {
	if fn == nil || fn.Name() != "Wait" || fn.Signature().Recv() == nil {
		return false
	}
	t := types.Unalias(fn.Signature().Recv().Type())
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	n, ok := t.(*types.Named)
	return ok && IsGroup(n)
}

// method returns a method that a named type declares, or promotes from an embedded field.
func method(n *types.Named, name string) *types.Func {
	for m := range n.Methods() {
		if m.Name() == name {
			return m
		}
	}
	switch u := n.Underlying().(type) {
	case *types.Interface:
	case *types.Struct:
		embeds := false
		for f := range u.Fields() {
			embeds = embeds || f.Embedded()
		}
		if !embeds {
			return nil
		}
	default:
		return nil
	}
	o, _, _ := types.LookupFieldOrMethod(n, true, n.Obj().Pkg(), name)
	fn, _ := o.(*types.Func)
	return fn
}
