package ident

import (
	"go/types"

	"github.com/lockcheck/lockcheck/analyzer/internal/model"
)

// IsLockWrapper reports whether t, or what it points to, is itself a kind of mutex: a struct, number or channel with methods Lock and
// Unlock with which nothing can be done but locking. A lock inside it takes the class of the field that holds the wrapper, as a
// plain mutex would. A noCopy has the methods, but no state.
//
// Its methods are those of locks, or are told by their types: they get functions to call, contexts to end by, and times, and
// give whether it went well. It declares Lock itself: a struct that only gets it from an embedded mutex is an object that can be
// locked.
func IsLockWrapper(t types.Type) bool {
	n := namedOf(t)
	if n == nil || n.Obj().Pkg() == nil {
		return false
	}
	switch u := n.Underlying().(type) {
	case *types.Struct:
		if u.NumFields() == 0 {
			return false
		}
	case *types.Basic, *types.Chan:
	default:
		return false
	}
	if model.IsLock(n) || !declaresLock(n) {
		return false
	}
	ms := types.NewMethodSet(types.NewPointer(n))
	own := 0
	for m := range ms.Methods() {
		fn, ok := m.Obj().(*types.Func)
		if !ok || !locksOnly(fn) && (len(m.Index()) == 1 || fn.Exported()) {
			return false
		}
		if sig := fn.Signature(); (fn.Name() == "Lock" || fn.Name() == "Unlock") && sig.Params().Len()+sig.Results().Len() == 0 {
			own++
		}
	}
	return own == 2
}

// declaresLock reports whether a type declares a method Lock: the question is asked of each field that is used, and a
// method set is dear.
func declaresLock(n *types.Named) bool {
	for m := range n.Origin().Methods() {
		if m.Name() == "Lock" {
			return true
		}
	}
	return false
}

// locksOnly reports whether a method can do nothing but lock, as far as its type tells: it is one that locks have, runs a
// function, or waits no longer than it is told.
func locksOnly(fn *types.Func) bool {
	sig := fn.Signature()
	none := sig.Params().Len() == 0 && sig.Results().Len() == 0
	switch fn.Name() {
	case "Lock", "Unlock", "RLock", "RUnlock":
		return none
	case "TryLock", "TryRLock", "RLocker", "String":
		if sig.Params().Len() == 0 {
			return true
		}
	}
	if sig.Params().Len() == 0 {
		return false
	}
	for v := range sig.Params().Variables() {
		if !isFunc(v.Type()) && !isNamed(v.Type(), "context", "Context") && !isNamed(v.Type(), "time", "Duration") {
			return false
		}
	}
	for v := range sig.Results().Variables() {
		b, basic := types.Unalias(v.Type()).(*types.Basic)
		if !(basic && b.Kind() == types.Bool) && !types.Identical(v.Type(), types.Universe.Lookup("error").Type()) {
			return false
		}
	}
	return true
}

func isFunc(t types.Type) bool { _, ok := t.Underlying().(*types.Signature); return ok }

func isNamed(t types.Type, path, name string) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Name() == name && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == path
}
