package extract

import (
	"go/types"
	"slices"
	"strconv"
	"sync"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/model"
)

// lockTypes tells which types of the program are locks: structs whose methods Lock and Unlock, and nothing else, work the lock inside. A lock
// inside such a type is no lock of its own: which one it is depends on where the value of the type is.
//
// A struct that embeds a lock beside what the lock guards is none, and neither is one with a method that takes the lock inside for
// as long as it runs: there the lock guards what else is in the struct.
type lockTypes struct {
	methods map[*types.Func]*ssa.Function // with bodies

	mu   sync.Mutex
	done map[*types.Named]bool
}

// find looks up the methods of the functions that were added.
func (l *lockTypes) find(x *Extractor) {
	l.methods, l.done = map[*types.Func]*ssa.Function{}, map[*types.Named]bool{}
	for _, f := range x.funcs {
		if obj, ok := f.ssa.Object().(*types.Func); ok && f.ssa.Signature.Recv() != nil && !f.Wrapper {
			l.methods[obj] = f.ssa
		}
	}
}

// is reports whether a named type is a lock.
func (l *lockTypes) is(n *types.Named) bool {
	n = n.Origin()
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.find1(n)
}

func (l *lockTypes) find1(n *types.Named) bool {
	is, ok := l.done[n]
	if !ok {
		l.done[n] = false // a type inside itself
		is = l.locks(n)
		l.done[n] = is
	}
	return is
}

func (l *lockTypes) locks(n *types.Named) bool {
	st, ok := n.Underlying().(*types.Struct)
	if !ok || n.Obj().Pkg() == nil || !slices.ContainsFunc(slices.Collect(st.Fields()), func(f *types.Var) bool { return l.lockAt(f.Type()) }) {
		return false
	}
	var lock, unlock *types.Func
	var others []*types.Func // methods
	for m := range n.Methods() {
		switch m.Name() {
		case "Lock":
			lock = m
		case "Unlock":
			unlock = m
		default:
			others = append(others, m)
		}
	}
	if lock == nil || unlock == nil {
		return l.embeds(n, st) && !slices.ContainsFunc(others, func(m *types.Func) bool { return l.section(m, "") })
	}
	lf, uf := l.methods[lock], l.methods[unlock]
	if lf == nil || uf == nil {
		return true // by what can be seen of it
	}
	took, gave := l.works(lf), l.works(uf)
	for field := range took.acquired {
		if took.released[field] || !gave.released[field] || gave.acquired[field] {
			continue
		}
		if !slices.ContainsFunc(others, func(m *types.Func) bool { return l.section(m, field) }) {
			return true
		}
	}
	return false
}

// lockAt reports whether a type, or what it points to, is a lock.
func (l *lockTypes) lockAt(t types.Type) bool {
	n := named(t)
	if n == nil {
		return false
	}
	switch model.KindOf(n) {
	case model.MutexType, model.RWMutexType, model.LockerType:
		return true
	case model.Plain:
		return l.find1(n.Origin())
	}
	return false
}

// embeds reports whether a struct has Lock and Unlock by embedding, and has no data that they could guard.
func (l *lockTypes) embeds(n *types.Named, st *types.Struct) bool {
	for f := range st.Fields() {
		if f.Name() != "_" && !l.lockAt(f.Type()) && !empty(f.Type()) {
			return false
		}
	}
	ms := types.NewMethodSet(types.NewPointer(n))
	return ms.Lookup(n.Obj().Pkg(), "Lock") != nil && ms.Lookup(n.Obj().Pkg(), "Unlock") != nil
}

func empty(t types.Type) bool {
	st, ok := t.Underlying().(*types.Struct)
	return ok && st.NumFields() == 0
}

// section reports whether a method takes the lock in a field, or in any if it is "", and gives it back.
func (l *lockTypes) section(m *types.Func, field string) bool {
	fn := l.methods[m]
	if fn == nil {
		return false
	}
	w := l.works(fn)
	for f := range w.acquired {
		if w.released[f] && (field == "" || f == field) {
			return true
		}
	}
	return false
}

// work is what a method does to the locks in its receiver, by the fields that lead there.
type work struct{ acquired, released map[string]bool }

func (l *lockTypes) works(fn *ssa.Function) work {
	w := work{map[string]bool{}, map[string]bool{}}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			recv, op := l.operation(call.Common())
			if op == effects.None {
				continue
			}
			field, ok := fieldOf(recv, fn)
			if !ok {
				continue
			}
			if op == effects.Acquire {
				w.acquired[field] = true
			} else {
				w.released[field] = true
			}
		}
	}
	return w
}

// operation returns what a call locks or unlocks.
func (l *lockTypes) operation(c *ssa.CallCommon) (recv ssa.Value, op effects.Op) {
	var obj *types.Func
	if c.IsInvoke() {
		obj, recv = c.Method, c.Value
	} else if fn := c.StaticCallee(); fn != nil && len(c.Args) > 0 {
		obj, _ = canon(fn).Object().(*types.Func)
		recv = c.Args[0]
	}
	if obj == nil || obj.Signature().Recv() == nil {
		return nil, effects.None
	}
	if e := model.Lookup(obj); e != nil {
		switch e.Op {
		case model.Lock, model.RLock:
			return recv, effects.Acquire
		case model.Unlock, model.RUnlock:
			return recv, effects.Release
		}
		return nil, effects.None
	}
	if n := named(recv.Type()); n != nil && l.done[n.Origin()] {
		switch obj.Name() {
		case "Lock", "RLock":
			return recv, effects.Acquire
		case "Unlock", "RUnlock":
			return recv, effects.Release
		}
	}
	return nil, effects.None
}

// fieldOf returns by which fields a value is reached from the receiver.
func fieldOf(v ssa.Value, fn *ssa.Function) (string, bool) {
	path := ""
	for range maxSteps {
		switch x := v.(type) {
		case *ssa.FieldAddr:
			path = "." + strconv.Itoa(x.Field) + path
			v = x.X
		case *ssa.Field:
			path = "." + strconv.Itoa(x.Field) + path
			v = x.X
		case *ssa.UnOp:
			v = x.X
		case *ssa.Alloc: // a receiver that is a copy
			if v = stored(x); v == nil {
				return "", false
			}
		case *ssa.Parameter:
			return path, path != "" && len(fn.Params) > 0 && x == fn.Params[0]
		default:
			return "", false
		}
	}
	return "", false
}

// maxSteps bounds the steps from a receiver to a lock in it.
const maxSteps = 16

// stored returns what a variable is set to, if that is done once; else nil.
func stored(a *ssa.Alloc) ssa.Value {
	var v ssa.Value
	for _, ref := range *a.Referrers() {
		if st, ok := ref.(*ssa.Store); ok && st.Addr == a {
			if v != nil {
				return nil
			}
			v = st.Val
		}
	}
	return v
}

// syncOf returns what a type is made for.
func syncOf(t types.Type, l *lockTypes) effects.Sync {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return effects.NoSync
	}
	switch model.KindOf(n) {
	case model.MutexType:
		return effects.Mutex
	case model.RWMutexType:
		return effects.RWMutex
	case model.LockerType:
		return effects.Locker
	case model.CondType:
		return effects.Cond
	case model.GroupType:
		return effects.WaitGroup
	case model.OnceType:
		return effects.OnceType
	case model.AtomicType:
		return effects.AtomicOf
	case model.ContextType:
		return effects.Context
	case model.SafeType:
		return effects.Safe
	}
	if l.is(n) {
		return effects.LockType
	}
	return effects.NoSync
}
