package guards

import (
	"cmp"
	"go/token"
	"maps"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
)

// A Mix is a plain access to a place that is accessed atomically elsewhere.
type Mix struct {
	Place      *AtomicPlace
	Site       *Site
	In         Situation
	Atomic     *Site   // that can be at the same time
	Others     []*Site // atomic accesses in other functions
	More       []*Site // plain ones in the same function, one a line
	Confidence int     // 1 to 100
}

// An AtomicPlace is a place whose address is given to functions of sync/atomic.
type AtomicPlace struct {
	Class string
	Local *ssa.Alloc // if it is a variable of a function, or a field of one
	Sites []*Site
	Tests []*Site       // plain accesses in test files, without scenes
	All   []flow.Access // also of objects that nobody else has seen
	// Copied is set if the value of a place is put in an object of the same type that nobody has seen: there are
	// objects that no two goroutines share.
	Copied bool
}

// Func returns the name of the function of sync/atomic that accesses the site, "" if the access is plain.
func (s *Site) Func() string {
	if call, ok := s.Instr.(ssa.CallInstruction); ok && s.Op == flow.Atomic {
		return flow.AtomicFunc(call)
	}
	return ""
}

// loads reports whether an atomic access writes nothing.
func (s *Site) loads() bool { return strings.HasPrefix(s.Func(), "Load") }

// Mixes returns the plain accesses to places that are accessed atomically elsewhere, sorted by place, then
// position: those that can come at the same time as an atomic one, of which one of the two writes.
func (t *Table) Mixes() []Mix {
	m := &mixer{finder: finder{t}, a: t.a, joins: map[*ssa.Function]bool{}}
	var out []Mix
	for _, p := range m.places() {
		var found []Mix
		for _, s := range p.Sites {
			if s.Op == flow.Atomic {
				continue
			}
			if x, ok := m.site(p, s); ok {
				found = append(found, x)
			}
		}
		for _, s := range p.Tests {
			if i := slices.IndexFunc(p.Sites, func(o *Site) bool { return o.Op == flow.Atomic && (s.Op == flow.Write || !o.loads()) }); i >= 0 && !m.joined(s.Instr) {
				found = append(found, Mix{Place: p, Site: s, Atomic: p.Sites[i], Confidence: 35})
			}
		}
		out = append(out, m.merge(found)...)
	}
	return out
}

type mixer struct {
	finder
	a     *analysis
	joins map[*ssa.Function]bool
}

// places gathers the accesses to the places that functions outside of tests access atomically.
func (m *mixer) places() []*AtomicPlace {
	a := m.a
	only := &flow.AtomicPlaces{}
	for _, fn := range a.in.Funcs {
		if !a.in.InTest(fn) {
			only.Add(a.in.Env, fn)
		}
	}
	if len(only.Classes) == 0 {
		return nil
	}
	places := map[string]*AtomicPlace{}
	copied := map[string]bool{} // types
	for _, fn := range a.in.Funcs {
		if !a.in.InTest(fn) {
			copies(fn, copied)
		}
		flow.Scan(a.in.Env, fn).Accesses(flow.Scope{Atomic: only}, func(x flow.Access) {
			if !strings.HasPrefix(x.Class, a.in.Path+".") {
				return
			}
			key := x.Class
			if x.Local != nil {
				key += "#" + strconv.Itoa(int(x.Local.Pos()))
			}
			p := places[key]
			if p == nil {
				p = &AtomicPlace{Class: x.Class, Local: x.Local}
				places[key] = p
			}
			p.All = append(p.All, x)
			switch {
			case x.Fresh:
			case a.in.InTest(fn):
				if x.Op != flow.Atomic {
					p.Tests = append(p.Tests, &Site{Access: x})
				}
			default:
				if s := a.site(x); s != nil && len(s.Scenes) > 0 {
					p.Sites = append(p.Sites, s)
				}
			}
		})
	}
	var out []*AtomicPlace
	for _, key := range slices.Sorted(maps.Keys(places)) {
		p := places[key]
		owner := p.Class
		if i := strings.LastIndexByte(owner, '.'); i > 0 {
			owner = owner[:i]
		}
		p.Copied = copied[owner] || p.copiedToFresh()
		out = append(out, p)
	}
	return out
}

// copies notes the types of the structs that a function copies as a whole from what others may see.
func copies(fn *ssa.Function, structs map[string]bool) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			load, ok := instr.(*ssa.UnOp)
			if !ok || load.Op != token.MUL {
				continue
			}
			if _, ok := load.X.(*ssa.Alloc); ok {
				continue
			}
			if name := ident.StructName(load.Type()); name != "" {
				structs[name] = true
			}
		}
	}
}

