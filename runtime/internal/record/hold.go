package record

import (
	"time"

	"github.com/lockcheck/lockcheck/runtime/internal/decide"
)

// What the watchdog asks.

// Waits returns the goroutines that wait for locks, without what they hold.
//
//go:norace
func Waits() []decide.State {
	var out []decide.State
	for c := (cursor{}); ; {
		s := c.next()
		if s == nil {
			return out
		}
		if s.wait != 0 && s.alarm&muted == 0 {
			out = append(out, decide.State{Goroutine: s.ID, Wait: s.wait, WaitSeq: s.waitSeq})
		}
	}
}

// LookAgain reports a circle of waiting through a goroutine that has waited for some time, even if
// others unlock locks like those in it now and then.
//
//go:norace
func LookAgain(id uint64) {
	raceDisable()
	s := lookup(id)
	raceEnable()
	if s != nil && s.wait != 0 && s.N > 0 {
		look(s, true)
	}
}

// A Hold is a lock that is held for long.
type Hold struct {
	Goroutine uint64
	Lock      uintptr
	Class     uint32
	PC        uintptr
}

// marks are the holds that were seen, by goroutine and position, and when first. Only the
// watchdog touches it.
var marks = make(map[[2]uint64]holdMark)

type holdMark struct {
	lock  uintptr
	since time.Time
	told  bool
}

// LongHolds returns the locks that are held for longer than limit and were not returned before. It is called
// by the watchdog only, now and then. To find out whether it is still the same
// acquisition as the last time, it marks entries of the lists, which whoever acquires a lock writes anew.
//
//go:norace
func LongHolds(now time.Time, limit time.Duration) []Hold {
	var out []Hold
	old := marks
	marks = make(map[[2]uint64]holdMark)
	for c := (cursor{}); ; {
		s := c.next()
		if s == nil {
			return out
		}
		if s.alarm&muted != 0 {
			continue
		}
		for i := range min(s.N, maxDeep) {
			h := s.peek(i)
			if h == nil {
				break
			}
			key := [2]uint64{s.ID, i}
			m, ok := old[key]
			if !ok || h.Mark == 0 || m.lock != h.Lock {
				m = holdMark{lock: h.Lock, since: now}
				h.Mark = 1
				//lockcheck:ignore atomicmix the slot is its goroutine's own
				s.Quick = 0 // so that the entry is written anew when the lock is acquired again
			}
			if now.Sub(m.since) >= limit && !m.told {
				m.told = true
				out = append(out, Hold{Goroutine: s.ID, Lock: h.Lock, Class: h.class, PC: h.PC})
			}
			marks[key] = m
		}
	}
}
