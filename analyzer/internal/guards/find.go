package guards

import (
	"cmp"
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/access"
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/analyzer/internal/threads"
)

// A Kind is what is wrong with an access.
type Kind uint8

const (
	Unlocked   Kind = iota // the guard is not held
	ReadLocked             // a write with the guard read-locked only
	Unchecked              // a read without the guard that is repeated with it: double-checked
	Helper                 // a call of a function that requires the guard
	Foreign                // a call, without the guard, of a function of another package that requires it
	Lockless               // a write without any lock to what nothing guards, in what runs many times at once
	Escaped                // a map or slice that is handed out, and then used without the guard
)

// A Violation is an access, or a call, that does not hold the guard.
type Violation struct {
	Kind    Kind
	Place   *Place
	Site    *Site
	In      Situation
	Call    *Link     // Helper: the call
	Other   *Site     // conflicts with Site, holding the guard
	OtherIn Situation // in which it does
	Again   *Site     // Unchecked: the read that is repeated
	Out     *Escape   // Escaped
	Use     *Site     // Escaped: of the content, by who has got it; nil if in other packages
	Guarded []*Site   // examples, Other first
	More    []*Site   // the same cause, elsewhere in the function
	Calls   []*Link   // Helper: more calls of it without the guard
	Guard   *Guard    // of Place

	Confidence report.Confidence

	perhaps bool // Helper: the guard is held on some paths to a call below Call
	born    bool // a function on the way to the access has made the object, or found it behind one that it has made
	mixed   bool // Helper: nothing but the callers tells of the guard
}

// Violations returns what is not guarded, sorted by place and position.
func (t *Table) Violations() []Violation {
	t.once.Do(func() { t.found = t.violations() })
	return t.found
}

func (t *Table) violations() []Violation {
	f := &finder{t.a}
	var out []Violation
	for _, p := range t.Places {
		out = append(out, f.place(p)...)
		out = append(out, f.escaped(p)...)
	}
	return f.merge(append(out, f.foreign()...))
}

type finder struct{ *analysis }

// place returns the violations of one place.
func (f *finder) place(p *Place) []Violation {
	g := p.Guard
	switch {
	case g != nil && g.Declared != nil && g.Held == 0:
		return f.unheld(p, g)
	case g == nil:
		return f.lockless(p)
	case g.Held == 0:
		if out := f.lockless(p); len(out) > 0 {
			return out
		}
		return f.mixed(p, g)
	}
	if !slices.ContainsFunc(p.Sites, func(s *Site) bool { return s.Op == access.Write }) {
		return nil
	}
	var out []Violation
	for _, s := range p.Sites {
		if s.Op != access.Atomic && !s.Holds(g.Class) {
			out = append(out, f.site(p, g, s)...)
		}
	}
	return out
}

// site returns the violations of one access: one for each call that should hold the guard, or one.
func (f *finder) site(p *Place, g *Guard, s *Site) []Violation {
	var out []Violation
	for _, in := range s.Scenes {
		if in.covers(g.Class, s.Op) {
			continue
		}
		v := Violation{Place: p, Guard: g, Site: s, In: in, born: s.Made || madeAbove(s, in.Via) || behindMade(s, in.Via)}
		if !f.conflict(&v) {
			continue
		}
		_, held := in.Holds(g.Class)
		switch {
		case held && (s.Apart || f.elsewhere(s, g.Class)):
			continue // what is read-locked is the lock of another object
		case held:
			v.Kind = ReadLocked
		case f.again(&v):
			v.Kind = Unchecked
		}
		if v.Kind == Unlocked && in.Via != nil && f.of[s.Fn].calledWith(g.Class) {
			out = append(out, f.helper(v)...)
			continue
		}
		if !f.weigh(&v) {
			continue
		}
		i := slices.IndexFunc(out, func(o Violation) bool { return o.Call == nil })
		switch {
		case i < 0:
			out = append(out, v)
		case cmp.Or(-compareSure(&v, &out[i]), cmp.Compare(length(v.In.Via), length(out[i].In.Via))) < 0:
			out[i] = v
		}
	}
	for i := range out {
		out[i].examples()
	}
	return out
}

// elsewhere reports whether the locks of a class which the function of a write takes itself are all those of other objects than the one that
// it writes to.
func (f *finder) elsewhere(s *Site, class string) bool {
	fn := f.of[s.Fn]
	addr := s.Fn.At(s.V)
	if addr.Op == effects.Store {
		addr = s.Fn.At(addr.Args[0])
	}
	if fn == nil || fn.result == nil || addr.Op != effects.Field {
		return false
	}
	view := fn.view()
	written := view.Path(nil, addr.Args[0])
	other := false
	for _, lock := range fn.result.Taken {
		if lock.Class != class {
			continue
		}
		if lock, _ = lock.Undo(); lock.Kind == ident.Unknown || written.Kind == ident.Unknown {
			return false
		}
		owner, ok := lock.Owner()
		if !ok || owner.Same(written) || lock.Within(written) {
			return false
		}
		other = true
	}
	return other
}

