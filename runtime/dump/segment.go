package dump

import (
	"fmt"
	"strings"
)

// A summary is what is told of one of several dumps.
type summary struct {
	line, goroutines, waiting int
	watched                   bool
}

// endSegment keeps the dump if it is better than the best up to now.
func (p *parser) endSegment() {
	p.endBlock()
	d := &p.cur.dump
	if n := len(d.Goroutines); n > 0 {
		if len(p.all) < 1<<16 {
			p.all = append(p.all, summary{p.cur.line, n, d.lockStates(), d.Watched})
		}
		if p.cur.beats(&p.best) {
			p.best = p.cur
		}
		p.frames = 0
	}
	p.cur = segment{}
}

// beats reports whether a dump is worth more than one before it: its holders are known, or
// it is at least half as large.
func (s *segment) beats(other *segment) bool {
	if s.dump.Watched != other.dump.Watched && other.seen != nil {
		return s.dump.Watched
	}
	return 2*len(s.dump.Goroutines) >= len(other.dump.Goroutines)
}

// lockStates returns how many goroutines wait for locks, according to their states.
func (d *Dump) lockStates() (n int) {
	for _, g := range d.Goroutines {
		if strings.HasPrefix(g.State, "sync.Mutex") || strings.HasPrefix(g.State, "sync.RWMutex") || strings.HasPrefix(g.State, "semacquire") {
			n++
		}
	}
	return n
}

// several tells of all dumps in the input, of which the one that begins in a line is returned.
func several(all []summary, line int) string {
	s := fmt.Sprintf("the input holds %d dumps, of which this is the one in line %d; the others are", len(all), line)
	const most = 5
	told := 0
	for _, x := range all {
		if x.line == line {
			continue
		}
		if told++; told > most {
			return s + fmt.Sprintf(", and %d more", len(all)-1-most)
		}
		if told > 1 {
			s += ","
		}
		s += fmt.Sprintf(" in line %d (%s", x.line, count(x.goroutines, "goroutine"))
		if x.waiting > 0 {
			s += fmt.Sprintf(", %d %s", x.waiting, pick(x.waiting, "waits for a lock", "wait for locks"))
		}
		if x.watched {
			s += ", " + holdersKnown
		}
		s += ")"
	}
	return s
}