// copiedToFresh reports whether a value of the place, read in whatever way, is put in a new object.
func (p *AtomicPlace) copiedToFresh() bool {
	from := map[ssa.Value]bool{}
	for _, x := range p.All {
		if v, ok := x.Instr.(ssa.Value); ok {
			from[v] = true
		}
	}
	return slices.ContainsFunc(p.All, func(x flow.Access) bool {
		st, ok := x.Instr.(*ssa.Store)
		return ok && x.Fresh && from[st.Val]
	})
}

// site returns the surest situation in which a plain access meets an atomic one.
func (m *mixer) site(p *AtomicPlace, s *Site) (Mix, bool) {
	if m.joined(s.Instr) {
		return Mix{}, false
	}
	best := Mix{Place: p, Site: s}
	for _, in := range s.Scenes {
		if m.joinedAbove(&in) {
			continue
		}
		for _, o := range p.Sites {
			if o.Op != flow.Atomic || s.Op == flow.Read && o.loads() {
				continue
			}
			for _, oin := range o.Scenes {
				c := 0
				switch {
				case !disjoint(&in, &oin):
				case p.Local != nil:
					c = m.local(p, s, o, &in, &oin)
				case m.meet(s, o, &in, &oin):
					c = m.confidence(p, s, o, &in, &oin)
				}
				if c > best.Confidence || c == best.Confidence && c > 0 && betterProof(o, best.Atomic, s) {
					best.In, best.Atomic, best.Confidence = in, o, c
				}
			}
		}
	}
	if best.Atomic == nil {
		return best, false
	}
	for _, o := range p.Sites {
		if o.Op == flow.Atomic && len(best.Others) < 2 && flow.Outermost(o.Fn) != flow.Outermost(best.Atomic.Fn) &&
			!slices.ContainsFunc(best.Others, func(x *Site) bool { return flow.Outermost(x.Fn) == flow.Outermost(o.Fn) }) {
			best.Others = append(best.Others, o)
		}
	}
	return best, true
}

// betterProof prefers, as the proof for s, an access in another function, then one that writes.
func betterProof(o, old, s *Site) bool {
	worth := func(x *Site) int { return 2*b2i(flow.Outermost(x.Fn) != flow.Outermost(s.Fn)) + b2i(!x.loads()) }
	return worth(o) > worth(old)
}

// local weighs accesses to a variable of a function. Only goroutines that the function starts share it.
func (m *mixer) local(p *AtomicPlace, s, o *Site, in, oin *Situation) int {
	start := m.startOf(o.Fn, p.Local.Parent())
	if start == nil || start.Parent() != s.Fn && m.startOf(s.Fn, p.Local.Parent()) == nil {
		return 0
	}
	c := base(s)
	if start.Parent() == s.Fn {
		if !behind(start, s.Instr) {
			return 0
		}
		if m.mayJoin(start, s.Instr) {
			c = c * 45 / 100
		}
	} else {
		other := m.startOf(s.Fn, p.Local.Parent())
		if other == start && !m.looped(start) {
			return 0
		}
		c = c * 80 / 100
	}
	return max(1, c*in.Conf/100*oin.Conf/100)
}

// merge keeps one mix for each function, the surest, and lists the others by line.
func (m *mixer) merge(found []Mix) []Mix {
	slices.SortStableFunc(found, func(a, b Mix) int {
		return cmp.Or(-cmp.Compare(a.Confidence, b.Confidence), -cmp.Compare(a.Site.Op, b.Site.Op), cmp.Compare(a.Site.Pos, b.Site.Pos))
	})
	index := map[string]int{}
	var out []Mix
	for _, x := range found {
		fn := m.at(flow.Outermost(x.Site.Fn).Pos())
		i, ok := index[fn]
		if !ok {
			index[fn] = len(out)
			out = append(out, x)
			continue
		}
		o := &out[i]
		same := func(s *Site) bool { return m.at(s.Pos) == m.at(x.Site.Pos) }
		if !same(o.Site) && !slices.ContainsFunc(o.More, same) {
			o.More = append(o.More, x.Site)
		}
	}
	for i := range out {
		slices.SortFunc(out[i].More, func(a, b *Site) int { return cmp.Compare(a.Pos, b.Pos) })
	}
	slices.SortStableFunc(out, func(a, b Mix) int { return cmp.Compare(a.Site.Pos, b.Site.Pos) })
	return out
}

// at returns the line of a position, which instances of a generic function have in common.
func (m *mixer) at(pos token.Pos) string {
	p := m.a.in.Fset.Position(pos)
	return p.Filename + ":" + strconv.Itoa(p.Line)
}
