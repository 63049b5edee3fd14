package guards

import (
	"cmp"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
	"github.com/lockcheck/lockcheck/lockgraph"
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
	Kind       Kind
	Place      *Place
	Site       *Site
	In         Situation
	Call       *Link     // Helper: the call
	Other      *Site     // conflicts with Site, holding the guard
	OtherIn    Situation // in which it does
	Again      *Site     // Unchecked: the read that is repeated
	Out        *Escape   // Escaped
	Use        *Site     // Escaped: of the content, by who has got it; nil if in other packages
	Guarded    []*Site   // examples, Other first
	More       []*Site   // the same cause, elsewhere in the function
	Calls      []*Link   // Helper: more calls of it without the guard
	Confidence int       // 1 to 100
	Guard      *Guard    // of Place
}

// Violations returns what is not guarded, sorted by place and position.
func (t *Table) Violations() []Violation {
	f := &finder{t}
	var out []Violation
	for _, p := range t.Places {
		out = append(out, f.place(p)...)
		out = append(out, f.escaped(p)...)
	}
	return f.merge(append(out, f.foreign()...))
}

// foreign returns the calls of functions of other packages without the locks that these require, of which the package
// takes some itself.
func (f *finder) foreign() []Violation {
	st := f.t.a.stage
	var out []Violation
	taken := map[string]bool{}
	for _, fn := range f.t.a.in.Funcs {
		for _, u := range st.uses[fn] {
			locks, reached := st.locks(fn, u.Site)
			if !reached {
				continue
			}
			if locks != nil {
				for _, g := range locks.Held {
					taken[string(g.Class)] = true
				}
			}
			if u.Kind != flow.Called && u.Kind != flow.Started || flow.PackageOf(u.Callee) == f.t.a.in.Path {
				continue
			}
			for _, class := range f.t.a.in.Requires(u.Callee) {
				best := Violation{Kind: Foreign, Guard: &Guard{Class: class}}
				for _, s := range st.scenes[fn] {
					if s.contract {
						continue
					}
					n := st.through(s, u, locks)
					in := n.situation()
					if _, held := in.Holds(class); held || n.fresh&1 != 0 {
						continue
					}
					c := 75 * in.Conf / 100
					if in.Weak {
						c = c * 60 / 100
					}
					if root := f.t.Roots[in.Root]; root.Kind == Main || f.t.a.phase(u.Site, s.via, root.Kind, nil) {
						c = c * 60 / 100
					}
					if c > best.Confidence {
						best.Call, best.In, best.Confidence = n.via, in, c
					}
				}
				if best.Confidence > 0 {
					out = append(out, best)
				}
			}
		}
	}
	return slices.DeleteFunc(out, func(v Violation) bool { return !taken[v.Guard.Class] })
}

type finder struct{ t *Table }

// place returns the violations of one place.
func (f *finder) place(p *Place) []Violation {
	g := p.Guard
	if g == nil || g.Held == 0 {
		return f.lockless(p)
	}
	if !slices.ContainsFunc(p.Sites, func(s *Site) bool { return s.Op == flow.Write }) {
		return nil
	}
	var out []Violation
	for _, s := range p.Sites {
		if s.Op == flow.Atomic || s.Holds(g.Class) {
			continue
		}
		out = append(out, f.site(p, g, s)...)
	}
	return out
}

// site returns the violations of one access: one for each call that should hold the guard, or one.
func (f *finder) site(p *Place, g *Guard, s *Site) []Violation {
	var out []Violation
	for _, in := range s.Scenes {
		m, held := in.Holds(g.Class)
		if held && (m == lockgraph.Write || s.Op == flow.Read) {
			continue
		}
		other, otherIn := f.conflict(p, g, s, &in)
		if other == nil {
			continue
		}
		v := Violation{Place: p, Guard: g, Site: s, In: in, Other: other, OtherIn: otherIn}
		switch {
		case held:
			v.Kind = ReadLocked
		case f.again(p, g, &v):
			v.Kind = Unchecked
		}
		if v.Kind == Unlocked && in.Via != nil && f.calledWith(s.Fn, g.Class) {
			out = append(out, f.helper(g, v)...)
			continue
		}
		if v.Confidence = f.confidence(&v); v.Confidence == 0 {
			continue
		}
		i := slices.IndexFunc(out, func(o Violation) bool { return site(o.Call) == site(v.Call) })
		switch {
		case i < 0:
			out = append(out, v)
		case v.Confidence > out[i].Confidence || v.Confidence == out[i].Confidence && length(v.In.Via) < length(out[i].In.Via):
			out[i] = v
		}
	}
	for i := range out {
		out[i].Guarded = f.examples(p, g, &out[i])
	}
	return out
}

