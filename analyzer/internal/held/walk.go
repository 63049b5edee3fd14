package held

import (
	"slices"
	"strconv"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
)

const (
	maxStates = 8      // per block, then widened
	maxVisits = 40_000 // of blocks with one state, per function; then the summary is truncated
)

// V is the number of an instruction and of its value.
type V = effects.V

// A walker walks one function.
type walker struct {
	*resolve.Func
	fn    *effects.Func
	trace bool

	recordLocks bool // the locks at every access are wanted

	rec     recorder
	running V    // where the deferred call happens that is looked at
	several bool // the call looked at has several targets, of which one is called
	depth   int  // of callbacks within callbacks

	guessing bool // the call looked at reaches its target only if another program makes it
}

// Options say what else is wanted of a walk.
type Options struct {
	Locks bool // the locks at every access
	Trace bool // the locks held at every call
}

// Walk analyzes fn, whose callees' summaries are known.
func Walk(facts *resolve.Facts, fn *effects.Func, o Options) *Result {
	w := &walker{Func: resolve.New(facts, fn), fn: fn, trace: o.Trace, recordLocks: o.Locks}
	w.rec.init()
	return w.result(w.run())
}

// path returns the access path of a value in a state, which may be nil.
func (w *walker) path(st *state, v V) ident.Path {
	if st == nil {
		return w.Path(nil, v)
	}
	return w.Path(st, v)
}

// A node is what is known at the start of one block.
type node struct {
	states []*state // at most maxStates, different keys
	keys   []string
	dirty  []bool
	wide   bool // widened into states[0]
}

func (w *walker) run() (truncated bool) {
	nodes := make([]node, len(w.Blocks))
	q := newQueue(w.Graph())
	add := func(b int32, st *state) {
		if nodes[b].add(w, st) {
			q.push(b)
		}
	}
	add(0, &state{})
	for visits := 0; ; {
		b := q.pop()
		if b < 0 {
			return false
		}
		n := &nodes[b]
		for i := 0; i < len(n.states); i++ {
			if !n.dirty[i] {
				continue
			}
			n.dirty[i] = false
			if visits++; visits > maxVisits {
				return true
			}
			for _, out := range w.block(b, n.states[i]) {
				add(out.to, out.st)
			}
		}
	}
}

// add joins st into the node and reports whether the block must be walked again.
func (n *node) add(w *walker, st *state) bool {
	key := w.key(st)
	if i := slices.Index(n.keys, key); i >= 0 {
		joined, changed := n.states[i].joinRest(st)
		if changed {
			n.states[i], n.dirty[i] = joined, true
		}
		return changed
	}
	if !n.wide && len(n.states) < maxStates {
		n.states = append(n.states, st)
		n.keys = append(n.keys, key)
		n.dirty = append(n.dirty, true)
		return true
	}
	joined := st
	if n.wide {
		joined = widen(n.states[0], st)
	} else {
		joined = n.states[0]
		for _, o := range n.states[1:] {
			joined = widen(joined, o)
		}
		joined = widen(joined, st)
	}
	k := w.key(joined)
	if n.wide && k == n.keys[0] && slices.Equal(joined.lits, n.states[0].lits) && slices.Equal(joined.binds, n.states[0].binds) {
		return false
	}
	n.wide = true
	n.states, n.keys, n.dirty = []*state{joined}, []string{k}, []bool{true}
	return true
}

// A queue gives blocks in reverse postorder.
type queue struct {
	graph *effects.Graph
	in    []bool // by position in reverse postorder
	low   int
}

func newQueue(g *effects.Graph) *queue {
	return &queue{graph: g, in: make([]bool, len(g.Order)), low: len(g.Order)}
}

func (q *queue) push(b int32) {
	i := int(q.graph.Place[b])
	q.in[i] = true
	q.low = min(q.low, i)
}

// pop returns the first block, -1 if there is none.
func (q *queue) pop() int32 {
	for ; q.low < len(q.in); q.low++ {
		if q.in[q.low] {
			q.in[q.low] = false
			return q.graph.Order[q.low]
		}
	}
	return -1
}

// An out is a state that leaves a block.
type out struct {
	to int32
	st *state
}

