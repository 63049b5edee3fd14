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

func says(fn *effects.Func) model.Says { return model.NameSays(baseName(fn)) }
