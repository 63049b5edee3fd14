package tell

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/lockcheck/lockcheck/runtime/internal/decide"
	"github.com/lockcheck/lockcheck/runtime/internal/report"
)

var told = struct {
	sync.Mutex
	cycles map[string]bool
}{cycles: make(map[string]bool)}

// Tell reports a finding, unless it does not stand up to a look at the source, or was
// reported by the same names.
func Tell(f *decide.Finding) {
	var r *report.Report
	switch f.Kind {
	case decide.Inversion:
		r = inversion(f)
	case decide.Recursion:
		r = recursion(f)
	case decide.NotLocked:
		r = notLocked(f)
	case decide.SelfDeadlock, decide.Standstill:
		r = standstill(f)
	}
	if f.Kind == decide.Lasting {
		report.Confirm(*standstill(f))
		return
	}
	if r != nil {
		r.Family = family(r.Goroutines)
		report.Deliver(*r)
	}
}

// Parent returns the id of the goroutine that started another, or 0 if it is not known. It is set at
// start.
var Parent = func(id uint64) uint64 { return 0 }

// family returns goroutines and those that started them.
func family(ids []uint64) []uint64 {
	var out []uint64
	var creators map[uint64]uint64
	for _, id := range ids {
		for depth := 0; id != 0 && depth < 32 && !slices.Contains(out, id); depth++ {
			out = append(out, id)
			p := Parent(id)
			if p == 0 {
				if creators == nil {
					creators = allCreators()
				}
				p = creators[id]
			}
			id = p
		}
	}
	return out
}

// first reports whether a cycle of names was not reported yet.
func first(check string, cycle []string) bool {
	i := slices.Index(cycle, slices.Min(cycle))
	key := check + " " + strings.Join(slices.Concat(cycle[i:], cycle[:i]), " -> ")
	told.Lock()
	defer told.Unlock()
	if told.cycles[key] {
		return false
	}
	told.cycles[key] = true
	return true
}

func inversion(f *decide.Finding) *report.Report {
	r := &report.Report{
		Check: "lockorder", Title: "lock order inversion",
		Fix: "lock these in one order everywhere; details: lockcheck help lockorder",
	}
	if f.Same {
		r.Title = "lock order inversion between locks of one declaration"
		r.Fix = "lock them in an order that does not depend on the caller, such as that of an id"
	}
	var locks []lock
	for _, h := range f.Hops {
		l := nameOf(h.From)
		if !f.Closed && (l.shaky || l.exact && slices.ContainsFunc(locks, func(o lock) bool { return o.class == l.class })) {
			return nil
		}
		locks = append(locks, l)
		r.Cycle = append(r.Cycle, l.class)
	}
	if !first(r.Check, r.Cycle) {
		return nil
	}
	for i, h := range f.Hops {
		from := label(locks[i], h.From, f.Same)
		to := label(locks[(i+1)%len(locks)], h.To, f.Same)
		p := report.Part{Stack: frames(h.Stack)}
		verb, held := "locks", "holding"
		if h.ToMode&decide.Read != 0 {
			verb = "read-locks"
		}
		switch {
		case h.Waiter != 0:
			p.Head = fmt.Sprintf("goroutine %d %s %s while goroutine %d, which waits for it, holds %s:", h.Goroutine, verb, to, h.Waiter, from)
		default:
			p.Head = fmt.Sprintf("goroutine %d %s %s while %s %s:", h.Goroutine, verb, to, held, from)
		}
		if i > 0 {
			p.Head = "another time, " + p.Head
		}
		who := h.Goroutine
		if h.Waiter != 0 {
			who = h.Waiter
			r.Goroutines = append(r.Goroutines, h.Waiter)
		}
		p.Notes = append(p.Notes, heldSince(from, h, who)...)
		r.Parts = append(r.Parts, p)
		r.Goroutines = append(r.Goroutines, h.Goroutine)
	}
	if w := f.Writer; w != nil {
		r.Parts = append(r.Parts, report.Part{
			Head:  fmt.Sprintf("a writer that waits in between closes the cycle, such as goroutine %d, which locks %s:", w.Goroutine, short(nameOf(w.To).class)),
			Stack: frames(w.Stack),
		})
	}
	return r
}

// label names a lock in a text, with its address if its class has several parts in it.
func label(l lock, r decide.Ref, same bool) string {
	if same {
		return fmt.Sprintf("%s (%#x)", short(l.class), r.Lock)
	}
	return short(l.class)
}

// heldSince says where the lock that a hop holds was locked.
func heldSince(lock string, h decide.Hop, who uint64) []string {
	verb := "locked"
	if h.FromMode&decide.Read != 0 {
		verb = "read-locked"
	}
	stack := frames(h.FromStack)
	if len(stack) == 0 {
		return nil
	}
	out := []string{fmt.Sprintf("%s was %s by goroutine %d at %s:%d, in %s", lock, verb, who, stack[0].File, stack[0].Line, short(stack[0].Func))}
	for _, f := range stack[1:] {
		out = append(out, fmt.Sprintf("  called at %s:%d, in %s", f.File, f.Line, short(f.Func)))
	}
	return out
}

func recursion(f *decide.Finding) *report.Report {
	h := f.Hops[0]
	l := nameOf(h.To)
	if l.shaky && !f.Closed || !first("rlockrecursion", []string{l.class}) {
		return nil
	}
	n := short(l.class)
	r := &report.Report{
		Check: "rlockrecursion", Title: "recursive read lock", Cycle: []string{l.class},
		Fix:        "read-lock once; a writer waiting in between deadlocks both; details: lockcheck help rlockrecursion",
		Goroutines: []uint64{h.Goroutine},
	}
	r.Parts = append(r.Parts, report.Part{
		Head:  fmt.Sprintf("goroutine %d read-locks %s, which it has read-locked already:", h.Goroutine, n),
		Stack: frames(h.Stack),
		Notes: heldSince(n, h, h.Goroutine),
	}, report.Part{
		Head:  fmt.Sprintf("goroutine %d locks %s for writing:", f.Writer.Goroutine, n),
		Stack: frames(f.Writer.Stack),
	})
	return r
}

func notLocked(f *decide.Finding) *report.Report {
	m := f.Misuse
	n := short(nameOf(f.Refs[0]).class)
	r := &report.Report{
		Check: "doubleunlock", Title: "unlock of an unlocked lock", Cycle: nil, Goroutines: []uint64{m.Goroutine},
		Parts: []report.Part{{Head: fmt.Sprintf("goroutine %d unlocks %s (%#x), which is not locked:", m.Goroutine, n, m.Lock), Stack: frames(m.Stack)}},
	}
	if m.LastPC == 0 {
		r.Parts[0].Notes = []string{"it was never locked"}
		return r
	}
	where := At(m.LastPC)
	who := ""
	if m.Last != 0 {
		who = fmt.Sprintf(" by goroutine %d", m.Last)
	}
	r.Parts[0].Notes = []string{fmt.Sprintf("it was last locked%s at %s:%d, in %s", who, where.File, where.Line, short(where.Func))}
	return r
}