// unheld returns the accesses to a place of which a comment declares the guard, though nobody holds it: the surest write, with the
// others. Two that hold no lock in common must be able to meet.
func (f *finder) unheld(p *Place, g *Guard) []Violation {
	var best *Violation
	for _, s := range p.Sites {
		if s.Op != access.Write {
			continue
		}
		for _, in := range s.Scenes {
			v := Violation{Place: p, Guard: g, Site: s, In: in}
			if in.Weak || in.Any || !f.besides(&v) {
				continue
			}
			v.Confidence = report.Sure(85, "a comment declares the guard, and nobody holds it")
			v.Confidence.Times(in.Conf, unsureCall)
			when(&v.Confidence, f.phase(s.Spot, in.Via, p.Class, p.Sites), inPhase)
			if best == nil || compareSure(&v, best) > 0 {
				best = &v
			}
		}
	}
	if best == nil {
		return nil
	}
	for _, s := range p.Sites {
		if s != best.Site && s.Op != access.Atomic {
			best.More = append(best.More, s)
		}
	}
	return []Violation{*best}
}

// besides finds an access that can happen at the same time as that of a violation, with no lock in common.
func (f *finder) besides(v *Violation) bool {
	for _, o := range v.Place.Sites {
		for _, in := range o.Scenes {
			if o.Op != access.Atomic && !in.Weak && disjoint(&v.In, &in) && !told(v.Site, &v.In, o) && !told(o, &in, v.Site) && f.meet(v.Site, o, &v.In, &in) {
				v.Other, v.OtherIn = o, in
				return true
			}
		}
	}
	return false
}

// mixed returns the calls without the lock of functions that write to a place which nobody else touches, and that other callers
// call with the only lock of the object held: two calls without it can meet, and one with it and one without.
func (f *finder) mixed(p *Place, g *Guard) []Violation {
	if !g.Sibling || !g.Only {
		return nil
	}
	var out []Violation
	for _, s := range p.Sites {
		if s.Op != access.Write || s.Fn.Exported || s.Fn.Parent != nil {
			continue
		}
		i := slices.IndexFunc(s.Scenes, func(in Situation) bool { return in.covers(g.Class, s.Op) && !in.Any && !in.Weak })
		if i < 0 {
			continue
		}
		for _, in := range s.Scenes {
			if len(in.Held) > 0 || in.Any || in.Weak || in.Via == nil || f.roots[in.Root].Kind != Exported {
				continue
			}
			v := Violation{Place: p, Guard: g, Site: s, In: in, Other: s, OtherIn: s.Scenes[i], born: madeAbove(s, in.Via) || behindMade(s, in.Via) || madeBy(s, in.Via), mixed: true}
			out = append(out, f.helper(v)...)
			break
		}
	}
	return out
}

// examples notes accesses that hold the guard.
func (v *Violation) examples() {
	v.Guarded = []*Site{v.Other}
	for _, o := range v.Place.Sites {
		if len(v.Guarded) < 2 && o != v.Other && o.Holds(v.Guard.Class) && o.Fn.Outermost() != v.Other.Fn.Outermost() {
			v.Guarded = append(v.Guarded, o)
		}
	}
}

// lockless returns the writes without any lock, to a place where nothing holds one, from a function that runs many
// times at once: a handler of requests, or a goroutine that a loop starts and that writes to a variable of the package.
func (f *finder) lockless(p *Place) []Violation {
	for _, s := range p.Sites {
		if s.Op == access.Atomic || slices.ContainsFunc(s.Scenes, func(in Situation) bool { return len(in.Held) > 0 || in.Any }) {
			return nil
		}
	}
	var out []Violation
	for _, s := range p.Sites {
		if s.Op != access.Write {
			continue
		}
		for _, in := range s.Scenes {
			r := &f.roots[in.Root]
			if !r.Many || in.Weak || !r.Serves && (r.Kind != Goroutine || !s.Global) || !s.Global && !f.shared(s, &in, r) {
				continue
			}
			v := Violation{Kind: Lockless, Place: p, Guard: &Guard{}, Site: s, In: in, Other: s, OtherIn: in, Confidence: report.Sure(50, "a loop starts the goroutine, perhaps one after the other")}
			if r.Serves {
				v.Confidence = report.Sure(85, "nothing guards the place elsewhere")
				v.Confidence.Times(in.Conf, unsureCall)
			}
			out = append(out, v)
			break
		}
	}
	return out
}

