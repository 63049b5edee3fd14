package guards

import (
	"maps"
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/access"
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/threads"
)

// Phases of an object's life. That nobody else has an object, or has it any more, is shown by the code where all of it is in
// view: then the access is set aside. Where callers in other packages decide, what the function does tells that it is of the
// beginning or the end: it starts the goroutines that share the object, or it has waited for some. Then the access weighs less.

// phase reports whether an access, or a call that leads to it, is of the beginning or of the end of an object's life. The others are
// the accesses that it may meet, those to a place of a class.
func (a *analysis) phase(at threads.Spot, via *Link, class string, others []*Site) bool {
	for {
		if a.early(at, others) || a.late(at) || a.setsUp(at.Fn, class) {
			return true
		}
		if via == nil || via.Kind != Called {
			return false
		}
		at, via = via.Site, via.Up
	}
}

// early reports whether an instruction comes before its function starts a goroutine by which one of the other accesses is
// reached, and never after that.
func (a *analysis) early(at threads.Spot, others []*Site) bool {
	starts := func(r int) bool {
		root := &a.roots[r]
		return root.Kind == Goroutine && leads(at, root.Site) && !leads(root.Site, at)
	}
	return slices.ContainsFunc(others, func(o *Site) bool {
		return slices.ContainsFunc(o.Scenes, func(in Situation) bool { return slices.ContainsFunc(in.Roots, starts) })
	})
}

// setsUp reports whether a method gives the object, of which a place is a field, what nobody else gives it: another field, nil before, that is
// set by nobody else, constructors neither, and that others read without a lock, or the only map of one. These come after it, then: they rely on
// what it sets, and that it does not change.
func (a *analysis) setsUp(fn *effects.Func, class string) bool {
	owner := ownerOf(access.Base(class))
	if owner == "" || fn.Parent != nil || !fn.Recv {
		return false
	}
	sets, known := a.setUp[fn]
	if !known {
		sets = a.setBy(fn)
		a.setUp[fn] = sets
	}
	return slices.ContainsFunc(sets, func(other string) bool { return ownerOf(other) == owner && other != access.Base(class) })
}

// setBy returns the classes of the fields that only a function, or what only it calls, gives a value for good.
func (a *analysis) setBy(fn *effects.Func) (classes []string) {
	for _, class := range slices.Sorted(maps.Keys(a.places)) {
		p := a.places[class]
		if access.IsContent(class) || a.made[class] {
			continue
		}
		set := slices.DeleteFunc(slices.Clone(p.Sites), func(s *Site) bool { return s.Op == access.Read || clears(s) })
		if len(set) == 0 || slices.ContainsFunc(set, func(s *Site) bool { return !refers(s) || !s.below(fn) }) {
			continue
		}
		free := func(s *Site) bool {
			return s.Op == access.Read && !s.below(fn) && slices.ContainsFunc(s.Scenes, func(in Situation) bool { return len(in.Held) == 0 && !in.Any })
		}
		if slices.ContainsFunc(p.Sites, free) || len(set) == 1 && a.firstSet(p, set[0]) {
			classes = append(classes, class)
		}
	}
	return classes
}

// below reports whether an access is in a function, or reached only through it.
func (s *Site) below(fn *effects.Func) bool {
	return s.Fn.Outermost() == fn || !slices.ContainsFunc(s.Scenes, func(in Situation) bool { return !slices.Contains(in.Pass, fn) })
}

// refers reports whether what a write stores is of a type that is nil before it is set.
func refers(s *Site) bool {
	in := s.Fn.At(s.V)
	if in.Op != effects.Store {
		return false
	}
	t := s.Fn.At(in.Args[1]).Type
	return t != nil && (t.Kind == effects.Interface || t.Kind == effects.Map || t.Kind == effects.Pointer || t.Kind == effects.Signature)
}

// late reports whether goroutines have been waited for on every way to an instruction, and none has been started since.
func (a *analysis) late(at threads.Spot) bool { return yes(a.views.Of(at.Fn).Joined(at.V)) }

// firstSet reports whether a write gives a map to a field that nobody else gives one, constructors neither, and in which others put
// something. In a nil map that would fail: so these come after the write, as what is called before all else makes sure.
func (a *analysis) firstSet(p *Place, s *Site) bool {
	if s.Op != access.Write || a.made[p.Class] || !makesMap(s) {
		return false
	}
	if slices.ContainsFunc(p.Sites, func(o *Site) bool { return o != s && o.Op == access.Write && !clears(o) }) {
		return false
	}
	content := a.places[p.Class+"[]"]
	return content != nil && slices.ContainsFunc(content.Sites, func(o *Site) bool {
		// What deletes does not fail.
		return o.Fn.Outermost() != s.Fn.Outermost() && o.Op == access.Write && o.Fn.Op(o.V) != effects.Builtin
	})
}

func makesMap(s *Site) bool {
	in := s.Fn.At(s.V)
	return in.Op == effects.Store && s.Fn.Op(in.Args[1]) == effects.MakeMap
}

// clears reports whether a write stores nothing but nil.
func clears(s *Site) bool {
	in := s.Fn.At(s.V)
	return in.Op == effects.Store && s.Fn.Op(in.Args[1]) == effects.Const
}

// borrowed reports whether callers of an exported function, from which an access is reached, may hold the guard: the package has functions
// that return with it locked, and none on the way takes it itself.
func (a *analysis) borrowed(s *Site, in *Situation, guard string) bool {
	if a.roots[in.Root].Kind != Exported || !a.lent[guard] || slices.Contains(s.Takes, guard) {
		return false
	}
	for l := in.Via; l != nil; l = l.Up {
		if l.Kind != Called || len(a.of[l.Site.Fn].takes[guard]) > 0 {
			return false
		}
	}
	return true
}

// lend notes the locks that exported functions leave to their callers.
func (a *analysis) lend() {
	for _, f := range a.funcs {
		if f.result == nil || !f.fn.Exported || f.fn.Wrapper || f.fn.Made {
			continue
		}
		for _, x := range f.result.Summary.Exits {
			for _, h := range x.Acquired {
				if h.Must && !h.Leak && h.Path.Class != "" {
					a.lent[h.Path.Class] = true
				}
			}
		}
	}
}
