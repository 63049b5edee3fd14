package dump

import (
	"fmt"
	"slices"
	"strings"
)

// blockedHolders reports, of a watched dump, locks that goroutines wait for and whose
// holders are themselves blocked in something that is not a watched lock.
func (a *analysis) blockedHolders() {
	var locks []uint64 // in order of their first holders
	blocked := map[uint64][]holder{}
	for _, g := range a.d.Goroutines {
		if g.Ended || a.dead[g.ID] || g.blockedIn() == "" {
			continue
		}
		if g.Waits != nil && g.Waits.isLock() && len(g.Waits.HeldBy)+len(g.Waits.Behind) > 0 {
			continue // it is its holder's turn to be reported
		}
		for _, h := range g.Holds {
			hs := blocked[h.Lock.Addr]
			if len(a.waiters[h.Lock.Addr]) == 0 || len(hs) > 0 && hs[len(hs)-1].id == g.ID {
				continue
			}
			if hs == nil {
				locks = append(locks, h.Lock.Addr)
			}
			blocked[h.Lock.Addr] = append(hs, holder{g.ID, h})
		}
	}
	for _, addr := range locks {
		a.blockedLock(blocked[addr])
	}
}

// blockedLock reports a lock by its holders that are blocked. Those that are where others are, too,
// are told together.
func (a *analysis) blockedLock(hs []holder) {
	h := hs[0].hold
	s := Stuck{Lock: h.Lock, Waiting: a.waitingFor(hs[0].id, h)}
	if len(s.Waiting) == 0 {
		return
	}
	type place struct{ verb, at, what, in string }
	var places []place
	together := map[place][]uint64{}
	for _, x := range hs {
		g := a.byID[x.id]
		p := place{x.hold.verb(), in(x.hold.At), g.blockedIn(), in(g.at())}
		if together[p] == nil {
			places = append(places, p)
		}
		together[p] = append(together[p], x.id)
		s.Holders = append(s.Holders, x.id)
	}
	all := a.graph.reaching(s.Holders)
	const most = 4
	for i, p := range places[:min(len(places), most)] {
		ids := together[p]
		one := len(ids) == 1
		has, waits := "have ", "wait themselves "
		if one {
			has, waits = "has ", "waits itself "
		}
		s.Why = append(s.Why, fmt.Sprintf("%s %s %s%s, which %s %s for, and %s%s%s",
			goroutines(ids), has+p.verb, h.Lock.name(), p.at, goroutines(s.Waiting), pick(len(s.Waiting), "waits", "wait"), waits, p.what, p.in))
		if n := len(all) - len(s.Waiting); n > 0 && i == 0 {
			s.Why = append(s.Why, fmt.Sprintf("%s in all %s for %s, some through others", count(len(all), "goroutine"), pick(len(all), "waits", "wait"), goroutines(s.Holders)))
		}
		a.outlook(&s, ids, all)
	}
	if n := len(places) - most; n > 0 {
		s.Why = append(s.Why, fmt.Sprintf("others that hold it wait in %s more", count(n, "place")))
	}
	a.d.Stuck = append(a.d.Stuck, s)
}

// outlook adds what the own wait of holders looks like, which all wait in one place, given the goroutines that
// wait for them.
func (a *analysis) outlook(s *Stuck, holders, waiting []uint64) {
	g := a.byID[holders[0]]
	it, its := pick(len(holders), "it goes", "they go"), pick(len(holders), "its", "their")
	switch state := g.baseState(); state {
	case "sleep":
		s.Why = append(s.Why, it+" on when "+its+" time to sleep is over")
		return
	case "IO wait", "syscall":
		s.Why = append(s.Why, it+" on when the system call does")
		return
	case "select (no cases)", "chan receive (nil chan)", "chan send (nil chan)":
		s.Deadlock = true
		s.Why = append(s.Why, "that wait never ends, so this is a deadlock")
		return
	}
	s.Why = append(s.Why, "who would end that wait, lockcheck cannot know")
	for _, id := range holders {
		started := a.startedBy(a.byID[id], waiting)
		if len(started) > 0 {
			s.Deadlock = true
			s.Why = append(s.Why, fmt.Sprintf("but %s, which goroutine %d has started, %s that lock: a deadlock, if the wait is for %s",
				goroutines(started), id, pick(len(started), "needs", "need"), pick(len(started), "it", "them")))
			return
		}
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

// startedBy returns those of some goroutines that another has started.
func (a *analysis) startedBy(g *Goroutine, ids []uint64) (started []uint64) {
	for _, id := range ids {
		if w := a.byID[id]; w.Creator == g.ID || w.Creator == 0 && w.startedIn(g) {
			started = append(started, id)
		}
	}
	return started
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
	for _, tail := range []string{" (scan)", " (durable)", leakedState} {
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
