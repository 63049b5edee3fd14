package lockgraph

import (
	"cmp"
	"slices"
)

// The search for cycles in one strongly connected component, here called a
// region. There can be exponentially many cycles; enumerating them all
// (D. B. Johnson 1975, https://doi.org/10.1137/0204007) is neither affordable nor wanted, since one wrong order
// between two groups of locks makes many cycles and is one mistake.
//
//  1. Every pair of classes taken in both orders is a cycle if feasible.
//  2. For every hop left, in sorted order, the shortest feasible cycle through
//     it, without Doubt, that avoids the hops of such cycles already found.
//  3. The same with Doubt allowed, avoiding the hops of all cycles found.
//  4. When hops have been used up, components are computed anew, once as much
//     work has been done as that costs. Hops in no component are dropped.
//
// The shortest feasible cycle through a hop u->v is looked for among the
// shortest paths from v to u, one after the other:
//
//	J. Y. Yen, "Finding the K Shortest Loopless Paths in a Network",
//	Management Science 17(11), 1971. https://doi.org/10.1287/mnsc.17.11.712
//	E. L. Lawler, "A Procedure for Computing the K Best Solutions to Discrete
//	Optimization Problems", Management Science 18(7), 1972 (which divides the
//	remaining paths so that none is found twice).
//	https://doi.org/10.1287/mnsc.18.7.401
//
//	a. Find a shortest path by breadth-first search.
//	b. If the cycle is infeasible, then for each position i of the path: keep
//	   the path up to i, forbid the hop taken at i, and search on from there.
//	c. Of all paths found that way, the shortest is the next. Repeat.
//
// Two exact cuts make step b cheap where gates rule out much: a search never
// takes a hop that clashes with u->v in all variants, and positions beyond the
// first clash inside a path are not varied, for what is kept would clash again.
const (
	// maxTries bounds the cycles tested for one hop. Each needs at most as many
	// searches as it has hops.
	maxTries = 16

	// maxHops bounds the length of a cycle. A report of more is of no use.
	maxHops = 128

	// maxScans bounds the hops looked at in all searches of step 2, and again
	// of step 3, for one region, each comparison of two edges counted as one
	// more: about half a second's worth each. It is not
	// reached unless a region has thousands of hops and most cycles in it are
	// infeasible. No cycle is then searched through the hops that are left.
	maxScans = 1 << 24
)

// A region is a strongly connected component of the graph.
type region struct {
	chooser
	adjacency       // to is parallel to hops
	hops      []hop // sorted by from, to; classes are numbered in sorted order

	comp  []int32 // of what is left of the region, by class
	scans int     // so far in this step

	// Scratch space of shortest, by class.
	mark  []int32
	via   []int32 // hop by which the class was reached
	epoch int32
	queue []int32

	// Memo of clashHops with the hop searched for, by hop.
	memoEpoch []int32
	memo      []bool
	memoNow   int32
}

// regions returns the components that contain cycles, in order of their
// smallest class.
func (g *Graph) regions(o Options) []*region {
	use := func(ent *entry) bool {
		return ent.from != ent.to && slices.ContainsFunc(ent.variants, func(e Edge) bool {
			return e.Confidence >= o.MinConfidence
		})
	}
	// Parallel edges (other modes) do no harm here.
	n := len(g.names)
	whole := adjacency{start: make([]int32, n+1)}
	for i := range g.entries {
		if ent := &g.entries[i]; use(ent) {
			whole.start[ent.from+1]++
		}
	}
	for v := range n {
		whole.start[v+1] += whole.start[v]
	}
	whole.to = make([]int32, whole.start[n])
	fill := slices.Clone(whole.start)
	for i := range g.entries {
		if ent := &g.entries[i]; use(ent) {
			whole.to[fill[ent.from]] = ent.to
			fill[ent.from]++
		}
	}
	comp, count := components(whole, nil)
	size := make([]int32, count)
	for _, c := range comp {
		size[c]++
	}

	// Number the classes of each region in sorted order.
	var inside []int32
	for v := range n {
		if size[comp[v]] > 1 {
			inside = append(inside, int32(v))
		}
	}
	slices.SortFunc(inside, func(a, b int32) int { return cmp.Compare(g.names[a], g.names[b]) })
	local := make([]int32, n)
	used := make([]int32, count)
	var order []int32 // components by smallest class
	for _, v := range inside {
		c := comp[v]
		if used[c] == 0 {
			order = append(order, c)
		}
		local[v] = used[c]
		used[c]++
	}

	// Sort the entries of each region and make hops of them.
	entries := make([][]*entry, count)
	for i := range g.entries {
		ent := &g.entries[i]
		if c := comp[ent.from]; size[c] > 1 && c == comp[ent.to] && use(ent) {
			entries[c] = append(entries[c], ent)
		}
	}
	writers := g.writersOnce()
	var out []*region
	for _, c := range order {
		list := entries[c]
		slices.SortFunc(list, func(a, b *entry) int {
			return cmp.Or(cmp.Compare(local[a.from], local[b.from]), cmp.Compare(local[a.to], local[b.to]))
		})
		r := &region{chooser: chooser{never: o.apart(), writers: writers}}
		r.start = make([]int32, size[c]+1)
		for i := 0; i < len(list); {
			j := i + 1
			for j < len(list) && list[j].from == list[i].from && list[j].to == list[i].to {
				j++
			}
			h := hopOf(local[list[i].from], local[list[i].to], list[i:j], o)
			r.hops = append(r.hops, h)
			r.to = append(r.to, h.to)
			r.start[h.from+1]++
			i = j
		}
		for v := range size[c] {
			r.start[v+1] += r.start[v]
		}
		out = append(out, r)
	}
	return out
}

