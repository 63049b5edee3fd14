package held

import (
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// Locks are the locks at one instruction, on all paths that come there.
type Locks struct {
	Held     []lockgraph.Gate // held, or perhaps held, on every path; sorted by class
	Released []string         // classes of the caller's locks that some path has released, sorted
	Some     []string         // classes held, or perhaps held, on some path
	Any      bool             // on every path some lock is held whose class only callers know
}

// Holds reports whether a class is among those held.
func (l *Locks) Holds(class string) bool {
	return l != nil && slices.ContainsFunc(l.Held, func(g lockgraph.Gate) bool { return string(g.Class) == class })
}

// locksAt notes the locks of a state at an instruction that touches memory or calls.
func (r *recorder) locksAt(instr V, st *state) {
	now := Locks{}
	for _, h := range st.held {
		if h.Path.Class == "" {
			now.Any = true
			continue
		}
		now.Held = append(now.Held, lockgraph.Gate{Class: lockgraph.Class(h.Path.Class), Mode: h.Mode})
	}
	for _, l := range st.back {
		if l.Path.Class != "" {
			now.Held = append(now.Held, lockgraph.Gate{Class: lockgraph.Class(l.Path.Class), Mode: l.Mode})
		}
	}
	for _, l := range st.rel {
		if l.Path.Class != "" && !slices.Contains(now.Released, l.Path.Class) {
			now.Released = append(now.Released, l.Path.Class)
		}
	}
	for _, g := range now.Held {
		if c := string(g.Class); !slices.Contains(now.Some, c) {
			now.Some = append(now.Some, c)
		}
	}
	old := r.locks[instr]
	if old == nil {
		now.Held = strongest(now.Held)
		slices.Sort(now.Released)
		r.locks[instr] = &now
		return
	}
	if len(old.Held) > 0 {
		old.Held = common(old.Held, strongest(now.Held))
	}
	old.Any = old.Any && now.Any
	for _, c := range now.Some {
		if !slices.Contains(old.Some, c) {
			old.Some = append(old.Some, c)
		}
	}
	for _, c := range now.Released {
		if i, ok := slices.BinarySearch(old.Released, c); !ok {
			old.Released = slices.Insert(old.Released, i, c)
		}
	}
}

// waitsAt notes the locks of a state at an instruction that may wait for other goroutines, those that are certainly held.
func (r *recorder) waitsAt(instr V, st *state) {
	old, seen := r.waits[instr]
	now := []summary.Held{}
	for _, h := range st.held {
		if h.Must && h.Path.Class != "" && (!seen || slices.ContainsFunc(old, func(o summary.Held) bool { return o.Lock == h.Lock })) {
			now = append(now, h.Held)
		}
	}
	r.waits[instr] = now
}

// mayWait reports whether an instruction may wait for what other goroutines do, other than for a lock.
func mayWait(in *effects.Instr) bool {
	switch in.Op {
	case effects.Send, effects.Recv, effects.Select, effects.Wait, effects.CondWait:
		return true
	}
	return false
}

// strongest keeps one gate a class, that for writing if there is one, and sorts them.
func strongest(gs []lockgraph.Gate) []lockgraph.Gate {
	slices.SortFunc(gs, func(a, b lockgraph.Gate) int {
		if c := strings.Compare(string(a.Class), string(b.Class)); c != 0 {
			return c
		}
		return b2i(a.Mode != lockgraph.Write) - b2i(b.Mode != lockgraph.Write)
	})
	return slices.CompactFunc(gs, func(a, b lockgraph.Gate) bool { return a.Class == b.Class })
}

// common returns the gates of both, read-held if one of the two is.
func common(a, b []lockgraph.Gate) []lockgraph.Gate {
	var out []lockgraph.Gate
	for _, g := range a {
		i := slices.IndexFunc(b, func(h lockgraph.Gate) bool { return h.Class == g.Class })
		if i < 0 {
			continue
		}
		if b[i].Mode == lockgraph.Read {
			g.Mode = lockgraph.Read
		}
		out = append(out, g)
	}
	return out
}

// wantsLocks reports whether the locks at an instruction are of interest.
func wantsLocks(in *effects.Instr) bool {
	switch in.Op {
	case effects.Load, effects.Store, effects.MapUpdate, effects.Lookup, effects.Range, effects.Next, effects.Return, effects.Closure,
		effects.Send, effects.Recv, effects.Select:
		return true
	}
	return in.Op.Calls() && in.How != effects.Deferred // which counts when it runs
}

// Required returns the classes of the locks that the callers of a function must hold since
// every way out of it releases them.
func Required(s *summary.Func) []string {
	var out []string
	for k, x := range s.Exits {
		if k == 0 {
			for _, l := range x.Released {
				if l.Path.Class != "" {
					out = append(out, l.Path.Class)
				}
			}
			continue
		}
		out = slices.DeleteFunc(out, func(c string) bool {
			return !slices.ContainsFunc(x.Released, func(l summary.Lock) bool { return l.Path.Class == c })
		})
	}
	return out
}
