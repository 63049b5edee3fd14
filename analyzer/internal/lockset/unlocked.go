package lockset

import (
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
)

// takers tell where the locks of each class are taken.
type takers struct {
	at      map[string][]int // the functions that do, by class
	left    map[string]bool  // some function returns with one held, or takes one that it never releases
	callers [][]int          // of each function: who calls it or uses its value
	open    []bool
}

// takers finds them once for all packages.
func (e *Engine) takers() *takers {
	if e.takes != nil {
		return e.takes
	}
	t := &takers{at: map[string][]int{}, left: map[string]bool{}, callers: make([][]int, len(e.funcs)), open: e.prog.Open()}
	for i, r := range e.prog.Results {
		for _, c := range e.prog.Callees(i) {
			t.callers[c] = append(t.callers[c], i)
		}
		if r == nil {
			continue
		}
		for instr, p := range r.Taken {
			class := p.Class
			if !slices.Contains(t.at[class], i) {
				t.at[class] = append(t.at[class], i)
			}
			t.left[class] = t.left[class] || len(r.Freed[instr]) == 0
		}
		for _, x := range r.Summary.Exits {
			for _, h := range x.Acquired {
				t.left[h.Path.Class] = true
			}
		}
	}
	e.takes = t
	return t
}

// neverLocked returns how sure it is that nobody has locked what a function unlocks and has not locked itself; 0 if some
// caller may have. Only the package can name the lock; no function that leads to the unlock takes one of the class;
// and none at all keeps one, so that no other goroutine can have handed it over, or else the function keeps another
// lock, for which it was meant.
func (e *Engine) neverLocked(s *flow.Slip) int {
	class := s.Path.Class
	pkg := flow.PackageOf(s.Fn)
	rest, ours := strings.CutPrefix(class, pkg+".")
	local := strings.Contains(rest, "@")
	if !ours || !local && !private(class) {
		return 0
	}
	t := e.takers()
	if i := e.index[s.Fn]; slices.ContainsFunc(e.prog.Sums[i].Events, func(ev summary.Event) bool {
		return ev.Kind == summary.Acquire && ev.Lock.Path.Class == class && ev.Chain.Len > 1
	}) {
		return 0 // what it calls takes locks of the class, and may keep one
	}
	if _, pointer := s.Path.Undo(); s.First == nil && (t.left[class] || pointer) {
		return 0 // behind a pointer: it may be locked by another name
	}
	leads := e.leadsTo(t, s.Fn)
	if len(leads) == 0 {
		return 0
	}
	called := false
	for i := range leads {
		fn := e.funcs[i]
		if r := e.prog.Results[i]; r != nil {
			for v, p := range r.Taken {
				if p.Class == class && (s.First == nil || fn != s.Fn || v != e.extractor.V(s.First)) {
					return 0
				}
			}
		}
		called = called || t.open[i] || fn.Parent() == nil && len(t.callers[i]) > 0
	}
	switch {
	case !called:
		return 0 // nothing runs it
	case s.First != nil:
		return 90
	}
	for _, i := range t.at[class] {
		if callsBack(e.funcs[i]) {
			return 55 // may lead here in a way that is not seen
		}
	}
	return 85
}

// leadsTo returns the functions that lead to fn, itself and the closures of all of them included.
func (e *Engine) leadsTo(t *takers, fn *ssa.Function) map[int]bool {
	leads := map[int]bool{}
	var work []int
	var add func(fn *ssa.Function)
	add = func(fn *ssa.Function) {
		if i, ok := e.index[fn]; ok && !leads[i] {
			leads[i] = true
			work = append(work, i)
		}
		for _, anon := range fn.AnonFuncs {
			add(anon)
		}
	}
	add(flow.Outermost(fn))
	for len(work) > 0 {
		i := work[len(work)-1]
		work = work[:len(work)-1]
		for _, c := range t.callers[i] {
			if !leads[c] {
				add(flow.Outermost(e.funcs[c]))
				add(e.funcs[c])
			}
		}
	}
	return leads
}

// callsBack reports whether a function calls what is not known before it runs.
func callsBack(fn *ssa.Function) bool {
	found := false
	flow.EachInstr(fn, func(instr ssa.Instruction) {
		call, ok := instr.(ssa.CallInstruction)
		if !ok || found {
			return
		}
		c := call.Common()
		if _, builtin := c.Value.(*ssa.Builtin); !builtin && c.StaticCallee() == nil {
			found = true
		}
	})
	return found
}
