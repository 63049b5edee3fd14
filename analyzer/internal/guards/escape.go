package guards

import (
	"cmp"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// An Escape is where a map or slice itself leaves the function that reads it.
type Escape struct {
	flow.Escape
	Site *Site // the read of the map or slice
}

// escape notes an escape; the place that it belongs to may come later.
func (a *analysis) escape(x flow.Escape) {
	if x.Fresh || !strings.HasPrefix(x.Class, a.in.Path+".") {
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
			best := vs[0]
			best.Guarded = f.examples(p, g, &best)
			out = append(out, best)
		}
	}
	return out
}

// guard returns the guard of the content of a place, with the evidence for the place itself if that is more.
func (f *finder) guard(p *Place) *Guard {
	if whole := f.t.a.places[strings.TrimSuffix(p.Class, "[]")]; whole != nil && whole.Guard != nil &&
		whole.Guard.Class == p.Guard.Class && whole.Guard.Held > p.Guard.Held {
		g := *whole.Guard
		g.Writes += p.Guard.Writes
		return &g
	}
	return p.Guard
}

// users returns a violation for each use, without the guard, of what escapes, the surest first.
func (f *finder) users(p *Place, g *Guard, e *Escape) []Violation {
	a := f.t.a
	if !slices.ContainsFunc(e.Site.Scenes, func(in Situation) bool { _, held := in.Holds(g.Class); return held }) {
		return nil // the read itself is reported
	}
	var out []Violation
	add := func(s *Site, in Situation, use *Site) {
		other, otherIn := f.conflict(p, g, s, &in)
		if other == nil {
			return
		}
		v := Violation{Kind: Escaped, Place: p, Guard: g, Site: e.Site, Out: e, Use: use, In: in, Other: other, OtherIn: otherIn}
		if v.Confidence = f.confidence(&v); v.Confidence > 0 {
			out = append(out, v)
		}
	}
	// What other packages do with it nobody knows, but they do not hold the lock.
	for _, in := range e.Site.Scenes {
		if r := &a.stage.roots[in.Root]; r.Kind == Exported && r.Fn == e.Fn {
			in.Held = nil
			add(e.Site, in, nil)
		}
	}
	if e.Result < 0 {
		return out
	}
	type result struct {
		fn    *ssa.Function
		index int
	}
	seen := map[result]bool{}
	var follow func(r result)
	follow = func(r result) {
		if seen[r] || len(seen) > 8 {
			return
		}
		seen[r] = true
		for _, caller := range a.stage.users[r.fn] {
			for _, u := range a.stage.uses[caller] {
				call, ok := u.Site.(*ssa.Call)
				if !ok || u.Callee != r.fn || u.Kind != flow.Called {
					continue
				}
				h := flow.Handover{Call: call, Result: r.index, Class: p.Class, Owner: -1}
				if r.fn == e.Fn {
					h.Owner = e.Param
				}
				alone := func(at ssa.Instruction) bool { return f.alone(at, g.Class) }
				flow.Scan(a.in.Env, caller).Contents(h, alone, func(x flow.Access) {
					s := a.site(x)
					if s == nil {
						return
					}
					for _, in := range s.Scenes {
						if m, held := in.Holds(g.Class); !held || m == lockgraph.Read && s.Op == flow.Write {
							add(s, in, s)
						}
					}
				}, func(index int) { follow(result{caller, index}) })
			}
		}
	}
	follow(result{e.Fn, e.Result})
	slices.SortStableFunc(out, func(a, b Violation) int {
		return cmp.Or(-cmp.Compare(a.Confidence, b.Confidence), cmp.Compare(b2i(a.Use == nil), b2i(b.Use == nil)))
	})
	return out
}

// alone reports whether the guard is held, to write, whenever an instruction runs.
func (f *finder) alone(at ssa.Instruction, guard string) bool {
	a := f.t.a
	locks, reached := a.locks(at.Parent(), at)
	if !reached {
		return true
	}
	return !slices.ContainsFunc(a.stage.scenes[at.Parent()], func(sc *scene) bool {
		var in Situation
		in.Held, in.Any = sc.with(locks)
		m, held := in.Holds(guard)
		return !held || m == lockgraph.Read
	})
}