// lockless returns the writes without any lock, to a place where nothing holds one, from a function that runs many
// times at once: a handler of requests, or a goroutine that a loop starts and that writes to a variable of the package.
func (f *finder) lockless(p *Place) []Violation {
	var out []Violation
	for _, s := range p.Sites {
		for _, in := range s.Scenes {
			if len(in.Held) > 0 || in.Any {
				return nil
			}
		}
	}
	for _, s := range p.Sites {
		if s.Op == flow.Atomic {
			return nil
		}
		if s.Op != flow.Write {
			continue
		}
		for _, in := range s.Scenes {
			r := &f.t.Roots[in.Root]
			if !r.Many || in.Weak || !r.Serves && (r.Kind != Goroutine || !s.Global) || !s.Global && !f.shared(s, &in, r) {
				continue
			}
			v := Violation{Kind: Lockless, Place: p, Guard: &Guard{}, Site: s, In: in, Other: s, OtherIn: in, Confidence: 85 * in.Conf / 100}
			if !r.Serves {
				v.Confidence = 50
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
		if l.Use.Kind == flow.Started {
			break
		}
		if p >= len(l.Use.Args) {
			return false
		}
		p = l.Use.Args[p]
	}
	return p == 0 && r.Fn.Signature.Recv() != nil
}

func site(l *Link) ssa.Instruction {
	if l == nil {
		return nil
	}
	return l.Use.Site
}

// conflict returns an access that holds the guard, one of the two being a write, which can
// happen at the same time as s. A write in another function is preferred.
func (f *finder) conflict(p *Place, g *Guard, s *Site, in *Situation) (*Site, Situation) {
	var best *Site
	var bestIn Situation
	score := -1
	for _, o := range p.Sites {
		if o == s || s.Op == flow.Read && o.Op == flow.Read {
			continue
		}
		for _, oin := range o.Scenes {
			m, holds := oin.Holds(g.Class)
			if told(s, in, o) || told(o, &oin, s) {
				continue
			}
			if !holds || o.Op == flow.Write && m == lockgraph.Read || !disjoint(in, &oin) || !f.meet(s, o, in, &oin) {
				continue
			}
			n := 4*b2i(o.Op == flow.Write) + 2*b2i(flow.Outermost(o.Fn) != flow.Outermost(s.Fn)) + b2i(!oin.Weak)
			if n > score {
				best, bestIn, score = o, oin, n
			}
		}
	}
	return best, bestIn
}

// disjoint reports whether no lock keeps two situations apart.
func disjoint(a, b *Situation) bool {
	if a.Any || b.Any {
		return false
	}
	for _, g := range a.Held {
		for _, h := range b.Held {
			if g.Class == h.Class && g.Mode.Excludes(h.Mode) {
				return false
			}
		}
	}
	return true
}

// meet reports whether two accesses can be at the same time in their situations.
func (f *finder) meet(x, y *Site, a, b *Situation) bool {
	for _, i := range a.Roots {
		for _, j := range b.Roots {
			if i == j && !f.t.Roots[i].Many {
				continue
			}
			if !before(x, a, &f.t.Roots[j]) && !before(y, b, &f.t.Roots[i]) && !ended(x, &f.t.Roots[j]) && !ended(y, &f.t.Roots[i]) {
				return true
			}
		}
	}
	return false
}

// before reports whether an access, or the call that leads to it, comes before the go statement of a
// goroutine in the same function.
func before(s *Site, in *Situation, r *Root) bool {
	if r.Kind != Goroutine {
		return false
	}
	start := r.Site
	first := func(instr ssa.Instruction) bool {
		return instr.Parent() == start.Parent() && after(instr, start) && !after(start, instr)
	}
	if first(s.Instr) {
		return true
	}
	for l := in.Via; l != nil; l = l.Up {
		if l.Use.Kind != flow.Started && first(l.Use.Site) {
			return true
		}
	}
	return false
}

// ended reports whether an access comes after its function has waited for a goroutine to be done.
func ended(s *Site, r *Root) bool {
	if r.Site != nil && r.Site.Parent() == s.Fn && after(r.Site, s.Instr) {
		return false // another one is started by then
	}
	return slices.ContainsFunc(s.Awaited, func(c string) bool { return slices.Contains(r.Signals, c) })
}

// told reports whether an access comes after its function, or a caller, has waited for what the function of the other
// tells, and has not told yet when it comes to its access.
func told(s *Site, in *Situation, by *Site) bool {
	tells := func(c string) bool { return slices.Contains(by.Signals, c) && !slices.Contains(by.Closed, c) }
	return slices.ContainsFunc(s.Awaited, tells) || slices.ContainsFunc(in.Awaited, tells)
}

// again reports whether a read is repeated under the guard, before a write: a double check.
func (f *finder) again(p *Place, g *Guard, v *Violation) bool {
	if v.Site.Op != flow.Read || !flow.Decides(v.Site.Instr) {
		return false
	}
	var read, write *Site
	for _, o := range p.Sites {
		if o.Fn != v.Site.Fn || o == v.Site || !o.Holds(g.Class) || !after(v.Site.Instr, o.Instr) {
			continue
		}
		switch {
		case o.Op == flow.Write && write == nil:
			write = o
		case o.Op == flow.Read && read == nil && flow.Decides(o.Instr):
			read = o
		}
	}
	if read == nil || write == nil {
		return false
	}
	v.Again, v.Other = read, write
	return true
}

// after reports whether b comes behind a on every way to b.
func after(a, b ssa.Instruction) bool {
	if a.Block() != b.Block() {
		return a.Block().Dominates(b.Block())
	}
	for _, i := range a.Block().Instrs {
		if i == a {
			return true
		}
		if i == b {
			return false
		}
	}
	return false
}

// careful reports whether all writes to the place hold the guard, and the function that reads without takes it as
// well, for something else.
func (f *finder) careful(v *Violation) bool {
	for _, o := range v.Place.Sites {
		if o.Op != flow.Read && !o.Holds(v.Guard.Class) {
			return false
		}
	}
	return v.Guard.Others == 1 && slices.Contains(v.Site.Takes, v.Guard.Class)
}

// readLocked reports whether half of the writes to a place, or more, hold the guard read-locked only.
func (f *finder) readLocked(p *Place, g *Guard) bool {
	read, all := 0, 0
	for _, o := range p.Sites {
		if o.Op != flow.Write {
			continue
		}
		all++
		for i := range o.Scenes {
			if m, ok := o.Scenes[i].Holds(g.Class); ok && m == lockgraph.Read {
				read++
				break
			}
		}
	}
	return 2*read >= all
}

// soleWriter reports whether all writes to the place are below the function that reads it, or below
// goroutines which that starts: a function that does all the writing is not run twice at once, as a rule.
func (f *finder) soleWriter(v *Violation) bool {
	reader := flow.Outermost(v.Site.Fn)
	below := func(o *Site, in *Situation) bool {
		return flow.Outermost(o.Fn) == reader || slices.Contains(in.Pass, reader)
	}
	for _, o := range v.Place.Sites {
		if o.Op != flow.Read && slices.ContainsFunc(o.Scenes, func(in Situation) bool { return !below(o, &in) }) {
			return false
		}
	}
	return true
}

// helper returns a violation for each call, without the guard, of a function that is called with it
// elsewhere; a caller of which the same is true passes it on to its own. Some caller on the way must have taken the guard
// itself: what is held since far above, as in functions that all call each other, is not held for this function.
func (f *finder) helper(g *Guard, v Violation) []Violation {
	var out []Violation
	with := 0 // calls with the guard, which the caller itself has taken
	seen := map[*ssa.Function]bool{}
	var visit func(fn *ssa.Function)
	visit = func(fn *ssa.Function) {
		if seen[fn] || len(seen) > 16 {
			return
		}
		seen[fn] = true
		for _, caller := range f.t.a.stage.users[fn] {
			for _, u := range f.t.a.stage.uses[caller] {
				if u.Callee != fn || u.Kind == flow.Kept || u.Kind == flow.Handed {
					continue
				}
				locks, reached := f.t.a.stage.locks(caller, u.Site)
				if !reached {
					continue
				}
				if u.Kind == flow.Called && locks.Holds(g.Class) {
					with++
					continue
				}
				if u.Kind == flow.Called && f.calledWith(caller, g.Class) && len(f.t.a.stage.users[caller]) > 0 {
					visit(caller)
					continue
				}
				x := v
				x.Kind, x.Confidence = Helper, 0
				for _, s := range f.t.a.stage.scenes[caller] {
					n := f.t.a.stage.through(s, u, locks)
					if x.Site.Fn == fn && fresh(x.Site, n) {
						continue
					}
					y := x
					y.Call, y.In = n.via, n.situation()
					if _, held := y.In.Holds(g.Class); held || !f.meet(y.Site, y.Other, &y.In, &y.OtherIn) {
						continue
					}
					if told(y.Site, &y.In, y.Other) {
						if y.Other, y.OtherIn = f.conflict(y.Place, g, y.Site, &y.In); y.Other == nil {
							continue
						}
					}
					if y.Confidence = f.confidence(&y); y.Confidence > x.Confidence {
						x = y
					}
				}
				if x.Confidence > 0 {
					out = append(out, x)
				}
			}
		}
	}
	visit(v.Site.Fn)
	if with == 0 {
		return nil
	}
	return out
}

// fresh reports whether the object of a site is new in a scene.
func fresh(s *Site, sc *scene) bool {
	return s.Param >= 0 && s.Param < 64 && sc.fresh&(1<<s.Param) != 0 || s.Free >= 0 && s.Free < 64 && sc.free&(1<<s.Free) != 0
}

// calledWith reports whether fn is called with the class held in some scene.
func (f *finder) calledWith(fn *ssa.Function, class string) bool {
	for _, s := range f.t.a.stage.scenes[fn] {
		for _, g := range s.held {
			if string(g.Class) == class {
				return true
			}
		}
	}
	return false
}

func (f *finder) examples(p *Place, g *Guard, v *Violation) []*Site {
	out := []*Site{v.Other}
	for _, o := range p.Sites {
		if len(out) < 2 && o != v.Other && o.Holds(g.Class) && flow.Outermost(o.Fn) != flow.Outermost(v.Other.Fn) {
			out = append(out, o)
		}
	}
	return out
}

// merge keeps one violation for each function and guard, or for each call, and the place
// itself before its content.
func (f *finder) merge(vs []Violation) []Violation {
	type key struct {
		fn    *ssa.Function
		call  bool
		guard string
	}
	index := map[key]int{}
	var out []Violation
	for _, v := range vs {
		k := key{guard: v.Guard.Class}
		if v.Site != nil {
			k.fn = flow.Outermost(v.Site.Fn)
		}
		if v.Call != nil {
			k = key{fn: v.Call.Use.Callee, call: true, guard: v.Guard.Class}
		}
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

// tidy drops what is said already.
func (v *Violation) tidy() {
	seen := map[ssa.Instruction]bool{site(v.Call): true}
	if v.Site != nil {
		seen[v.Site.Instr] = true
	}
	v.More = slices.DeleteFunc(v.More, func(s *Site) bool {
		again := s == nil || seen[s.Instr]
		if s != nil {
			seen[s.Instr] = true
		}
		return again
	})
	v.Calls = slices.DeleteFunc(v.Calls, func(l *Link) bool {
		again := l == nil || seen[site(l)]
		seen[site(l)] = true
		return again
	})
}

// rank orders violations with one cause: the surest first, then a write, then the first.
func rank(a, b *Violation) int {
	if a.Site == nil || b.Site == nil {
		return cmp.Or(-cmp.Compare(a.Confidence, b.Confidence), cmp.Compare(a.Call.Use.Site.Pos(), b.Call.Use.Site.Pos()))
	}
	return cmp.Or(-cmp.Compare(a.Confidence, b.Confidence), -cmp.Compare(a.Site.Op, b.Site.Op),
		cmp.Compare(b2i(strings.HasSuffix(a.Place.Class, "[]")), b2i(strings.HasSuffix(b.Place.Class, "[]"))), cmp.Compare(a.Site.Pos, b.Site.Pos))
}
