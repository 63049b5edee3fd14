//go:build lockcheck

package lockcheck

import (
	"fmt"
	"hash/fnv"
	"runtime/metrics"
	"slices"
	"strings"
	"time"

	"github.com/lockcheck/lockcheck/runtime/dump"
	"github.com/lockcheck/lockcheck/runtime/internal/report"
	"github.com/lockcheck/lockcheck/runtime/internal/tell"
)

// When no goroutine can run any more, the Go runtime ends the program: all goroutines are asleep. It never does so while
// signals are handled, or while a timer is set, as that of a test's timeout. So the watchdog looks itself: if no goroutine
// is running or about to, their stacks are read, and read again after a while. If both times each was in the same wait, for a lock, a
// WaitGroup, a Cond or a channel, and none for time, input or a select that time may end, nobody is left to wake them but a timer.
//
// That doubt remains, since nothing tells which timers are set: a receive may be from the channel of one, and one may call a function
// that unlocks, signals, or cancels a context (time.AfterFunc, context.WithTimeout). So what is told is a note: no test fails for it, and
// the program is not ended. If nothing wakes them, the test's timeout ends it.

const (
	still   = time.Second      // how long nothing must have moved
	further = 30 * time.Second // at most between looks at stacks that did not tell of a standstill
	doubted = 10               // after so many looks, what the Go runtime says of running goroutines is doubted
)

// A quiet is what the watchdog knows of a standstill of the whole process. It is the watchdog's own.
type quiet struct {
	since time.Time // when all were first seen to wait as they do; zero if they were not
	key   uint64    // of the stacks then
	busy  int       // looks in a row at which a goroutine seemed to run
	pause time.Duration
	next  time.Time // when to read stacks again
	told  uint64    // the key of what was told last
}

var states = []metrics.Sample{{Name: "/sched/goroutines/running:goroutines"}, {Name: "/sched/goroutines/runnable:goroutines"}}

// resting reports whether no goroutine runs or is about to, but the one that asks. If the Go runtime does not tell, it may be so. A processor
// that looks for work, as the timer has it do that has woken who asks, is counted as running: a yes can be relied on, a no cannot.
func resting() bool {
	metrics.Read(states)
	for i, most := range []uint64{1, 0} {
		if v := states[i].Value; v.Kind() == metrics.KindUint64 && v.Uint64() > most {
			return false
		}
	}
	return true
}

// look looks for a standstill.
func (q *quiet) look(now time.Time) {
	if resting() {
		q.busy = 0
	} else if q.busy++; q.busy < doubted {
		return
	}
	if now.Before(q.next) {
		return
	}
	q.busy = 0
	d := Snapshot()
	if !asleep(d) {
		q.since = time.Time{}
		q.pause = min(max(2*q.pause, still), further)
		q.next = now.Add(q.pause)
		return
	}
	q.pause = 0
	q.next = now.Add(still)
	key := keyOf(d)
	if q.since.IsZero() || key != q.key {
		q.since, q.key = now, key
		return
	}
	if now.Sub(q.since) >= still && q.told != key {
		q.told = key
		q.report(d)
	}
}

// forGood are the states of goroutines that only another goroutine can wake.
var forGood = []string{
	"chan send", "chan receive", "chan receive (nil chan)", "chan send (nil chan)", "select (no cases)", "semacquire",
	"sync.Mutex.Lock", "sync.RWMutex.Lock", "sync.RWMutex.RLock", "sync.WaitGroup.Wait", "sync.Cond.Wait",
}

// asleep reports whether each goroutine of the program waits for another one, and some for a lock, WaitGroup or Cond.
func asleep(d *dump.Dump) bool {
	waits := false
	for _, g := range d.Goroutines {
		if g.Ended || ours(g) {
			continue
		}
		if !slices.Contains(forGood, g.State) {
			return false
		}
		waits = waits || strings.HasPrefix(g.State, "sync.") || g.State == "semacquire"
	}
	return waits
}

