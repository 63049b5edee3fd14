package lockset

import (
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// MayLock reports whether a call may take or release a lock: it does by what is known of the function, or nothing is
// known of it, and it gets something that can be locked. The answer is the same for both drivers.
func (e *Engine) MayLock(f *effects.Func, v effects.V) bool {
	in := f.At(v)
	switch in.Op {
	case effects.Acquire, effects.Release, effects.TryAcquire, effects.CondWait:
		return true
	case effects.Invoke:
		return canBeLocked(f.At(in.Args[0]).Type)
	case effects.Call:
		return e.callMayLock(f, v)
	}
	return false // the rest of what the model knows leaves locks as they are when it returns
}

func (e *Engine) callMayLock(f *effects.Func, v effects.V) bool {
	in := f.At(v)
	callee := in.Fn
	if in.Flags&effects.Dynamic != 0 {
		if callee = f.At(in.Args[0]).Fn; callee == nil {
			return true
		}
	}
	if callee != nil && callee.ID >= 0 {
		return touchesLocks(e.Sums[callee.ID])
	}
	if in.Class == "sync" {
		return false // the rest of the package leaves locks as they are when it returns
	}
	if sum := e.in.External(in.Class, in.Sym); sum != nil {
		return touchesLocks(sum)
	}
	for _, a := range in.Args {
		if f.Op(a) == effects.Box {
			a = f.At(a).Args[0]
		}
		if canBeLocked(f.At(a).Type) {
			return true
		}
	}
	return false
}

// canBeLocked reports whether a value of a type is a lock, or an object that can be locked: it is a sync.Locker, or a struct that
// contains a lock.
func canBeLocked(t *effects.Type) bool {
	if t.IsLock() {
		return true
	}
	if t = t.To(); t == nil {
		return false
	}
	for _, field := range t.Fields {
		if field.Type.IsLock() {
			return true
		}
	}
	return false
}
