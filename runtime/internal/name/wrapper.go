package name

import "go/types"

// wrapper reports whether a type is itself a kind of mutex: a struct with methods Lock and Unlock with which nothing can be done but
// locking. The rule is that of the static half (IsLockWrapper of package ident there), which this package cannot import; TestAgree holds the two
// together.
func wrapper(n *types.Named) bool {
	st := structOf(n)
	if n.Obj().Pkg() == nil || st == nil || st.NumFields() == 0 || isLock(n) || !declaresLock(n) {
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
		return sig.Params().Len() == 0
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
