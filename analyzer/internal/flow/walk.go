package flow

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
)

const (
	maxStates = 8      // per block, then widened
	maxVisits = 40_000 // of blocks with one state, per function; then the summary is truncated
)

// A walker walks one function.
type walker struct {
	env   Env
	fn    *ssa.Function
	info  *info
	trace bool

	recordLocks bool // the locks at every access are wanted

	rec     recorder
	running ssa.Instruction         // where the deferred call happens that is looked at
	several bool                    // the call looked at has several targets, of which one is called
	depth   int                     // of callbacks within callbacks
	wiring  int                     // of rewire within rewire
	places  map[ssa.Instruction]int // within their blocks, filled block by block
	names   map[string]ssa.Value
	inner   map[*ssa.Function]*walker // literals of which is asked what they publish
}

// Walk analyzes fn, whose callees' summaries env knows. With trace set, the
// result tells the locks held at every call.
func Walk(env Env, fn *ssa.Function, trace bool) *Result {
	w := &walker{env: env, fn: fn, trace: trace, recordLocks: env.Wanted(fn)}
	w.rec.init()
	w.scan()
	truncated := w.run()
	return w.result(truncated)
}

// A node is what is known at the start of one block.
type node struct {
	states []*state // at most maxStates, different keys
	keys   []string
	dirty  []bool
	wide   bool // widened into states[0]
}

