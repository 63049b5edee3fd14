//go:build lockcheck

package lockcheck

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/lockcheck/lockcheck/runtime/dump"
	"github.com/lockcheck/lockcheck/runtime/internal/record"
	"github.com/lockcheck/lockcheck/runtime/internal/report"
	"github.com/lockcheck/lockcheck/runtime/internal/tell"
)

// The watchdog looks after long waits, long holds, signals and the deadline of tests. It is a timer, made before any
// goroutine can be in a bubble of testing/synctest, whose clock stands still, and runs for a moment each time:
// a goroutine that sleeps between would be a leak in the eyes of those who look for leaks. When it has nothing to look
// after, the timer stands still, so that the Go runtime can tell when all goroutines are asleep.

const (
	tick  = 100 * time.Millisecond
	dull  = 250 * time.Millisecond // between looks when nobody waits
	grace = time.Second            // a circle of waiting that is so old needs no excuse
)

type waitID struct {
	goroutine uint64
	seq       uint32
}

type watchdog struct {
	timer   *time.Timer
	asleep  atomic.Bool
	looking sync.Mutex

	mu       sync.Mutex
	waits    map[waitID]time.Time // when it was first seen
	warned   map[waitID]bool
	looked   map[waitID]bool // after the time of grace; only the watchdog's own
	quiet    quiet
	deadline time.Time
}

var watch = &watchdog{waits: make(map[waitID]time.Time), warned: make(map[waitID]bool), looked: make(map[waitID]bool)}

func init() {
	record.OnWait = watch.poke
	watch.asleep.Store(true)
	watch.timer = time.AfterFunc(time.Hour, watch.run)
	watch.poke()
}

// poke wakes the watchdog.
//
//go:norace
func (w *watchdog) poke() {
	raceDisable()
	// A timer that is set in a bubble would be set to the time there. But bubbles are in tests, see always.
	if w.asleep.Load() && !record.InBubble() && w.asleep.CompareAndSwap(true, false) {
		w.timer.Reset(tick)
	}
	raceEnable()
}

// current returns the settings.
func current() settings {
	options.Lock()
	defer options.Unlock()
	return options.settings
}

// configured is called after settings were changed.
func configured() {
	handleSignals(current().signals)
	watch.poke()
}

func (w *watchdog) run() {
	record.Mute()
	w.looking.Lock()
	defer w.looking.Unlock()
	switch {
	case w.look(time.Now()):
		w.sleep(tick)
	case always():
		w.sleep(dull)
	default:
		w.asleep.Store(true)
		if w.look(time.Now()) { // someone may have come to wait meanwhile
			w.poke()
		}
	}
}

//go:norace
func (w *watchdog) sleep(d time.Duration) {
	raceDisable()
	w.timer.Reset(d)
	raceEnable()
}

// always reports whether to go on looking even if nobody waits. Those who wait in a bubble cannot wake the
// watchdog. In a test that has a deadline, the Go runtime does not care whether all are asleep anyway.
func always() bool {
	if handlingSignals() {
		return true
	}
	f := flag.Lookup("test.timeout")
	return f != nil && f.Value.String() != "0s"
}

// look looks at all waits and holds, and reports whether to look again soon.
func (w *watchdog) look(now time.Time) bool {
	serveSignals()
	s := current()
	busy := s.hold > 0
	waits := record.Waits()
	w.mu.Lock()
	seen := make(map[waitID]time.Time, len(waits))
	for _, x := range waits {
		id := waitID{x.Goroutine, x.WaitSeq}
		t, ok := w.waits[id]
		if !ok {
			t = now
		}
		seen[id] = t
	}
	w.waits = seen
	for id := range w.looked {
		if _, ok := seen[id]; !ok {
			delete(w.looked, id)
		}
	}
	for id := range w.warned {
		if _, ok := seen[id]; !ok {
			delete(w.warned, id)
		}
	}
	deadline := w.deadline
	w.mu.Unlock()
	var all *dump.Dump // made once: it stops the world
	for i, x := range waits {
		if i%100 == 99 {
			serveSignals() // of thousands that wait, each may take a while
		}
		id := waitID{x.Goroutine, x.WaitSeq}
		age := now.Sub(seen[id])
		if age >= grace && !w.looked[id] {
			w.looked[id] = true
			record.LookAgain(x.Goroutine)
		}
		if s.wait > 0 && age >= s.wait && !w.warned[id] {
			w.mu.Lock()
			w.warned[id] = true
			w.mu.Unlock()
			if all == nil {
				all = Snapshot()
			}
			slowWait(all, x.Goroutine, age)
		}
		if age <= grace+2*tick || s.wait > 0 && age < s.wait+tick {
			busy = true
		}
	}
	if always() {
		w.quiet.look(now)
	}
	if s.hold > 0 {
		for _, h := range record.LongHolds(now, s.hold) {
			slowHold(h, s.hold)
		}
	}
	if !deadline.IsZero() {
		busy = true
		if now.After(deadline) {
			w.mu.Lock()
			w.deadline = time.Time{}
			w.mu.Unlock()
			out := report.Output()
			fmt.Fprintf(out, "lockcheck: the tests come near their deadline\n")
			_ = Dump(out) // nobody to tell
		}
	}
	return busy
}

