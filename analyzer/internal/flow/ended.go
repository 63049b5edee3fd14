package flow

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
)

// An object that this function has made, and that it has shared with nobody but goroutines which have ended, is its own
// again. That is asked for each object and each goroutine that has got it:
//
//	var s stats
//	for _, x := range xs {
//		wg.Go(func() { s.add(x) })
//	}
//	wg.Wait()
//	s.n /= len(xs) // nobody else has s
//
// A goroutine has ended if on every way from its start to the instruction the function waits for what the goroutine
// does last, see tells.

// shared reports whether somebody else may have at instr what v points to, or is.
func (w *walker) shared(v ssa.Value, instr ssa.Instruction) bool {
	origin, _ := v.(ssa.Instruction)
	for _, p := range w.publishersOf(v) {
		if p == instr || !w.reaches(p, instr, origin) {
			continue
		}
		starts, all := w.startsAt(p)
		if !all || instr.Parent() != w.fn {
			return true
		}
		for _, s := range starts {
			if s.site != instr && w.reaches(s.site, instr, origin) && (w.passesOn(s, v) || !w.ended(s, instr, origin)) {
				return true
			}
		}
	}
	return false
}

// A start is an instruction that starts a goroutine.
type start struct {
	site ssa.CallInstruction
	t    target
	// group is the WaitGroup.Go or the like: its receiver, which is told when the function has returned.
	group ssa.Value
}

// startsAt returns the starts by which an instruction lets others see an object; all is false if there may be
// other ways.
func (w *walker) startsAt(p ssa.Instruction) (out []start, all bool) {
	switch p := p.(type) {
	case *ssa.Go:
		return w.startOf(p)
	case *ssa.MakeClosure:
		for _, ref := range *p.Referrers() {
			switch x := ref.(type) {
			case *ssa.DebugRef:
			case *ssa.Defer:
				if x.Call.Value != p {
					return nil, false
				}
			case *ssa.Call:
				if x.Call.Value == p {
					continue
				}
				s, ok := groupStart(x, p)
				if !ok {
					return nil, false
				}
				out = append(out, s)
			case *ssa.Go:
				s, ok := w.startOf(x)
				if !ok {
					return nil, false
				}
				out = append(out, s...)
			default:
				return nil, false
			}
		}
		return out, true
	}
	return nil, false
}

// startOf returns the start that a go statement is.
func (w *walker) startOf(g *ssa.Go) ([]start, bool) {
	ts := w.targets(g.Common(), g)
	if len(ts) != 1 || ts[0].dynamic || len(ts[0].fn.Blocks) == 0 {
		return nil, false
	}
	return []start{{site: g, t: ts[0]}}, true
}

// groupStart returns the start by a method that starts a function, and whose receiver has a method that waits for all
// it has started.
func groupStart(call *ssa.Call, mc *ssa.MakeClosure) (start, bool) {
	e := modelled(call.Common())
	i := slices.Index(call.Call.Args, ssa.Value(mc))
	if e == nil || !slices.Contains(e.Spawns, i) || !isGroup(call.Common()) {
		return start{}, false
	}
	return start{site: call, t: target{fn: mc.Fn.(*ssa.Function), free: mc.Bindings, conf: 100}, group: call.Call.Args[0]}, true
}

// isGroup reports whether the receiver of a method has a method Wait, too.
func isGroup(c *ssa.CallCommon) bool {
	callee := c.StaticCallee()
	if callee == nil || callee.Signature.Recv() == nil || callee.Pkg == nil {
		return false
	}
	wait, _, _ := types.LookupFieldOrMethod(callee.Signature.Recv().Type(), true, callee.Pkg.Pkg, "Wait")
	_, ok := wait.(*types.Func)
	return ok
}

// publishersOf returns the instructions that let others see what v points to, or is.
func (w *walker) publishersOf(v ssa.Value) []ssa.Instruction {
	pubs, ok := w.info.pubs[v]
	if !ok {
		w.publishers(v, func(p ssa.Instruction) { pubs = append(pubs, p) }, map[ssa.Value]bool{})
		w.info.pubs[v] = pubs
	}
	return pubs
}

// passesOn reports whether a goroutine may let others see what it has got of v.
func (w *walker) passesOn(s start, v ssa.Value) bool {
	var sum *uint64
	if f := w.env.Summary(s.t.fn); f != nil {
		sum = &f.Publishes
	}
	for i, a := range s.t.args {
		if a != nil && w.leadsTo(a, v) && (sum == nil || i > 63 || *sum&(1<<i) != 0) {
			return true
		}
	}
	in := w.within(s.t.fn)
	for i, b := range s.t.free {
		if b != nil && w.leadsTo(b, v) && (i >= len(s.t.fn.FreeVars) || in.freePublishes(s.t.fn.FreeVars[i], 0)) {
			return true
		}
	}
	return false
}

