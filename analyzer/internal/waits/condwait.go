package waits

import (
	"go/constant"
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// bareWaits reports Cond.Wait outside of any loop.
func (p *program) bareWaits() []Misuse {
	var out []Misuse
	for _, fn := range p.fns {
		for _, o := range p.ops[fn] {
			call, ok := o.instr.(*ssa.Call)
			if !ok || o.kind != opCondWait {
				continue
			}
			l := p.loop(fn)
			b := call.Block()
			if l.tests[b.Index] || p.looped(fn, 0) {
				continue
			}
			m := Misuse{Kind: BareWait, Fn: fn, At: call, Op: call, Class: p.place(o.recv, nil).class, All: true}
			test := p.testBefore(call, p.place(o.recv, nil))
			switch {
			case test == nil && !l.cyclic[b.Index]:
				// It waits for a signal, not for a state. This is right if the lock is
				// held from before somebody could signal.
				m.Confidence = 40
				if p.open(fn) {
					m.Confidence = 20
				}
			case test == nil:
				m.Confidence = 40
			default:
				m.Notes = []Note{{test, "tests the condition once"}}
				m.Confidence = p.bareConfidence(call, test, p.place(o.recv, nil))
			}
			out = append(out, m)
		}
	}
	return out
}

// looped reports whether a call of fn in view is in a loop that tests something.
func (p *program) looped(fn *ssa.Function, depth int) bool {
	if depth > 3 {
		return false
	}
	for _, site := range p.sites[fn] {
		if p.loop(site.Parent()).tests[site.Block().Index] || p.looped(site.Parent(), depth+1) {
			return true
		}
	}
	return false
}

// testBefore returns the branch that alone decides whether the Wait is made; nil if there is none. A test whether
// there is a Cond at all, or the object that has it, is not what is waited for.
func (p *program) testBefore(wait *ssa.Call, cond place) *ssa.If {
	b := wait.Block()
	for d := b.Idom(); d != nil; d = d.Idom() {
		br, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		if d.Succs[0] == d.Succs[1] {
			return nil
		}
		if p.exists(br, cond) {
			continue
		}
		// One side does not wait, but goes on.
		for i, side := range d.Succs {
			if side.Dominates(b) && !d.Succs[1-i].Dominates(b) && !ends(d.Succs[1-i], wait) {
				return br
			}
		}
		return nil
	}
	return nil
}

// exists reports whether a branch tests whether there is a Cond, or something that leads to it: one that is not nil, or
// that a map or an interface holds.
func (p *program) exists(br *ssa.If, cond place) bool {
	if x := nilTested(br); x != nil {
		return p.place(x, nil).leadsTo(cond)
	}
	ok, isTuple := br.Cond.(*ssa.Extract)
	root, from := cond.root.(*ssa.Extract)
	return isTuple && from && ok.Index == 1 && root.Index == 0 && ok.Tuple == root.Tuple
}

// nilTested returns the value that a branch compares with nil; nil if it is another branch.
func nilTested(br *ssa.If) ssa.Value {
	cmp, ok := br.Cond.(*ssa.BinOp)
	if !ok || cmp.Op != token.EQL && cmp.Op != token.NEQ {
		return nil
	}
	x, y := cmp.X, cmp.Y
	if k, ok := x.(*ssa.Const); ok && k.IsNil() {
		x, y = y, x
	}
	if k, ok := y.(*ssa.Const); ok && k.IsNil() {
		return x
	}
	return nil
}

// ends reports whether nothing that a Wait leads to can be reached from b.
func ends(b *ssa.BasicBlock, wait *ssa.Call) bool {
	after := reachable(wait.Block())
	for x := range reachable(b) {
		if after[x] {
			return false
		}
	}
	return !after[b]
}

// reachable returns the blocks behind b.
func reachable(b *ssa.BasicBlock) map[*ssa.BasicBlock]bool {
	seen := map[*ssa.BasicBlock]bool{}
	work := []*ssa.BasicBlock{b}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		for _, s := range b.Succs {
			if !seen[s] {
				seen[s] = true
				work = append(work, s)
			}
		}
	}
	return seen
}

// bareConfidence weighs a Wait behind an if.
func (p *program) bareConfidence(wait *ssa.Call, test *ssa.If, cond place) int {
	state := map[any]bool{}
	p.state(test.Cond, state, 0)
	delete(state, stateKey(cond)) // whether there is one
	if len(state) == 0 {
		return 45 // what is it that is tested?
	}
	for b := range reachable(wait.Block()) {
		br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok || br == test {
			continue
		}
		again := map[any]bool{}
		p.state(br.Cond, again, 0)
		for k := range again {
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

// state collects what a condition depends on: fields and package variables by class, local
// variables by their allocation.
func (p *program) state(v ssa.Value, into map[any]bool, depth int) {
	if depth > 8 {
		return
	}
	switch v := v.(type) {
	case *ssa.BinOp:
		p.state(v.X, into, depth+1)
		p.state(v.Y, into, depth+1)
	case *ssa.UnOp:
		if v.Op != token.MUL {
			p.state(v.X, into, depth+1)
			return
		}
		if k := stateKey(p.place(v.X, nil)); k != nil {
			into[k] = true
		}
	case *ssa.Convert:
		p.state(v.X, into, depth+1)
	case *ssa.Phi:
		for _, e := range v.Edges {
			p.state(e, into, depth+1)
		}
	case *ssa.Lookup:
		p.state(v.X, into, depth+1)
	case *ssa.Extract:
		p.state(v.Tuple, into, depth+1)
	case *ssa.Call:
		if ctx, ok := p.canceledKey(&v.Call, "Err"); ok {
			into[ctx] = true
			return
		}
		for _, a := range v.Call.Args {
			if k := stateKey(p.place(a, nil)); k != nil {
				into[k] = true // len(x), x.Load()
			}
			if u, ok := a.(*ssa.UnOp); ok {
				p.state(u, into, depth+1)
			}
		}
		if t := p.target(v.Call.Value, &v.Call); t.fn != nil && depth < 6 {
			returns(t.fn, func(ret *ssa.Return) {
				for _, r := range ret.Results {
					p.state(r, into, depth+2)
				}
			})
		}
	}
}

func stateKey(pl place) any {
	if pl.class != "" {
		return pl.class
	}
	if a, ok := pl.root.(*ssa.Alloc); ok && a.Heap {
		return a
	}
	return nil
}

// oneWay reports whether the state is only ever set to one constant.
func (p *program) oneWay(state map[any]bool) bool {
	var to constant.Value
	for _, fn := range p.fns {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				st, ok := instr.(*ssa.Store)
				if !ok {
					continue
				}
				pl := p.place(st.Addr, nil)
				k := stateKey(pl)
				if k == nil || !state[k] {
					continue
				}
				if fa, ok := st.Addr.(*ssa.FieldAddr); ok {
					if _, made := fa.X.(*ssa.Alloc); made {
						continue
					}
				}
				c, ok := st.Val.(*ssa.Const)
				if !ok || c.Value == nil || to != nil && !constant.Compare(to, token.EQL, c.Value) {
					return false
				}
				to = c.Value
			}
		}
	}
	return to != nil
}
