package guards

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/access"
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/analyzer/internal/threads"
)

// A Mix is a plain access to a place that is accessed atomically elsewhere.
type Mix struct {
	Place  *AtomicPlace
	Site   *Site
	In     Situation // with Conf 0 if it is not known
	Atomic *Site     // that can be at the same time
	Others []*Site   // atomic accesses in other functions
	More   []*Site   // plain ones in the same function, one a line

	Confidence report.Confidence
}

// An AtomicPlace is a place whose address is given to functions of sync/atomic.
type AtomicPlace struct {
	Class string
	Local access.Local // if it is a variable of a function, or a field of one
	Sites []*Site
	Tests []*Site         // plain accesses in test files, without scenes
	All   []access.Access // also of objects that nobody else has seen
	// Copied is set if the value of a place is put in an object of the same type that nobody has seen: there are
	// objects that no two goroutines share.
	Copied bool
}

// loads reports whether an atomic access writes nothing.
func (s *Site) loads() bool { return strings.HasPrefix(s.Func(), "Load") }

// Mixes returns the plain accesses to places that are accessed atomically elsewhere, sorted by place, then
// position: those that can come at the same time as an atomic one, of which one of the two writes.
func (t *Table) Mixes() []Mix {
	m := &mixer{t.a}
	var out []Mix
	for _, p := range m.atomics() {
		var found []Mix
		for _, s := range p.Sites {
			if s.Op != access.Atomic {
				if x := m.mix(p, s); x.Atomic != nil {
					found = append(found, x)
				}
			}
		}
		for _, s := range p.Tests {
			i := slices.IndexFunc(p.Sites, func(o *Site) bool { return o.Op == access.Atomic && (s.Op == access.Write || !o.loads()) })
			if i >= 0 && !m.joined(s.Spot, nil) {
				found = append(found, Mix{Place: p, Site: s, Atomic: p.Sites[i], Confidence: report.Sure(35, "a test")})
			}
		}
		out = append(out, mergeMixes(found)...)
	}
	return out
}

type mixer struct{ *analysis }

// atomics gathers the accesses to the places that functions outside of tests access atomically.
func (m *mixer) atomics() []*AtomicPlace {
	only := &access.AtomicPlaces{}
	for _, f := range m.funcs {
		only.Add(f.fn, f.view)
	}
	if len(only.Classes) == 0 {
		return nil
	}
	places := map[string]*AtomicPlace{}
	copied := map[string]bool{} // types
	for _, fn := range m.Funcs {
		if !fn.Test {
			copies(fn, copied)
		}
		access.Of(m.views.Of(fn), access.Scope{Atomic: only}, func(x access.Access) {
			if !strings.HasPrefix(x.Class, m.Path+".") {
				return
			}
			key := x.Class
			if x.Local.Fn != nil {
				key += fmt.Sprint("#", x.Local.Fn.ID, "#", x.Local.At)
			}
			p := places[key]
			if p == nil {
				p = &AtomicPlace{Class: x.Class, Local: x.Local}
				places[key] = p
			}
			p.All = append(p.All, x)
			switch {
			case x.Fresh:
			case fn.Test:
				if x.Op != access.Atomic {
					p.Tests = append(p.Tests, &Site{Access: x})
				}
			default:
				if s := m.site(x); s != nil && len(s.Scenes) > 0 {
					p.Sites = append(p.Sites, s)
				}
			}
		})
	}
	var out []*AtomicPlace
	for _, key := range slices.Sorted(maps.Keys(places)) {
		for _, p := range places[key].split() {
			owner := p.Class[:max(0, strings.LastIndexByte(p.Class, '.'))]
			p.Copied = copied[owner] || p.copiedToFresh()
			out = append(out, p)
		}
	}
	return out
}

