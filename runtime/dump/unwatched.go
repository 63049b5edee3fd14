package dump

import (
	"fmt"
	"slices"
	"strings"
)

// guess reports what an unwatched dump looks like: goroutines that seem to wait for each
// other, and the other locks that goroutines wait for, most awaited first.
//
//  1. Group goroutines by lock, and find those that may hold each.
//  2. Draw an edge from a goroutine that waits to each of the likeliest holders, if these
//     all wait for locks as well. If one of them does not, it may just as well be the holder.
//     A reader that waits while a writer does has a sure edge to the writer.
//  3. Circles in that graph look like deadlocks.
func (a *analysis) guess() {
	queues := a.queues()
	if len(queues) == 0 {
		return
	}
	uses, byType := a.uses(), a.byType()
	a.fields = a.lockFields()
	guessed := newGraph(a.d.Goroutines)
	of := map[uint64]*queue{}
	why := map[[2]uint64]string{}
	for _, q := range queues {
		if !q.isVague() {
			a.candidates(q, uses, byType)
		}
	}
	own := a.ownLocks(queues)
	for _, q := range queues {
		for _, g := range q.waiters {
			of[g.ID] = q
		}
		q.edges(own[q], func(g *Goroutine, c candidate, text string) {
			from := guessed.index[g.ID]
			guessed.succ[from] = append(guessed.succ[from], guessed.lock([]uint64{c.g.ID}))
			why[[2]uint64{g.ID, c.g.ID}] = text
		})
	}
	told := map[*queue]bool{}
	for _, members := range guessed.components() {
		ids := guessed.circle(members)
		q := of[ids[0]]
		s := q.stuck()
		s.Circle, s.Deadlock = ids, true
		for i, id := range ids {
			told[of[id]] = true
			s.Why = append(s.Why, why[[2]uint64{id, ids[(i+1)%len(ids)]}])
		}
		if others := guessed.reaching(ids); len(others) > 0 {
			s.Why = append(s.Why, fmt.Sprintf("%s %s, too, if that is so", goroutines(others), pick(len(others), "waits", "wait")))
		}
		a.d.Stuck = append(a.d.Stuck, s)
	}
	slices.SortStableFunc(queues, func(x, y *queue) int { return len(y.waiters) - len(x.waiters) })
	var looks, rest []Stuck
	for _, q := range queues {
		if told[q] {
			continue
		}
		s := q.stuck()
		a.suspects(&s, q)
		if s.Deadlock {
			looks = append(looks, s)
		} else {
			rest = append(rest, s)
		}
	}
	a.d.Stuck = slices.Concat(a.d.Stuck, looks, rest)
}

func (q *queue) stuck() Stuck {
	s := Stuck{Lock: q.lock}
	for _, g := range q.waiters {
		s.Waiting = append(s.Waiting, g.ID)
	}
	for _, c := range slices.Concat(q.others, q.selves) {
		if len(s.May) < maxListed {
			s.May = append(s.May, c.g.ID)
		}
	}
	return s
}

// edges calls yield for each edge of the guessed graph that starts at a waiter. One that seems to hold the lock
// for which it waits is given.
func (q *queue) edges(own *candidate, yield func(*Goroutine, candidate, string)) {
	may := func(g *Goroutine, c candidate) {
		who := fmt.Sprintf("goroutine %d, which is in %s", c.g.ID, c.describe())
		if c.g == g {
			who = "which it may hold itself since it is in " + c.describe()
		} else {
			who = "which may be held by " + who
		}
		yield(g, c, fmt.Sprintf("goroutine %d waits %s%s, %s", g.ID, q.want(g), in(g.Waits.At), who))
	}
	if q.isVague() {
		return
	}
	others := likeliest(q.others)
	if q.writer != nil {
		for _, g := range q.waiters {
			if g != q.writer {
				yield(g, candidate{g: q.writer}, fmt.Sprintf("goroutine %d waits %s%s, but goroutine %d waits before it to lock it for writing",
					g.ID, q.want(g), in(g.Waits.At), q.writer.ID))
			}
		}
		for _, c := range q.readAgain() {
			may(q.writer, c)
		}
	}
	if own != nil {
		others = []candidate{*own}
	}
	if len(others) > many || slices.ContainsFunc(others, func(c candidate) bool { return !c.isLink() }) {
		return
	}
	for _, g := range q.waiters {
		if q.writer != nil && g != q.writer {
			continue
		}
		for _, c := range others {
			may(g, c)
		}
	}
}