// block walks one state through one block.
func (w *walker) block(b int32, st *state) []out {
	inLoop := w.Graph().Loop[b]
	cur := []*state{st}
	for v := w.Blocks[b].First; v <= w.Blocks[b].Last; v++ {
		in := w.At(v)
		if inLoop && in.Type != nil && in.Op != effects.Phi {
			for i, s := range cur {
				cur[i] = s.age(v)
			}
		}
		if w.recordLocks && wantsLocks(in) {
			for _, s := range cur {
				w.rec.locksAt(v, s)
				if mayWait(in) && in.How == effects.AtOnce {
					w.rec.waitsAt(v, s)
				}
			}
		}
		switch in.Op {
		case effects.RunDefers:
			cur = w.each(cur, func(s *state) []*state { return w.runDefersAt(s, v) })
		case effects.Store:
			for i, s := range cur {
				cur[i] = w.store(s, in)
			}
		case effects.Alloc:
			if w.Bool(v) {
				zero := summary.Lit{Path: w.path(nil, v).Deref()}
				for i, s := range cur {
					cur[i] = s.assume(zero)
				}
			}
		case effects.Panic:
			w.panics(cur, v)
			return nil
		case effects.Return:
			for _, s := range cur {
				w.rec.exit(w, s, v)
			}
			return nil
		case effects.If, effects.Jump:
			return w.leave(cur, b, in)
		default:
			cur = w.maybeCall(cur, v, in)
		}
		if len(cur) == 0 {
			return nil
		}
	}
	return nil
}

// maybeCall walks states over an instruction that may be a call.
func (w *walker) maybeCall(cur []*state, v V, in *effects.Instr) []*state {
	switch {
	case !in.Op.Calls():
		return cur
	case in.How == effects.Started:
		for i, s := range cur {
			cur[i] = w.spawn(s, v, in)
		}
		return cur
	case in.How == effects.Deferred:
		return w.each(cur, func(s *state) []*state { return []*state{s.pushDefer(v)} })
	}
	return w.each(cur, func(s *state) []*state { return w.call(s, v, in) })
}

// leave returns the states that leave a block by its branch.
func (w *walker) leave(cur []*state, b int32, in *effects.Instr) []out {
	var outs []out
	endless := resolve.Endless(w.fn, b)
	for _, s := range cur {
		for i, succ := range w.Blocks[b].Succs {
			if i == 1 && endless {
				continue
			}
			if in.Op == effects.If {
				t := w.branch(s, in.Args[0], i == 0)
				if t == nil {
					continue
				}
				outs = append(outs, out{succ, w.edge(t, b, succ)})
				continue
			}
			outs = append(outs, out{succ, w.edge(s, b, succ)})
		}
	}
	return outs
}

// panics ends states. Deferred calls that run while a panic unwinds are those of the returns; on
// this path alone they would be judged with locks that nobody expects to
// be released, also after the checks that a range over a function entails. But what a
// recovered panic leaves locked stays so.
func (w *walker) panics(cur []*state, at V) {
	for _, s := range cur {
		if w.recovers(s.defers) {
			for _, t := range w.runDefersAt(s, at) {
				w.rec.keep.exit(w, t, at, nil, false)
			}
		}
	}
}

// each applies f to every state and merges what comes out.
func (w *walker) each(states []*state, f func(*state) []*state) []*state {
	if len(states) == 1 {
		if out := f(states[0]); len(out) <= 1 {
			return out
		} else {
			return w.merge(out)
		}
	}
	var all []*state
	for _, s := range states {
		all = append(all, f(s)...)
	}
	return w.merge(all)
}

func (w *walker) merge(all []*state) []*state {
	var n node
	for _, s := range all {
		n.add(w, s)
	}
	return n.states
}

// edge carries a state from one block to another: values merged at the join are
// bound, and what a closing loop makes doubtful is forgotten.
func (w *walker) edge(st *state, from, to int32) *state {
	g := w.Graph()
	if g.Place[to] <= g.Place[from] {
		st = w.settle(st)
	}
	first := w.Blocks[to].First
	last := first
	for last <= w.Blocks[to].Last && w.Op(last) == effects.Phi {
		last++
	}
	if first == last {
		return st
	}
	before := st
	if g.Loop[to] {
		for phi := first; phi < last; phi++ {
			st = st.age(phi)
		}
	}
	pred := slices.Index(w.Blocks[to].Preds, from)
	for phi := first; phi < last; phi++ {
		in := w.At(phi).Args[pred]
		switch {
		case !w.Refers(phi):
			st = w.bindScalar(before, st, phi, in)
		case w.IsNil(in):
			st = st.assume(summary.Lit{Path: resolve.Opaque(phi, ""), Op: "==nil", Val: true})
		default:
			p := w.path(before, in)
			for q := first; q < last; q++ {
				p = p.Age(strconv.Itoa(int(q)))
			}
			if p.Kind != ident.Unknown {
				st = st.bindTo(phi, p)
			}
		}
	}
	return st
}

