package lockset

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/model"
)

// mayLock reports whether a call may take or release a lock: it does by what is known of the function, or nothing is
// known of it, and it gets something that can be locked. The answer is the same for both drivers.
func (e *Engine) mayLock(call ssa.CallInstruction) bool {
	c := call.Common()
	if c.IsInvoke() {
		return model.IsLockOp(c.Method) || lockable(c.Value.Type())
	}
	if _, ok := c.Value.(*ssa.Builtin); ok {
		return false
	}
	callee := c.StaticCallee()
	if callee == nil {
		return true
	}
	callee = flow.Canon(callee)
	if o, ok := callee.Object().(*types.Func); ok {
		if eff := model.Lookup(o); eff != nil {
			return eff.Op.Locks()
		}
		if o.Pkg() != nil && o.Pkg().Path() == "sync" {
			return false // the rest of the package leaves locks as they are when it returns
		}
	}
	if s := e.Summary(callee); s != nil {
		return touchesLocks(s)
	}
	if _, own := e.index[callee]; own {
		return true // being looked at
	}
	for _, a := range c.Args {
		if mi, ok := a.(*ssa.MakeInterface); ok {
			a = mi.X
		}
		if lockable(a.Type()) {
			return true
		}
	}
	return false
}

// lockable reports whether a value of a type is a lock, or an object that can be locked: it is a sync.Locker, or a struct that
// contains a lock.
func lockable(t types.Type) bool {
	if model.IsLock(t) || model.IsLocker(t) || ident.IsLockWrapper(t) || lockerMethods(t) {
		return true
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for f := range st.Fields() {
		if model.IsLock(f.Type()) || model.IsLocker(f.Type()) || ident.IsLockWrapper(f.Type()) {
			return true
		}
	}
	return false
}

// lockerMethods reports whether an interface has the methods of a sync.Locker.
func lockerMethods(t types.Type) bool {
	i, ok := t.Underlying().(*types.Interface)
	if !ok {
		return false
	}
	n := 0
	for m := range i.Methods() {
		if sig := m.Signature(); (m.Name() == "Lock" || m.Name() == "Unlock") && sig.Params().Len()+sig.Results().Len() == 0 {
			n++
		}
	}
	return n == 2
}
