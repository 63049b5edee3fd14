package threads

import (
	"maps"
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
)

// A goroutine has ended if on every way from its start to an instruction the function waits for what the goroutine
// does last, see ended_signal.go.

// A start is an instruction that starts a goroutine of which the function is known.
type start struct {
	at effects.V
	fn *effects.Func

	target resolve.Target
	group  effects.V // WaitGroup.Go and the like: the group, which is told when the function has returned
}

// allStarts returns the goroutines that the function itself starts, in order: go statements, and calls that start a function in a group.
func (f *View) allStarts() []start {
	if f.starts == nil {
		f.starts = []start{}
		for v := f.First; int(v) < len(f.Code); v++ {
			if s, ok := f.startAt(v); ok {
				f.starts = append(f.starts, s)
			}
		}
	}
	return f.starts
}

// startAt returns the start that an instruction is.
func (f *View) startAt(v effects.V) (start, bool) {
	in := f.At(v)
	s := start{at: v}
	switch {
	case in.How == effects.Started && (in.Op == effects.Call || in.Op == effects.Invoke):
		ts := f.Targets(v)
		if len(ts) != 1 || ts[0].Dynamic {
			return s, false
		}
		s.target = ts[0]
	case in.How == effects.AtOnce && in.Op == effects.Start && len(f.Callbacks[v]) == 1:
		c := f.Callbacks[v][0]
		t, ok := f.Function(c.Arg)
		if !ok || !c.Started || c.Method != "" {
			return s, false
		}
		s.target, s.group = t, in.Args[0]
	}
	s.fn = s.target.Fn
	return s, s.fn != nil && len(s.fn.Blocks) > 0
}

// startsBy returns the starts by which an instruction lets others see an object; all is false if there may be other ways.
func (f *View) startsBy(p effects.V) (out []start, all bool) {
	if f.Op(p) != effects.Closure {
		if s, ok := f.startAt(p); ok {
			return []start{s}, true
		}
		return nil, false
	}
	for _, u := range f.Uses(p) {
		in := f.At(u)
		called := in.Op == effects.Call && in.Flags&effects.Dynamic != 0 && in.Args[0] == p && !slices.Contains(in.Args[1:], p)
		if called && in.How != effects.Started {
			continue
		}
		s, ok := f.startAt(u)
		if !ok {
			return nil, false
		}
		out = append(out, s)
	}
	return out, true
}

// startsAny reports whether an instruction starts a goroutine, whatever is known of it.
func (f *View) startsAny(v effects.V) bool {
	return f.At(v).How == effects.Started || slices.ContainsFunc(f.Callbacks[v], func(c effects.Callback) bool { return c.Started })
}

// ended reports whether a goroutine that this function starts has ended by an instruction, whenever control gets there from the
// start without passing the origin of an object, which makes it anew: on every way the function waits for what the goroutine does last (Done of a
// WaitGroup that was added to before, return of what a group has started, close of or send to a channel).
func (f *View) ended(s start, at, origin effects.V) (Proof, bool) {
	var waits []effects.V
	all := newCuts()
	all.again = origin
	for _, sig := range f.signals(s) {
		c := f.cutsOf(sig, s.at, at, here)
		if !c.some() {
			continue
		}
		c.again = origin
		if sig.path.Kind == ident.Alloc || sig.path.Kind == ident.Value {
			c.lost = append(c.lost, effects.V(sig.path.Index()))
		}
		if !f.passes(c, s.at, at) {
			return Proof{{f.Func.Func, c.first(), "waits for it to end"}}, true
		}
		waits = append(waits, c.first())
		all.add(c)
	}
	if len(waits) < 2 || f.passes(all, s.at, at) {
		return nil, false
	}
	slices.Sort(waits)
	var p Proof
	for _, v := range slices.Compact(waits) {
		p = append(p, Step{f.Func.Func, v, "waits for it to end"})
	}
	return p, true
}

// passes reports whether control can get from one instruction, 0 being the start of the function, to another without a cut. If there are too many ways, it
// can.
func (f *View) passes(c *cuts, from, to effects.V) bool {
	var s searches
	ok, _ := s.reaches(f.Func.Func, from, to, c)
	return ok || s.open
}

// some reports whether there is any cut.
func (c *cuts) some() bool { return len(c.instrs)+len(c.edges) > 0 }

// first returns the first instruction that waits.
func (c *cuts) first() effects.V {
	return slices.Min(slices.AppendSeq(slices.Collect(maps.Keys(c.instrs)), maps.Values(c.edges)))
}

// add adds the cuts of another wait.
func (c *cuts) add(o *cuts) {
	maps.Copy(c.instrs, o.instrs)
	maps.Copy(c.edges, o.edges)
	c.lost = append(c.lost, o.lost...)
}

// BeforeStarts reports whether an instruction comes before all goroutines that the function starts, and before one on every way to that.
func (f *View) BeforeStarts(at effects.V) bool {
	first := false
	for v := f.First; int(v) < len(f.Code); v++ {
		if !f.startsAny(v) {
			continue
		}
		if f.Reaches(v, at, nil) {
			return false
		}
		first = first || f.Before(at, v)
	}
	return first
}
