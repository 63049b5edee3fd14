package threads

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// An object that this function has made, and that it has shared with nobody but goroutines which have ended, is its own
// again. That is asked for each object and each goroutine that has got it:
//
//	var s stats
//	for _, x := range xs {
//		wg.Go(func() { s.add(x) })
//	}
//	wg.Wait()
//	s.n /= len(xs) // nobody else has s

// Owned reports whether nobody but this call can have what v points to, or is, at an instruction: it was made here or by a callee that kept nothing
// of it, or comes from a sync.Pool or goes to one next, and has been seen by nobody since but by goroutines that have ended, and that
// have let nobody see it. v may be an address in the object, a variable that holds it, or a merge of several objects. An object of a caller
// is not owned: whether it is the caller's own is asked there, for the argument at the call.
func (f *View) Owned(v, at effects.V) (Proof, bool) {
	for range 16 {
		if p, ok := f.pooled(v, at); ok {
			return p, true
		}
		switch in := f.At(v); in.Op {
		case effects.Field, effects.Convert:
			v = in.Args[0]
			continue
		case effects.Elem:
			if o := f.wholeOf(in.Args[0], at); o != 0 {
				v = o
				continue
			}
		case effects.Load:
			if f.Op(in.Args[0]) != effects.Alloc {
				break
			}
			if val := f.Content(v); val != v {
				v = val
				continue
			}
			return f.cellOwned(in.Args[0], at)
		case effects.Phi:
			return f.allOwned(f.Possible(v, at), at)
		}
		break
	}
	if f.Made(v) || f.fromPool(v) {
		if p, ok := f.unshared(v, at); ok {
			return p, true
		}
	}
	if f.Fresh(f.Path(nil, v), at) {
		return Proof{{f.Func.Func, v, "is of a new object"}}, true
	}
	return nil, false
}

// wholeOf returns the object that the elements of a slice belong to, as if they were in it: one made here, to a field of which a new slice
// was stored, before, that nobody else has got. It is 0 if there is none.
func (f *View) wholeOf(slice, at effects.V) effects.V {
	load := f.At(slice)
	if load.Op != effects.Load || f.Op(load.Args[0]) != effects.Field {
		return 0
	}
	field := f.At(load.Args[0])
	o, stored := field.Args[0], effects.V(0)
	for _, u := range f.Uses(o) {
		if in := f.At(u); in.Op != effects.Field || in.Sym != field.Sym {
			continue
		}
		for _, st := range f.Uses(u) {
			switch in := f.At(st); {
			case in.Op == effects.Load:
			case in.Op == effects.Store && in.Args[0] == u && stored == 0 && f.Before(st, slice):
				stored = in.Args[1]
			default:
				return 0
			}
		}
	}
	if stored == 0 || !f.Made(o) || !f.newSlice(stored) {
		return 0
	}
	for _, u := range f.Uses(stored) {
		if op := f.Op(u); op != effects.Store && op != effects.Elem && op != effects.Builtin {
			return 0
		}
	}
	return o
}