// writersOnce is Writers with a memory, as the search asks often.
func (g *Graph) writersOnce() func(Class) []Acquisition {
	known := make(map[Class][]Acquisition)
	return func(c Class) []Acquisition {
		ws, ok := known[c]
		if !ok {
			ws = g.Writers(c)
			known[c] = ws
		}
		return ws
	}
}

// prepare makes the scratch space, late because there may be many regions.
func (r *region) prepare() {
	n := len(r.start) - 1
	r.mark, r.via = make([]int32, n), make([]int32, n)
	r.memoEpoch, r.memo = make([]int32, len(r.hops)), make([]bool, len(r.hops))
}

func (r *region) search() []Cycle {
	r.prepare()
	out := r.inversions()
	r.sure, r.doubted = true, false
	out = append(out, r.longer()...)
	if r.doubted { // or step 3 would repeat step 2
		r.sure = false
		out = append(out, r.longer()...)
	}
	return out
}

// inversions is step 1.
func (r *region) inversions() []Cycle {
	var out []Cycle
	for i := range r.hops {
		h := &r.hops[i]
		if h.from > h.to {
			continue
		}
		j, ok := slices.BinarySearch(r.to[r.start[h.to]:r.start[h.to+1]], h.from)
		if !ok {
			continue
		}
		pair := []*hop{h, &r.hops[int(r.start[h.to])+j]}
		if c, ok := r.choose(pair); ok {
			out = append(out, c)
			take(pair, c)
		}
	}
	return out
}

func take(hops []*hop, c Cycle) {
	for _, h := range hops {
		h.taken = true
		h.firm = h.firm || !c.Doubt
	}
}

// usedUp reports whether hop i must not be part of another cycle.
func (r *region) usedUp(i int32) bool {
	if r.sure {
		return r.hops[i].firm
	}
	return r.hops[i].taken
}

// longer is step 2 or 3, depending on r.sure.
func (r *region) longer() []Cycle {
	var out []Cycle
	r.comp, _ = components(r.adjacency, r.usedUp)
	r.scans = 0
	fresh, since := true, 0 // whether r.comp is up to date; r.scans when it was computed
	for i := range r.hops {
		if !fresh && r.scans-since > len(r.hops) { // step 4
			r.comp, _ = components(r.adjacency, r.usedUp)
			fresh, since = true, r.scans
		}
		h := &r.hops[i]
		if r.usedUp(int32(i)) || r.comp[h.from] != r.comp[h.to] {
			continue
		}
		if c, ok := r.shortestCycle(int32(i)); ok {
			out = append(out, c)
			fresh = false
		}
		if r.scans > maxScans {
			break
		}
	}
	return out
}

// A detour is a path from the end of a hop back to its start, as hops.
type detour struct {
	path   []int32
	kept   int     // the first so many hops are those of the path it came from
	forbid []int32 // at position kept
}