// shared reports whether the object of a site is the receiver of the root, or what it has captured: all its runs have
// the same.
func (f *finder) shared(s *Site, in *Situation, r *Root) bool {
	if s.Free >= 0 && s.Fn == r.Fn {
		return true
	}
	p := s.Param
	for l := in.Via; l != nil && p >= 0; l = l.Up {
		if l.Kind == Started {
			break
		}
		if p >= len(l.Args) {
			return false
		}
		p = l.Args[p]
	}
	return p == 0 && r.Fn.Recv
}

// conflict finds an access that holds the guard, one of the two being a write, which can happen at the same time as that of a
// violation. A write in another function is preferred, and the surer one of two.
func (f *finder) conflict(v *Violation) bool {
	score := -1
	s := v.Site
	v.Other = nil
	for _, o := range v.Place.Sites {
		if o == s || s.Op == access.Read && o.Op == access.Read {
			continue
		}
		for i := range o.Scenes {
			in := &o.Scenes[i]
			if !in.covers(v.Guard.Class, o.Op) || told(s, &v.In, o) || told(o, in, s) || !disjoint(&v.In, in) || !f.meet(s, o, &v.In, in) {
				continue
			}
			n := 4*b2i(o.Op == access.Write) + 2*b2i(o.Fn.Outermost() != s.Fn.Outermost()) + b2i(!in.Weak)
			if n > score || n == score && in.Conf > v.OtherIn.Conf {
				v.Other, v.OtherIn, score = o, *in, n
			}
		}
	}
	return v.Other != nil
}

// again reports whether a read is repeated under the guard, before a write: a double check.
func (f *finder) again(v *Violation) bool {
	s := v.Site
	if s.Op != access.Read || !access.Decides(s.Fn, s.V) {
		return false
	}
	var read, write *Site
	for _, o := range v.Place.Sites {
		if !before(s.Spot, o.Spot) || !o.Holds(v.Guard.Class) {
			continue
		}
		switch {
		case o.Op == access.Write && write == nil:
			write = o
		case o.Op == access.Read && read == nil && access.Decides(o.Fn, o.V):
			read = o
		}
	}
	if read == nil || write == nil {
		return false
	}
	v.Again, v.Other = read, write
	return true
}

// calledWith reports whether a function is called with the class held in some scene.
func (f *function) calledWith(class string) bool {
	return slices.ContainsFunc(f.scenes, func(s *scene) bool {
		_, held := (&Situation{Held: s.held}).Holds(class)
		return held
	})
}

// helper returns a violation for each call, without the guard, of a function that is called with it
// elsewhere; a caller of which the same is true passes it on to its own. Some caller on the way must have taken the guard
// itself: what is held since far above, as in functions that all call each other, is not held for this function.
func (f *finder) helper(v Violation) []Violation {
	var out []Violation
	class := v.Guard.Class
	with := 0 // calls with the guard, which the caller itself has taken
	seen := map[*function]bool{}
	var visit func(fn *function, perhaps bool)
	visit = func(fn *function, perhaps bool) {
		if seen[fn] || len(seen) > 16 {
			return
		}
		seen[fn] = true
		for _, caller := range fn.users {
			for i := range caller.uses {
				u := &caller.uses[i]
				if u.Fn != fn.fn || u.Kind == Kept || u.Kind == Handed {
					continue
				}
				locks, reached := caller.locks(u.Site.V)
				switch {
				case !reached:
				case u.Kind == Called && locks.Holds(class):
					with++
				case u.Kind == Called && caller.calledWith(class) && len(caller.users) > 0:
					visit(caller, perhaps || locks != nil && slices.Contains(locks.Some, class))
				default:
					v.perhaps = perhaps
					x := v
					x.Call = nil
					for _, s := range caller.scenes {
						f.without(&x, v, f.through(s, caller, u, locks))
					}
					if x.Call != nil {
						out = append(out, x)
					}
				}
			}
		}
	}
	visit(f.of[v.Site.Fn], false)
	if with == 0 {
		return nil
	}
	return out
}

// without puts the violation v by a call without the guard, in a scene of the function that is called, in best if it is surer.
func (f *finder) without(best *Violation, v Violation, sc *scene) {
	if v.Site.Fn == sc.via.Fn && v.Site.newIn(sc) {
		return
	}
	v.Kind, v.Call, v.In = Helper, sc.via, sc.situation(nil)
	if _, held := v.In.Holds(v.Guard.Class); held || !f.meet(v.Site, v.Other, &v.In, &v.OtherIn) {
		return
	}
	if told(v.Site, &v.In, v.Other) && !f.conflict(&v) {
		return
	}
	if f.weigh(&v) && (best.Call == nil || compareSure(&v, best) > 0) {
		*best = v
	}
}

