package resolve

import (
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
)

// Fresh reports whether the lock at p belongs to an object which was made in this
// call and that no other goroutine can see yet at an instruction: locking it cannot block, and
// nobody can wait for it.
func (f *Func) Fresh(p ident.Path, at V) bool {
	v := rootOf(p)
	return v != 0 && f.Made(v) && !f.PublishedBefore(v, at)
}

// rootOf returns the value that is or points to the object with the lock at p; 0 if that is reached through others.
func rootOf(p ident.Path) V {
	if p.Kind != ident.Alloc && p.Kind != ident.Value || p.Gen != 0 || p.FollowsPointer() {
		return 0
	}
	return V(p.Index())
}

// Made reports whether v is an object made by this call.
func (f *Func) Made(v V) bool {
	return f.madeBy(v, func(s *summary.Func) uint64 { return s.Fresh })
}

// madeBy reports whether v is made here, or is a result of a call of which the summary has set the bit.
func (f *Func) madeBy(v V, results func(*summary.Func) uint64) bool {
	in := f.At(v)
	call, i := v, int32(0)
	switch in.Op {
	case effects.Alloc:
		return true
	case effects.Call, effects.Invoke:
	case effects.Extract:
		call, i = in.Args[0], in.Index
	default:
		return false
	}
	s := f.callee(call)
	return s != nil && i < 64 && results(s)&(1<<i) != 0
}

// callee returns the summary of the one function that a call reaches; nil if there are more, or it is not known.
func (f *Func) callee(call V) *summary.Func {
	if op := f.Op(call); op != effects.Call && op != effects.Invoke {
		return nil
	}
	ts := f.Targets(call)
	if len(ts) != 1 {
		return nil
	}
	return f.Summary(ts[0])
}

// PublishedBefore reports whether an instruction that lets other goroutines see v
// may run between the making of v and another instruction.
func (f *Func) PublishedBefore(v, at V) bool {
	return f.publishedBy(v, at, func(publication) bool { return true })
}

// publishedBy is the same for the publications for which counts holds.
func (f *Func) publishedBy(v, at V, counts func(publication) bool) bool {
	for _, p := range f.publications(v) {
		if p.at != at && counts(p) && f.ReachesAnew(p.at, at, v) && !f.Excludes(p.at, at) {
			return true
		}
	}
	return false
}

func (f *Func) publications(v V) []publication {
	pubs, ok := f.pubs[v]
	if !ok {
		f.publishers(v, func(p publication) { pubs = append(pubs, p) }, map[V]bool{})
		f.pubs[v] = pubs
	}
	return pubs
}

// Published calls visit for the instructions by which another goroutine may come to see what v points to, or is.
func (f *Func) Published(v V, visit func(V)) {
	for _, p := range f.publications(v) {
		visit(p.at)
	}
}