// newSlice reports whether a value is a slice that was made here, and is used once but for its elements.
func (f *View) newSlice(v effects.V) bool {
	in := f.At(v)
	stores := 0
	for _, u := range f.Uses(v) {
		stores += b2i(f.Op(u) == effects.Store)
	}
	return stores == 1 && (in.Op == effects.MakeSlice || in.Op == effects.Slice && f.Op(in.Args[0]) == effects.Alloc && len(f.Uses(in.Args[0])) == 1)
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// allOwned reports whether each of some values is an object made here that nobody else has.
func (f *View) allOwned(vs []effects.V, at effects.V) (Proof, bool) {
	var all Proof
	for _, v := range vs {
		if !f.Made(v) {
			return nil, false
		}
		p, ok := f.unshared(v, at)
		if !ok {
			return nil, false
		}
		all = append(all, p...)
	}
	return all, len(vs) > 0
}

// cellOwned reports whether a variable in memory holds nothing at an instruction but objects that nobody else has. What is stored there later
// does not matter.
func (f *View) cellOwned(a, at effects.V) (Proof, bool) {
	c := f.Cell(a)
	if c == nil || c.Escapes {
		return nil, false
	}
	var vs []effects.V
	for _, u := range f.Uses(a) {
		st := f.At(u)
		if st.Op != effects.Store || st.Args[0] != a || !f.Reaches(u, at, nil) {
			continue
		}
		v := st.Args[1]
		in := f.At(v)
		if f.IsNil(v) || in.Op == effects.Load && in.Args[0] == a { // the same again, by a return of the named result
			continue
		}
		vs = append(vs, v)
	}
	return f.allOwned(vs, at)
}

// unshared reports whether nobody else has at an instruction what v points to, or is, if nobody else had it where it was made.
func (f *View) unshared(v, at effects.V) (Proof, bool) {
	proof, ok := f.kept(v, at, 0)
	return append(Proof{{f.Func.Func, v, "makes the object"}}, proof...), ok
}

// maxNested bounds the goroutines in goroutines that are followed.
const maxNested = 4

// kept reports whether what v leads to has gone to nobody by an instruction but to goroutines that have ended and have kept nothing of it.
func (f *View) kept(v, at effects.V, depth int) (proof Proof, ok bool) {
	ok = true
	f.Published(v, func(p effects.V) {
		if !ok || p == at || !f.ReachesAnew(p, at, v) {
			return
		}
		starts, all := f.startsBy(p)
		if ok = all && depth < maxNested; !ok {
			return
		}
		for _, s := range starts {
			if s.at == at || !f.ReachesAnew(s.at, at, v) {
				continue
			}
			end, ended := f.ended(s, at, v)
			if ok = ended && f.keepsNothing(s, v, depth); !ok {
				return
			}
			proof = append(append(proof, Step{f.Func.Func, s.at, "starts a goroutine with it"}), end...)
		}
	})
	return proof, ok
}

// keepsNothing reports whether a goroutine lets nobody see what it has got of v who may still have it when the goroutine returns.
func (f *View) keepsNothing(s start, v effects.V, depth int) bool {
	g := f.all.Of(s.fn)
	own := true
	each := func(given, leaf []effects.V) {
		for i, a := range given {
			if a == 0 || !f.leadsTo(a, v, nil) {
				continue
			}
			own = own && i < len(leaf) && g.returnsAlone(leaf[i], depth+1)
		}
	}
	each(s.target.Args, s.fn.Params)
	each(s.target.Free, s.fn.Free)
	return own
}

// returnsAlone reports whether the function has by its returns let nobody see what a parameter or captured variable leads to, who may still have it.
func (f *View) returnsAlone(leaf effects.V, depth int) bool {
	alone := true
	for _, v := range f.reachedFrom(leaf) {
		f.Returns(func(ret effects.V) {
			if alone {
				_, alone = f.kept(v, ret, depth)
			}
		})
	}
	return alone
}

// maxReached bounds the values that are followed from one.
const maxReached = 64

// reachedFrom returns a value and what is read through it.
func (f *View) reachedFrom(v effects.V) []effects.V {
	out, addrs := []effects.V{v}, []effects.V{v}
	for i := 0; i < len(addrs) && len(addrs) < maxReached; i++ {
		for _, u := range f.Uses(addrs[i]) {
			in := f.At(u)
			switch {
			case (in.Op == effects.Field || in.Op == effects.Elem) && in.Args[0] == addrs[i]:
				addrs = append(addrs, u)
			case in.Op == effects.Load && f.Refers(u):
				addrs, out = append(addrs, u), append(out, u)
			}
		}
	}
	return out
}

// leadsTo reports whether a value may be v, point into it, or be a variable or new object that holds it.
func (f *View) leadsTo(a, v effects.V, seen []effects.V) bool {
	for range 16 {
		if a == v {
			return true
		}
		switch in := f.At(a); in.Op {
		case effects.Field, effects.Elem, effects.Slice, effects.Box, effects.Convert, effects.Assert, effects.Load:
			a = in.Args[0]
		case effects.Phi:
			if slices.Contains(seen, a) {
				return false
			}
			seen = append(seen, a)
			return slices.ContainsFunc(in.Args, func(e effects.V) bool { return f.leadsTo(e, v, seen) })
		case effects.Alloc:
			if slices.Contains(seen, a) {
				return false
			}
			seen = append(seen, a)
			stored := slices.Clone(f.Cell(a).Stores)
			for _, field := range f.Uses(a) {
				for _, u := range f.Uses(field) {
					if in := f.At(u); f.Op(field) == effects.Field && in.Op == effects.Store && in.Args[0] == field {
						stored = append(stored, in.Args[1])
					}
				}
			}
			return slices.ContainsFunc(stored, func(e effects.V) bool { return f.leadsTo(e, v, seen) })
		default:
			return false
		}
	}
	return true
}

// Constructed reports whether v is what a function of the same unit has made and returned, and nobody has got it from this call by an instruction.
// Others may have it all the same, but then the constructor has seen to that; it has started no goroutine with it.
func (f *View) Constructed(v, at effects.V) (Proof, bool) {
	v = f.Content(v)
	call, i := v, int32(0)
	if in := f.At(v); in.Op == effects.Extract {
		call, i = in.Args[0], in.Index
	}
	in := f.At(call)
	if in.Op != effects.Call || in.Flags&effects.Dynamic != 0 || in.Fn == nil || in.Fn.Unit != f.Unit || !f.all.Of(in.Fn).constructs(int(i)) {
		return nil, false
	}
	return f.unshared(v, at)
}

// constructs reports whether the function returns as a result nothing but what it has made, or a constant, and starts no goroutine with it.
func (f *View) constructs(result int) bool {
	some, all := false, true
	f.Returns(func(ret effects.V) {
		args := f.At(ret).Args
		if result >= len(args) {
			all = false
			return
		}
		switch v := args[result]; f.Op(v) {
		case effects.Alloc:
			f.Published(v, func(p effects.V) {
				starts, _ := f.startsBy(p)
				all = all && len(starts) == 0 && f.At(p).How != effects.Started
			})
			some = true
		case effects.Const:
		default:
			all = false
		}
	})
	return some && all
}

// BehindNew reports whether v is found by following pointers from an object that this call has made.
func (f *View) BehindNew(v effects.V) bool {
	followed := false
	for range 16 {
		switch in := f.At(v); in.Op {
		case effects.Field, effects.Elem:
			v = in.Args[0]
		case effects.Load:
			followed = followed || f.Op(in.Args[0]) == effects.Field
			if val := f.Cell(in.Args[0]).Single(); val != 0 {
				v = val
				continue
			}
			v = in.Args[0]
		default:
			return followed && f.Made(v)
		}
	}
	return false
}

// MadeHere reports whether v points into an object that this call has made, whoever else has it, or into a variable of it
// or of the function around.
func (f *View) MadeHere(v effects.V) bool {
	for range 16 {
		switch in := f.At(v); in.Op {
		case effects.Field, effects.Elem:
			v = in.Args[0]
			continue
		case effects.Load:
			g, a := f.variable(in.Args[0])
			if val := g.Cell(a).Single(); val != 0 {
				f, v = g, val
				continue
			}
		case effects.Free:
			_, a := f.variable(v)
			return a != 0
		}
		break
	}
	return f.Made(v)
}
