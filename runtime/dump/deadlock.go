package dump

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// deadlocks reports each component of the wait-for graph by its shortest circle, and locks
// held by goroutines that have ended.
func (a *analysis) deadlocks() {
	a.dead = map[uint64]bool{}
	for _, members := range a.graph.components() {
		ids := a.graph.circle(members)
		x := Deadlock{Kind: Cycle, Goroutines: ids, Certain: true}
		if len(ids) == 1 {
			x.Kind = Self
		}
		for i, id := range ids {
			x.Why = append(x.Why, a.hop(a.byID[id], ids[(i+1)%len(ids)]))
		}
		a.kill(&x, ids)
		a.d.Deadlocks = append(a.d.Deadlocks, x)
	}
	for _, g := range a.d.Goroutines {
		if g.Ended {
			a.ended(g)
		}
	}
}

// kill marks the goroutines of a deadlock and those that wait for them, about which
// it adds a clause.
func (a *analysis) kill(x *Deadlock, of []uint64) {
	for _, id := range x.Goroutines {
		a.dead[id] = true
	}
	var others []uint64
	for _, id := range a.graph.reaching(of) {
		if !a.dead[id] {
			a.dead[id] = true
			others = append(others, id)
		}
	}
	if len(others) > 0 {
		x.Why = append(x.Why, fmt.Sprintf("%s %s for %s, too",
			goroutines(others), pick(len(others), "waits", "wait"), pick(len(x.Goroutines), "it", "them")))
	}
}

// ended reports the locks that a goroutine has left locked and for which others wait.
func (a *analysis) ended(g *Goroutine) {
	x := Deadlock{Kind: Ended}
	for _, h := range g.Holds {
		waiting := a.waitingFor(g.ID, h)
		if len(waiting) == 0 {
			continue
		}
		x.Goroutines = append(x.Goroutines, waiting...)
		x.Why = append(x.Why, fmt.Sprintf("goroutine %d %s %s%s and has ended without unlocking it; %s %s for it",
			g.ID, h.verb(), h.Lock.name(), in(h.At), goroutines(waiting), pick(len(waiting), "waits", "wait")))
	}
	if len(x.Goroutines) == 0 {
		return
	}
	slices.Sort(x.Goroutines)
	x.Goroutines = slices.Compact(x.Goroutines)
	a.kill(&x, []uint64{g.ID})
	x.Why = append(x.Why, "this is a deadlock unless another goroutine unlocks it")
	a.d.Deadlocks = append(a.d.Deadlocks, x)
}

// waitingFor returns the goroutines that wait for a lock because a goroutine holds it.
func (a *analysis) waitingFor(id uint64, h Hold) []uint64 {
	var waiting []uint64
	for _, g := range a.waiters[h.Lock.Addr] {
		if g.ID != id && (g.Waits.Mode != "read" || h.Mode != "read" || len(g.Waits.Behind) > 0) {
			waiting = append(waiting, g.ID)
		}
	}
	return waiting
}

// hop tells why a goroutine of a circle waits for the next.
func (a *analysis) hop(g *Goroutine, next uint64) string {
	w := g.Waits
	s := fmt.Sprintf("goroutine %d waits %s%s, ", g.ID, w.want(), in(w.At))
	for _, h := range a.holders[w.Lock.Addr] {
		switch {
		case h.id != next || w.Mode == "read" && h.hold.Mode == "read":
			continue
		case g.ID == next:
			return s + "which it has " + h.hold.verb() + " itself" + in(h.hold.At)
		}
		return s + fmt.Sprintf("which goroutine %d has %s%s", next, h.hold.verb(), in(h.hold.At))
	}
	switch {
	case !slices.Contains(w.HeldBy, next):
		return s + fmt.Sprintf("but goroutine %d waits before it to lock it for writing", next)
	case g.ID == next:
		return s + "which it holds itself"
	}
	return s + fmt.Sprintf("which goroutine %d holds", next)
}

// asleep reports what the runtime has found.
func (a *analysis) asleep() {
	if !slices.Contains(a.d.Notes, noteAsleep) {
		return
	}
	x := Deadlock{Kind: Asleep, Certain: true, Why: []string{noteAsleep}}
	for _, g := range a.d.Goroutines {
		if !g.Ended {
			x.Goroutines = append(x.Goroutines, g.ID)
		}
	}
	a.d.Deadlocks = append(a.d.Deadlocks, x)
}

// leaked reports the goroutines of which the garbage collector has found that what they wait for cannot be
// reached by any that can still run, as the profile goroutineleak prints them.
func (a *analysis) leaked() {
	x := Deadlock{Kind: Leaked, Certain: true, Why: []string{"the Go runtime found that no goroutine which can run knows what they wait for"}}
	for _, g := range a.d.Goroutines {
		if strings.HasSuffix(g.State, leakedState) {
			x.Goroutines = append(x.Goroutines, g.ID)
		}
	}
	if len(x.Goroutines) > 0 {
		a.d.Deadlocks = append(a.d.Deadlocks, x)
	}
}

const leakedState = " (leaked)"

// title returns the first line about a deadlock.
func (x Deadlock) title() string {
	s := goroutines(x.Goroutines)
	switch x.Kind {
	case Cycle:
		return "goroutines " + list(x.Goroutines) + " wait for each other's locks"
	case Self:
		return s + " waits for a lock that it holds itself"
	case Ended:
		return s + " " + pick(len(x.Goroutines), "waits", "wait") + " for a lock of a goroutine that has ended"
	case Asleep:
		return "no goroutine can run"
	case Leaked:
		return s + " can never go on"
	}
	return s + ": " + x.Kind
}

// list returns numbers in the order in which they are.
func list(ids []uint64) string {
	s := make([]string, len(ids))
	for i, id := range ids {
		s[i] = strconv.FormatUint(id, 10)
	}
	return strings.Join(s, ", ")
}

// want returns what a waiting goroutine wants: "to lock bank.Ledger.mu".
func (w *Wait) want() string {
	switch {
	case w.Lock.Kind == "Once":
	case w.Mode == "write":
		return "to lock " + w.Lock.name()
	case w.Mode == "read":
		return "to read-lock " + w.Lock.name()
	}
	return "for " + w.Lock.name()
}

// in returns where something happens: " at bank/ledger.go:20".
func in(f Frame) string {
	if f.File == "" {
		return ""
	}
	return " at " + f.place()
}

// pick returns the form of a word for a number of things.
func pick(n int, one, more string) string {
	if n == 1 {
		return one
	}
	return more
}