func (w *walker) run() (truncated bool) {
	blocks := w.fn.Blocks
	nodes := make([]node, len(blocks))
	add := func(b *ssa.BasicBlock, st *state) bool { return nodes[b.Index].add(w, st) }
	queue := newQueue(w.info)
	if add(blocks[0], &state{}) {
		queue.push(blocks[0])
	}
	for visits := 0; ; {
		b := queue.pop()
		if b == nil {
			return false
		}
		n := &nodes[b.Index]
		for i := 0; i < len(n.states); i++ {
			if !n.dirty[i] {
				continue
			}
			n.dirty[i] = false
			if visits++; visits > maxVisits {
				return true
			}
			for _, out := range w.block(b, n.states[i]) {
				if add(out.to, out.st) {
					queue.push(out.to)
				}
			}
			n = &nodes[b.Index]
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
	info *info
	in   []bool // by position in reverse postorder
	low  int
}

func newQueue(in *info) *queue {
	return &queue{info: in, in: make([]bool, len(in.order)), low: len(in.order)}
}

func (q *queue) push(b *ssa.BasicBlock) {
	i := q.info.rpo[b.Index]
	q.in[i] = true
	q.low = min(q.low, i)
}

func (q *queue) pop() *ssa.BasicBlock {
	for ; q.low < len(q.in); q.low++ {
		if q.in[q.low] {
			q.in[q.low] = false
			return q.info.order[q.low]
		}
	}
	return nil
}

// An out is a state that leaves a block.
type out struct {
	to *ssa.BasicBlock
	st *state
}

// block walks one state through one block.
func (w *walker) block(b *ssa.BasicBlock, st *state) []out {
	inLoop := w.info.loop[b.Index]
	cur := []*state{st}
	for _, instr := range b.Instrs {
		if v, ok := instr.(ssa.Value); ok && inLoop {
			if _, isPhi := instr.(*ssa.Phi); !isPhi {
				for i, s := range cur {
					cur[i] = s.age(v.Name())
				}
			}
		}
		if w.recordLocks && wantsLocks(instr) {
			for _, s := range cur {
				w.rec.locksAt(instr, s)
			}
		}
		switch instr := instr.(type) {
		case *ssa.Call:
			cur = w.each(cur, func(s *state) []*state { return w.call(s, instr, instr.Common()) })
		case *ssa.Go:
			for i, s := range cur {
				cur[i] = w.spawn(s, instr)
			}
		case *ssa.Defer:
			cur = w.each(cur, func(s *state) []*state { return []*state{w.pushDefer(s, instr)} })
		case *ssa.RunDefers:
			cur = w.each(cur, func(s *state) []*state { return w.runDefersAt(s, instr) })
		case *ssa.Store:
			for i, s := range cur {
				cur[i] = w.store(s, instr)
			}
		case *ssa.Alloc:
			if isBool(instr) {
				zero := summary.Lit{Path: ident.Root(ident.Alloc, instr.Name(), allocClass(instr)).Deref()}
				for i, s := range cur {
					cur[i] = s.assume(zero)
				}
			}
		case *ssa.Panic:
			// Deferred calls that run while a panic unwinds are those of the returns; on
			// this path alone they would be judged with locks that nobody expects to
			// be released, also after the checks that a range over a function entails. But what a
			// recovered panic leaves locked stays so.
			for _, s := range cur {
				if recovers(s.defers) {
					for _, t := range w.runDefersAt(s, instr) {
						w.rec.keep.exit(w, t, instr, nil, false)
					}
				}
			}
			return nil
		case *ssa.Return:
			for _, s := range cur {
				w.rec.exit(w, s, instr)
			}
			return nil
		case *ssa.If:
			var outs []out
			endless := Endless(b, 1)
			for _, s := range cur {
				for i, succ := range b.Succs {
					if i == 1 && endless {
						continue
					}
					if t := w.branch(s, instr.Cond, i == 0); t != nil {
						outs = append(outs, out{succ, w.edge(t, b, succ)})
					}
				}
			}
			return outs
		case *ssa.Jump:
			var outs []out
			for _, s := range cur {
				outs = append(outs, out{b.Succs[0], w.edge(s, b, b.Succs[0])})
			}
			return outs
		}
		if len(cur) == 0 {
			return nil
		}
	}
	return nil
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
func (w *walker) edge(st *state, from, to *ssa.BasicBlock) *state {
	if w.info.rpo[to.Index] <= w.info.rpo[from.Index] {
		st = w.settle(st)
	}
	pred := slices.Index(to.Preds, from)
	var phis []*ssa.Phi
	for _, instr := range to.Instrs {
		phi, ok := instr.(*ssa.Phi)
		if !ok {
			break
		}
		phis = append(phis, phi)
	}
	if len(phis) == 0 {
		return st
	}
	before := st
	if w.info.loop[to.Index] {
		for _, phi := range phis {
			st = st.age(phi.Name())
		}
	}
	for _, phi := range phis {
		in := phi.Edges[pred]
		switch {
		case pointerLike(phi.Type()):
			p := w.path(before, in)
			for _, q := range phis {
				p = p.Age(q.Name())
			}
			if c, ok := in.(*ssa.Const); ok && c.IsNil() {
				st = st.assume(summary.Lit{Path: opaque(phi, ""), Op: "==nil", Val: true})
			} else if p.Kind != ident.Unknown {
				st = st.bindTo(phi.Name(), p)
			}
		default:
			st = w.bindScalar(before, st, phi, in)
		}
	}
	return st
}

// bindScalar notes the constant, or what is known of the condition, that flows
// into a phi of a basic type.
func (w *walker) bindScalar(before, st *state, phi *ssa.Phi, in ssa.Value) *state {
	p := opaque(phi, "")
	if c, ok := in.(*ssa.Const); ok {
		if val, ok := boolConst(c); ok {
			return st.assume(summary.Lit{Path: p, Val: val})
		}
		if w.info.loop[phi.Block().Index] {
			return st // counters: one state per value would not end
		}
		return st.assume(summary.Lit{Path: p, Op: "==" + constText(c), Val: true})
	}
	if lit, known, ok := w.condition(before, in); ok && isBool(in) {
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
func (w *walker) store(st *state, instr *ssa.Store) *state {
	if fa, ok := instr.Addr.(*ssa.FieldAddr); ok && isBool(fa) {
		return w.storeFlag(st, fa, instr.Val)
	}
	a, ok := instr.Addr.(*ssa.Alloc)
	if !ok {
		return st
	}
	cellPath := ident.Root(ident.Alloc, a.Name(), allocClass(a)).Deref()
	st = st.forget(func(l summary.Lit) bool {
		return l.Path.Kind == ident.Alloc && l.Path.Ref == a.Name()
	})
	if c, ok := instr.Val.(*ssa.Const); ok {
		if val, ok := boolConst(c); ok {
			return st.assume(summary.Lit{Path: cellPath, Val: val})
		}
	}
	return st
}

// storeFlag notes that a field was set to true. Loads of it are not resolved by that,
// since the function stores to it; it tells at a return what the object remembers.
func (w *walker) storeFlag(st *state, fa *ssa.FieldAddr, val ssa.Value) *state {
	p := w.path(st, fa).Deref()
	st = st.forget(func(l summary.Lit) bool { return l.Op == opSet && l.Path == p })
	if c, ok := val.(*ssa.Const); ok {
		if b, ok := boolConst(c); ok && b {
			return st.assume(summary.Lit{Path: p, Op: opSet, Val: true})
		}
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
		if l.Op != opSet || !strings.HasSuffix(l.Path.Steps, "^") {
			continue
		}
		flag := l.Path
		flag.Steps = strings.TrimSuffix(flag.Steps, "^")
		if of, ok := flag.Owner(); ok && of.Same(owner) {
			return true
		}
	}
	return false
}

func (w *walker) pushDefer(st *state, d *ssa.Defer) *state {
	if slices.Contains(st.defers, d) {
		return st // in a loop: once stands for all
	}
	c := st.clone()
	c.defers = append(slices.Clone(c.defers), d)
	return c
}

// runDefersAt runs the deferred calls at an instruction.
func (w *walker) runDefersAt(st *state, at ssa.Instruction) []*state {
	w.running = at
	defer func() { w.running = nil }()
	defers := st.defers
	if len(defers) == 0 {
		return []*state{st}
	}
	c := st.clone()
	c.defers = nil
	cur := []*state{c}
	for i := len(defers) - 1; i >= 0; i-- {
		d := defers[i]
		if w.recordLocks {
			for _, s := range cur {
				w.rec.locksAt(d, s)
			}
		}
		cur = w.each(cur, func(s *state) []*state { return w.call(s, d, d.Common()) })
	}
	return cur
}

// recovers reports whether a deferred function calls recover.
func recovers(defers []*ssa.Defer) bool {
	for _, d := range defers {
		fn := d.Call.StaticCallee()
		if fn == nil {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if call, ok := instr.(*ssa.Call); ok {
					if bi, ok := call.Call.Value.(*ssa.Builtin); ok && bi.Name() == "recover" {
						return true
					}
				}
			}
		}
	}
	return false
}

// isGoexit reports whether a call is one of runtime.Goexit.
func isGoexit(c *ssa.CallCommon) bool {
	fn := c.StaticCallee()
	return fn != nil && fn.Name() == "Goexit" && fn.Pkg != nil && fn.Pkg.Pkg.Path() == "runtime"
}

func sortedNames[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func capped[T any](s []T, n int) []T {
	if len(s) > n {
		return s[:n]
	}
	return s
}

// compareInstr orders the instructions of w.fn by block, then by place in the block.
func (w *walker) compareInstr(a, b ssa.Instruction) int {
	if a == b {
		return 0
	}
	if c := cmp.Compare(a.Block().Index, b.Block().Index); c != 0 {
		return c
	}
	if w.places == nil {
		w.places = map[ssa.Instruction]int{}
	}
	if _, ok := w.places[a]; !ok {
		for i, instr := range a.Block().Instrs {
			w.places[instr] = i
		}
	}
	return cmp.Compare(w.places[a], w.places[b])
}