// foreign returns the calls of functions of other packages without the locks that these require, of which the package
// takes some itself.
func (f *finder) foreign() []Violation {
	var out []Violation
	taken := map[string]bool{}
	for _, by := range f.funcs {
		for i := range by.uses {
			u := &by.uses[i]
			locks, reached := by.locks(u.Site.V)
			if !reached {
				continue
			}
			if locks != nil {
				for _, g := range locks.Held {
					taken[string(g.Class)] = true
				}
			}
			if u.Kind != Called && u.Kind != Started || u.Pkg == f.Path {
				continue
			}
			for _, class := range f.Requires(u.Pkg, u.Key) {
				best := Violation{Kind: Foreign, Guard: &Guard{Class: class}}
				for _, s := range by.scenes {
					n := f.through(s, by, u, locks)
					in := n.situation(nil)
					if _, held := in.Holds(class); held || s.contract || n.fresh&1 != 0 {
						continue
					}
					if c := f.weighForeign(u, s, &in); best.Call == nil || c.Value() > best.Confidence.Value() {
						best.Call, best.In, best.Confidence = n.via, in, c
					}
				}
				if best.Call != nil {
					out = append(out, best)
				}
			}
		}
	}
	return slices.DeleteFunc(out, func(v Violation) bool { return !taken[v.Guard.Class] })
}

// merge keeps one violation of each cause: for each function and guard, or for each call; of writes under a read lock for each call under
// it. The place itself stands before its content.
func (f *finder) merge(vs []Violation) []Violation {
	type key struct {
		fn    *effects.Func
		call  bool
		pkg   string // of a function that is not in the program
		key   string
		at    threads.Spot
		guard string
	}
	keyOf := func(v *Violation) key {
		k := key{guard: v.Guard.Class}
		switch c := v.Call; {
		case c != nil:
			k.call, k.fn, k.pkg, k.key = true, c.Fn, c.Pkg, c.Key
		default:
			k.fn = v.Site.Fn.Outermost()
			if v.Kind == ReadLocked {
				if at, ok := f.readLocked(v); ok {
					k.fn, k.at = nil, at
				}
			}
		}
		return k
	}
	index := map[key]int{}
	var out []Violation
	for _, v := range vs {
		k := keyOf(&v)
		i, ok := index[k]
		if !ok {
			index[k] = len(out)
			out = append(out, v)
			continue
		}
		o := &out[i]
		if rank(&v, o) < 0 {
			v.More, v.Calls = append(append(v.More, o.Site), o.More...), append(o.Calls, o.Call)
			*o = v
		} else {
			o.More, o.Calls = append(o.More, v.Site), append(o.Calls, v.Call)
		}
	}
	for i := range out {
		out[i].tidy()
	}
	return out
}

// readLocked returns the call, on the way to an access, that is made with the guard read-locked; ok is false if the function of the access
// itself holds it.
func (f *finder) readLocked(v *Violation) (at threads.Spot, ok bool) {
	for l := v.In.Via; l != nil; l = l.Up {
		by := f.of[l.Site.Fn]
		if by == nil || l.Kind == Started {
			return at, false
		}
		if locks, reached := by.locks(l.Site.V); reached && locks.Holds(v.Guard.Class) {
			return l.Site, true
		}
	}
	return at, false
}

// tidy drops what is said already.
func (v *Violation) tidy() {
	seen := map[threads.Spot]bool{}
	again := func(p threads.Spot) bool {
		was := seen[p]
		seen[p] = true
		return was
	}
	if v.Call != nil {
		again(v.Call.Site)
	}
	if v.Site != nil {
		again(v.Site.Spot)
	}
	v.More = slices.DeleteFunc(v.More, func(s *Site) bool { return s == nil || again(s.Spot) })
	v.Calls = slices.DeleteFunc(v.Calls, func(l *Link) bool { return l == nil || again(l.Site) })
}

// rank orders violations with one cause: the surest first, then a write, then the first.
func rank(a, b *Violation) int {
	if a.Site == nil || b.Site == nil {
		return cmp.Or(-compareSure(a, b), compareFrames(Frame(a.Call.Site), Frame(b.Call.Site)))
	}
	return cmp.Or(-compareSure(a, b), -cmp.Compare(a.Site.Op, b.Site.Op),
		cmp.Compare(b2i(access.IsContent(a.Place.Class)), b2i(access.IsContent(b.Place.Class))), compareFrames(a.Site.Frame(), b.Site.Frame()))
}

// compareSure compares how sure two violations are.
func compareSure(a, b *Violation) int { return cmp.Compare(a.Confidence.Value(), b.Confidence.Value()) }
