package guards

import (
	"cmp"
	"go/token"
	"maps"
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/access"
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/model"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
)

// A Guard is the lock of a place.
type Guard struct {
	Class    string
	Declared *Declaration // nil if the guard is inferred
	Held     int          // accesses that hold it
	Total    int          // accesses that can meet another
	Writes   int          // of Held
	Funcs    int          // with accesses that hold it
	Others   int          // functions with accesses that do not
	Sibling  bool         // it is a field of the same struct, or a package variable beside the place
	Adjacent bool         // and declared in the same paragraph
	Only     bool         // the struct has no other lock
	Named    bool         // it is named after the place: stateMu, state
}

// What an access without a guard that no comment declares weighs, out of 100, before anything is known of the guard.
const (
	readWeight  = 66
	writeWeight = 80
	alone       = 70 // of 100, if one function makes all accesses that hold the guard
	habitual    = 70 // of 100, see habit
)

// habit reports whether a third of the accesses, in three functions or more, do without the guard: that is no slip.
func (g *Guard) habit() bool { return !g.Named && g.Others > 2 && g.Held < 2*(g.Total-g.Held) }

// counted weighs an access without the guard, from c, by how many hold it and how many do not.
func (g *Guard) counted(c int, op access.Op) int {
	bad := g.Total - g.Held
	switch {
	case g.Writes == 0 || g.Held < 2 || 2*g.Held < g.Total:
		return 0
	case g.firm():
		return c * 120 / 100
	case g.Held >= 3*bad && g.Held >= 3, g.Named:
		return c
	case g.Held >= 2*bad && g.Adjacent && g.Only:
		return c * 95 / 100
	case (g.Held > bad || g.Funcs > g.Others) && g.Adjacent && g.Only && g.Writes >= 1+b2i(op == access.Read) && g.Funcs >= 2:
		return c * 85 / 100
	case g.Held >= 2*bad:
		return c * 75 / 100
	}
	return c * 50 / 100
}

// firm reports whether the guard is held at nearly all accesses, and these are many.
func (g *Guard) firm() bool { return g.Held >= 6 && g.Held >= 6*(g.Total-g.Held) }

// placed weighs c by where the guard is declared.
func (g *Guard) placed(c int) int {
	switch {
	case g.Adjacent && g.Only:
		return c * 108 / 100
	case !g.Sibling:
		return c * 80 / 100
	}
	return c
}

// enough reports whether the counts would do for a finding of the band "error" if there was one more access: a read without
// the guard, in a function of its own. That asks for
//
//   - a write that holds the guard, and accesses that do in two functions;
//   - three accesses that hold it, or two if it is the only lock of the struct and stands above in the same paragraph.
func (g *Guard) enough() bool {
	n := *g
	n.Total++
	n.Others++
	c := n.placed(n.counted(readWeight, access.Read))
	if n.Funcs < 2 {
		c = c * alone / 100
	}
	return report.BandOf(c) == report.Error
}

// mostly reports whether a site holds a class in more than half of its scenes: it is in a function that
// requires the lock, and some call forgets it. Scenes that differ only by what has been waited for count once. A function that
// writes, and that others call directly, one without the lock, counts by its calls.
func (p *Place) mostly(s *Site, class string) bool {
	n, all, calls, without, direct := 0, 0, 0, 0, true
	for i := range s.Scenes {
		x := &s.Scenes[i]
		if x.Contract || p.settled(s, x) || slices.ContainsFunc(s.Scenes[:i], func(y Situation) bool {
			return !y.Contract && !p.settled(s, &y) && x.apartBy(&y)
		}) {
			continue
		}
		covers := x.covers(class, s.Op)
		all++
		n += b2i(covers)
		calls += x.Calls
		without += x.Calls * b2i(!covers)
		direct = direct && length(x.Via) == 1
	}
	return 2*n > all || s.Op == access.Write && direct && without == 1 && calls > 2
}

// settled reports whether a read comes after all writes to the place have been told to be complete.
func (p *Place) settled(s *Site, in *Situation) bool {
	return s.Op == access.Read && len(in.Awaited)+len(s.Awaited) > 0 &&
		!slices.ContainsFunc(p.Sites, func(o *Site) bool { return o.Op != access.Read && !told(s, in, o) })
}

// apartBy reports whether two situations differ by nothing but what callers have waited for.
func (s *Situation) apartBy(o *Situation) bool {
	return s.Any == o.Any && s.Weak == o.Weak && slices.Equal(s.Held, o.Held) && !slices.Equal(s.Awaited, o.Awaited)
}

// believe chooses the guard of a place.
func (a *analysis) believe(p *Place) {
	declared := a.declared(access.Base(p.Class))
	classes := map[string]bool{}
	for _, s := range p.Sites {
		for _, x := range s.Scenes {
			for _, g := range x.Held {
				classes[string(g.Class)] = true
			}
		}
	}
	if declared != nil {
		classes = map[string]bool{declared.Lock: true}
	}
	for _, class := range slices.Sorted(maps.Keys(classes)) {
		g := a.weigh(p, class)
		g.Declared = declared
		if better(g, p.Guard) {
			p.Guard = g
		}
	}
}

// weigh counts the accesses with and without a lock.
func (a *analysis) weigh(p *Place, class string) *Guard {
	g := &Guard{Class: class}
	funcs, others := map[*effects.Func]bool{}, map[*effects.Func]bool{}
	for _, s := range p.Sites {
		if !slices.ContainsFunc(s.Scenes, func(x Situation) bool { return !x.Contract && !p.settled(s, &x) }) {
			continue // only its callers know, or it meets no write
		}
		g.Total++
		if p.mostly(s, class) {
			g.Held++
			if s.Op != access.Read {
				g.Writes++
			}
			funcs[s.Fn.Outermost()] = true
		} else {
			others[s.Fn.Outermost()] = true
		}
	}
	g.Funcs, g.Others = len(funcs), len(others)
	base := access.Base(p.Class)
	g.Sibling, g.Adjacent, g.Only = a.beside(base, class)
	g.Named = g.Sibling && namedAfter(class, base)
	return g
}

// namedAfter reports whether the name of a lock begins with that of the place, and another word follows.
func namedAfter(lock, place string) bool {
	l, p := model.Words(lastPart(lock)), model.Words(lastPart(place))
	return len(l) == len(p)+1 && slices.Equal(l[:len(p)], p)
}

func lastPart(class string) string { return class[strings.LastIndexByte(class, '.')+1:] }

func better(g, old *Guard) bool {
	if old == nil {
		return true
	}
	return cmp.Or(cmp.Compare(g.Held, old.Held), cmp.Compare(b2i(g.Sibling), b2i(old.Sibling)), cmp.Compare(b2i(g.Adjacent), b2i(old.Adjacent)), -cmp.Compare(g.Class, old.Class)) > 0
}

// unexported reports whether the last part of a name is.
func unexported(name string) bool {
	return !token.IsExported(name[strings.LastIndexByte(name, 0x2e)+1:])
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
