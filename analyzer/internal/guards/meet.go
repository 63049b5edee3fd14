package guards

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/model"
	"github.com/lockcheck/lockcheck/analyzer/internal/threads"
)

// Which accesses can be at the same time, by other things than locks.

// disjoint reports whether no lock keeps two situations apart.
func disjoint(a, b *Situation) bool {
	if a.Any || b.Any {
		return false
	}
	for _, g := range a.Held {
		for _, h := range b.Held {
			if g.Class == h.Class && g.Mode.Excludes(h.Mode) {
				return false
			}
		}
	}
	return true
}

// meet reports whether two accesses can be at the same time in their situations.
func (a *analysis) meet(x, y *Site, in, yin *Situation) bool {
	for _, i := range in.Roots {
		for _, j := range yin.Roots {
			r, o := &a.roots[i], &a.roots[j]
			if i == j && !r.Many {
				continue
			}
			if !unstarted(x, in, o) && !unstarted(y, yin, r) && !ended(x, o) && !ended(y, r) {
				return true
			}
		}
	}
	return false
}

// unstarted reports whether an access, or the call that leads to it, comes before the go statement of a
// goroutine in the same function, from which no way leads back to it.
func unstarted(s *Site, in *Situation, r *Root) bool {
	if r.Kind != Goroutine {
		return false
	}
	first := func(p threads.Spot) bool { return leads(p, r.Site) && !leads(r.Site, p) }
	if first(s.Spot) {
		return true
	}
	for l := in.Via; l != nil; l = l.Up {
		if l.Kind != Started && first(l.Site) {
			return true
		}
	}
	return false
}

// ended reports whether an access comes after its function has waited for a goroutine to be done.
func ended(s *Site, r *Root) bool {
	if before(r.Site, s.Spot) {
		return false // another one is started by then
	}
	return slices.ContainsFunc(s.Awaited, func(c string) bool { return slices.Contains(r.Signals, c) })
}

// told reports whether an access comes after its function, or a caller, has waited for what the function of the other
// tells, and has not told yet when it comes to its access.
func told(s *Site, in *Situation, by *Site) bool {
	tells := func(c string) bool { return slices.Contains(by.Signals, c) && !slices.Contains(by.Closed, c) }
	return slices.ContainsFunc(s.Awaited, tells) || slices.ContainsFunc(in.Awaited, tells)
}

// Phases of an object's life. That nobody else has an object, or has it any more, is shown by the code where all of it is in
// view: then the access is set aside. Where callers in other packages decide, there is only the name of a function to tell
// that it is of the beginning or the end, and the access weighs less; unless the function itself shows that it is not so.

// phase reports whether an access is at the beginning or at the end of an object's life, by the names of the function that
// has it and of the exported one from which it is reached. The others are the accesses that it may meet.
func (a *analysis) phase(at threads.Spot, via *Link, root RootKind, others []*Site) bool {
	if root == Goroutine && via != nil && via.Kind == Started && via.Fn == at.Fn && at.Fn.Parent != nil {
		return false // a literal: when it runs is not told by the name of the function around it
	}
	if a.early(at, others) || a.late(at) {
		return true
	}
	if root != Exported || via == nil {
		return false
	}
	for via.Up != nil {
		via = via.Up
	}
	return a.early(via.Site, others) || a.late(via.Site)
}

// early reports whether an instruction is in a function that sets an object up, and that has not yet started a goroutine
// by which one of the other accesses is reached, or may have waited for it since.
func (a *analysis) early(at threads.Spot, others []*Site) bool {
	if says(at.Fn)&model.Early == 0 {
		return false
	}
	started := func(r int) bool {
		root := &a.roots[r]
		return root.Kind == Goroutine && leads(root.Site, at) && !a.views.Of(at.Fn).MayWait(root.Site.V, at.V)
	}
	return !slices.ContainsFunc(others, func(o *Site) bool {
		return slices.ContainsFunc(o.Scenes, func(in Situation) bool { return slices.ContainsFunc(in.Roots, started) })
	})
}

// late reports whether an instruction is in a function that puts an end to an object: one for who is the last to have it, or
// one that has called something before that may wait for the others. To tell them to stop is not to wait until they have.
func (a *analysis) late(at threads.Spot) bool {
	switch {
	case says(at.Fn)&model.Last != 0:
		return true
	case says(at.Fn)&model.Late == 0:
		return false
	case at.Fn.Parent != nil:
		return true // a literal: when it runs is not known here
	}
	return a.views.Of(at.Fn).MayWait(0, at.V)
}

func says(fn *effects.Func) model.Says { return model.NameSays(baseName(fn)) }
