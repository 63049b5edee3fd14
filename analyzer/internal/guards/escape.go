package guards

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/access"
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// An Escape is where a map or slice itself leaves the function that reads it.
type Escape struct {
	access.Escape
	Site *Site // the read of the map or slice
}

// escape notes an escape; the place that it belongs to may come later.
func (a *analysis) escape(x access.Escape) {
	if x.Fresh || !strings.HasPrefix(x.Class, a.Path+".") {
		return
	}
	if s := a.site(x.Access); s != nil && len(s.Scenes) > 0 {
		a.escapes[x.Class] = append(a.escapes[x.Class], &Escape{x, s})
	}
}

// escaped returns the violations by what is handed out of the critical sections of a place: the guard is held where the
// map or slice is read, and not where its content is. The content must be written in place by some who hold the guard:
// who puts a new map or slice there instead leaves in peace those who have got the old one.
func (f *finder) escaped(p *Place) []Violation {
	if len(p.Escapes) == 0 || p.Guard == nil || p.Guard.Held == 0 {
		return nil
	}
	g := f.guard(p)
	var out []Violation
	for _, e := range p.Escapes {
		if vs := f.users(p, g, e); len(vs) > 0 {
			vs[0].examples()
			out = append(out, vs[0])
		}
	}
	return out
}

// guard returns the guard of the content of a place, with the evidence for the place itself if that is more.
func (f *finder) guard(p *Place) *Guard {
	if whole := f.places[strings.TrimSuffix(p.Class, "[]")]; whole != nil && whole.Guard != nil &&
		whole.Guard.Class == p.Guard.Class && whole.Guard.Held > p.Guard.Held {
		g := *whole.Guard
		g.Writes += p.Guard.Writes
		return &g
	}
	return p.Guard
}

// users returns a violation for each use, without the guard, of what escapes, the surest first.
func (f *finder) users(p *Place, g *Guard, e *Escape) []Violation {
	if !slices.ContainsFunc(e.Site.Scenes, func(in Situation) bool { _, held := in.Holds(g.Class); return held }) {
		return nil // the read itself is reported
	}
	var out []Violation
	add := func(s *Site, in Situation, use *Site) {
		v := Violation{Kind: Escaped, Place: p, Guard: g, Site: s, Out: e, Use: use, In: in}
		if !f.conflict(&v) {
			return
		}
		v.Site = e.Site
		if f.weigh(&v) {
			out = append(out, v)
		}
	}
	// What other packages do with it nobody knows, but they do not hold the lock.
	for _, in := range e.Site.Scenes {
		if r := &f.roots[in.Root]; r.Kind == Exported && r.Fn == e.Fn {
			in.Held = nil
			add(e.Site, in, nil)
		}
	}
	if e.Result >= 0 {
		f.handovers(e, p.Class, g, func(s *Site) {
			for _, in := range s.Scenes {
				if !in.covers(g.Class, s.Op) {
					add(s, in, s)
				}
			}
		})
	}
	slices.SortStableFunc(out, func(a, b Violation) int {
		return cmp.Or(-compareSure(&a, &b), cmp.Compare(b2i(a.Use == nil), b2i(b.Use == nil)))
	})
	return out
}

// maxHandovers bounds the functions that give on what one returns.
const maxHandovers = 8

// handovers calls use for the accesses to what a function returns, by those in the package that have got it.
func (f *finder) handovers(e *Escape, class string, g *Guard, use func(*Site)) {
	type result struct {
		fn    *effects.Func
		index int
	}
	seen := map[result]bool{}
	var follow func(r result)
	follow = func(r result) {
		if seen[r] || len(seen) > maxHandovers {
			return
		}
		seen[r] = true
		for _, caller := range f.of[r.fn].users {
			for _, u := range caller.uses {
				if in := caller.fn.At(u.Site.V); u.Fn != r.fn || u.Kind != Called || !in.Op.Calls() || in.How != effects.AtOnce {
					continue
				}
				h := access.Handover{Call: u.Site.V, Result: r.index, Class: class, Owner: -1}
				if r.fn == e.Fn {
					h.Owner = e.Param
				}
				alone := func(at effects.V) bool { return caller.alone(at, g.Class) }
				access.Contents(caller.view(), h, alone, func(x access.Access) {
					if s := f.analysis.site(x); s != nil {
						use(s)
					}
				}, func(index int) { follow(result{caller.fn, index}) })
			}
		}
	}
	follow(result{e.Fn, e.Result})
}

// alone reports whether the guard is held, to write, whenever an instruction runs.
func (f *function) alone(at effects.V, guard string) bool {
	locks, reached := f.locks(at)
	return !reached || !slices.ContainsFunc(f.scenes, func(sc *scene) bool {
		in := sc.situation(locks)
		return !in.covers(guard, access.Write)
	})
}