// ours reports whether a goroutine is the watchdog's, or that of the runtime which waits for signals.
func ours(g *dump.Goroutine) bool {
	return slices.ContainsFunc(g.Frames, func(f dump.Frame) bool {
		return strings.HasSuffix(f.Func, "/runtime.(*watchdog).run") || strings.HasPrefix(f.Func, "os/signal.")
	})
}

// keyOf tells one standstill from another.
func keyOf(d *dump.Dump) uint64 {
	h := fnv.New64a()
	for _, g := range d.Goroutines {
		if ours(g) {
			continue
		}
		fmt.Fprintln(h, g.ID, g.State, len(g.Frames))
		if len(g.Frames) > 0 {
			fmt.Fprintln(h, g.Frames[0].Func, g.Frames[0].Line)
		}
	}
	return h.Sum64()
}

// report tells of a standstill, unless a deadlock in it has been told of.
func (q *quiet) report(d *dump.Dump) {
	var ids []uint64
	for _, g := range d.Goroutines {
		if !g.Ended && !ours(g) {
			ids = append(ids, g.ID)
		}
	}
	for _, r := range report.Since(0) {
		if r.Certain && slices.ContainsFunc(r.Goroutines, func(id uint64) bool { return slices.Contains(ids, id) }) {
			return
		}
	}
	r := Report{Check: "deadlock", Title: "deadlock, unless a timer is set that ends it: no goroutine goes on", Note: true, Goroutines: ids}
	r.Parts = parts(d)
	report.Deliver(r)
}

// maxParts bounds the goroutines of which a report tells.
const maxParts = 16

// parts tells what each goroutine waits for and holds, those with locks first.
func parts(d *dump.Dump) []report.Part {
	var first, rest []report.Part
	holders := map[uint64]bool{}
	for _, g := range d.Goroutines {
		if g.Waits != nil {
			for _, id := range g.Waits.HeldBy {
				holders[id] = true
			}
		}
	}
	for _, g := range d.Goroutines {
		if ours(g) {
			continue
		}
		p := report.Part{Head: fmt.Sprintf("goroutine %d waits [%s]:", g.ID, g.State)}
		switch {
		case g.Ended:
			p.Head = fmt.Sprintf("goroutine %d has ended, and holds what it never unlocked:", g.ID)
		case g.Waits != nil:
			p.Head = fmt.Sprintf("goroutine %d waits for %s (%#x)%s:", g.ID, nameOf(&g.Waits.Lock), g.Waits.Lock.Addr, heldBy(g.Waits))
		}
		for _, f := range g.Frames {
			p.Stack = append(p.Stack, report.Frame{Func: f.Func, File: f.File, Line: f.Line})
		}
		p.Stack = tell.Trim(p.Stack)
		for _, h := range g.Holds {
			p.Notes = append(p.Notes, fmt.Sprintf("it locked %s (%#x) at %s:%d, in %s", nameOf(&h.Lock), h.Lock.Addr, h.At.File, h.At.Line, shortName(h.At.Func)))
		}
		if g.Waits != nil || len(g.Holds) > 0 || holders[g.ID] {
			first = append(first, p)
		} else {
			rest = append(rest, p)
		}
	}
	all := append(first, rest...)
	if n := len(all) - maxParts; n > 0 {
		all = all[:maxParts]
		all[maxParts-1].Notes = append(all[maxParts-1].Notes, fmt.Sprintf("%d more goroutines wait; a dump has them all", n))
	}
	return all
}

func heldBy(w *dump.Wait) string {
	if len(w.HeldBy) == 0 {
		return ""
	}
	return fmt.Sprintf(", which goroutine %d holds", w.HeldBy[0])
}

func nameOf(l *dump.Lock) string {
	switch {
	case l.Class != "":
		return shortName(l.Class)
	case l.Kind == "WaitGroup" || l.Kind == "Cond" || l.Kind == "channel":
		return "a " + l.Kind
	}
	return "a lock"
}
