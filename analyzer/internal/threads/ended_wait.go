package threads

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
)

// cutsOf returns the places of the function at which it has waited for a signal. in expresses paths of the function in terms of
// the one that starts the goroutine.
func (f *View) cutsOf(sig signal, from, to effects.V, in func(ident.Path) ident.Path) *cuts {
	c := newCuts()
	about := func(e Event) bool {
		return !e.Tells && f.At(e.At).How == effects.AtOnce && (e.By == ByGroup) == (sig.by == ByGroup) && in(f.Path(nil, e.Obj)).Same(sig.path)
	}
	var once []effects.V // receives outside of loops
	for _, e := range f.Events() {
		switch {
		case !about(e):
		case sig.by == ByGroup:
			c.instrs[e.At] = true
		default:
			once = append(once, f.receives(c, sig, e, from, to)...)
		}
	}
	once = slices.DeleteFunc(once, func(r effects.V) bool { return from == 0 || to == 0 || !f.Before(from, r) || !f.Before(r, to) })
	if sig.sends > 1 && sig.sends < many && len(once) >= sig.sends {
		for _, r := range once {
			c.instrs[r] = true
		}
	}
	f.waitsBelow(c, sig, in)
	return c
}

// receives adds what a receive from the channel of a signal tells. One receive waits for one send: if there may be
// more of these, there must be as many receives, or receives in a loop. What has been sent says nothing of a close that
// comes later. It returns the receive if it is one of those that must be counted.
func (f *View) receives(c *cuts, sig signal, e Event, from, to effects.V) (once []effects.V) {
	certain := sig.certain()
	if e.Case > 0 {
		if first := f.over(e); first == e.At && certain {
			c.instrs[first] = true
		} else if edge, ok := f.CaseEdge(e.At, e.Case); ok && certain {
			c.edges[edge] = e.At
		}
		return nil
	}
	if edge, ok := f.closedEdge(e.At); ok {
		c.edges[edge] = e.At
	}
	switch {
	case certain:
		c.instrs[e.At] = true
		c.bar(f.Func.Func, e.At, from, to)
	case sig.by == ByClose:
	case f.Graph().Loop[f.At(e.At).Block]:
		c.bar(f.Func.Func, e.At, from, to) // behind the loop, not in it
	default:
		return []effects.V{e.At}
	}
	return nil
}

// certain reports whether any receive is of the signal.
func (s signal) certain() bool { return s.sends == 0 || s.sends == 1 && s.by == BySend }

// closedEdge returns the edge that is taken if a receive has found the channel closed, as where a range over it ends.
func (f *View) closedEdge(recv effects.V) (e effects.Edge, ok bool) {
	for _, u := range f.Uses(recv) {
		if in := f.At(u); in.Op != effects.Extract || in.Index != 1 {
			continue
		}
		for _, br := range f.Uses(u) {
			if b := f.At(br).Block; f.Op(br) == effects.If && f.Blocks[b].Succs[0] != f.Blocks[b].Succs[1] {
				return effects.Edge{From: b, To: f.Blocks[b].Succs[1]}, true
			}
		}
	}
	return e, false
}

// waitsBelow adds the calls of functions that wait for a signal on every way to their ends.
func (f *View) waitsBelow(c *cuts, sig signal, in func(ident.Path) ident.Path) {
	if sig.by != ByGroup && !sig.certain() {
		return
	}
	for _, v := range f.waiting() {
		g := f.all.Of(f.callee(v))
		t := f.Targets(v)[0]
		for _, e := range g.Events() {
			if !e.Tells && e.Case == 0 && g.At(e.At).How == effects.AtOnce && (e.By == ByGroup) == (sig.by == ByGroup) && g.EveryReturn(g.At(e.At).Block) &&
				in(f.outside(t, g.Path(nil, e.Obj))).Same(sig.path) {
				c.instrs[v] = true
			}
		}
	}
}
