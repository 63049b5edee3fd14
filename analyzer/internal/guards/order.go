package guards

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/threads"
)

// Order between a plain access and goroutines that does not come from locks.

// joined reports whether goroutines have been waited for on every way to an instruction, or to a call on the way to it, and none has
// been started since.
func (m *mixer) joined(p threads.Spot, via *Link) bool {
	return m.onWay(p, via, func(p threads.Spot) bool { return yes(m.views.Of(p.Fn).Joined(p.V)) })
}

// lastOne reports whether an instruction, or a call on the way to it, runs only if an atomic Add has given a certain
// number: nobody else refers to the object any more.
func (m *mixer) lastOne(p threads.Spot, via *Link) bool {
	return m.onWay(p, via, func(p threads.Spot) bool { return m.views.Of(p.Fn).LastOne(p.V) })
}

// onWay reports whether something holds for an instruction, or for a call on the way to it.
func (m *mixer) onWay(p threads.Spot, via *Link, holds func(threads.Spot) bool) bool {
	for ; !holds(p); via = via.Up {
		if via == nil || via.Kind != Called {
			return false
		}
		p = via.Site
	}
	return true
}

// somethingBefore reports whether a receive comes before an instruction on every way to it, perhaps of the news that the others
// are done; or a call of a function of the package that is not written in Go: it may order memory, or keep others away.
func (m *mixer) somethingBefore(p threads.Spot) bool {
	for v := p.Fn.First; int(v) < len(p.Fn.Code); v++ {
		in := p.Fn.At(v)
		foreign := in.Op == effects.Call && in.How == effects.AtOnce && in.Class == m.Path && (in.Fn == nil || len(in.Fn.Blocks) == 0)
		if (foreign || in.Op == effects.Recv || in.Op == effects.Select) && p.Fn.Before(v, p.V) {
			return true
		}
	}
	return false
}

// startOf returns the go statement, or the call that starts goroutines, by which a literal, or one around it, of
// a function comes to run; nothing if there is none.
func (m *mixer) startOf(fn, above *effects.Func) threads.Spot {
	for ; fn != nil && fn != above; fn = fn.Parent {
		by := m.of[fn.Parent]
		if by == nil {
			continue
		}
		if i := slices.IndexFunc(by.uses, func(u Use) bool { return u.Kind == Started && u.Fn == fn }); i >= 0 {
			return by.uses[i].Site
		}
	}
	return threads.Spot{}
}

// ordered reports whether the goroutine of an atomic access is started by a function on the way to the plain
// one, so that meet has compared the two.
func (m *mixer) ordered(s *Site, in, oin *Situation) bool {
	r := m.roots[oin.Root]
	if r.Kind != Goroutine {
		return false
	}
	for l := in.Via; l != nil; l = l.Up {
		if l.Site.Fn == r.Site.Fn {
			return true
		}
	}
	return r.Site.Fn == s.Fn
}
