package held

import (
	"slices"
	"strconv"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
)

// A held is a lock held in a state.
type held struct {
	summary.Held
	instr V // acquisition, or the call that left it held; 0 if it is not known
}

// A bind is what a pointer merged at a join is on the paths of this state.
type bind struct {
	v    V
	path ident.Path
}

// A state is what is known at one point on some paths. States are immutable:
// every change makes a copy of the part changed.
type state struct {
	// the property
	held   []held
	rel    []summary.Lock // the caller's locks that were released
	defers []V            // pushed so far, first pushed first
	// the rest
	back  []summary.Lock // the caller's locks that were released and taken again
	lits  []summary.Lit  // sorted
	binds []bind         // sorted by value
}

const (
	maxLits  = 24
	maxBinds = 16
)

// key returns the property of the state.
func (w *walker) key(st *state) string {
	var b strings.Builder
	for _, h := range st.held {
		writePath(&b, h.Path)
		b.WriteByte('0' + byte(h.Mode))
		if h.Must {
			b.WriteByte('!')
		}
		if h.Loose {
			b.WriteByte('~')
		}
		b.WriteByte('|')
	}
	b.WriteByte('#')
	for _, r := range st.rel {
		writePath(&b, r.Path)
		b.WriteByte('|')
	}
	b.WriteByte('#')
	for _, d := range st.defers {
		b.WriteString(strconv.Itoa(int(d)))
		b.WriteByte(',')
	}
	return b.String()
}

func writePath(b *strings.Builder, p ident.Path) {
	b.WriteByte('0' + byte(p.Kind))
	b.WriteByte('0' + p.Gen)
	b.WriteString(p.Ref)
	b.WriteString(p.Steps)
	if p.Kind == ident.Unknown {
		b.WriteByte('~')
		b.WriteString(p.Class)
	}
}

func (st *state) clone() *state { c := *st; return &c }

// Binding implements resolve.Known.
func (st *state) Binding(v V) (ident.Path, bool) {
	for _, b := range st.binds {
		if b.v == v {
			return b.path, true
		}
	}
	return ident.Path{}, false
}

// Constant implements resolve.Known.
func (st *state) Constant(v V) (string, bool) {
	p := resolve.Opaque(v, "")
	for _, l := range st.lits {
		if l.Val && l.Path.Same(p) && strings.HasPrefix(l.Op, "==") {
			return l.Op[2:], true
		}
	}
	return "", false
}

// lookup returns what is known of a condition.
func (st *state) lookup(l summary.Lit) (val, known bool) {
	for _, m := range st.lits {
		if sameCond(m, l) {
			return m.Val, true
		}
	}
	return false, false
}

func sameCond(a, b summary.Lit) bool {
	p, q := a.Path, b.Path
	return a.Op == b.Op && p.Kind == q.Kind && p.Gen == q.Gen && p.Ref == q.Ref && p.Steps == q.Steps && p.Kind != ident.Unknown
}

// assume returns st with l added.
func (st *state) assume(l summary.Lit) *state {
	if l.Path.Kind == ident.Unknown || !l.Path.Exact() {
		return st
	}
	if _, known := st.lookup(l); known || len(st.lits) >= maxLits {
		return st
	}
	c := st.clone()
	i, _ := slices.BinarySearchFunc(c.lits, l, summary.Lit.Compare)
	c.lits = slices.Insert(slices.Clone(c.lits), i, l)
	return c
}

// forget returns st without the literals that drop picks.
func (st *state) forget(drop func(summary.Lit) bool) *state {
	if !slices.ContainsFunc(st.lits, drop) {
		return st
	}
	c := st.clone()
	c.lits = slices.DeleteFunc(slices.Clone(c.lits), drop)
	return c
}

// bindTo returns st with a pointer bound.
func (st *state) bindTo(v V, p ident.Path) *state {
	c := st.clone()
	c.binds = slices.DeleteFunc(slices.Clone(c.binds), func(b bind) bool { return b.v == v })
	if len(c.binds) < maxBinds {
		i, _ := slices.BinarySearchFunc(c.binds, v, func(b bind, v V) int { return int(b.v - v) })
		c.binds = slices.Insert(c.binds, i, bind{v, p})
	}
	return c
}

