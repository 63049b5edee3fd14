package standin

import (
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// spin makes what methods of a spin lock do with its field operations on a lock.
func spin(fn *effects.Func) {
	if !fn.Recv || fn.Wrapper || len(fn.Params) == 0 {
		return
	}
	t := fn.At(fn.Params[0]).Type.To()
	if t == nil || t.Sync != effects.LockType || hasLock(t, 0) {
		return
	}
	method := fn.Name[strings.LastIndexByte(fn.Name, '.')+1:]
	for v := fn.First; int(v) < len(fn.Code); v++ {
		in := fn.At(v)
		if in.Op != effects.Atomic || in.How == effects.Started || !ofReceiver(fn, in.Args[0]) {
			continue
		}
		switch method {
		case "Lock":
			acquires(fn, v, in, effects.Blocking)
		case "TryLock":
			acquires(fn, v, in, 0)
		case "Unlock":
			if releases(fn, in) {
				in.Op, in.Sym, in.Class, in.Flags, in.Args, in.Type = effects.Release, "", "", 0, []effects.V{fn.Params[0]}, nil
			}
		}
	}
}

// hasLock reports whether a struct has a lock of another type inside, which is what counts then.
func hasLock(t *effects.Type, depth int) bool {
	for _, f := range t.Fields {
		if f.Type.IsLock() || f.Type != nil && f.Type.Kind == effects.Struct && f.Type.Sync == effects.NoSync && depth < effects.MaxTypeDepth && hasLock(f.Type, depth+1) {
			return true
		}
	}
	return false
}

// ofReceiver reports whether an address is that of the receiver or of a field of it.
func ofReceiver(fn *effects.Func, v effects.V) bool {
	for fn.Op(v) == effects.Field || fn.Op(v) == effects.Convert {
		v = fn.At(v).Args[0]
	}
	return v == fn.Params[0]
}

// acquires makes an attempt to lock of a compare and swap, and of a swap by whose result one can tell that it was free.
func acquires(fn *effects.Func, v effects.V, in *effects.Instr, flags effects.Flags) {
	switch {
	case strings.HasPrefix(in.Sym, "CompareAndSwap"):
		if len(in.Args) == 3 && free(fn, in.Args[1]) && !free(fn, in.Args[2]) {
			in.Op, in.Sym, in.Class, in.Flags, in.Args = effects.TryAcquire, "", "", flags, []effects.V{fn.Params[0]}
		}
	case strings.HasPrefix(in.Sym, "Swap") && len(in.Args) == 2 && !free(fn, in.Args[1]) && fn.Op(in.Args[1]) == effects.Const:
		if uses := fn.Uses(v); len(uses) == 1 { // what is made of the result tells whether the lock was free
			swapped(fn, v, uses[0], flags)
		}
	}
}

// swapped makes an attempt to lock of what tells whether what was swapped out says that the lock was free.
func swapped(fn *effects.Func, v, use effects.V, flags effects.Flags) {
	by, told, busy := fn.At(use), use, false // busy: it is true if the lock was not free
	switch by.Op {
	case effects.If:
		told, busy = v, true
	case effects.Not:
	case effects.Compare:
		other := by.Args[0]
		if other == v {
			other = by.Args[1]
		}
		if fn.Op(other) != effects.Const || by.Sym != "==" && by.Sym != "!=" {
			return
		}
		busy = (by.Sym == "==") != free(fn, other)
	default:
		return
	}
	var ifs []effects.V
	if busy {
		for _, u := range fn.Uses(told) {
			if fn.Op(u) != effects.If {
				return
			}
			ifs = append(ifs, u)
		}
	}
	at := fn.At(v).Pos
	in := fn.At(told)
	in.Op, in.Sym, in.Class, in.Flags, in.Args, in.Pos = effects.TryAcquire, "", "", flags, []effects.V{fn.Params[0]}, at
	for _, u := range ifs { // an attempt is true if it succeeds
		succs := fn.Blocks[fn.At(u).Block].Succs
		succs[0], succs[1] = succs[1], succs[0]
	}
}

// releases reports whether an operation sets a field back to what it is if the lock is free.
func releases(fn *effects.Func, in *effects.Instr) bool {
	switch {
	case strings.HasPrefix(in.Sym, "Store"), strings.HasPrefix(in.Sym, "Swap"):
		return len(in.Args) == 2 && free(fn, in.Args[1])
	case strings.HasPrefix(in.Sym, "CompareAndSwap"):
		return len(in.Args) == 3 && !free(fn, in.Args[1]) && free(fn, in.Args[2])
	}
	return false
}

// free reports whether a value is the zero value, which a lock has when it is made.
func free(fn *effects.Func, v effects.V) bool {
	in := fn.At(v)
	return in.Op == effects.Const && (in.Sym == "false" || in.Sym == "0" || in.Sym == "nil")
}
