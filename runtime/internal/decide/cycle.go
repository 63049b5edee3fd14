package decide

import (
	"slices"
	"strconv"

	"github.com/lockcheck/lockcheck/lockgraph"
)

// cycles looks for cycles through an acquisition of class root while held are held.
func (e *Engine) cycles(held []Held, root uint32) []*Finding {
	if !slices.ContainsFunc(held, func(h Held) bool { return e.reaches(root, e.root(h.Class)) }) {
		return nil
	}
	return e.judge()
}

// judge returns the cycles that were not reported yet.
func (e *Engine) judge() []*Finding {
	var out []*Finding
	for {
		for _, c := range e.graph.Cycles(lockgraph.Options{Apart: e.threadsApart}) {
			key := "cycle " + c.Key()
			if e.reported[key] {
				continue
			}
			if f := e.choose(c); f != nil {
				e.reported[key] = true
				out = append(out, f)
			}
		}
		if !e.stale { // else chains have turned out to say nothing, which may have stood for others
			return out
		}
		out = append(out, e.redraw()...)
	}
}

// reaches reports whether there is a path of edges.
func (e *Engine) reaches(from, to uint32) bool {
	seen := map[uint32]bool{from: true}
	todo := []uint32{from}
	for len(todo) > 0 {
		c := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if c == to {
			return true
		}
		for _, n := range e.next[c] {
			if !seen[n] {
				seen[n] = true
				todo = append(todo, n)
			}
		}
	}
	return false
}

// inCycle reports whether a class is in a cycle of edges.
func (e *Engine) inCycle(c uint32) bool {
	return slices.ContainsFunc(e.next[c], func(n uint32) bool { return e.reaches(n, c) })
}

func (e *Engine) thread(name string) *chain {
	i, err := strconv.Atoi(name)
	if err != nil || i >= len(e.chains) {
		panic("lockcheck: internal error: no chain " + name)
	}
	return e.chains[i]
}

// threadsApart reports whether no two runs of two chains can be at the same time.
func (e *Engine) threadsApart(a, b string) bool {
	x, y := e.thread(a), e.thread(b)
	if x.many || y.many {
		return false
	}
	for _, r := range x.runs {
		for _, s := range y.runs {
			if !e.apart(r, s) {
				return false
			}
		}
	}
	return true
}

// choose picks a run for each hop of a cycle, so that all can be at once: first such that
// each waits for the very lock that the next one holds, then, if that is not needed, any.
func (e *Engine) choose(c lockgraph.Cycle) *Finding {
	p := picker{e: e, closed: true}
	for _, edge := range c.Edges {
		p.hops = append(p.hops, e.thread(edge.Thread))
		p.from = append(p.from, edge)
	}
	if !p.pick() {
		p.closed, p.tries = false, 0
		if c.Doubt || !p.pick() {
			return nil
		}
	}
	f := &Finding{Kind: Inversion, Closed: p.closed}
	for i, r := range p.runs {
		f.Hops = append(f.Hops, e.hop(r, *p.fromOf(r, i)))
	}
	if len(c.Writers) > 0 {
		w := e.thread(c.Writers[0].Thread)
		r := w.runs[0]
		f.Writer = &Hop{Goroutine: r.goroutine, To: e.ref(r.want), Stack: from(r.stack, r.want.PC)}
	}
	return f
}

// A picker chooses runs, depth first.
type picker struct {
	e      *Engine
	hops   []*chain
	from   []lockgraph.Edge
	closed bool
	runs   []*run
	tries  int
	asked  int
}

const maxTries = 1 << 14

func (p *picker) pick() bool {
	i := len(p.runs)
	if i == len(p.hops) {
		return (!p.closed || p.meets(i-1, 0)) && !p.lone()
	}
next:
	for _, r := range p.hops[i].runs {
		if p.tries++; p.tries > maxTries {
			return false
		}
		if p.fromOf(r, i) == nil {
			continue
		}
		for k, o := range p.runs {
			if p.excludes(k, o, i, r) {
				continue next
			}
		}
		p.runs = append(p.runs, r)
		if (!p.closed || i == 0 || p.meets(i-1, i)) && p.pick() {
			return true
		}
		p.runs = p.runs[:i]
	}
	return false
}

// fromOf returns the lock that run r of hop i holds and the hop before waits for.
func (p *picker) fromOf(r *run, i int) *Held {
	for k := range r.held {
		h := &r.held[k]
		if h.Class != 0 && p.e.graphClass(h.Class) == p.from[i].From && graphMode(h.Mode) == p.from[i].FromMode {
			return h
		}
	}
	return nil
}

// meets reports whether run i waits for the lock that run k holds.
func (p *picker) meets(i, k int) bool { return p.runs[i].want.Lock == p.fromOf(p.runs[k], k).Lock }

// excludes reports whether two runs cannot be at the same time.
func (p *picker) excludes(i int, a *run, k int, b *run) bool {
	if a.goroutine == b.goroutine {
		return true // also if it is one of many
	}
	if !p.hops[i].many && !p.hops[k].many && p.e.apart(a, b) {
		return true
	}
	return gated(a, b)
}

// gated reports whether two runs hold one lock in modes that exclude each other.
func gated(a, b *run) bool {
	for _, x := range a.held {
		for _, y := range b.held {
			if x.Lock != 0 && x.Lock == y.Lock && x.Mode.Excludes(y.Mode) {
				return true
			}
		}
	}
	return false
}
