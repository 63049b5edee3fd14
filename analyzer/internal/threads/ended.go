package threads

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
)

// A goroutine has ended if on every way from its start to an instruction the function waits for what the goroutine
// does last, see tells.go.

// A Start is an instruction that starts a goroutine of which the function is known.
type Start struct {
	At effects.V
	Fn *effects.Func

	target resolve.Target
	group  effects.V // WaitGroup.Go and the like: the group, which is told when the function has returned
}

// Starts returns the goroutines that the function itself starts, in order: go statements, and calls that start a function in a group.
func (f *View) Starts() []Start {
	if f.starts == nil {
		f.starts = []Start{}
		for v := f.First; int(v) < len(f.Code); v++ {
			if s, ok := f.startAt(v); ok {
				f.starts = append(f.starts, s)
			}
		}
	}
	return f.starts
}

// startAt returns the start that an instruction is.
func (f *View) startAt(v effects.V) (Start, bool) {
	in := f.At(v)
	s := Start{At: v}
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
	s.Fn = s.target.Fn
	return s, s.Fn != nil && len(s.Fn.Blocks) > 0
}

// startsBy returns the starts by which an instruction lets others see an object; all is false if there may be other ways.
func (f *View) startsBy(p effects.V) (out []Start, all bool) {
	if f.Op(p) != effects.Closure {
		if s, ok := f.startAt(p); ok {
			return []Start{s}, true
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

// Ended reports whether a goroutine that an instruction of this function starts has ended by another instruction, whenever control gets there from the
// start: on every way the function waits for what the goroutine does last (Done of a WaitGroup that was added to before, return of what
// a group has started, close of or send to a channel).
func (f *View) Ended(start, at effects.V) (Proof, bool) {
	s, ok := f.startAt(start)
	if !ok {
		return nil, false
	}
	return f.ended(s, at, 0)
}

// ended is the same, on the ways that do not pass the origin of an object, which makes it anew.
func (f *View) ended(s Start, at, origin effects.V) (Proof, bool) {
	var waits []effects.V
	all := newCuts()
	for _, sig := range f.signals(s) {
		c := f.cutsOf(sig, s.At, at, here)
		if !c.some() {
			continue
		}
		if sig.path.Kind == ident.Alloc || sig.path.Kind == ident.Value {
			c.lost = append(c.lost, effects.V(sig.path.Index()))
		}
		if !f.passes(c, s.At, at, origin) {
			return Proof{{f.Func.Func, c.first(), "waits for it to end"}}, true
		}
		waits = append(waits, c.first())
		all.add(c)
	}
	if len(waits) < 2 || f.passes(all, s.At, at, origin) {
		return nil, false
	}
	slices.Sort(waits)
	var p Proof
	for _, v := range slices.Compact(waits) {
		p = append(p, Step{f.Func.Func, v, "waits for it to end"})
	}
	return p, true
}

// BeforeStarts reports whether an instruction comes before all goroutines that the function starts, and before one on every way to that.
func (f *View) BeforeStarts(at effects.V) bool {
	first := false
	for v := f.First; int(v) < len(f.Code); v++ {
		if !f.startsAny(v) {
			continue
		}
		if f.comes(v, at, 0) {
			return false
		}
		first = first || f.Before(at, v)
	}
	return first
}
