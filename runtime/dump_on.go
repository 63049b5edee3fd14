//go:build lockcheck

package lockcheck

import (
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/lockcheck/lockcheck/runtime/dump"
	"github.com/lockcheck/lockcheck/runtime/internal/decide"
	"github.com/lockcheck/lockcheck/runtime/internal/record"
	"github.com/lockcheck/lockcheck/runtime/internal/tell"
)

// locks is what is known of locks held and waited for.
type locks struct {
	states []decide.State
	ages   map[waitID]time.Time
}

func snapshot() locks { return locks{record.Snapshot(), watch.since()} }

// fill adds it to a dump.
func (l locks) fill(d *dump.Dump) {
	d.Watched = true
	names, onces := l.names(), oncesIn(d)
	byID := make(map[uint64]*dump.Goroutine)
	for _, g := range d.Goroutines {
		byID[g.ID] = g
	}
	for _, s := range l.states {
		g := byID[s.Goroutine]
		if g == nil {
			if s.Ended {
				g = &dump.Goroutine{ID: s.Goroutine, State: "ended", Ended: true, Creator: s.Parent}
				d.Goroutines = append(d.Goroutines, g)
			} else {
				continue // it ended between the two looks
			}
		}
		for _, h := range s.Held {
			if h.Lock == 0 {
				continue
			}
			g.Holds = append(g.Holds, dump.Hold{
				Lock: lockOf(names[h.Class], h.Lock, h.RW, onces), Mode: modeOf(h.Mode), At: frameOf(h.PC),
			})
		}
		if s.Wait == 0 {
			continue
		}
		w := &dump.Wait{Lock: lockOf(names[s.WaitClass], s.Wait, s.WaitRW, onces), Mode: modeOf(s.WaitMode), At: frameOf(s.WaitPC)}
		if t, ok := l.ages[waitID{s.Goroutine, s.WaitSeq}]; ok {
			w.Since = d.Time.Sub(t).Round(time.Millisecond)
		}
		g.Waits = w
	}
	slices.SortStableFunc(d.Goroutines, func(a, b *dump.Goroutine) int {
		if a.Ended != b.Ended {
			if a.Ended {
				return 1
			}
			return -1
		}
		return 0
	})
	stats, dropped := record.Counts()
	if n := uint64(stats.LostChains+stats.LostPairs) + dropped; n > 0 {
		d.Notes = append(d.Notes, fmt.Sprintf("tables are full: %d acquisitions were not looked at for their order", n))
	}
}

// names returns the names of all classes that occur.
func (l locks) names() map[uint32]string {
	var classes []uint32
	add := func(c uint32) {
		if c != 0 && !slices.Contains(classes, c) {
			classes = append(classes, c)
		}
	}
	for _, s := range l.states {
		add(s.WaitClass)
		for _, h := range s.Held {
			add(h.Class)
		}
	}
	out := make(map[uint32]string)
	for i, sites := range record.Sites(classes) {
		out[classes[i]] = tell.Class(sites)
	}
	return out
}

func lockOf(class string, addr uintptr, rw bool, onces map[uint64]bool) dump.Lock {
	l := dump.Lock{Class: class, Addr: uint64(addr), Kind: "Mutex"}
	switch {
	case rw:
		l.Kind = "RWMutex"
	case onces[l.Addr]:
		l.Kind = "Once"
	}
	return l
}

// oncesIn returns the addresses of all Onces that goroutines are in. They are recorded as locks, but
// in stacks they have another name.
func oncesIn(d *dump.Dump) map[uint64]bool {
	onces := make(map[uint64]bool)
	for _, g := range d.Goroutines {
		for _, f := range g.Frames {
			if f.Func == onceDo {
				if addr, ok := f.Receiver(); ok {
					onces[addr] = true
				}
			}
		}
	}
	return onces
}

// onceDo is the name of Once.Do in stacks.
var onceDo = reflect.TypeFor[Once]().PkgPath() + ".(*Once).Do"

func modeOf(m decide.Mode) string {
	if m&decide.Read != 0 {
		return "read"
	}
	return "write"
}

func frameOf(pc uintptr) dump.Frame {
	f := tell.At(pc)
	return dump.Frame{Func: f.Func, File: f.File, Line: f.Line}
}
