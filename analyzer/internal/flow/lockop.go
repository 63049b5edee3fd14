package flow

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/model"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// operate performs an operation on a lock.
func (w *walker) operate(st *state, instr ssa.CallInstruction, c *ssa.CallCommon, op model.Op) []*state {
	if op == model.NewCond || op == model.RLocker {
		return []*state{st}
	}
	recv := c.Value
	if !c.IsInvoke() {
		recv = c.Args[0]
	}
	if op == model.Wait {
		return []*state{w.wait(st, instr, recv)}
	}
	p := w.path(st, recv)
	mode := lockgraph.Write
	if op == model.RLock || op == model.RUnlock || op == model.TryRLock || p.Read {
		mode = lockgraph.Read
	}
	p.Read = false
	lock := summary.Lock{Path: p, Mode: mode}
	switch op {
	case model.Lock, model.RLock:
		st = w.acquire(st, instr, acquisition{lock: lock, chain: w.here(instr), always: true, conf: 100})
		before := st
		st = w.hold(w.settle(st), instr, summary.Held{Lock: lock, Must: true, Chain: w.here(instr)})
		if len(st.held) > len(before.held) {
			w.rec.keep.own[instr] = p
		} else {
			w.rec.keep.borrows[instr] = p
		}
		return []*state{st}
	case model.TryLock, model.TryRLock:
		w.rec.keep.tries[instr] = p
		got := w.hold(w.settle(st), instr, summary.Held{Lock: lock, Must: true, Chain: w.here(instr)})
		v, ok := instr.(ssa.Value)
		if !ok {
			return []*state{st}
		}
		ok1 := assumeConsistent(got, summary.Lit{Path: opaque(v, ""), Val: true})
		ok2 := assumeConsistent(st, summary.Lit{Path: opaque(v, ""), Val: false})
		return compact(ok1, ok2)
	case model.Unlock, model.RUnlock:
		if _, ok := instr.(*ssa.Defer); ok && w.info.loop[instr.Block().Index] {
			st = w.releaseAll(st, lock)
		}
		w.rec.keep.unlock(w, st, instr, lock)
		return []*state{w.release(st, lock, instr)}
	}
	return []*state{st}
}

// wait is (*sync.Cond).Wait: L is released and acquired again.
func (w *walker) wait(st *state, instr ssa.CallInstruction, cond ssa.Value) *state {
	st = w.settle(st)
	p, ok := w.condLocker(st, cond, 0)
	if !ok {
		if p, ok = w.siblingPath(w.path(st, cond)); !ok {
			return st
		}
	}
	lock := summary.Lock{Path: p}
	if p.Read {
		lock.Mode = lockgraph.Read
	}
	lock.Path.Read = false
	released := w.release(st, lock, nil)
	w.acquire(released, instr, acquisition{lock: lock, chain: w.here(instr), always: true, conf: 100, wait: true, released: []summary.Lock{lock}})
	return st
}

// here returns the chain of one frame: the instruction itself.
func (w *walker) here(instr ssa.Instruction) *summary.Chain {
	return (*summary.Chain)(nil).Push(w.env.Frame(instr))
}

// hold adds a lock to the state. A lock of the caller's that was released here is
// the caller's again.
func (w *walker) hold(st *state, instr ssa.Instruction, h summary.Held) *state {
	c := st.clone()
	if i := slices.IndexFunc(c.rel, func(l summary.Lock) bool { return l.Path.Same(h.Path) }); i >= 0 {
		c.rel = slices.Delete(slices.Clone(c.rel), i, i+1)
		c.back = append(slices.Clone(c.back), h.Lock)
		return c
	}
	for _, g := range c.held {
		if !g.Path.Same(h.Path) || h.Mode == lockgraph.Read && g.Mode == lockgraph.Read {
			continue
		}
		if !w.several {
			w.rec.keep.doubled[h.Path] = true
		}
		if h.Mode == lockgraph.Write && g.Mode == lockgraph.Write {
			return st // a second Lock never returns; carry on as if it had not been there
		}
	}
	if len(c.held) < maxHeld {
		c.held = append(slices.Clone(c.held), held{h, instr})
	}
	return c
}

// release removes, by an instruction, the lock that matches best: the same in the same mode, the same,
// then one of its class that may be the same, the least known first. What was not
// held here is the caller's.
func (w *walker) release(st *state, l summary.Lock, by ssa.Instruction) *state {
	best, score := -1, 0
	for i, h := range st.held {
		s := 0
		switch {
		case h.Path.Same(l.Path) && h.Mode == l.Mode:
			s = 5
		case h.Path.Same(l.Path):
			s = 4
		case h.Path.Class == l.Path.Class && !h.Path.Distinct(l.Path):
			s = 2
			if h.Path.Exact() && l.Path.Exact() {
				s = 1
			}
		}
		if s > 0 && s >= score {
			best, score = i, s
		}
	}
	c := st.clone()
	if best >= 0 {
		if by != nil && !w.several {
			w.rec.keep.released(st.held[best].instr, by)
		}
		c.held = slices.Delete(slices.Clone(c.held), best, best+1)
		return c
	}
	if l.Path.Generalize() != l.Path && w.info.locks[l.Path.Class] {
		return st // the rest of a loop that unlocks many
	}
	c.back = slices.DeleteFunc(slices.Clone(c.back), func(b summary.Lock) bool { return b.Path.MaySame(l.Path) })
	if !slices.Contains(c.rel, l) && len(c.rel) < maxHeld {
		c.rel = append(slices.Clone(c.rel), l)
		slices.SortFunc(c.rel, summary.Lock.Compare)
	}
	return c
}

// releaseAll removes all but one of the locks of a class: a deferred unlock in a
// loop, which runs once for each.
func (w *walker) releaseAll(st *state, l summary.Lock) *state {
	c := st.clone()
	c.held = slices.DeleteFunc(slices.Clone(c.held), func(h held) bool {
		return h.Path.Class == l.Path.Class && h.Path != l.Path && !h.Path.Distinct(l.Path)
	})
	return c
}
