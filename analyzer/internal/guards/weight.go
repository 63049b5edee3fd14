package guards

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/access"
)

// A Weight is how sure something is.
type Weight struct {
	Confidence int      // 1 to 100; 0 for nothing
	Reasons    []Reason // why it is not surer, in the order in which they count
}

// A Reason is why something is less sure than it would be else.
type Reason uint8

const (
	Maker Reason = iota // of unguarded
	OtherCare
	WeakCall
	Parameter
	OtherWeak
	CallersHold
	SetBefore
	OneWriter
	OtherLock
	OneRun
	Phase
	ForeignWeak
	ForeignPhase
	OneKeeper
	Habit

	Element // of atomicmix
	Made
	Copied
	OneStorer
	Compared
	BeforeGo
	InMain
	MixPhase
	Exclusive
	MostlyPlain
	LastOne
	Received
	MixWeak
	InCallback
	MayJoin
	TwoGoroutines
)

// reasons has what remains of 100 for each reason, and the reason in words.
var reasons = [...]struct {
	percent int
	words   string
}{
	Maker:        {60, "a constructor goes on while others know of the object"},
	OtherCare:    {60, "writers are mostly read-locked: something else keeps them apart"},
	WeakCall:     {60, "the function may be called at another time"},
	Parameter:    {55, "the lock is held on some paths: a parameter may tell whether it is to be taken"},
	OtherWeak:    {80, "the function of the other access may be called at another time"},
	CallersHold:  {55, "its calls here hold the lock, so those elsewhere may have to"},
	SetBefore:    {70, "the lock was taken before: what is read may have been set for good"},
	OneWriter:    {55, "all writes are below the function that reads"},
	OtherLock:    {60, "another lock is held"},
	OneRun:       {60, "main and what is kept as a callback may run alone"},
	Phase:        {55, "the function is of the beginning or the end of the object, by its name"},
	ForeignWeak:  {60, "the function may be called at another time"},
	ForeignPhase: {60, "main, or the beginning or the end of the object by the name of the function"},
	OneKeeper:    {70, "one function makes all accesses that hold the guard"},
	Habit:        {70, "a third of the accesses do without the guard"},

	Element:       {85, "which element it is cannot be told"},
	Made:          {75, "the object was made here, and when others see it no more cannot be told"},
	Copied:        {70, "objects of the type are copied: some are nobody else's"},
	OneStorer:     {60, "all that writes is done by Store in one goroutine"},
	Compared:      {70, "a CompareAndSwap checks what was read"},
	BeforeGo:      {60, "no goroutine is started yet"},
	InMain:        {60, "main may run alone"},
	MixPhase:      {65, "the function is of the beginning or the end of the object, by its name"},
	Exclusive:     {60, "other fields are accessed plainly on both sides: nobody else runs, or all of them race"},
	MostlyPlain:   {60, "most functions access it plainly: that is a protocol of its own"},
	LastOne:       {60, "an atomic Add has told that nobody else refers to the object"},
	Received:      {70, "a receive, or code that is not Go, comes before"},
	MixWeak:       {65, "the function may be called at another time"},
	InCallback:    {85, "what is kept as a callback may run alone"},
	MayJoin:       {45, "something in between may wait for the goroutine"},
	TwoGoroutines: {80, "two goroutines, of which the start is not compared"},
}

func (r Reason) String() string { return reasons[r].words }

// from returns a weight that nothing lowers yet.
func from(confidence int) Weight { return Weight{Confidence: confidence} }

// when lowers the weight by a reason if that holds.
func (w *Weight) when(holds bool, r Reason) {
	if holds {
		w.Confidence = w.Confidence * reasons[r].percent / 100
		w.Reasons = append(w.Reasons, r)
	}
}

// of scales a weight by the confidence in the calls that lead there.
func (w Weight) of(conf int) Weight {
	w.Confidence = w.Confidence * conf / 100
	return w
}