// leadsTo reports whether a value may be v, point into it, or be a variable that holds it.
func (w *walker) leadsTo(a, v ssa.Value) bool { return w.mayLead(a, v, map[*ssa.Alloc]bool{}) }

func (w *walker) mayLead(a, v ssa.Value, seen map[*ssa.Alloc]bool) bool {
	for range 16 {
		if a == v {
			return true
		}
		switch x := a.(type) {
		case *ssa.FieldAddr:
			a = x.X
		case *ssa.IndexAddr:
			a = x.X
		case *ssa.Slice:
			a = x.X
		case *ssa.MakeInterface:
			a = x.X
		case *ssa.ChangeInterface:
			a = x.X
		case *ssa.ChangeType:
			a = x.X
		case *ssa.Convert:
			a = x.X
		case *ssa.TypeAssert:
			a = x.X
		case *ssa.UnOp:
			a = x.X
		case *ssa.Alloc:
			cell := w.info.cells[x]
			if cell == nil || seen[x] {
				return false
			}
			seen[x] = true
			return slices.ContainsFunc(cell.stores, func(st *ssa.Store) bool { return w.mayLead(st.Val, v, seen) })
		default:
			return false
		}
	}
	return true
}

// freePublishes reports whether a literal may let others see the captured variable, or what it holds.
func (w *walker) freePublishes(fv *ssa.FreeVar, depth int) bool {
	found := depth > 4
	publishes := func(ssa.Instruction) { found = true }
	w.publishers(fv, publishes, map[ssa.Value]bool{})
	for _, ref := range *fv.Referrers() {
		switch x := ref.(type) {
		case *ssa.UnOp:
			if pointerLike(x.Type()) {
				w.publishers(x, publishes, map[ssa.Value]bool{})
			}
		case *ssa.MakeClosure:
			lit := x.Fn.(*ssa.Function)
			for i, b := range x.Bindings {
				found = found || b == fv && w.within(lit).freePublishes(lit.FreeVars[i], depth+1)
			}
		}
	}
	return found
}

// within returns a walker of another function, for questions that need no path.
func (w *walker) within(fn *ssa.Function) *walker {
	if fn == w.fn {
		return w
	}
	if in := w.inner[fn]; in != nil {
		return in
	}
	in := Scan(w.env, fn).w
	if w.inner == nil {
		w.inner = map[*ssa.Function]*walker{}
	}
	w.inner[fn] = in
	return in
}

// ended reports whether a goroutine has been waited for on every way from its start to an instruction.
func (w *walker) ended(s start, instr, origin ssa.Instruction) bool {
	c := &joins{instrs: map[ssa.Instruction]bool{}, edges: map[[2]*ssa.BasicBlock]bool{}}
	for _, sig := range w.signalsOf(s) {
		w.addJoins(c, s, sig, instr)
	}
	return len(c.instrs)+len(c.edges) > 0 && !c.avoidable(s.site, instr, origin)
}

// joins are the places of a function at which a goroutine is known to have ended.
type joins struct {
	instrs map[ssa.Instruction]bool
	edges  map[[2]*ssa.BasicBlock]bool
}

// avoidable reports whether control can get from one instruction to another without a join, and without making the object
// anew.
func (c *joins) avoidable(from, to, origin ssa.Instruction) bool {
	seen := map[*ssa.BasicBlock]bool{}
	type place struct {
		b *ssa.BasicBlock
		i int
	}
	work := []place{{from.Block(), slices.Index(from.Block().Instrs, from) + 1}}
next:
	for len(work) > 0 {
		p := work[len(work)-1]
		work = work[:len(work)-1]
		for _, instr := range p.b.Instrs[p.i:] {
			if instr == to {
				return true
			}
			if instr == origin || c.instrs[instr] {
				continue next
			}
		}
		for _, s := range p.b.Succs {
			if !seen[s] && !c.edges[[2]*ssa.BasicBlock{p.b, s}] {
				seen[s] = true
				work = append(work, place{s, 0})
			}
		}
	}
	return false
}

// bar makes the loops around a join impassable where they end by their condition: who waits in a loop waits for as many as
// he has started. That does not hold for a loop in which one of the two ends of the way is.
func (c *joins) bar(join, from, to ssa.Instruction) {
	for _, l := range Loops(join.Parent()) {
		if !l.Body[join.Block()] || l.Body[from.Block()] || l.Body[to.Block()] {
			continue
		}
		for _, s := range l.Header.Succs {
			if !l.Body[s] {
				c.edges[[2]*ssa.BasicBlock{l.Header, s}] = true
			}
		}
	}
}

