package resolve

import (
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
)

// Fresh reports whether the lock at p belongs to an object which was made in this
// call and that no other goroutine can see yet at an instruction: locking it cannot block, and
// nobody can wait for it.
func (f *Func) Fresh(p ident.Path, at V) bool {
	if p.Kind != ident.Alloc && p.Kind != ident.Value || p.Gen != 0 || p.FollowsPointer() {
		return false
	}
	v := V(p.Index())
	return f.Made(v) && !f.PublishedBefore(v, at)
}

// Made reports whether v is an object made by this call.
func (f *Func) Made(v V) bool {
	in := f.At(v)
	switch in.Op {
	case effects.Alloc:
		return true
	case effects.Call, effects.Invoke:
		return f.freshResult(v, 0)
	case effects.Extract:
		return f.freshResult(in.Args[0], int(in.Index))
	}
	return false
}

func (f *Func) freshResult(call V, i int) bool {
	if op := f.Op(call); op != effects.Call && op != effects.Invoke {
		return false
	}
	ts := f.Targets(call)
	if len(ts) != 1 || i > 63 {
		return false
	}
	s := f.Summary(ts[0])
	return s != nil && s.Fresh&(1<<i) != 0
}

// PublishedBefore reports whether an instruction that lets other goroutines see v
// may run between the making of v and another instruction.
func (f *Func) PublishedBefore(v, at V) bool {
	pubs, ok := f.pubs[v]
	if !ok {
		f.publishers(v, func(p V) { pubs = append(pubs, p) }, map[V]bool{})
		f.pubs[v] = pubs
	}
	for _, p := range pubs {
		if p != at && f.reaches(p, at, v) {
			return true
		}
	}
	return false
}

// reaches reports whether control can get from one instruction to another without
// passing the block that makes the object anew.
func (f *Func) reaches(from, to, origin V) bool {
	fb, tb, ob := f.At(from).Block, f.At(to).Block, f.At(origin).Block
	if fb == tb && from < to {
		return true
	}
	seen := make([]bool, len(f.Blocks))
	stack := append([]int32(nil), f.Blocks[fb].Succs...)
	for len(stack) > 0 {
		b := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if seen[b] {
			continue
		}
		seen[b] = true
		if b == tb && (b != ob || origin > to) {
			return true
		}
		if b != ob {
			stack = append(stack, f.Blocks[b].Succs...)
		}
	}
	return false
}

// publishers calls pub for every instruction by which another goroutine may come to
// see what v points to. Storing v into another object of this call does not
// count, nor does returning it.
func (f *Func) publishers(v V, pub func(V), seen map[V]bool) {
	if seen[v] {
		return
	}
	seen[v] = true
	for _, u := range f.Uses(v) {
		switch in := f.At(u); in.Op {
		case effects.Field, effects.Elem, effects.Box, effects.Convert, effects.Assert, effects.Slice, effects.Phi:
			f.publishers(u, pub, seen)
		case effects.Send:
			pub(u)
		case effects.MapUpdate:
			if in.Args[1] == v || in.Args[2] == v {
				pub(u)
			}
		case effects.Store:
			if in.Args[1] == v {
				f.storePublishes(u, in, pub, seen)
			}
		case effects.Load:
			if f.Op(v) == effects.Alloc && f.Refers(u) {
				f.publishers(u, pub, seen) // a variable in memory: what it holds
			}
		case effects.Closure:
			if f.closureEscapes(u) {
				pub(u)
			}
		default:
			if in.Op.Calls() {
				f.callPublishes(u, in, v, pub)
			}
		}
	}
}

func (f *Func) storePublishes(u V, in *effects.Instr, pub func(V), seen map[V]bool) {
	addr := in.Args[0]
	switch f.Op(addr) {
	case effects.Alloc:
		f.publishers(addr, pub, seen)
		return
	case effects.Elem:
		if arr := f.At(addr).Args[0]; f.Op(arr) == effects.Alloc && f.At(arr).Flags&effects.Varargs != 0 {
			f.publishers(arr, pub, seen)
			return
		}
	}
	if p := f.Path(nil, addr); p.Kind != ident.Alloc {
		pub(u)
	}
}

// closureEscapes reports whether a literal is used other than by calling it here.
func (f *Func) closureEscapes(c V) bool {
	for _, u := range f.Uses(c) {
		in := f.At(u)
		switch {
		case in.How == effects.Deferred && in.Op.Calls():
		case in.Op == effects.Call && in.How == effects.AtOnce && in.Flags&effects.Dynamic != 0 && in.Args[0] == c:
		case in.Op.Calls() && in.Op >= effects.Acquire && in.How == effects.AtOnce:
			if f.starts(u) {
				return true
			}
		default:
			return true
		}
	}
	return false
}

// starts reports whether a call that the model knows starts a function in another goroutine.
func (f *Func) starts(v V) bool {
	for _, c := range f.Callbacks[v] {
		if c.Started {
			return true
		}
	}
	return false
}

// callPublishes reports a call that lets v go.
func (f *Func) callPublishes(u V, in *effects.Instr, v V, pub func(V)) {
	switch {
	case in.How == effects.Started:
		pub(u)
		return
	case in.Op == effects.Builtin:
		if in.Sym == "append" {
			pub(u)
		}
		return
	case in.Op != effects.Call && in.Op != effects.Invoke:
		if f.starts(u) {
			pub(u)
		}
		return
	}
	ts := f.Targets(u)
	if len(ts) == 0 {
		pub(u) // unknown
		return
	}
	for _, t := range ts {
		s := f.Summary(t)
		if s == nil {
			continue
		}
		for i, a := range t.Args {
			if a == v && i < 64 && s.Publishes&(1<<i) != 0 {
				pub(u)
				return
			}
		}
	}
}

// PublishedParams returns which parameters' objects may become visible to others.
func (f *Func) PublishedParams() uint64 {
	var set uint64
	for i, p := range f.Params {
		if i < 64 && f.Refers(p) {
			f.publishers(p, func(V) { set |= 1 << i }, map[V]bool{})
		}
	}
	return set
}