// bindScalar notes the constant, or what is known of the condition, that flows
// into a phi of a basic type.
func (w *walker) bindScalar(before, st *state, phi, in V) *state {
	p := resolve.Opaque(phi, "")
	if w.Op(in) == effects.Const {
		if val, ok := w.BoolConst(in); ok {
			return st.assume(summary.Lit{Path: p, Val: val})
		}
		if w.Graph().Loop[w.At(phi).Block] {
			return st // counters: one state per value would not end
		}
		return st.assume(summary.Lit{Path: p, Op: "==" + w.At(in).Sym, Val: true})
	}
	if lit, known, ok := w.condition(before, in); ok && w.Bool(in) {
		if known {
			return st.assume(summary.Lit{Path: p, Val: lit.Val})
		}
		if val, known := before.lookup(lit); known {
			return st.assume(summary.Lit{Path: p, Val: val == lit.Val})
		}
	}
	return st
}

// store tracks constants in local variables that closures share, and forgets
// what was known of the variable.
func (w *walker) store(st *state, in *effects.Instr) *state {
	addr, val := in.Args[0], in.Args[1]
	switch op := w.Op(addr); {
	case op == effects.Field && w.Bool(addr):
		return w.storeFlag(st, addr, val)
	case op != effects.Alloc:
		return st
	}
	cell := w.path(nil, addr)
	st = st.forget(func(l summary.Lit) bool { return l.Path.Kind == cell.Kind && l.Path.Ref == cell.Ref })
	if b, ok := w.BoolConst(val); ok {
		return st.assume(summary.Lit{Path: cell.Deref(), Val: b})
	}
	return st
}

// storeFlag notes that a field was set to true. Loads of it are not resolved by that,
// since the function stores to it; it tells at a return what the object remembers.
func (w *walker) storeFlag(st *state, addr, val V) *state {
	p := w.path(st, addr).Deref()
	st = st.forget(func(l summary.Lit) bool { return l.Op == opSet && l.Path == p })
	if b, ok := w.BoolConst(val); ok && b {
		return st.assume(summary.Lit{Path: p, Op: opSet, Val: true})
	}
	return st
}

// opSet marks the literal that a flag was set, as opposed to found true.
const opSet = "=set"

// remembered reports whether a flag beside a lock was set: the object that both belong
// to keeps in mind that the lock is held.
func remembered(st *state, lock ident.Path) bool {
	owner, ok := lock.Owner()
	if !ok {
		return false
	}
	for _, l := range st.lits {
		if l.Op != opSet {
			continue
		}
		if flag, ok := l.Path.Undo(); ok {
			if of, ok := flag.Owner(); ok && of.Same(owner) {
				return true
			}
		}
	}
	return false
}

func (st *state) pushDefer(d V) *state {
	if slices.Contains(st.defers, d) {
		return st // in a loop: once stands for all
	}
	c := st.clone()
	c.defers = append(slices.Clone(c.defers), d)
	return c
}

// runDefersAt runs the deferred calls at an instruction.
func (w *walker) runDefersAt(st *state, at V) []*state {
	w.running = at
	defer func() { w.running = 0 }()
	defers := st.defers
	if len(defers) == 0 {
		return []*state{st}
	}
	c := st.clone()
	c.defers = nil
	cur := []*state{c}
	for _, d := range slices.Backward(defers) {
		if w.recordLocks {
			for _, s := range cur {
				w.rec.locksAt(d, s)
				if mayWait(w.At(d)) {
					w.rec.waitsAt(d, s)
				}
			}
		}
		cur = w.each(cur, func(s *state) []*state { return w.call(s, d, w.At(d)) })
	}
	return cur
}

// recovers reports whether a deferred function calls recover.
func (w *walker) recovers(defers []V) bool {
	return slices.ContainsFunc(defers, func(d V) bool {
		in := w.At(d)
		if in.Op != effects.Call {
			return false
		}
		fn := in.Fn
		if in.Flags&effects.Dynamic != 0 {
			switch lit := w.At(in.Args[0]); lit.Op {
			case effects.Closure, effects.FuncOf:
				fn = lit.Fn
			}
		}
		return fn != nil && fn.Recovers
	})
}
