package guards

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/access"
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// unsureCall is why a chain of calls lowers a confidence.
const unsureCall = "a call on the way may be of other functions"

// What lowers the confidence in a finding of unguarded.
var (
	maker        = report.Reason{Factor: 60, Why: "a constructor goes on while others know of the object"}
	given        = report.Reason{Factor: 60, Why: "the object is an argument of a function that callers may give one of their own"}
	gotten       = report.Reason{Factor: 70, Why: "the object comes from another package, which may have handed it over"}
	otherCare    = report.Reason{Factor: 60, Why: "writers are mostly read-locked: something else keeps them apart"}
	weakCall     = report.Reason{Factor: 60, Why: "the function may be called at another time"}
	parameter    = report.Reason{Factor: 55, Why: "the lock is held on some paths: a parameter may tell whether it is to be taken"}
	otherWeak    = report.Reason{Factor: 80, Why: "the function of the other access may be called at another time"}
	callersHold  = report.Reason{Factor: 55, Why: "its calls here hold the lock, so those elsewhere may have to"}
	setBefore    = report.Reason{Factor: 70, Why: "the lock was taken before: what is read may have been set for good"}
	oneWriter    = report.Reason{Factor: 55, Why: "all writes are below the function that reads"}
	handedOver   = report.Reason{Factor: 75, Why: "the lock is that of another object, which may have handed this one over"}
	otherLock    = report.Reason{Factor: 60, Why: "a lock of something else is held, which may keep others from the object"}
	oneRun       = report.Reason{Factor: 60, Why: "main and what is kept as a callback may run alone"}
	inPhase      = report.Reason{Factor: 55, Why: "it is where the object is set up, before the goroutines that share it start, or after some have been waited for"}
	foreignPhase = report.Reason{Factor: 60, Why: "main, or after goroutines have been waited for"}
)

// What lowers that in a finding of atomicmix.
var (
	element       = report.Reason{Factor: 85, Why: "which element it is cannot be told"}
	madeHere      = report.Reason{Factor: 75, Why: "the object was made here, and when others see it no more cannot be told"}
	copied        = report.Reason{Factor: 70, Why: "objects of the type are copied: some are nobody else's"}
	oneStorer     = report.Reason{Factor: 60, Why: "all that writes is done by Store in one goroutine"}
	isCompared    = report.Reason{Factor: 70, Why: "a CompareAndSwap checks what was read"}
	beforeGo      = report.Reason{Factor: 60, Why: "no goroutine is started yet"}
	inMain        = report.Reason{Factor: 60, Why: "main may run alone"}
	mixPhase      = report.Reason{Factor: 65, Why: "it is where the object is set up, before the goroutines that share it start, or after some have been waited for"}
	isExclusive   = report.Reason{Factor: 60, Why: "other fields are accessed plainly on both sides: nobody else runs, or all of them race"}
	ownProtocol   = report.Reason{Factor: 60, Why: "most functions access it plainly: that is a protocol of its own"}
	isLast        = report.Reason{Factor: 60, Why: "an atomic Add has told that nobody else refers to the object"}
	received      = report.Reason{Factor: 70, Why: "a receive, or code that is not Go, comes before"}
	mixWeak       = report.Reason{Factor: 65, Why: "the function may be called at another time"}
	inCallback    = report.Reason{Factor: 85, Why: "what is kept as a callback may run alone"}
	mayJoin       = report.Reason{Factor: 45, Why: "something in between may wait for the goroutine"}
	twoGoroutines = report.Reason{Factor: 80, Why: "two goroutines, of which the start is not compared"}
)

// when lowers a confidence by a reason if that holds.
func when(c *report.Confidence, holds bool, r report.Reason) {
	if holds {
		c.Times(r.Factor, r.Why)
	}
}

