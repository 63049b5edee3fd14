package decide

import (
	"fmt"
	"runtime"
	"slices"

	"github.com/lockcheck/lockcheck/lockgraph"
)

// Locks of one class held at once. Classes say nothing of their order; it is that of the
// instances: a before b if b was acquired while a was held. Pairs go into an acyclic graph, each
// with the run that was seen first. One that closes a circle is not put in; it is a finding if the
// runs of the circle can be at the same time. Only the lock of the class that was acquired last before is
// compared: the others come before it in the same graph.
//
// The graph forgets instances that were collected. A lock that is only ever the outer one
// of its pairs is forgotten with the last of the inner ones.

// again takes note of an acquisition by a goroutine that holds a lock of its class.
func (e *Engine) again(r *Request, now *run) []*Finding {
	root := e.root(r.Class)
	for i := len(r.Held) - 1; i >= 0; i-- {
		h := r.Held[i]
		if h.Lock == 0 || h.Class == 0 || e.root(h.Class) != root {
			continue
		}
		if h.Lock == r.Lock {
			r.Recursive = true
			if r.Mode&Try != 0 {
				return nil
			}
			return e.recursive(root, now)
		}
		r.PairWith, r.PairModes = h.Instance, uint32(h.Mode)|uint32(r.Mode)<<2 // as in record
		if r.Mode&Try != 0 || h.Instance == 0 || h.Instance == r.Instance {
			return nil
		}
		known, out := e.pair(h, now)
		r.Pair = known
		if known && r.Object != nil {
			e.watch(r)
		}
		return out
	}
	return nil
}

// pair takes note of a run that acquired an instance while it held another, h. It reports whether it need
// not hear of that again.
func (e *Engine) pair(h Held, now *run) (known bool, out []*Finding) {
	key := [2]uint32{h.Instance, now.want.Instance}
	if e.pairs[key] != nil {
		return true, nil
	}
	if len(e.pairs) >= maxPairs {
		e.stats.LostPairs++
		return true, nil
	}
	a, b := e.node(key[0]), e.node(key[1])
	path, ok := e.order.Add(a, b)
	if ok {
		e.remember(key, now)
		return true, nil
	}
	// path leads from b to a.
	f := &Finding{Kind: Inversion, Same: true, Closed: true, Hops: []Hop{e.hop(now, h)}}
	runs := []*run{now}
	for i := 1; i < len(path); i++ {
		p := e.pairs[[2]uint32{e.numbers[path[i-1]], e.numbers[path[i]]}]
		if p == nil {
			return false, nil
		}
		for _, o := range runs {
			if e.apart(o, p) || gated(o, p) {
				return false, nil // it may close another time
			}
		}
		runs = append(runs, p)
		from := p.held[0]
		for _, x := range p.held {
			if x.Instance == e.numbers[path[i-1]] {
				from = x
			}
		}
		f.Hops = append(f.Hops, e.hop(p, from))
	}
	for i := range f.Hops {
		if !f.Hops[i].ToMode.Excludes(f.Hops[(i+1)%len(f.Hops)].FromMode) {
			return false, nil
		}
	}
	e.remember(key, now) // known, though it is not in the order
	if ranked(f.Hops) || slices.ContainsFunc(f.Hops, Hop.lone) {
		return true, nil
	}
	if !e.once(fmt.Sprint("instances ", e.root(now.want.Class))) {
		return true, nil
	}
	return true, []*Finding{f}
}

func (e *Engine) node(instance uint32) lockgraph.Node {
	n, ok := e.nodes[instance]
	if !ok {
		n = e.order.NewNode()
		e.nodes[instance] = n
		e.numbers[n] = instance
	}
	return n
}

func (e *Engine) remember(key [2]uint32, r *run) {
	e.pairs[key] = r
	for i, a := range key {
		if e.near[a] == nil {
			e.near[a] = make(map[uint32]bool)
		}
		e.near[a][key[1-i]] = true
	}
}

// watch has the instance forgotten when the lock is collected.
func (e *Engine) watch(r *Request) {
	if Collected == nil || len(e.near[r.Instance]) > 1 {
		return // it is watched since its first pair, or with that of another
	}
	number := r.Instance
	runtime.AddCleanup((*byte)(r.Object), Collected, number)
}

// Collected, if set, is called in any goroutine when the lock with a number is collected, and sees to
// it that Forget is called.
var Collected func(instance uint32)

// Forget drops an instance.
func (e *Engine) Forget(instance uint32) {
	others := e.near[instance]
	delete(e.near, instance)
	e.drop(instance)
	for o := range others {
		delete(e.pairs, [2]uint32{instance, o})
		delete(e.pairs, [2]uint32{o, instance})
		delete(e.near[o], instance)
		if len(e.near[o]) == 0 {
			delete(e.near, o)
			e.drop(o)
		}
	}
}

func (e *Engine) drop(instance uint32) {
	if n, ok := e.nodes[instance]; ok {
		e.order.Remove(n)
		delete(e.nodes, instance)
		delete(e.numbers, n)
	}
}
