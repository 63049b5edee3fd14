package guards

import (
	"cmp"
	"regexp"
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
)

// A Violation is an access, or a call, that does not hold the guard.
type Violation struct {
	Kind  Kind
	Place *Place
	Site  *Site
	In    Situation
	Call  *Link // Helper: the call
	// Calls of the helper that hold the guard, and all of them.
	CallsHeld, Calls int

	Other      *Site     // conflicts with Site, holding the guard
	OtherIn    Situation // in which it does
	Again      *Site     // Unchecked: the read that is repeated
	Guarded    []*Site   // examples, Other first
	More       []*Site   // the same cause, elsewhere in the function
	Confidence int       // 1 to 100
	Guard      *Guard    // of Place
	Mode       lockgraph.Mode
}

// Violations returns what is not guarded, sorted by place and position.
func (t *Table) Violations() []Violation {
	f := &finder{t}
	var out []Violation
	for _, p := range t.Places {
		out = append(out, f.place(p)...)
	}
	return f.merge(out)
}

type finder struct{ t *Table }

// place returns the violations of one place.
func (f *finder) place(p *Place) []Violation {
	g := p.Guard
	if g == nil || !slices.ContainsFunc(p.Sites, func(s *Site) bool { return s.Op == flow.Write }) {
		return nil
	}
	var out []Violation
	for _, s := range p.Sites {
		if s.Op == flow.Atomic || s.guarded(g.Class) {
			continue
		}
		if v, ok := f.site(p, g, s); ok {
			out = append(out, v)
		}
	}
	return out
}