// weigh gives a violation its confidence, and reports whether there is any.
func (f *finder) weigh(v *Violation) bool {
	g, s, c := v.Guard, v.Site, &v.Confidence
	percent, why := believed(v)
	if percent == 0 || f.borrowed(s, &v.In, g.Class) || v.Kind == Unlocked && f.firstSet(v.Place, s) {
		return false
	}
	*c = report.Sure(percent, why)
	root := f.roots[v.In.Root]
	_, held := v.In.Holds(g.Class)
	read := s.Op == access.Read
	c.Times(v.In.Conf, unsureCall)
	c.Times(v.OtherIn.Conf, unsureCall)
	when(c, v.born || s.Made || madeAbove(s, v.In.Via) || behindMade(s, v.In.Via), maker)
	when(c, s.Got && v.Kind != Escaped, gotten)
	when(c, v.Kind != Escaped && root.Kind == Exported && argument(s, &v.In, &root), given)
	when(c, v.Kind == ReadLocked && readLocked(v.Place, g), otherCare)
	when(c, v.In.Weak, weakCall)
	when(c, !held && (v.Kind == Unlocked || v.Kind == Helper) && f.onSomePaths(v), parameter)
	when(c, v.OtherIn.Weak, otherWeak)
	when(c, v.Kind == Unlocked && v.In.Via == nil && root.Kind == Exported && f.of[s.Fn].calledWith(g.Class), callersHold)
	// What goes in and out of a map was not set for good.
	when(c, read && v.Kind == Unlocked && (slices.Contains(s.Behind, g.Class) || slices.Contains(v.In.Behind, g.Class)) &&
		!(g.firm() && access.IsContent(v.Place.Class)), setBefore)
	when(c, read && v.Kind != Unchecked && soleWriter(v), oneWriter)
	when(c, g.Declared == nil && foreign(v.Place, g), handedOver)
	when(c, v.Kind != ReadLocked && f.heldOutside(v), otherLock)
	when(c, root.Kind == Main || root.Kind == Callback, oneRun)
	when(c, f.phase(s.Spot, v.In.Via, v.Place.Class, v.Place.Sites), inPhase)
	return true
}

// foreign reports whether a lock is a field of another struct than the one that the place is a field of, and that is not
// inside the other: objects of the one come and go by way of the other, and while they are on the way they are nobody else's.
func foreign(p *Place, g *Guard) bool {
	lock := ownerOf(g.Class)
	if lock == "" || lock == ownerOf(access.Base(p.Class)) {
		return false
	}
	return !slices.ContainsFunc(p.Sites, func(s *Site) bool { return ownerOf(s.Within) == lock })
}

// ownerOf returns the type in the class of a field, "" if it is the class of a variable.
func ownerOf(class string) string {
	i := strings.LastIndexByte(class, '.')
	if i < 0 || !strings.Contains(class[strings.LastIndexByte(class[:i], '/')+1:i], ".") {
		return ""
	}
	return class[:i]
}

// believed weighs a violation by what is known of the guard: 0 if that is too little.
func believed(v *Violation) (percent int, why string) {
	g, op := v.Guard, v.Site.Op
	careful := op == access.Read && isCareful(v)
	switch {
	case v.mixed:
		return 80, "the function writes, and is called with and without the only lock of the object"
	case g.Declared != nil && 2*g.Held < g.Total:
		return 55, "most accesses do not hold the lock that the comment declares: it means something else"
	case g.Declared != nil:
		return 92, "a comment declares the guard"
	case v.Kind == Unchecked && g.Sibling:
		return g.placed(85), "a double check"
	case careful && g.Writes > 0 && !(g.firm() && g.Funcs >= 2):
		return base(v) * 95 / 100, "all writes hold the guard, and the function takes it for something else"
	}
	c := g.counted(base(v), op)
	if !careful {
		if g.Funcs < 2 && v.Kind != Unchecked {
			c = c * alone / 100
		}
		if v.Kind == Unlocked && g.habit() {
			c = c * habitual / 100
		}
	}
	return min(g.placed(c), 100), fmt.Sprintf("%d of %d accesses hold the guard, %d of them write", g.Held, g.Total, g.Writes)
}

// base is what an access weighs before anything is known of the guard.
func base(v *Violation) int {
	switch {
	case v.Kind == ReadLocked:
		return 88
	case v.Site.Op == access.Write:
		return writeWeight
	}
	return readWeight
}

// weighForeign weighs a call, in a scene, of a function of another package.
func (f *finder) weighForeign(u *Use, s *scene, in *Situation) report.Confidence {
	c := report.Sure(75, "who calls it elsewhere holds the lock")
	root := f.roots[in.Root]
	c.Times(in.Conf, unsureCall)
	when(&c, in.Weak, weakCall)
	when(&c, root.Kind == Main || f.phase(u.Site, s.via, "", nil), foreignPhase)
	return c
}