// shortestCycle finds the shortest feasible cycle of three or more hops
// through hop i, marks its hops, and reports whether there is one.
func (r *region) shortestCycle(i int32) (Cycle, bool) {
	r.memoNow++
	var queue []detour
	push := func(kept, forbid []int32) {
		if path := r.shortest(i, kept, forbid); path != nil {
			queue = append(queue, detour{path, len(kept), forbid})
		}
	}
	push(nil, nil)
	for range maxTries {
		if len(queue) == 0 || r.scans > maxScans {
			break
		}
		k := 0 // step c; the first found among equals
		for j := range queue {
			if len(queue[j].path) < len(queue[k].path) {
				k = j
			}
		}
		d := queue[k]
		queue = slices.Delete(queue, k, k+1)

		hops := r.rotate(i, d.path)
		c, ok := r.choose(hops)
		r.scans += (maxChoices - r.left) * len(hops)
		if ok {
			take(hops, c)
			return c, true
		}
		last := r.firstClash(i, d.path)
		for at := d.kept; at <= last && r.scans <= maxScans; at++ { // step b
			forbid := []int32{d.path[at]}
			if at == d.kept {
				forbid = append(forbid, d.forbid...)
			}
			push(d.path[:at], forbid)
		}
	}
	return Cycle{}, false
}

// rotate returns the hops of the cycle, from the smallest class on.
func (r *region) rotate(i int32, path []int32) []*hop {
	hops := []*hop{&r.hops[i]}
	first := 0
	for k, j := range path {
		hops = append(hops, &r.hops[j])
		if r.hops[j].from < hops[first].from {
			first = k + 1
		}
	}
	return slices.Concat(hops[first:], hops[:first])
}

// firstClash returns the first position of path whose hop cannot stand beside
// those before it, or the last position. (That no hop clashes with hop i is
// seen to by shortest.)
func (r *region) firstClash(i int32, path []int32) int {
	for k := 1; k < len(path); k++ {
		b := &r.hops[path[k]]
		if !r.blocks(&r.hops[path[k-1]], b) {
			return k
		}
		for _, j := range path[:k] {
			a := &r.hops[j]
			r.scans += len(a.variants) * len(b.variants)
			if r.clashHops(a, b) == exclusive {
				return k
			}
		}
	}
	return len(path) - 1
}

// shortest is step a: it returns a shortest path that closes a cycle with hop
// i, has at least two hops, begins with kept, and does not go on with a hop of
// forbid. It returns nil if there is none.
func (r *region) shortest(i int32, kept, forbid []int32) []int32 {
	h := &r.hops[i]
	r.epoch++
	r.mark[h.to] = r.epoch
	from := h.to
	for _, j := range kept {
		from = r.hops[j].to
		r.mark[from] = r.epoch
	}
	r.queue = append(r.queue[:0], from)
	length := 1 + len(kept) // of the cycle, up to the classes at this level of the search
	for q, level := 0, 0; q < len(r.queue); q++ {
		if q == level {
			if length++; length > maxHops {
				return nil
			}
			level = len(r.queue)
		}
		v := r.queue[q]
		for j := r.start[v]; j < r.start[v+1]; j++ {
			r.scans++
			w := r.to[j]
			if r.mark[w] == r.epoch || r.comp[w] != r.comp[h.from] || r.usedUp(j) ||
				w == h.from && v == h.to || // a cycle of two hops
				q == 0 && slices.Contains(forbid, j) ||
				!r.fits(i, j) {
				continue
			}
			r.mark[w] = r.epoch
			r.via[w] = j
			if w != h.from {
				r.queue = append(r.queue, w)
				continue
			}
			var tail []int32
			for v := w; v != from; v = r.hops[r.via[v]].from {
				tail = append(tail, r.via[v])
			}
			slices.Reverse(tail)
			return slices.Concat(kept, tail)
		}
	}
	return nil
}

// fits reports whether hop j can be in one cycle with hop i.
func (r *region) fits(i, j int32) bool {
	if r.memoEpoch[j] != r.memoNow {
		r.memoEpoch[j] = r.memoNow
		a, b := &r.hops[i], &r.hops[j]
		r.scans += len(a.variants) * len(b.variants)
		r.memo[j] = r.clashHops(a, b) != exclusive &&
			(a.to != b.from || r.blocks(a, b)) &&
			(b.to != a.from || r.blocks(b, a))
	}
	return r.memo[j]
}
