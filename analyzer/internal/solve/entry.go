package solve

import (
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/held"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// An Entry is what holds whenever a function is called.
type Entry struct {
	Held  []lockgraph.Gate // by all callers, sorted by class
	Fresh uint64           // parameters whose object nobody else has seen
	Lent  uint64           // the same, or only goroutines that it is lent to have
	known bool             // false: no call seen yet (everything holds)
}

// enter finds, for each function that only known callers call, the locks held at
// every call and the parameters that are unpublished objects there. It is the
// greatest solution of: what holds at a function is what all its calls have in common,
// a call having what it sees itself and what holds at its own function.
func (p *Program) enter() {
	type call struct {
		caller int
		held   []lockgraph.Gate
		at     *held.Context
	}
	calls := make([][]call, len(p.Funcs))
	open := slices.Clone(p.Open())
	for i, r := range p.Results {
		if r == nil {
			continue
		}
		for k := range r.Contexts {
			c := &r.Contexts[k]
			j := c.Callee.ID
			if p.Funcs[i].Test && !c.Callee.Test || len(c.Callee.Blocks) == 0 {
				continue // tests call what the program calls under a lock
			}
			if c.Site == 0 {
				open[j] = true
				continue
			}
			gates := Union(Gates(c.Held, ident.Path{}, ident.Path{}), p.Required(i, c.Released))
			calls[j] = append(calls[j], call{i, gates, c})
		}
	}
	p.Entries = make([]Entry, len(p.Funcs))
	for i := range p.Entries {
		p.Entries[i].known = open[i] || len(calls[i]) == 0
	}
	for changed := true; changed; {
		changed = false
		for j := range p.Entries {
			if open[j] || len(calls[j]) == 0 {
				continue
			}
			var now Entry
			for _, c := range calls[j] {
				from := p.Entries[c.caller]
				if !from.known {
					continue
				}
				gates := Union(from.Held, c.held)
				fresh, lent := from.passes(c.at)
				if !now.known {
					now = Entry{gates, fresh, lent, true}
				} else {
					now.Held = intersect(now.Held, gates)
					now.Fresh &= fresh
					now.Lent &= lent
				}
			}
			old := p.Entries[j]
			if now.known && (!old.known || len(now.Held) != len(old.Held) || now.Fresh != old.Fresh || now.Lent != old.Lent) {
				p.Entries[j] = now
				changed = true
			}
		}
	}
}

// passes returns which arguments of a call are objects that nobody else has seen, or that are at most lent, where the
// caller is called as the entry tells.
func (ent *Entry) passes(c *held.Context) (fresh, lent uint64) {
	fresh, lent = c.Fresh, c.Lent
	for _, p := range c.Passed {
		if ent.Fresh&(1<<p.Param) != 0 && !p.Lent {
			fresh |= 1 << p.Arg
		}
		if ent.Lent&(1<<p.Param) != 0 {
			lent |= 1 << p.Arg
		}
	}
	return fresh, lent
}

// Required returns the locks that the callers of a function must hold since every
// way out of it releases them, without those that have been released.
func (p *Program) Required(i int, released []summary.Lock) []lockgraph.Gate {
	var locks []summary.Held
	for k, x := range p.Sums[i].Exits {
		if k == 0 {
			for _, l := range x.Released {
				if !slices.ContainsFunc(released, func(r summary.Lock) bool { return r.Path.Class == l.Path.Class }) {
					locks = append(locks, summary.Held{Lock: l, Must: true})
				}
			}
			continue
		}
		locks = slices.DeleteFunc(locks, func(h summary.Held) bool { return !slices.Contains(x.Released, h.Lock) })
	}
	return Gates(locks, ident.Path{}, ident.Path{})
}

// Open tells of each function whether code outside of the program, or a value kept somewhere, may call it.
func (p *Program) Open() []bool {
	if p.open != nil {
		return p.open
	}
	p.open = make([]bool, len(p.Funcs))
	for i, fn := range p.Funcs {
		if fn.Parent == nil && (fn.Exported || fn.Made || entry(fn)) {
			p.open[i] = true
		}
		uses(fn, func(used *effects.Func) { p.open[used.ID] = p.open[used.ID] || len(used.Blocks) > 0 })
	}
	return p.open
}

// entry reports whether a function is main or an initializer, which the runtime calls.
func entry(fn *effects.Func) bool {
	name := fn.Name[strings.LastIndexByte(fn.Name, '.')+1:]
	return !fn.Recv && (name == "main" || name == "init" || strings.HasPrefix(name, "init#"))
}

// uses calls f for the functions that fn refers to other than by calling them in place.
func uses(fn *effects.Func, f func(*effects.Func)) {
	for i := range fn.Code {
		v := effects.V(i)
		switch in := fn.At(v); {
		case in.Fn == nil:
		case in.Op == effects.FuncOf, in.Op == effects.Closure && !fn.CalledOnly(v), in.Op == effects.Call && in.How == effects.Started:
			f(in.Fn)
		}
	}
}

// Gates turns held locks into gates. A gate is one lock for everyone if it is a
// package variable or belongs to the same object as one of the locks ordered.
func Gates(hs []summary.Held, from, to ident.Path) []lockgraph.Gate {
	var gs []lockgraph.Gate
	for _, h := range hs {
		if h.Path.Class == "" {
			continue
		}
		g := lockgraph.Gate{Class: lockgraph.Class(h.Path.Class), Mode: h.Mode}
		g.Shared = h.Path.Kind == ident.Global && !h.Path.FollowsPointer() && h.Path.Exact() ||
			sameOwner(h.Path, from) || sameOwner(h.Path, to)
		gs = append(gs, g)
	}
	return Union(gs, nil)
}

func sameOwner(p, q ident.Path) bool {
	a, ok1 := p.Owner()
	b, ok2 := q.Owner()
	return ok1 && ok2 && a.Same(b)
}

// Union returns the gates of both, one a class, sorted; write mode and shared win.
func Union(a, b []lockgraph.Gate) []lockgraph.Gate {
	all := slices.Concat(a, b)
	slices.SortFunc(all, func(x, y lockgraph.Gate) int {
		if c := strings.Compare(string(x.Class), string(y.Class)); c != 0 {
			return c
		}
		if x.Mode != y.Mode {
			return int(x.Mode) - int(y.Mode)
		}
		if x.Shared != y.Shared {
			if x.Shared {
				return -1
			}
			return 1
		}
		return 0
	})
	return slices.CompactFunc(all, func(x, y lockgraph.Gate) bool { return x.Class == y.Class })
}

func intersect(a, b []lockgraph.Gate) []lockgraph.Gate {
	var out []lockgraph.Gate
	for _, x := range a {
		i := slices.IndexFunc(b, func(y lockgraph.Gate) bool { return y.Class == x.Class })
		if i < 0 {
			continue
		}
		if b[i].Mode == lockgraph.Read {
			x.Mode = lockgraph.Read
		}
		x.Shared = x.Shared && b[i].Shared
		out = append(out, x)
	}
	return out
}