// heldOutside reports whether a lock is held that does not stand beside the place: it may be of what contains the object, and keep
// others from it. One of the same object that the conflicting access does not hold keeps nobody away.
func (f *finder) heldOutside(v *Violation) bool {
	return slices.ContainsFunc(v.In.Held, func(g lockgraph.Gate) bool {
		sibling, _, _ := f.beside(access.Base(v.Place.Class), string(g.Class))
		return !sibling
	})
}

// onSomePaths reports whether the function of an access, or one on the way to it, holds the guard on some paths there.
func (f *finder) onSomePaths(v *Violation) bool {
	some := v.Site.Some
	for l := v.In.Via; !v.perhaps && !slices.Contains(some, v.Guard.Class); l = l.Up {
		if l == nil || l.Kind != Called {
			return false
		}
		some = nil
		if locks, _ := f.of[l.Site.Fn].locks(l.Site.V); locks != nil {
			some = locks.Some
		}
	}
	return true
}

// isCareful reports whether all writes to the place hold the guard, and the function that reads without takes it as
// well, for something else.
func isCareful(v *Violation) bool {
	return v.Guard.Others == 1 && slices.Contains(v.Site.Takes, v.Guard.Class) &&
		!slices.ContainsFunc(v.Place.Sites, func(o *Site) bool { return o.Op != access.Read && !o.Holds(v.Guard.Class) })
}

// readLocked reports whether most functions that write a place hold the guard read-locked only.
func readLocked(p *Place, g *Guard) bool {
	funcs := map[*effects.Func]bool{} // whether all its writes hold the guard to write
	for _, o := range p.Sites {
		if o.Op == access.Write && !o.Apart {
			fn := o.Fn.Outermost()
			was, known := funcs[fn]
			funcs[fn] = (was || !known) && !slices.ContainsFunc(o.Scenes, func(in Situation) bool {
				_, held := in.Holds(g.Class)
				return held && !in.covers(g.Class, access.Write)
			})
		}
	}
	read := 0
	for _, right := range funcs {
		read += b2i(!right)
	}
	return 2*read > len(funcs)
}

// soleWriter reports whether all writes to the place are below the function that reads it, or below
// goroutines which that starts: a function that does all the writing is not run twice at once, as a rule.
func soleWriter(v *Violation) bool {
	reader := v.Site.Fn.Outermost()
	return !slices.ContainsFunc(v.Place.Sites, func(o *Site) bool {
		return o.Op != access.Read && o.Fn.Outermost() != reader &&
			slices.ContainsFunc(o.Scenes, func(in Situation) bool { return !slices.Contains(in.Pass, reader) })
	})
}

// madeAbove reports whether a function on the way to an access has the object from a constructor, and nobody from it. What
// runs in a goroutine of its own, or at another time, is no part of the making.
func madeAbove(s *Site, via *Link) bool {
	p := s.Param
	for l := via; l != nil && p >= 0 && l.Kind == Called; l = l.Up {
		if has(l.New, p) {
			return true
		}
		if p >= len(l.Args) {
			return false
		}
		p = l.Args[p]
	}
	return false
}

// behindMade reports whether a function on the way to an access, of which the object is none of its parameters, has called what
// leads there with an object that it has made, or found behind one.
func behindMade(s *Site, via *Link) bool {
	for l := via; l != nil && l.Kind == Called && s.Param < 0 && !s.Global; l = l.Up {
		if (l.Made|l.Behind)&1 != 0 {
			return true
		}
	}
	return false
}

// argument reports whether the object of an access is an argument of the function at the root of its scene, and not its receiver.
func argument(s *Site, in *Situation, root *Root) bool {
	p := s.Param
	for l := in.Via; l != nil && p >= 0; l = l.Up {
		if p >= len(l.Args) {
			return false
		}
		p = l.Args[p]
	}
	return p > 0 || p == 0 && !root.Fn.Recv
}

// madeBy reports whether a function on the way to an access has made the object.
func madeBy(s *Site, via *Link) bool {
	p := s.Param
	for l := via; l != nil && p >= 0 && l.Kind == Called; l = l.Up {
		if has(l.Made, p) {
			return true
		}
		if p >= len(l.Args) {
			return false
		}
		p = l.Args[p]
	}
	return false
}