// age returns st after an instruction is executed again: what was
// reached through its value is now reached through its value before.
func (st *state) age(v V) *state {
	if len(st.held)+len(st.rel)+len(st.binds)+len(st.lits) == 0 {
		return st
	}
	ref := strconv.Itoa(int(v))
	used := slices.ContainsFunc(st.held, func(h held) bool { return h.Path.Mentions(ref) }) ||
		slices.ContainsFunc(st.rel, func(l summary.Lock) bool { return l.Path.Mentions(ref) }) ||
		slices.ContainsFunc(st.binds, func(b bind) bool { return b.v == v || b.path.Mentions(ref) }) ||
		slices.ContainsFunc(st.lits, func(l summary.Lit) bool { return l.Path.Mentions(ref) || strings.Contains(l.Op, "{"+ref+"}") })
	if !used {
		return st
	}
	c := st.clone()
	c.held = slices.Clone(c.held)
	for i := range c.held {
		c.held[i].Path = c.held[i].Path.Age(ref)
	}
	c.held = dedup(c.held)
	c.rel = slices.Clone(c.rel)
	for i := range c.rel {
		c.rel[i].Path = c.rel[i].Path.Age(ref)
	}
	slices.SortFunc(c.rel, summary.Lock.Compare)
	c.rel = slices.Compact(c.rel) // any of several, again
	c.binds = slices.DeleteFunc(slices.Clone(c.binds), func(b bind) bool { return b.v == v })
	for i := range c.binds {
		c.binds[i].path = c.binds[i].path.Age(ref)
	}
	c.lits = slices.DeleteFunc(slices.Clone(c.lits), func(l summary.Lit) bool {
		return l.Path.Mentions(ref) || strings.Contains(l.Op, "{"+ref+"}")
	})
	return c
}

// dedup drops locks that are "any of several" more than once.
func dedup(hs []held) []held {
	out := hs[:0]
	for i, h := range hs {
		if h.Path.Exact() || !slices.ContainsFunc(hs[:i], func(g held) bool { return g.Lock == h.Lock }) {
			out = append(out, h)
		}
	}
	return out
}

// joinRest merges what two states of one property know; it reports whether st
// knows less afterwards.
func (st *state) joinRest(o *state) (*state, bool) {
	lits := st.lits
	if !slices.Equal(lits, o.lits) {
		lits = slices.DeleteFunc(slices.Clone(lits), func(l summary.Lit) bool { return !slices.Contains(o.lits, l) })
	}
	binds := st.binds
	if !slices.Equal(binds, o.binds) {
		binds = slices.DeleteFunc(slices.Clone(binds), func(b bind) bool { return !slices.Contains(o.binds, b) })
	}
	back := st.back
	if !slices.Equal(back, o.back) {
		back = slices.DeleteFunc(slices.Clone(back), func(l summary.Lock) bool { return !slices.Contains(o.back, l) })
	}
	if len(lits) == len(st.lits) && len(binds) == len(st.binds) && len(back) == len(st.back) {
		return st, false
	}
	c := st.clone()
	c.lits, c.binds, c.back = lits, binds, back
	return c, true
}

// widen joins two states of different properties: a lock that only one holds
// may be held.
func widen(a, b *state) *state {
	c := a.clone()
	c.held = nil
	for _, h := range a.held {
		if !slices.ContainsFunc(b.held, func(g held) bool { return g.Lock == h.Lock && g.Must }) {
			h.Must = false
		}
		c.held = append(c.held, h)
	}
	for _, g := range b.held {
		if !slices.ContainsFunc(a.held, func(h held) bool { return g.Lock == h.Lock }) {
			g.Must = false
			c.held = append(c.held, g)
		}
	}
	if len(c.held) > maxHeld {
		c.held = c.held[:maxHeld]
	}
	c.rel = slices.Clone(a.rel)
	for _, r := range b.rel {
		if !slices.Contains(c.rel, r) && len(c.rel) < maxHeld {
			c.rel = append(c.rel, r)
		}
	}
	c.defers = slices.Clone(a.defers)
	for _, d := range b.defers {
		if !slices.Contains(c.defers, d) {
			c.defers = append(c.defers, d)
		}
	}
	c, _ = c.joinRest(b)
	return c
}

// maxHeld bounds the locks of a state.
const maxHeld = 24