// addJoins adds where w.fn waits for a signal of a goroutine.
func (w *walker) addJoins(c *joins, s start, sig signal, to ssa.Instruction) {
	switch sig.kind {
	case groupSignal:
		if s.group == nil && !w.addedBefore(sig.path, s.site) {
			return // Wait may not know of the goroutine
		}
		EachInstr(w.fn, func(instr ssa.Instruction) {
			if call, ok := instr.(*ssa.Call); ok && slices.ContainsFunc(w.waitsOf(call, 0), sig.path.Same) {
				c.instrs[call] = true
			}
		})
	case closeSignal, sendSignal:
		w.addReceives(c, s, sig, to)
	}
}

// addedBefore reports whether a WaitGroup is added to before a go statement on every way to it.
func (w *walker) addedBefore(group ident.Path, site ssa.Instruction) bool {
	found := false
	EachInstr(w.fn, func(instr ssa.Instruction) {
		call, ok := instr.(*ssa.Call)
		if ok && methodOfSync(call.Common(), "WaitGroup", "Add") && w.path(nil, call.Call.Args[0]).Same(group) {
			found = found || Before(call, site)
		}
	})
	return found
}

// addReceives adds the receives that wait for a signal by a channel. One receive waits for one send: if there may be
// more of these, there must be as many receives, or receives in a loop. What has been sent says nothing of a close that
// comes later.
func (w *walker) addReceives(c *joins, s start, sig signal, to ssa.Instruction) {
	n := w.sends(sig.path)
	var once []ssa.Instruction // receives that are not in a loop
	EachInstr(w.fn, func(instr ssa.Instruction) {
		switch x := instr.(type) {
		case *ssa.UnOp:
			if !receives(x) || !w.path(nil, x.X).Same(sig.path) {
				return
			}
			if edge, ok := closedEdge(x); ok {
				c.edges[edge] = true
			}
			switch {
			case n == 0 || n == 1 && sig.kind == sendSignal:
				c.instrs[x] = true
				c.bar(x, s.site, to)
			case sig.kind == closeSignal:
			case w.info.loop[x.Block().Index]:
				c.bar(x, s.site, to) // behind the loop, not in it
			default:
				once = append(once, x)
			}
		case *ssa.Select:
			for i, st := range x.States {
				if st.Dir == types.RecvOnly && w.path(nil, st.Chan).Same(sig.path) && (n == 0 || n == 1 && sig.kind == sendSignal) {
					if first := caseOf(x, i); first != nil {
						c.instrs[first] = true
					}
				}
			}
		}
	})
	once = slices.DeleteFunc(once, func(r ssa.Instruction) bool { return !Before(s.site, r) || !Before(r, to) })
	if n > 1 && n < many && len(once) >= n {
		for _, r := range once {
			c.instrs[r] = true
		}
	}
}

// constructed reports whether v is what a function of the package has made and returned, and nobody has got it from this one
// by instr: others may have it, but the constructor would have to have seen to that.
func (w *walker) constructed(v ssa.Value, instr ssa.Instruction) bool {
	if load, ok := v.(*ssa.UnOp); ok {
		if a, ok := load.X.(*ssa.Alloc); ok {
			if val := w.info.cells[a].single(); val != nil {
				v = val
			}
		}
	}
	return w.madeBelow(v) && !w.shared(v, instr)
}

// starts reports whether a goroutine gets an object.
func (w *walker) starts(v ssa.Value) bool {
	return slices.ContainsFunc(w.publishersOf(v), func(p ssa.Instruction) bool {
		out, _ := w.startsAt(p)
		return len(out) > 0
	})
}

// madeBelow reports whether a value is what a function of the package has made and returns, and has started no goroutine
// with.
func (w *walker) madeBelow(v ssa.Value) bool {
	i := 0
	if ex, ok := v.(*ssa.Extract); ok {
		v, i = ex.Tuple, ex.Index
	}
	call, ok := v.(*ssa.Call)
	if !ok {
		return false
	}
	fn := call.Call.StaticCallee()
	if fn == nil || fn.Pkg == nil || fn.Pkg != w.fn.Pkg || len(fn.Blocks) == 0 {
		return false
	}
	some := false
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || b == fn.Recover || i >= len(ret.Results) {
			continue
		}
		switch made := ret.Results[i].(type) {
		case *ssa.Alloc:
			if w.within(fn).starts(made) { // another function is scanned only if it may matter
				return false
			}
			some = true
		case *ssa.Const:
		default:
			return false
		}
	}
	return some
}
