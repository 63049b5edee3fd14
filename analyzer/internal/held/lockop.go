package held

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// operate performs an operation on a lock.
func (w *walker) operate(st *state, at V, in *effects.Instr) []*state {
	p := w.path(st, in.Args[0])
	mode := lockgraph.Write
	if in.Flags&effects.Shared != 0 || p.Read {
		mode = lockgraph.Read
	}
	p.Read = false
	lock := summary.Lock{Path: p, Mode: mode}
	switch in.Op {
	case effects.Acquire:
		st = w.acquire(st, at, acquisition{lock: lock, chain: w.here(at), always: true, conf: 100})
		before := st
		st = w.hold(w.settle(st), at, summary.Held{Lock: lock, Must: true, Chain: w.here(at)})
		if len(st.held) > len(before.held) {
			w.rec.keep.own[at] = p
		} else {
			w.rec.keep.borrows[at] = p
		}
		return []*state{st}
	case effects.TryAcquire:
		w.rec.keep.tries[at] = p
		if in.Flags&effects.Blocking != 0 {
			st = w.acquire(st, at, acquisition{lock: lock, chain: w.here(at), always: true, conf: 100})
		}
		got := w.hold(w.settle(st), at, summary.Held{Lock: lock, Must: true, Chain: w.here(at)})
		if in.How != effects.AtOnce {
			return []*state{st}
		}
		ok1 := assumeConsistent(got, summary.Lit{Path: resolve.Opaque(at, ""), Val: true})
		ok2 := assumeConsistent(st, summary.Lit{Path: resolve.Opaque(at, ""), Val: false})
		return compact(ok1, ok2)
	case effects.Release:
		if in.How == effects.Deferred && w.Graph().Loop[in.Block] {
			st = w.releaseAll(st, lock)
		}
		w.rec.keep.unlock(w, st, at, lock)
		return []*state{w.release(st, lock, at)}
	}
	return []*state{st}
}

// wait is (*sync.Cond).Wait: L is released and acquired again.
func (w *walker) wait(st *state, at V, cond V) *state {
	st = w.settle(st)
	p, ok := w.CondLocker(st, cond)
	if !ok {
		return st
	}
	lock := summary.Lock{Path: p}
	if p.Read {
		lock.Mode = lockgraph.Read
	}
	lock.Path.Read = false
	released := w.release(st, lock, 0)
	w.acquire(released, at, acquisition{lock: lock, chain: w.here(at), always: true, conf: 100, wait: true, released: []summary.Lock{lock}})
	return st
}

// here returns the chain of one frame: the instruction itself.
func (w *walker) here(at V) *summary.Chain {
	return (*summary.Chain)(nil).Push(Frame(w.fn, at))
}

// Frame returns the witness step of an instruction.
func Frame(fn *effects.Func, at V) lockgraph.Frame { return FrameAt(fn, fn.At(at).Pos) }

// FrameAt returns the witness step of a position in a function.
func FrameAt(fn *effects.Func, pos effects.Pos) lockgraph.Frame {
	f := lockgraph.Frame{Func: fn.Name, Line: int(pos.Line), Col: int(pos.Col)}
	if int(pos.File) < len(fn.Unit.Files) {
		f.File = fn.Unit.Files[pos.File]
	}
	return f
}

// hold adds a lock to the state. A lock of the caller's that was released here is
// the caller's again.
func (w *walker) hold(st *state, at V, h summary.Held) *state {
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
		c.held = append(slices.Clone(c.held), held{h, at})
	}
	return c
}

// release removes, by an instruction, the lock that matches best: the same in the same mode, the same,
// then one of its class that may be the same, the least known first. What was not
// held here is the caller's.
func (w *walker) release(st *state, l summary.Lock, by V) *state {
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
		if by != 0 && !w.several {
			w.rec.keep.released(st.held[best].instr, by)
		}
		c.held = slices.Delete(slices.Clone(c.held), best, best+1)
		return c
	}
	if l.Path.Generalize() != l.Path && w.Locks[l.Path.Class] {
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