func (f *finder) site(p *Place, g *Guard, s *Site) (Violation, bool) {
	best := Violation{Place: p, Guard: g, Site: s}
	for _, in := range s.Scenes {
		m, held := in.Holds(g.Class)
		if held && (m == lockgraph.Write || s.Op == flow.Read) {
			continue
		}
		other, otherIn := f.conflict(p, g, s, &in)
		if other == nil {
			continue
		}
		v := best
		v.In, v.Other, v.OtherIn, v.Mode = in, other, otherIn, m
		if held {
			v.Kind = ReadLocked
		}
		v.Confidence = f.confidence(&v)
		if v.Confidence > best.Confidence || v.Confidence == best.Confidence && length(v.In.Via) < length(best.In.Via) {
			best = v
		}
	}
	if best.Other == nil {
		return best, false
	}
	if best.Kind == Unlocked {
		f.again(p, g, &best)
	}
	if best.Kind != Unchecked {
		f.helper(g, &best)
	}
	best.Guarded = f.examples(p, g, &best)
	return best, best.Confidence > 0
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
			if !holds || o.Op == flow.Write && m == lockgraph.Read || !disjoint(in, &oin) || !f.meet(s, o, in, &oin) {
				continue
			}
			n := 4*b2i(o.Op == flow.Write) + 2*b2i(outermost(o.Fn) != outermost(s.Fn)) + b2i(!oin.Weak)
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
			if g.Class == h.Class && (g.Mode == lockgraph.Write || h.Mode == lockgraph.Write) {
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
			if !before(x, a, &f.t.Roots[j]) && !before(y, b, &f.t.Roots[i]) {
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

// again turns a read that is repeated under the guard, before a write, into a double check.
func (f *finder) again(p *Place, g *Guard, v *Violation) {
	if v.Site.Op != flow.Read {
		return
	}
	var read, write *Site
	for _, o := range p.Sites {
		if o.Fn != v.Site.Fn || o == v.Site || !o.guarded(g.Class) || !after(v.Site.Instr, o.Instr) {
			continue
		}
		switch {
		case o.Op == flow.Write && write == nil:
			write = o
		case o.Op == flow.Read && read == nil:
			read = o
		}
	}
	if read != nil && write != nil {
		v.Kind, v.Again = Unchecked, read
		if v.Other.Fn != write.Fn {
			v.Other = write
		}
		v.Confidence = f.confidence(v)
	}
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
		if o.Op != flow.Read && !o.guarded(v.Guard.Class) {
			return false
		}
	}
	return slices.Contains(v.Site.Takes, v.Guard.Class)
}

// soleWriter reports whether all writes to the place are below the function that reads it, or below
// goroutines which that starts: a function that does all the writing is not run twice at once, as a rule.
func (f *finder) soleWriter(v *Violation) bool {
	reader := outermost(v.Site.Fn)
	below := func(o *Site, in *Situation) bool {
		return outermost(o.Fn) == reader || slices.Contains(in.Pass, reader)
	}
	for _, o := range v.Place.Sites {
		if o.Op != flow.Read && slices.ContainsFunc(o.Scenes, func(in Situation) bool { return !below(o, &in) }) {
			return false
		}
	}
	return true
}

// helper moves the violation to the call at which the guard is missing, if the function is called
// with the guard elsewhere.
func (f *finder) helper(g *Guard, v *Violation) {
	l := v.In.Via
	fn := v.Site.Fn
	for l != nil && f.calledWith(fn, g.Class) {
		v.Call, v.Kind = l, Helper
		fn = l.Use.Site.Parent()
		l = l.Up
	}
}

// calledWith reports whether fn is called with the class held in some scene.
func (f *finder) calledWith(fn *ssa.Function, class string) bool {
	for _, s := range f.t.entries[fn] {
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
		if len(out) < 2 && o != v.Other && o.guarded(g.Class) && outermost(o.Fn) != outermost(v.Other.Fn) {
			out = append(out, o)
		}
	}
	return out
}

// lifecycle are the names of functions that run before others do, or after them.
var lifecycle = regexp.MustCompile(`^(?i:new|init|open|start|setup|set_?up|configure|config|with|register|make|create|build|load|reset|restore|recover|close|stop|shutdown|destroy|dispose|free|release|clean_?up|tear_?down|string|gostring|format|dump|debug|test|mock|fake|clone|copy|run|serve|listen|unmarshal|decode|validate|option)`)

// confidence weighs a violation.
func (f *finder) confidence(v *Violation) int {
	g := v.Guard
	c := 66
	if v.Site.Op == flow.Write {
		c = 80
	}
	if v.Kind == ReadLocked {
		c = 88
	}
	bad := g.Total - g.Held
	switch {
	case g.Declared != nil:
		c = 92
	case v.Kind == Unchecked && g.Sibling:
		c = 85
	case v.Site.Op == flow.Read && g.Writes > 0 && f.careful(v):
		c = c * 95 / 100
	case g.Writes == 0 || g.Held < 2 || 2*g.Held < g.Total:
		return 0
	case g.Held >= 6*bad && g.Held >= 6:
		c = c * 120 / 100
	case g.Held >= 3*bad && g.Held >= 4:
	case g.Held >= 2*bad && g.Adjacent && g.Only:
		c = c * 95 / 100
	case g.Held >= 2*bad:
		c = c * 75 / 100
	default:
		c = c * 50 / 100
	}
	if g.Declared == nil && (v.Site.Op != flow.Read || !f.careful(v)) {
		if g.Funcs < 2 && v.Kind != Unchecked {
			c = c * 70 / 100
		}
		switch {
		case g.Adjacent && g.Only:
			c = c * 108 / 100
		case !g.Sibling:
			c = c * 80 / 100
		}
	}
	root := f.t.Roots[v.In.Root]
	c = min(c, 100) * v.In.Conf / 100 * v.OtherIn.Conf / 100
	if v.In.Weak {
		c = c * 60 / 100
	}
	if v.OtherIn.Weak {
		c = c * 80 / 100
	}
	if v.In.Via == nil && root.Kind == Exported && f.calledWith(v.Site.Fn, g.Class) {
		c = c * 55 / 100 // its calls here hold the lock, so those elsewhere may have to
	}
	if v.Site.Op == flow.Read && v.Kind == Unlocked && slices.Contains(v.Site.Behind, g.Class) {
		c = c * 70 / 100 // what is read was set before, perhaps for good
	}
	if v.Site.Op == flow.Read && f.soleWriter(v) {
		c = c * 55 / 100
	}
	if len(v.In.Held) > 0 && v.Kind != ReadLocked {
		c = c * 60 / 100
	}
	if root.Kind == Main || root.Kind == Callback {
		c = c * 60 / 100
	}
	if lifecycle.MatchString(outermost(v.Site.Fn).Name()) || root.Kind == Exported && lifecycle.MatchString(root.Fn.Name()) {
		c = c * 60 / 100
	}
	return max(1, min(c, 100))
}

// merge keeps one violation for each function and guard, or for each call, and the place
// itself before its content.
func (f *finder) merge(vs []Violation) []Violation {
	type key struct {
		fn    *ssa.Function
		call  ssa.Instruction
		guard string
	}
	index := map[key]int{}
	var out []Violation
	for _, v := range vs {
		k := key{fn: outermost(v.Site.Fn), guard: v.Guard.Class}
		if v.Call != nil {
			k = key{call: v.Call.Use.Site, guard: v.Guard.Class}
		}
		i, ok := index[k]
		if !ok {
			index[k] = len(out)
			out = append(out, v)
			continue
		}
		o := &out[i]
		if rank(&v, o) < 0 {
			v.More = append(append(v.More, o.Site), o.More...)
			*o = v
		} else {
			o.More = append(o.More, v.Site)
		}
	}
	return out
}

// rank orders violations with one cause: the surest first, then a write, then the first.
func rank(a, b *Violation) int {
	return cmp.Or(-cmp.Compare(a.Confidence, b.Confidence), -cmp.Compare(a.Site.Op, b.Site.Op),
		cmp.Compare(b2i(strings.HasSuffix(a.Place.Class, "[]")), b2i(strings.HasSuffix(b.Place.Class, "[]"))), cmp.Compare(a.Site.Pos, b.Site.Pos))
}