// ReachesAnew reports whether control can get from one instruction to another without
// passing the block that makes the object anew; a parameter is made by another function.
func (f *Func) ReachesAnew(from, to, origin V) bool {
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
// see what v points to. Returning it does not count.
func (f *Func) publishers(v V, pub func(publication), seen map[V]bool) {
	if seen[v] {
		return
	}
	seen[v] = true
	for _, u := range f.Uses(v) {
		switch in := f.At(u); in.Op {
		case effects.Field, effects.Elem, effects.Box, effects.Convert, effects.Assert, effects.Slice, effects.Phi:
			f.publishers(u, pub, seen)
		case effects.Send:
			pub(publication{at: u})
		case effects.MapUpdate:
			if in.Args[1] == v || in.Args[2] == v {
				pub(publication{at: u})
			}
		case effects.Store:
			if in.Args[1] == v {
				f.storePublishes(u, in, pub, seen)
			}
		case effects.Load:
			if f.holds(v) && f.Refers(u) {
				f.publishers(u, pub, seen) // a variable in memory: what it holds
			}
		case effects.Closure:
			switch {
			case !f.closureEscapes(u):
				f.calledPublishes(u, v, pub)
			case f.keptClosure(u):
				f.calledPublishes(u, v, pub)
				f.closurePublishes(u, pub, seen)
			default:
				pub(publication{u, f.lentBy(u, v)})
			}
		default:
			if in.Op.Calls() {
				f.callPublishes(u, in, v, pub)
			}
		}
	}
}

func (f *Func) storePublishes(u V, in *effects.Instr, pub func(publication), seen map[V]bool) {
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
	p := f.Path(nil, addr)
	switch {
	case seen[f.holder(p)]: // in itself, or in what it is stored in
		return
	case p.Kind != ident.Alloc:
		pub(publication{at: u})
		return
	}
	f.publishers(V(p.Index()), func(q publication) { // who sees the object that it is stored in sees it, too
		if f.Reaches(q.at, u, nil) {
			pub(publication{u, q.lent})
		}
		if f.Reaches(u, q.at, nil) {
			pub(q)
		}
	}, seen)
}

// holder returns the value that is or points to the object with the place at p; 0 if that is reached through others.
func (f *Func) holder(p ident.Path) V {
	if p.Kind == ident.Param && !p.FollowsPointer() && p.Index() < len(f.Params) {
		return f.Params[p.Index()]
	}
	return rootOf(p)
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

// keptClosure reports whether a literal or method value is only called here, stored, and given to functions that are known: then what
// it captures goes where it goes.
func (f *Func) keptClosure(c V) bool {
	for _, u := range f.Uses(c) {
		switch in := f.At(u); {
		case in.Op == effects.Store && in.Args[1] == c:
		case in.Op != effects.Call || in.How == effects.Started:
			return false
		case in.Flags&effects.Dynamic != 0:
			if in.Args[0] != c {
				return false
			}
		case f.callee(u) == nil:
			return false
		}
	}
	return true
}

// closurePublishes calls pub for every instruction by which another goroutine may come to see a closure that is kept. A function that
// gets it may give it back in its result.
func (f *Func) closurePublishes(c V, pub func(publication), seen map[V]bool) {
	for _, u := range f.Uses(c) {
		switch in := f.At(u); {
		case in.Op == effects.Store:
			f.storePublishes(u, in, pub, seen)
		case in.Flags&effects.Dynamic == 0:
			f.callPublishes(u, in, c, pub)
			if in.How == effects.AtOnce && f.Refers(u) {
				f.publishers(u, pub, seen)
			}
		}
	}
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
func (f *Func) callPublishes(u V, in *effects.Instr, v V, pub func(publication)) {
	switch {
	case in.How == effects.Started:
		pub(publication{u, f.lentTo(u, v)})
		return
	case in.Op == effects.Builtin:
		if in.Sym == "append" {
			pub(publication{at: u})
		}
		return
	case in.Op != effects.Call && in.Op != effects.Invoke:
		if f.starts(u) {
			pub(publication{at: u})
		}
		return
	}
	ts := f.Targets(u)
	if len(ts) == 0 {
		pub(publication{at: u}) // unknown
		return
	}
	for _, t := range ts {
		s := f.Summary(t)
		if s == nil {
			continue
		}
		for i, a := range t.Args {
			if a == v && i < 64 && s.Publishes&(1<<i) != 0 {
				pub(publication{u, s.Lends&(1<<i) != 0})
				return
			}
		}
	}
}

// PublishedParams returns which parameters' objects may become visible to others, and which of these are only lent.
func (f *Func) PublishedParams() (set, lent uint64) {
	for i, p := range f.Params {
		if i >= 64 || !f.Refers(p) {
			continue
		}
		all := true
		f.publishers(p, func(p publication) {
			set |= 1 << i
			all = all && p.lent
		}, map[V]bool{})
		if all {
			lent |= set & (1 << i)
		}
	}
	return set, lent
}