// since returns when each wait was first seen.
func (w *watchdog) since() map[waitID]time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := make(map[waitID]time.Time, len(w.waits))
	for k, v := range w.waits {
		out[k] = v
	}
	return out
}

// slowWait reports a goroutine that waits for long.
func slowWait(d *dump.Dump, goroutine uint64, age time.Duration) {
	for _, g := range d.Goroutines {
		if g.ID != goroutine || g.Waits == nil {
			continue
		}
		name := shortName(g.Waits.Lock.Class)
		if name == "" {
			name = "a lock" // its holder has still to say which
		}
		r := Report{Check: "waiting", Title: fmt.Sprintf("goroutine %d has waited for %s for %v", g.ID, name, age.Round(time.Millisecond)),
			Note: true, Goroutines: []uint64{g.ID}, Cycle: nil}
		var frames []report.Frame
		for _, f := range g.Frames {
			frames = append(frames, report.Frame{Func: f.Func, File: f.File, Line: f.Line})
		}
		r.Parts = []report.Part{{Head: fmt.Sprintf("goroutine %d waits for %s (%#x):", g.ID, name, g.Waits.Lock.Addr), Stack: tell.Trim(frames)}}
		for _, id := range g.Waits.HeldBy {
			for _, h := range d.Goroutines {
				if h.ID != id {
					continue
				}
				p := report.Part{Head: fmt.Sprintf("goroutine %d holds it and is here now [%s]:", h.ID, h.State)}
				for _, f := range h.Frames {
					p.Stack = append(p.Stack, report.Frame{Func: f.Func, File: f.File, Line: f.Line})
				}
				p.Stack = tell.Trim(p.Stack)
				for _, x := range h.Holds {
					if x.Lock.Addr == g.Waits.Lock.Addr {
						p.Notes = append(p.Notes, fmt.Sprintf("it was locked at %s:%d, in %s", x.At.File, x.At.Line, shortName(x.At.Func)))
					}
				}
				r.Parts = append(r.Parts, p)
			}
		}
		report.Deliver(r)
	}
}

// slowHold reports a lock that is held for long.
func slowHold(h record.Hold, limit time.Duration) {
	name := shortName(tell.Class(record.Sites([]uint32{h.Class})[0]))
	at := tell.At(h.PC)
	report.Deliver(Report{Check: "held", Title: fmt.Sprintf("goroutine %d has held %s for more than %v", h.Goroutine, name, limit), Note: true,
		Goroutines: []uint64{h.Goroutine},
		Parts:      []report.Part{{Head: fmt.Sprintf("goroutine %d locked %s (%#x) here:", h.Goroutine, name, h.Lock), Stack: []report.Frame{at}}}})
}

func shortName(s string) string { return s[strings.LastIndexByte(s, '/')+1:] }

// watchDeadline has a dump made before go test ends the process.
func watchDeadline() {
	s := current()
	f := flag.Lookup("test.timeout")
	if f == nil || s.deadline == 0 {
		return
	}
	if !flag.Parsed() {
		flag.Parse() // as m.Run would
	}
	limit, err := time.ParseDuration(f.Value.String())
	if err != nil || limit == 0 {
		return
	}
	watch.mu.Lock()
	watch.deadline = time.Now().Add(limit - min(s.deadline, limit/10))
	watch.mu.Unlock()
	watch.poke()
}

// finish is called when all tests have ended.
func finish() {
	watch.mu.Lock()
	watch.deadline = time.Time{}
	watch.mu.Unlock()
}

func settle() { record.Settle() }

func currentGoroutine() uint64 { return record.Current() }

// A deadlock cannot be undone. In a test, it would end as a timeout, much later.
func init() {
	report.OnLasting(func(Report) {
		if flag.Lookup("test.v") == nil || !current().exit {
			return
		}
		out := report.Output()
		_ = Dump(out)
		fmt.Fprintf(os.Stderr, "lockcheck: exit after a deadlock\n")
		os.Exit(2)
	})
}
