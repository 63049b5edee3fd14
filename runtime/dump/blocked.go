package dump

import (
	"fmt"
	"slices"
	"strings"
)

// blockedHolders reports, of a watched dump, locks that goroutines wait for and whose
// holder is itself blocked in something that is not a watched lock.
func (a *analysis) blockedHolders() {
	for _, g := range a.d.Goroutines {
		if g.Ended || a.dead[g.ID] {
			continue
		}
		what := g.blockedIn()
		if what == "" || g.Waits != nil && g.Waits.isLock() && len(g.Waits.HeldBy)+len(g.Waits.Behind) > 0 {
			continue // it runs, or it is its holder's turn to be reported
		}
		told := map[uint64]bool{}
		for _, h := range g.Holds {
			waiting := a.waitingFor(g.ID, h)
			if len(waiting) == 0 || told[h.Lock.Addr] {
				continue
			}
			told[h.Lock.Addr] = true
			s := Stuck{Lock: h.Lock, Waiting: waiting, Holders: []uint64{g.ID}}
			s.Why = append(s.Why, fmt.Sprintf("goroutine %d %s %s%s, which %s %s for, and waits itself %s%s",
				g.ID, "has "+h.verb(), h.Lock.name(), in(h.At), goroutines(waiting), pick(len(waiting), "waits", "wait"), what, in(g.at())))
			all := a.graph.reaching([]uint64{g.ID})
			if n := len(all) - len(waiting); n > 0 {
				s.Why = append(s.Why, fmt.Sprintf("%s in all %s for goroutine %d, some through others", count(len(all), "goroutine"), pick(len(all), "waits", "wait"), g.ID))
			}
			a.outlook(&s, g, all)
			a.d.Stuck = append(a.d.Stuck, s)
		}
	}
}

// outlook adds what the holder's own wait looks like, given the goroutines that wait for
// the holder.
func (a *analysis) outlook(s *Stuck, g *Goroutine, waiting []uint64) {
	switch state := g.baseState(); state {
	case "sleep":
		s.Why = append(s.Why, "it goes on when its time to sleep is over")
		return
	case "IO wait", "syscall":
		s.Why = append(s.Why, "it goes on when the system call does")
		return
	case "select (no cases)", "chan receive (nil chan)", "chan send (nil chan)":
		s.Deadlock = true
		s.Why = append(s.Why, "that wait never ends, so this is a deadlock")
		return
	}
	s.Why = append(s.Why, "who would end that wait, lockcheck cannot know")
	var started []uint64
	for _, id := range waiting {
		if w := a.byID[id]; w.Creator == g.ID || w.Creator == 0 && w.startedIn(g) {
			started = append(started, id)
		}
	}
	if len(started) > 0 {
		s.Deadlock = true
		s.Why = append(s.Why, fmt.Sprintf("but %s, which goroutine %d has started, %s that lock: a deadlock, if the wait is for %s",
			goroutines(started), g.ID, pick(len(started), "needs", "need"), pick(len(started), "it", "them")))
		return
	}
	// Two methods of one type often stand at the ends of one channel.
	var same []uint64
	for _, id := range waiting {
		if typ := a.byID[id].at().receiverType(); typ != "" && typ == g.at().receiverType() {
			same = append(same, id)
		}
	}
	if len(same) > 0 && g.waitsForOthers() {
		s.Deadlock = true
		s.Why = append(s.Why, fmt.Sprintf("but %s, which %s in a method of %s as well, %s that lock: a deadlock, if the wait is for %s",
			goroutines(same), pick(len(same), "is", "are"), shortName(g.at().receiverType()), pick(len(same), "needs", "need"), pick(len(same), "it", "them")))
	}
}

// waitsForOthers reports whether the goroutine waits for what others of the program do, but not to
// unlock something.
func (g *Goroutine) waitsForOthers() bool {
	if g.Waits != nil && !g.Waits.isLock() {
		return true
	}
	for _, state := range []string{"chan", "select", "sync.Cond", "sync.WaitGroup"} {
		if strings.HasPrefix(g.State, state) {
			return true
		}
	}
	return false
}

// startedIn reports whether the goroutine was started by a function in which the other
// one is. Older versions of Go print no more.
func (g *Goroutine) startedIn(other *Goroutine) bool {
	return g.CreatedBy != nil && slices.ContainsFunc(other.Frames, func(f Frame) bool { return f.Func == g.CreatedBy.Func })
}

// receiverType returns the type whose method this is, or a function literal in it, or "".
func (f Frame) receiverType() string {
	i := strings.Index(f.Func, "(*")
	j := strings.Index(f.Func, ").")
	if i <= 0 || j < i {
		return ""
	}
	return f.Func[:i] + f.Func[i+2:j]
}

// baseState returns the state without what is added to it, but not without what belongs
// to it, as in "chan receive (nil chan)".
func (g *Goroutine) baseState() string {
	s := g.State
	for _, tail := range []string{" (scan)", " (durable)", " (leaked)"} {
		s = strings.TrimSuffix(s, tail)
	}
	return s
}

// blockedIn returns what a blocked goroutine waits in, for a sentence, or "" if it runs.
func (g *Goroutine) blockedIn() string {
	if w := g.Waits; w != nil {
		if w.isLock() {
			return w.want()
		}
		switch w.Lock.Kind {
		case "WaitGroup", "Cond":
			s := "in " + w.Lock.Kind + ".Wait"
			if w.Lock.Class != "" {
				s += " of " + w.Lock.name()
			}
			return s
		}
	}
	switch s := g.baseState(); {
	case s == "", s == "running", s == "runnable", s == "dead", s == "preempted", s == "idle", s == "waiting", s == "copystack":
		return ""
	case strings.HasPrefix(s, "sync."):
		return "in " + strings.TrimPrefix(s, "sync.")
	case strings.HasPrefix(s, "chan "), strings.HasPrefix(s, "select"):
		return "in " + s
	case s == "sleep":
		return "in time.Sleep"
	case s == "IO wait":
		return "for I/O"
	default:
		return "in " + s
	}
}

// title returns the first line about a group of stuck goroutines.
func (s Stuck) title() string {
	switch len(s.Circle) {
	case 0:
	case 1:
		return goroutines(s.Circle) + " seems to wait for a lock that it holds itself"
	default:
		return "goroutines " + list(s.Circle) + " seem to wait for each other's locks"
	}
	t := goroutines(s.Waiting) + " " + pick(len(s.Waiting), "waits", "wait") + " for " + s.Lock.name()
	switch {
	case len(s.Holders) > 0:
		t += ", whose holder is blocked"
	case !slices.ContainsFunc(s.May, func(id uint64) bool { return !slices.Contains(s.Waiting, id) }):
		t += ", whose holder is not known"
	}
	if s.Deadlock {
		t += "; this looks like a deadlock"
	}
	return t
}
