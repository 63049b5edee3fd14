package guards

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/access"
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/threads"
)

// Phases of an object's life. That nobody else has an object, or has it any more, is shown by the code where all of it is in
// view: then the access is set aside. Where callers in other packages decide, what the function does tells that it is of the
// beginning or the end: it starts the goroutines that share the object, or it has waited for some. Then the access weighs less.

// phase reports whether an access, or a call that leads to it, is of the beginning or of the end of an object's life. The others are
// the accesses that it may meet.
func (a *analysis) phase(at threads.Spot, via *Link, others []*Site) bool {
	for {
		if a.early(at, others) || a.late(at) {
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
