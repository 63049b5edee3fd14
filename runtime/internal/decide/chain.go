package decide

import (
	"encoding/binary"
	"slices"
	"strconv"

	"github.com/lockcheck/lockcheck/lockgraph"
)

// A chain is an acquisition of a lock of one class while locks of others are held.
type chain struct {
	held []Held // without a second lock of a class and mode; instances are those of the first run
	want Held
	runs []*run
	many bool // more goroutines than are kept in runs make it, at any time
	asks int
	lone bool // its runs were all of those that cannot block, see retire
}

// A run is a goroutine that made the acquisition of a chain.
type run struct {
	goroutine   uint64
	first, last uint64 // times
	held        []Held // all of it
	want        Held
	stack       []uintptr // shared by runs with the same
	depths      []uintptr
	// inherited is the number of entries of held that are not its own, but its parent's, which
	// waited for it.
	inherited int
	waiter    State // that parent
}

const (
	maxRuns = 16
	maxAsks = 1 << 10 // of a chain that several goroutines make, before it counts as made by many
)

// Learn takes note of an acquisition and returns what is wrong with it, if that was not
// returned before.
func (e *Engine) Learn(r *Request) []*Finding {
	e.know(r.Kin)
	if len(r.Held) > 0 {
		e.survive(r.Goroutine, r.Now)
		e.bear(r.Goroutine)
	}
	r.Class = e.classify(r.Class, r.PC)
	if r.Instance == 0 {
		e.count++
		r.Instance = e.count
	}
	r.Who = Everyone
	want := Held{Lock: r.Lock, Class: r.Class, Instance: r.Instance, Mode: r.Mode, PC: r.PC, Depth: r.Depth}
	now := &run{goroutine: r.Goroutine, first: r.Now, last: r.Now, held: r.Held, want: want}
	now.stack, now.depths = e.intern(r.Stack, r.Depths)

	var out []*Finding
	if e.stale {
		out = e.redraw()
	}
	root := e.root(r.Class)
	twice := false // a lock of the class is held
	held := make([]Held, 0, len(r.Held))
	for _, h := range r.Held {
		if h.Lock == 0 || h.Class == 0 {
			continue
		}
		if e.root(h.Class) == root {
			twice = true
			continue
		}
		if !slices.ContainsFunc(held, func(o Held) bool { return e.root(o.Class) == e.root(h.Class) && o.Mode == h.Mode }) {
			held = append(held, h)
		}
	}
	if twice {
		out = append(out, e.again(r, now)...)
		r.Who = Instances
	}
	if r.Heir && r.Mode&Try == 0 {
		r.Who = Mine
		e.inherit(now)
	}
	if r.Mode&Try != 0 || len(held) == 0 && !(r.RW && r.Mode.exclusive()) {
		return out // an attempt does not wait; a first lock has no order
	}
	r.Recorded = true
	if len(held) > 0 {
		e.unnamed(held)
		e.unnamed([]Held{want})
		r.ToName = len(e.toName) > 0
	}
	who := e.add(held, now)
	switch {
	case twice: // instances are to be looked at in any case
	case r.Heir:
		r.Who = Mine
	default:
		r.Who = who
	}
	if r.RW && r.Mode.exclusive() {
		out = append(out, e.recursionsOf(root)...)
		if len(held) == 0 && e.inCycle(root) { // a writer that readers may have waited for
			return append(out, e.judge()...)
		}
	}
	return append(out, e.cycles(held, root)...)
}

// add adds a run to a chain, and says who need not tell of it again.
func (e *Engine) add(held []Held, r *run) Who {
	c := e.chainOf(held, r.want)
	if c == nil {
		return Everyone
	}
	if c.many {
		return Everyone
	}
	if k, ok := pathOf(r); ok && e.lones[k] {
		return Mine
	}
	if c.lone {
		c.lone = false
		e.draw(c, slices.Index(e.chains, c))
	}
	c.asks++
	for _, old := range c.runs {
		if old.goroutine == r.goroutine && old.inherited == r.inherited {
			old.last = r.last
			if c.asks > maxAsks && len(c.runs) > 1 {
				c.many = true
				return Everyone
			}
			return Mine
		}
	}
	c.runs = append(c.runs, r)
	if len(c.runs) > maxRuns {
		c.many = true
		return Everyone
	}
	return Mine
}

// chainOf returns the chain for an acquisition, a new one if it has to, nil beyond the limit.
func (e *Engine) chainOf(held []Held, want Held) *chain {
	k := e.key[:0]
	for _, h := range append(held[:len(held):len(held)], want) {
		k = binary.AppendUvarint(k, uint64(h.Class)<<1|uint64(h.Mode&Read))
	}
	e.key = k
	c := e.byKey[string(k)]
	if c == nil {
		if len(e.chains) >= maxChains {
			e.stats.LostChains++
			return nil
		}
		c = &chain{held: held, want: want}
		e.byKey[string(k)] = c
		e.chains = append(e.chains, c)
		if !e.stale {
			e.draw(c, len(e.chains)-1)
		}
	}
	return c
}

// draw adds the edges of chain number i to the graph.
func (e *Engine) draw(c *chain, i int) {
	if c.lone {
		return
	}
	thread := strconv.Itoa(i)
	to := e.root(c.want.Class)
	gates := make([]lockgraph.Gate, 0, len(c.held))
	for _, h := range c.held {
		gates = append(gates, lockgraph.Gate{Class: e.graphClass(h.Class), Mode: graphMode(h.Mode)})
	}
	if c.want.Mode.exclusive() {
		e.graph.AddWriter(lockgraph.Acquisition{
			Class: e.graphClass(c.want.Class), Mode: lockgraph.Write, Held: slices.Clone(gates), Thread: thread,
		})
	}
	for k, h := range c.held {
		from := e.root(h.Class)
		if from == to {
			continue // since they were merged
		}
		e.graph.AddEdge(lockgraph.Edge{
			From: gates[k].Class, FromMode: gates[k].Mode,
			To: e.graphClass(c.want.Class), ToMode: graphMode(c.want.Mode),
			Gates: slices.Delete(slices.Clone(gates), k, k+1), Thread: thread, Confidence: 100,
		})
		if !slices.Contains(e.next[from], to) {
			e.next[from] = append(e.next[from], to)
		}
	}
}

// redraw makes the graph anew after classes were merged. What was an order of classes may
// now be one of instances.
func (e *Engine) redraw() []*Finding {
	e.stale = false
	e.graph = lockgraph.New()
	clear(e.next)
	var out []*Finding
	for i, c := range e.chains {
		e.draw(c, i)
		root := e.root(c.want.Class)
		if !slices.ContainsFunc(c.held, func(h Held) bool { return e.root(h.Class) == root }) {
			continue
		}
		for _, r := range c.runs {
			for k := len(r.held) - 1; k >= 0; k-- {
				h := r.held[k]
				if h.Class == 0 || e.root(h.Class) != root {
					continue
				}
				if h.Lock != r.want.Lock && h.Instance != 0 && r.want.Mode&Try == 0 {
					_, found := e.pair(h, r)
					out = append(out, found...)
				}
				break
			}
		}
	}
	return out
}

func graphMode(m Mode) lockgraph.Mode {
	if m&Read != 0 {
		return lockgraph.Read
	}
	return lockgraph.Write
}
