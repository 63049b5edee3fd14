package decide

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"testing"
)

// FuzzEngine has four goroutines lock four locks, each of a class of its own, in some schedule, and
// compares what the engine finds with the definition: goroutines that differ, each wanting a lock which the next one
// holds, with no lock held by two of them. Nothing else is to be found; and if it is true of two goroutines, something
// is to be found with the acquisition that makes it true.
//
// Circles of more can be missed: lockgraph is told of two chains whether goroutines that differ can make them, not of
// three, and a circle that three chains seem to close, but no three goroutines, takes its hops from others:
//
//	3+a1 3+b1 3-a1 4+a1 3+g1 2+c1 3-b1 2+b1 4-a1 2-b1 4+a1 2-c1 4+b1 4-a1 3+a1 3+c1 3-g1 4+g1
func FuzzEngine(f *testing.F) {
	f.Add([]byte{0o00, 0o01, 0o01, 0o00, 0o11, 0o10})
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		b := make([]byte, 4+r.IntN(60))
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, schedule []byte) {
		if len(schedule) > 200 {
			return
		}
		s := newSim(t)
		var m model
		script := ""
		for _, b := range schedule {
			g, l := int(b>>3&3), int(b&3)
			name := string("abcg"[l]) + "1"
			op := "+"
			switch {
			case m.held[g]>>l&1 != 0:
				op = "-"
				m.held[g] &^= 1 << l
			case m.locked(l):
				continue // it would wait
			default:
				m.acquire(g, l)
			}
			script += fmt.Sprintf("%d%s%s ", g+1, op, name)
			found := s.run(fmt.Sprintf("%d%s%s", g+1, op, name))
			if got := len(s.founds) > 0; got && !m.circle(4) || !got && m.circle(2) {
				t.Fatalf("%s: found %q, want a finding: %v", script, found, !got)
			}
		}
	})
}

// A model knows all acquisitions.
type model struct {
	held [4]uint8 // by goroutine, sets of locks
	seen map[dep]bool
}

// A dep is a goroutine that wants a lock while it holds others.
type dep struct {
	g    int
	held uint8
	want int
}

func (m *model) locked(l int) bool { return (m.held[0]|m.held[1]|m.held[2]|m.held[3])>>l&1 != 0 }

func (m *model) acquire(g, l int) {
	if m.seen == nil {
		m.seen = make(map[dep]bool)
	}
	if m.held[g] != 0 {
		m.seen[dep{g, m.held[g], l}] = true
	}
	m.held[g] |= 1 << l
}

// circle reports whether some of what was seen can deadlock, among at most some goroutines.
func (m *model) circle(most int) bool {
	for d := range m.seen {
		if m.extend(d, d.want, 1<<d.g, d.held, most) {
			return true
		}
	}
	return false
}

// extend reports whether a chain from first to a dep that wants a lock can be closed; gs are the goroutines in
// it, and held is what they hold.
func (m *model) extend(first dep, want int, gs, held uint8, most int) bool {
	n := bits.OnesCount8(gs)
	if n > 1 && first.held>>want&1 != 0 {
		return true
	}
	if n == most {
		return false
	}
	for d := range m.seen {
		if gs>>d.g&1 == 0 && d.held&held == 0 && d.held>>want&1 != 0 && m.extend(first, d.want, gs|1<<d.g, held|d.held, most) {
			return true
		}
	}
	return false
}
