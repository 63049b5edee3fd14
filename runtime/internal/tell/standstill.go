package tell

import (
	"bytes"
	"fmt"

	"github.com/lockcheck/lockcheck/runtime/dump"
	"github.com/lockcheck/lockcheck/runtime/internal/decide"
	"github.com/lockcheck/lockcheck/runtime/internal/report"
	"github.com/lockcheck/lockcheck/runtime/internal/stacks"
)

// standstill words a circle of goroutines that wait for each other, or for themselves.
func standstill(f *decide.Finding) *report.Report {
	members := f.Circle.Members
	r := &report.Report{Check: "deadlock", Title: fmt.Sprintf("deadlock of %d goroutines", len(members)), Certain: true,
		Fix: "lock these in one order everywhere; details: lockcheck help lockorder"}
	if len(members) == 1 {
		r.Check, r.Title = "doublelock", "self-deadlock"
		r.Fix = "do not lock again what is held; details: lockcheck help doublelock"
	}
	var now map[uint64][]report.Frame
	if len(members) > 1 {
		now = allStacks()
	}
	for i, m := range members {
		l := nameOf(f.Refs[i])
		r.Cycle = append(r.Cycle, l.class)
		r.Goroutines = append(r.Goroutines, m.Goroutine)
		verb := "lock"
		if m.WaitMode&decide.Read != 0 {
			verb = "read-lock"
		}
		n := fmt.Sprintf("%s (%#x)", short(l.class), m.Wait)
		p := report.Part{Head: fmt.Sprintf("goroutine %d waits to %s %s, which it holds already:", m.Goroutine, verb, n)}
		if len(members) > 1 {
			next := members[(i+1)%len(members)]
			what := "holds"
			if !holds(next, m.Wait) {
				what = "waits for before it"
			}
			p.Head = fmt.Sprintf("goroutine %d waits to %s %s, which goroutine %d %s:", m.Goroutine, verb, n, next.Goroutine, what)
		}
		if i == 0 && !f.Circle.Again {
			p.Stack = frames(f.Circle.Stack)
		} else if p.Stack = now[m.Goroutine]; p.Stack == nil {
			p.Stack = []report.Frame{At(m.WaitPC)}
		}
		for k, h := range m.Held {
			if h.Lock == 0 {
				continue
			}
			verb := "locked"
			if h.Mode&decide.Read != 0 {
				verb = "read-locked"
			}
			where := At(h.PC)
			p.Notes = append(p.Notes, fmt.Sprintf("it %s %s (%#x) at %s:%d, in %s", verb, short(nameOf(f.Held[i][k]).class), h.Lock, where.File, where.Line, short(where.Func)))
		}
		r.Parts = append(r.Parts, p)
	}
	return r
}

func holds(s decide.State, lock uintptr) bool {
	for _, h := range s.Held {
		if h.Lock == lock {
			return true
		}
	}
	return false
}

// allStacks returns the stacks of all goroutines.
func allStacks() map[uint64][]report.Frame {
	d, err := dump.Parse(bytes.NewReader(stacks.All()))
	if err != nil {
		return nil
	}
	out := make(map[uint64][]report.Frame)
	for _, g := range d.Goroutines {
		var list []report.Frame
		for _, f := range g.Frames {
			if len(list) == 0 && (own(f.Func) || plumbing(f.Func) || isSync(f.Func)) {
				continue
			}
			list = append(list, report.Frame{Func: f.Func, File: shorten(f.File), Line: f.Line})
		}
		out[g.ID] = list
	}
	return out
}

// Started reports whether a goroutine may have started others, which have not ended, since it took a lock, by the call that
// returns to pc. A function that has called the one which took the lock has started none since: it waits for that to return.
func Started(goroutine uint64, pc uintptr) bool {
	d, err := dump.Parse(bytes.NewReader(stacks.All()))
	if err != nil {
		return true
	}
	outer := map[string]bool{}
	for _, g := range d.Goroutines {
		if g.ID != goroutine {
			continue
		}
		inside := true
		for _, f := range g.Frames {
			if !inside && f.Func != At(pc).Func {
				outer[f.Func] = true
			}
			inside = inside && f.Func != At(pc).Func
		}
	}
	for _, g := range d.Goroutines {
		if g.Creator == goroutine && g.CreatedBy != nil && !outer[g.CreatedBy.Func] && !own(g.CreatedBy.Func) {
			return true
		}
	}
	return false
}

// allCreators tells of all goroutines which one started them.
func allCreators() map[uint64]uint64 {
	out := make(map[uint64]uint64)
	d, err := dump.Parse(bytes.NewReader(stacks.All()))
	if err != nil {
		return out
	}
	for _, g := range d.Goroutines {
		out[g.ID] = g.Creator
	}
	return out
}

func isSync(fn string) bool {
	return len(fn) > 5 && fn[:5] == "sync." || len(fn) > 14 && fn[:14] == "internal/sync."
}
