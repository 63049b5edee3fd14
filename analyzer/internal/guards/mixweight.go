package guards

import (
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/access"
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
)

// plainly is what an access is worth at best: a plain write is never meant.
func plainly(s *Site) report.Confidence {
	if s.Op == access.Write {
		return report.Sure(90, "a plain write")
	}
	return report.Sure(75, "a plain read")
}

// weighMix weighs a plain access against an atomic one.
func (m *mixer) weighMix(p *AtomicPlace, s, o *Site, in, oin *Situation) report.Confidence {
	c, root, at := plainly(s), m.roots[in.Root], s.Spot
	read := s.Op == access.Read
	when(&c, access.IsContent(p.Class), element)
	when(&c, s.Made || in.Via != nil && has(in.Via.Made, s.Param), madeHere)
	when(&c, read && p.Copied, copied)
	when(&c, read && soleStorer(p, s, in), oneStorer)
	when(&c, read && compared(p, s), isCompared)
	switch {
	case m.views.Of(s.Fn).BeforeStarts(s.V):
		when(&c, true, beforeGo)
	case root.Kind == Main && !m.ordered(s, in, oin):
		when(&c, true, inMain)
	default:
		when(&c, m.phase(at, in.Via, p.Class, p.Sites), mixPhase)
	}
	when(&c, len(in.Held) == 0 && !in.Any && (exclusive(s, o, oin) || m.soleSetter(s)), isExclusive)
	when(&c, p.mostlyPlain(), ownProtocol)
	when(&c, m.lastOne(at, in.Via), isLast)
	when(&c, m.somethingBefore(at), received)
	when(&c, in.Weak, mixWeak)
	when(&c, root.Kind == Callback, inCallback)
	c.Times(in.Conf, unsureCall)
	c.Times(oin.Conf, unsureCall)
	return c
}

// weighLocal weighs accesses to a variable of a function; ok is false if they cannot meet. Only goroutines that the function starts
// share it.
func (m *mixer) weighLocal(p *AtomicPlace, s, o *Site, in, oin *Situation) (c report.Confidence, ok bool) {
	start := m.startOf(o.Fn, p.Local.Fn)
	mine := m.startOf(s.Fn, p.Local.Fn)
	c = plainly(s)
	switch {
	case start.Fn == nil:
		return c, false
	case start.Fn == s.Fn:
		if !leads(start, s.Spot) {
			return c, false
		}
		when(&c, m.views.Of(s.Fn).MayWait(start.V, s.V), mayJoin)
	case mine.Fn == nil || mine == start && !leads(start, start):
		return c, false
	default:
		when(&c, true, twoGoroutines)
	}
	c.Times(in.Conf, unsureCall)
	c.Times(oin.Conf, unsureCall)
	return c, true
}

// mostlyPlain reports whether many functions access a place plainly, and few atomically: that is a
// protocol of its own, such as one owner who needs no atomics for what is its own.
func (p *AtomicPlace) mostlyPlain() bool {
	plain, atomic := map[*effects.Func]bool{}, map[*effects.Func]bool{}
	for _, s := range p.Sites {
		if s.Op == access.Atomic {
			atomic[s.Fn.Outermost()] = true
		} else {
			plain[s.Fn.Outermost()] = true
		}
	}
	return len(plain) > 5 && len(plain) > 2*len(atomic)
}

// soleStorer reports whether all that writes a place is done by Store in one goroutine, as far as can be seen: below one
// function that the reader is, or is below of. It needs no protection from itself if it is not run twice at
// once, and what adds or swaps would be used if it were.
func soleStorer(p *AtomicPlace, s *Site, in *Situation) bool {
	thread := []*effects.Func{s.Fn.Outermost()}
	for l := in.Via; l != nil && l.Kind == Called; l = l.Up {
		thread = append(thread, l.Site.Fn.Outermost())
	}
	return slices.ContainsFunc(thread, func(f *effects.Func) bool {
		return !slices.ContainsFunc(p.Sites, func(o *Site) bool {
			switch {
			case o.Op == access.Read || o.loads():
				return false
			case o.Op == access.Atomic && !strings.HasPrefix(o.Func(), "Store"):
				return true
			}
			return o.Fn.Outermost() != f && slices.ContainsFunc(o.Scenes, func(x Situation) bool { return !slices.Contains(x.Pass, f) })
		})
	})
}

// compared reports whether a read gives the old value for a CompareAndSwap of the same place, which fails if it
// was not what it seemed.
func compared(p *AtomicPlace, s *Site) bool {
	return slices.ContainsFunc(p.Sites, func(o *Site) bool {
		return o.Fn == s.Fn && strings.HasPrefix(o.Func(), "CompareAndSwap") && comesFrom(o.Fn, o.Fn.At(o.V).Args[1], s.V, 0)
	})
}

func comesFrom(fn *effects.Func, v, from effects.V, depth int) bool {
	in := fn.At(v)
	return v == from || in.Op == effects.Phi && depth < 4 && slices.ContainsFunc(in.Args, func(e effects.V) bool { return comesFrom(fn, e, from, depth+1) })
}

// exclusive reports whether the function of a plain access also writes other fields of the struct which that of the
// atomic access, or its callers on the way, access plainly: if no lock keeps these apart, either all of them
// race, or nobody else runs at that time.
func exclusive(s, o *Site, oin *Situation) bool {
	written := map[string]bool{}
	others(s.Fn, s.Class, func(class string, write bool) { written[class] = written[class] || write })
	shared := false
	touched := func(class string, _ bool) { shared = shared || written[class] }
	others(o.Fn, o.Class, touched)
	for l := oin.Via; l != nil && l.Kind == Called && !shared; l = l.Up {
		others(l.Site.Fn, o.Class, touched)
	}
	return shared
}

// soleSetter reports whether the function of a plain write also sets another field of the struct plainly that no function but it sets, and
// that others read plainly: either these race with it, too, or they come after it.
func (m *mixer) soleSetter(s *Site) bool {
	if s.Op != access.Write || !s.Fn.Recv || s.Fn.Parent != nil {
		return false
	}
	set, read := map[string]bool{}, map[string]bool{}
	others(s.Fn, s.Class, func(class string, write bool) {
		if write {
			set[class] = true
		}
	})
	for _, f := range m.funcs {
		if len(set) == 0 {
			return false
		}
		if f.fn != s.Fn {
			others(f.fn, s.Class, func(class string, write bool) {
				if write {
					delete(set, class)
				}
				read[class] = true
			})
		}
	}
	for class := range set {
		if read[class] {
			return true
		}
	}
	return false
}

// others calls f for the plain accesses, in a function, to other fields of the struct of a place.
func others(fn *effects.Func, place string, f func(class string, write bool)) {
	owner := place[:strings.LastIndexByte(place, '.')+1]
	for v := fn.First; int(v) < len(fn.Code); v++ {
		fa := fn.At(v)
		if fa.Op != effects.Field || fa.Class == access.Base(place) || !strings.HasPrefix(fa.Class, owner) {
			continue
		}
		for _, u := range fn.Uses(v) {
			switch x := fn.At(u); {
			case x.Op == effects.Store && x.Args[0] == v:
				f(fa.Class, true)
			case x.Op == effects.Load:
				f(fa.Class, false)
			}
		}
	}
}
