package waitmisuse

import (
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
)

// bareWaits reports Cond.Wait outside of any loop that tests something.
func (p *program) bareWaits() []misuse {
	var out []misuse
	p.all(effects.CondWait, func(o op) {
		if o.instr().How != effects.AtOnce || tested(o.point) || p.looped(o.Fn, 0) {
			return
		}
		m := misuse{kind: bareWait, at: o.point, op: o.point, obj: p.object(of(o.Fn), o.recv), all: true, confidence: 40}
		if test, ok := p.testBefore(o); ok {
			m.notes = []note{{point{o.Fn, o.Fn.At(o.Fn.Blocks[test].Last).Args[0]}, "tests the condition once"}}
			m.confidence = p.bareConfidence(o, test)
		} else if !o.Fn.Graph().Loop[o.instr().Block] && p.open(o.Fn) {
			// It waits for a signal, not for a state. This is right if the lock is held from before somebody could signal.
			m.confidence = 20
		}
		out = append(out, m)
	})
	return out
}

// open reports whether code that is not seen may call a function.
func (p *program) open(fn *effects.Func) bool { return fn.Exported || p.kept[fn] }

// tested reports whether an instruction lies on a cycle that has a branch.
func tested(at point) bool {
	g, b := at.Fn.Graph(), at.instr().Block
	for i, block := range at.Fn.Blocks {
		if g.Loop[i] && g.Comp[i] == g.Comp[b] && len(block.Succs) > 1 {
			return true
		}
	}
	return false
}

// looped reports whether a call of a function in view is in a loop that tests something.
func (p *program) looped(fn *effects.Func, depth int) bool {
	if depth > 3 {
		return false
	}
	if fn.Made && fn.Parent != nil { // the body of a range over a function
		return true
	}
	for _, site := range p.sites[fn] {
		if tested(site) || p.looped(site.Fn, depth+1) {
			return true
		}
	}
	return false
}

// testBefore returns the block whose branch alone decides whether a Wait is made. A test whether there is a Cond at
// all, or the object that has it, is not what is waited for.
func (p *program) testBefore(wait op) (int32, bool) {
	fn, b := wait.Fn, wait.instr().Block
	g := fn.Graph()
	for d := g.Idom(b); d >= 0; d = g.Idom(d) {
		succs := fn.Blocks[d].Succs
		if len(succs) != 2 || p.exists(wait, d) {
			continue
		}
		rest := succs[0] // the side that does not wait
		if g.Dominates(rest, b) {
			rest = succs[1]
		}
		switch after := behind(fn, rest); {
		case after[b]: // it does, too
		case meets(after, behind(fn, b)):
			return d, true
		default:
			return 0, false
		}
	}
	return 0, false
}

// exists reports whether the branch behind a block tests whether there is a Cond, or something that leads to it: one that is
// not nil, or that a map or an interface holds.
func (p *program) exists(wait op, b int32) bool {
	fn := wait.Fn
	if x, _ := nilTested(fn, b); x != 0 {
		return p.object(of(fn), x).leadsTo(p.object(of(fn), wait.recv))
	}
	ok := fn.At(fn.At(fn.Blocks[b].Last).Args[0])
	if ok.Op != effects.Extract || ok.Index != 1 {
		return false
	}
	for v := wait.recv; ; {
		switch in := fn.At(v); in.Op {
		case effects.Extract:
			return in.Index == 0 && in.Args[0] == ok.Args[0]
		case effects.Field, effects.Load, effects.Convert:
			v = in.Args[0]
		default:
			return false
		}
	}
}

// behind tells which blocks control can get to from a block, with that.
func behind(fn *effects.Func, b int32) []bool {
	seen := make([]bool, len(fn.Blocks))
	seen[b] = true
	fn.Follow(fn.Blocks[b].Last, func(v V) bool { seen[fn.At(v).Block] = true; return true })
	return seen
}

// meets reports whether two sets of blocks have one in common.
func meets(x, y []bool) bool {
	for i := range x {
		if x[i] && y[i] {
			return true
		}
	}
	return false
}

// bareConfidence weighs a Wait behind an if.
func (p *program) bareConfidence(wait op, test int32) int {
	a := of(wait.Fn)
	state := p.tests(a, test)
	delete(state, stateOf(p.object(a, wait.recv))) // whether there is one
	if len(state) == 0 {
		return 45 // what is it that is tested?
	}
	for b, after := range behind(wait.Fn, wait.instr().Block) {
		if !after || int32(b) == test {
			continue
		}
		for k := range p.tests(a, int32(b)) {
			if state[k] {
				return 25 // tested again, and what then is done is another thing
			}
		}
	}
	if p.oneWay(state) {
		return 40 // once so, it stays so
	}
	return 70
}

// oneWay reports whether the state is only ever set to one constant.
func (p *program) oneWay(state map[key]bool) bool {
	to, one := "", true
	for _, fn := range p.funcs {
		each(fn, func(v V) {
			st := fn.At(v)
			if st.Op != effects.Store || !one {
				return
			}
			at := p.object(of(fn), st.Args[0])
			if !state[stateOf(at)] || at.Kind == ident.Alloc && at.Len() == 1 { // as it was made
				return
			}
			c := fn.At(st.Args[1])
			one = c.Op == effects.Const && c.Sym != "nil" && c.Sym != "zero" && (to == "" || to == c.Sym)
			to = c.Sym
		})
	}
	return one && to != ""
}
