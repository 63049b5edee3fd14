package guards

import (
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
)

// confidence weighs a violation.
func (f *finder) confidence(v *Violation) int {
	g := v.Guard
	c := readWeight
	if v.Site.Op == flow.Write {
		c = writeWeight
	}
	if v.Kind == ReadLocked {
		c = 88
	}
	usual := v.Kind == ReadLocked && f.readLocked(v.Place, g)
	careful := v.Site.Op == flow.Read && f.careful(v)
	switch {
	case g.Declared != nil:
		c = 92
		if 2*g.Held < g.Total {
			c = 55 // the comment means something else
		}
	case v.Kind == Unchecked && g.Sibling:
		c = 85
	case careful && g.Writes > 0:
		if firm := g.placed(g.counted(c, v.Site.Op)); g.firm() && g.Funcs >= 2 {
			c = firm
		} else {
			c = c * 95 / 100
		}
	default:
		if c = g.counted(c, v.Site.Op); c == 0 {
			return 0
		}
	}
	if g.Declared == nil && !careful {
		if g.Funcs < 2 && v.Kind != Unchecked {
			c = c * alone / 100
		}
		c = g.placed(c)
		if v.Kind == Unlocked && g.habit() {
			c = c * 70 / 100
		}
	}
	root := f.t.Roots[v.In.Root]
	c = min(c, 100) * v.In.Conf / 100 * v.OtherIn.Conf / 100
	if v.Site.Made || madeAbove(v.Site, v.In.Via) {
		c = c * 60 / 100 // a constructor goes on while others know of the object
	}
	if usual {
		c = c * 60 / 100 // something else keeps the writers apart
	}
	if v.In.Weak {
		c = c * 60 / 100
	}
	if _, held := v.In.Holds(g.Class); !held && (v.Kind == Unlocked || v.Kind == Helper) && slices.Contains(v.Site.Some, g.Class) {
		c = c * 55 / 100 // a parameter may tell whether the lock is to be taken
	}
	if v.OtherIn.Weak {
		c = c * 80 / 100
	}
	if v.Kind == Unlocked && v.In.Via == nil && root.Kind == Exported && f.calledWith(v.Site.Fn, g.Class) {
		c = c * 55 / 100 // its calls here hold the lock, so those elsewhere may have to
	}
	if v.Site.Op == flow.Read && v.Kind == Unlocked && (slices.Contains(v.Site.Behind, g.Class) || slices.Contains(v.In.Behind, g.Class)) &&
		!(g.firm() && strings.HasSuffix(v.Place.Class, "[]")) {
		c = c * 70 / 100 // what is read was set before, perhaps for good; but not what goes in and out of a map
	}
	if v.Site.Op == flow.Read && v.Kind != Unchecked && f.soleWriter(v) {
		c = c * 55 / 100
	}
	if len(v.In.Held) > 0 && v.Kind != ReadLocked {
		c = c * 60 / 100
	}
	if root.Kind == Main || root.Kind == Callback {
		c = c * 60 / 100
	}
	if f.t.a.phase(v.Site.Instr, v.In.Via, root.Kind, v.Place.Sites) {
		c = c * 55 / 100
	}
	return max(1, min(c, 100))
}

// madeAbove reports whether a function on the way to an access has the object from a constructor, and nobody from it. What
// runs in a goroutine of its own, or at another time, is no part of the making.
func madeAbove(s *Site, via *Link) bool {
	p := s.Param
	for l := via; l != nil && p >= 0 && p < 64; l = l.Up {
		if l.Use.Kind != flow.Called {
			return false
		}
		if l.Use.New&(1<<p) != 0 {
			return true
		}
		if p >= len(l.Use.Args) {
			return false
		}
		p = l.Use.Args[p]
	}
	return false
}