// weigh weighs a violation.
func (f *finder) weigh(v *Violation) Weight {
	g, s := v.Guard, v.Site
	usual := v.Kind == ReadLocked && readLocked(v.Place, g)
	w, careful := f.believed(v)
	if w.Confidence == 0 {
		return w
	}
	if g.Declared == nil && !careful {
		w.when(g.Funcs < 2 && v.Kind != Unchecked, OneKeeper)
		w.Confidence = g.placed(w.Confidence)
		w.when(v.Kind == Unlocked && g.habit(), Habit)
	}
	root := f.roots[v.In.Root]
	_, held := v.In.Holds(g.Class)
	read := s.Op == access.Read
	w.Confidence = min(w.Confidence, 100) * v.In.Conf / 100 * v.OtherIn.Conf / 100
	w.when(s.Made || madeAbove(s, v.In.Via), Maker)
	w.when(usual, OtherCare)
	w.when(v.In.Weak, WeakCall)
	w.when(!held && (v.Kind == Unlocked || v.Kind == Helper) && slices.Contains(s.Some, g.Class), Parameter)
	w.when(v.OtherIn.Weak, OtherWeak)
	w.when(v.Kind == Unlocked && v.In.Via == nil && root.Kind == Exported && f.of[s.Fn].calledWith(g.Class), CallersHold)
	// What goes in and out of a map was not set for good.
	w.when(read && v.Kind == Unlocked && (slices.Contains(s.Behind, g.Class) || slices.Contains(v.In.Behind, g.Class)) &&
		!(g.firm() && access.IsContent(v.Place.Class)), SetBefore)
	w.when(read && v.Kind != Unchecked && soleWriter(v), OneWriter)
	w.when(len(v.In.Held) > 0 && v.Kind != ReadLocked, OtherLock)
	w.when(root.Kind == Main || root.Kind == Callback, OneRun)
	w.when(f.phase(s.Point(), v.In.Via, root.Kind, v.Place.Sites), Phase)
	w.Confidence = max(1, min(w.Confidence, 100))
	return w
}

// believed weighs a violation by what is known of the guard. Careful is set if all that matters of where the guard stands is in
// the weight.
func (f *finder) believed(v *Violation) (w Weight, careful bool) {
	g, op := v.Guard, v.Site.Op
	c := readWeight
	switch {
	case v.Kind == ReadLocked:
		c = 88
	case op == access.Write:
		c = writeWeight
	}
	careful = op == access.Read && isCareful(v)
	switch {
	case g.Declared != nil && 2*g.Held < g.Total:
		return from(55), careful // the comment means something else
	case g.Declared != nil:
		return from(92), careful
	case v.Kind == Unchecked && g.Sibling:
		return from(85), careful
	case careful && g.Writes > 0:
		if firm := g.placed(g.counted(c, op)); g.firm() && g.Funcs >= 2 {
			return from(firm), careful
		}
		return from(c * 95 / 100), careful
	}
	return from(g.counted(c, op)), careful
}

// weighForeign weighs a call, in a scene, of a function of another package.
func (f *finder) weighForeign(u *Use, s *scene, in *Situation) Weight {
	w := from(75).of(in.Conf)
	root := f.roots[in.Root]
	w.when(in.Weak, ForeignWeak)
	w.when(root.Kind == Main || f.phase(u.Site(), s.via, root.Kind, nil), ForeignPhase)
	return w
}

// isCareful reports whether all writes to the place hold the guard, and the function that reads without takes it as
// well, for something else.
func isCareful(v *Violation) bool {
	return v.Guard.Others == 1 && slices.Contains(v.Site.Takes, v.Guard.Class) &&
		!slices.ContainsFunc(v.Place.Sites, func(o *Site) bool { return o.Op != access.Read && !o.Holds(v.Guard.Class) })
}

// readLocked reports whether half of the writes to a place, or more, hold the guard read-locked only.
func readLocked(p *Place, g *Guard) bool {
	read, all := 0, 0
	for _, o := range p.Sites {
		if o.Op == access.Write {
			all++
			read += b2i(slices.ContainsFunc(o.Scenes, func(in Situation) bool {
				_, held := in.Holds(g.Class)
				return held && !in.covers(g.Class, access.Write)
			}))
		}
	}
	return 2*read >= all
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
