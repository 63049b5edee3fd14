package missingunlock

import (
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/held"
	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
)

// takers tell where the locks of each class are taken, in the whole program.
type takers struct {
	at      map[string][]*effects.Func // the functions that do, by class
	left    map[string]bool            // some function returns with one held, or takes one that it never releases
	callers [][]*effects.Func          // of each function: who calls it or uses its value
}

func findTakers(e *lockset.Engine) *takers {
	t := &takers{at: map[string][]*effects.Func{}, left: map[string]bool{}, callers: make([][]*effects.Func, len(e.Funcs))}
	for i, fn := range e.Funcs {
		for _, c := range e.Callees(i) {
			t.callers[c] = append(t.callers[c], fn)
		}
		r := e.Results[i]
		if r == nil {
			continue
		}
		for instr, p := range r.Taken {
			if !slices.Contains(t.at[p.Class], fn) {
				t.at[p.Class] = append(t.at[p.Class], fn)
			}
			t.left[p.Class] = t.left[p.Class] || len(r.Freed[instr]) == 0
		}
		for _, x := range r.Summary.Exits {
			for _, h := range x.Acquired {
				t.left[h.Path.Class] = true
			}
		}
	}
	return t
}

// neverLocked weighs whether nobody has locked what a function unlocks and has not locked itself; ok is false if some
// caller may have. Only the package can name the lock; no function that leads to the unlock takes one of the class;
// and none at all keeps one, so that no other goroutine can have handed it over, or else the function keeps another
// lock, for which it was meant.
func (f *finder) neverLocked(s *held.Slip) (c report.Confidence, ok bool) {
	class := s.Path.Class
	rest, ours := strings.CutPrefix(class, f.Path+".")
	local := strings.Contains(rest, "@")
	if !ours || !local && !private(class) {
		return c, false
	}
	t, e := lockset.Learn(f.Engine, findTakers), f.Engine
	if slices.ContainsFunc(e.Sums[s.Fn.ID].Events, func(ev summary.Event) bool {
		return ev.Kind == summary.Acquire && ev.Lock.Path.Class == class && ev.Chain.Len > 1
	}) {
		return c, false // what it calls takes locks of the class, and may keep one
	}
	if _, pointer := s.Path.Undo(); s.First == 0 && (t.left[class] || pointer) {
		return c, false // behind a pointer: it may be locked by another name
	}
	called := false
	open := e.Open()
	for _, fn := range t.leadsTo(s.Fn) {
		if r := e.Results[fn.ID]; r != nil {
			for v, p := range r.Taken {
				if p.Class == class && (s.First == 0 || fn != s.Fn || v != s.First) {
					return c, false
				}
			}
		}
		called = called || open[fn.ID] || fn.Parent == nil && len(t.callers[fn.ID]) > 0
	}
	switch {
	case !called:
		return c, false // nothing runs it
	case s.First != 0:
		return report.Sure(90, "that the other lock was meant is a guess"), true
	case slices.ContainsFunc(t.at[class], callsUnknown):
		return report.Sure(55, "what locks such locks calls functions that are not known, one of which may lead here"), true
	}
	return report.Sure(85, "something may lead here that is not seen"), true
}

// leadsTo returns the functions that lead to fn, itself and the closures of all of them included.
func (t *takers) leadsTo(fn *effects.Func) []*effects.Func {
	var leads []*effects.Func
	seen := map[*effects.Func]bool{}
	var add func(fn *effects.Func)
	add = func(fn *effects.Func) {
		if !seen[fn] {
			seen[fn] = true
			leads = append(leads, fn)
		}
		for _, lit := range fn.Literals {
			add(lit)
		}
	}
	add(fn.Outermost())
	for i := 0; i < len(leads); i++ {
		for _, c := range t.callers[leads[i].ID] {
			if !seen[c] {
				add(c.Outermost())
			}
		}
	}
	return leads
}

// callsUnknown reports whether a function calls what is not known before it runs.
func callsUnknown(fn *effects.Func) bool {
	return slices.ContainsFunc(fn.Code, func(in effects.Instr) bool {
		return in.Op == effects.Invoke || in.Op == effects.Call && in.Flags&effects.Dynamic != 0 && fn.Op(in.Args[0]) != effects.Closure
	})
}