// copies notes the types of the structs that a function copies as a whole from what others may see.
func copies(fn *effects.Func, structs map[string]bool) {
	for v := fn.First; int(v) < len(fn.Code); v++ {
		if in := fn.At(v); in.Op == effects.Load && in.Type != nil && in.Type.Kind == effects.Struct && fn.Op(in.Args[0]) != effects.Alloc {
			structs[in.Type.Name] = true
		}
	}
}

// copiedToFresh reports whether a value of the place, read in whatever way, is put in a new object.
func (p *AtomicPlace) copiedToFresh() bool {
	from := map[threads.Spot]bool{}
	for _, x := range p.All {
		from[x.Spot] = true
	}
	return slices.ContainsFunc(p.All, func(x access.Access) bool {
		in := x.Fn.At(x.V)
		return in.Op == effects.Store && x.Fresh && from[threads.Spot{Fn: x.Fn, V: in.Args[1]}]
	})
}

// mix returns the surest situation in which a plain access meets an atomic one; without that if there is none.
func (m *mixer) mix(p *AtomicPlace, s *Site) Mix {
	best := Mix{Place: p, Site: s}
	for i := range s.Scenes {
		in := &s.Scenes[i]
		if m.joined(s.Spot, in.Via) {
			continue
		}
		for _, o := range p.Sites {
			if o.Op != access.Atomic || s.Op == access.Read && o.loads() {
				continue
			}
			for k := range o.Scenes {
				oin := &o.Scenes[k]
				if !disjoint(in, oin) {
					continue
				}
				var c report.Confidence
				meet := false
				if p.Local.Fn != nil {
					c, meet = m.weighLocal(p, s, o, in, oin)
				} else if meet = m.meet(s, o, in, oin); meet {
					c = m.weighMix(p, s, o, in, oin)
				}
				if meet && (best.Atomic == nil || cmp.Or(cmp.Compare(c.Value(), best.Confidence.Value()), cmp.Compare(proof(o, s), proof(best.Atomic, s))) > 0) {
					best.In, best.Atomic, best.Confidence = *in, o, c
				}
			}
		}
	}
	for _, o := range p.Sites {
		if best.Atomic == nil || o.Op != access.Atomic || len(best.Others) == 2 {
			continue
		}
		same := func(x *Site) bool { return x.Fn.Outermost() == o.Fn.Outermost() }
		if !same(best.Atomic) && !slices.ContainsFunc(best.Others, same) {
			best.Others = append(best.Others, o)
		}
	}
	return best
}

// proof tells how good an atomic access is as the proof for s: best is one in another function, then one that writes.
func proof(o, s *Site) int {
	return 2*b2i(o.Fn.Outermost() != s.Fn.Outermost()) + b2i(!o.loads())
}

// mergeMixes keeps one mix for each function, the surest, and lists the others by line.
func mergeMixes(found []Mix) []Mix {
	slices.SortStableFunc(found, func(a, b Mix) int {
		return cmp.Or(-cmp.Compare(a.Confidence.Value(), b.Confidence.Value()), -cmp.Compare(a.Site.Op, b.Site.Op), compareSites(a.Site, b.Site))
	})
	index := map[*effects.Func]int{}
	var out []Mix
	for _, x := range found {
		fn := x.Site.Fn.Outermost()
		i, ok := index[fn]
		if !ok {
			index[fn] = len(out)
			out = append(out, x)
			continue
		}
		o := &out[i]
		same := func(s *Site) bool { return s.Pos.File == x.Site.Pos.File && s.Pos.Line == x.Site.Pos.Line }
		if !same(o.Site) && !slices.ContainsFunc(o.More, same) {
			o.More = append(o.More, x.Site)
		}
	}
	for i := range out {
		slices.SortFunc(out[i].More, compareSites)
	}
	slices.SortStableFunc(out, func(a, b Mix) int { return compareSites(a.Site, b.Site) })
	return out
}

func compareSites(a, b *Site) int { return compareFrames(a.Frame(), b.Frame()) }