const many = 8 // candidates; with more, one of them says nothing

// isLink reports whether a candidate can be one in a circle: it waits for a lock, too. That it waits in a method of the type
// for a lock of that or another object, says too little.
func (c candidate) isLink() bool {
	w := c.g.Waits
	return w != nil && w.isLock() && (c.weight > sameType || w.At != c.at || w.Lock.Kind == "Once")
}

// want is that of the goroutine's wait, but the lock may be better known here.
func (q *queue) want(g *Goroutine) string {
	w := *g.Waits
	w.Lock = q.lock
	return w.want()
}

// likeliest returns the candidates that are as likely as the first.
func likeliest(cs []candidate) []candidate {
	for i, c := range cs {
		if c.weight < cs[0].weight {
			return cs[:i]
		}
	}
	return cs
}

// describe returns the call that speaks for a candidate, and why it does.
func (c candidate) describe() string {
	s := c.at.name() + in(c.at)
	for _, f := range c.via {
		s += ", called by " + f.name() + in(f)
	}
	switch {
	case c.part.Addr != 0:
		s += ", whose " + c.part.name() + " lies next to it"
	case c.weight <= sameType:
		s += ", of an object that the dump does not tell"
	case c.weight == hasPointer:
		s += " with a pointer to its object"
	}
	return s
}

// suspects tells about a queue which is in no circle what its candidates do.
func (a *analysis) suspects(s *Stuck, q *queue) {
	cs := likeliest(q.others)
	const most = 4
	if len(cs) > most && cs[0].weight <= sameType && q.lock.Kind == "Once" {
		s.Why = append(s.Why, fmt.Sprintf("one of %s may have entered it: they run functions of Onces that the dump does not tell apart", goroutines(ids(cs))))
		return
	}
	if len(cs) > most && cs[0].weight <= sameType {
		s.Why = append(s.Why, fmt.Sprintf("one of %s may hold it: they are in methods of %s, of objects that the dump does not tell",
			goroutines(ids(cs)), shortName(cs[0].at.receiverType())))
		return
	}
	for _, c := range cs[:min(len(cs), most)] {
		text := fmt.Sprintf("goroutine %d may hold it: it is in %s", c.g.ID, c.describe())
		what := c.g.blockedIn()
		switch {
		case what == "" && c.g.baseState() != "":
			text += ", and is " + c.g.baseState()
		case what != "":
			text += ", and waits " + what + in(c.g.at())
		}
		s.Why = append(s.Why, text)
		if len(cs) == 1 && c.weight > inBackground && what != "" && !(c.g.Waits != nil && c.g.Waits.isLock()) {
			a.outlook(s, []uint64{c.g.ID}, s.Waiting)
		}
	}
	switch n := len(cs) - most; {
	case n > 0:
		s.Why = append(s.Why, fmt.Sprintf("so may %s", count(n, "more goroutine")))
	case len(cs) > 0:
	case q.isVague():
		s.Why = append(s.Why, "whether that is one lock or several, the dump does not tell; build without optimizations (-gcflags=all=-l) or with -race to see")
		return
	case q.lock.Addr == 0 && q.lock.AroundAddr == 0:
		s.Why = append(s.Why, "which lock that is, the dump does not tell; build without optimizations (-gcflags=all=-l) or with -race to see")
	default:
		s.Why = append(s.Why, "no other goroutine is seen to have a pointer to its object")
	}
	if len(cs) == 0 && len(q.selves) == 1 {
		c := q.selves[0]
		s.Why = append(s.Why, fmt.Sprintf("if %s has locked it before it calls %s, goroutine %d waits for itself", c.describe(), c.g.Waits.At.name(), c.g.ID))
	}
	if strings.HasPrefix(q.lock.Kind, "RW") && q.writer != nil {
		s.Why = append(s.Why, fmt.Sprintf("readers hold it: goroutine %d waits for them to lock it for writing", q.writer.ID))
	}
}

func ids(cs []candidate) (list []uint64) {
	for _, c := range cs {
		list = append(list, c.g.ID)
	}
	return list
}
