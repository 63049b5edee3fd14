package threads

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
)

// A signal is what a goroutine tells when it has ended, in terms of the function that starts it.
type signal struct {
	by    By
	path  ident.Path // of the WaitGroup, group or channel
	sends int        // how many values may be sent on the channel
}

// here expresses a path of the function that starts a goroutine in its own terms.
func here(p ident.Path) ident.Path { return p }

// outside expresses here what a target calls by a path of its own; the path is unknown if it is of something that the target
// has made.
func (f *View) outside(t resolve.Target, p ident.Path) ident.Path {
	switch p.Kind {
	case ident.Param, ident.Free:
		return f.Subst(nil, t, p)
	case ident.Global:
		return p
	}
	return p.Forget()
}

// signals returns those of a goroutine, and those of others that wait for one of these before.
func (f *View) signals(s Start) []signal {
	out := f.last(s)
	told := []effects.V{s.At}
	for more := len(out) > 0; more; {
		more = false
		for _, o := range f.Starts() {
			if slices.Contains(told, o.At) {
				continue
			}
			if passed := f.passedOn(o, out); len(passed) > 0 {
				out, told, more = append(out, passed...), append(told, o.At), true
			}
		}
	}
	return out
}

// last returns what a goroutine does on every way to its end, behind everything else: the last instruction, or a deferred
// call before which nothing but unlocks has been deferred.
func (f *View) last(s Start) []signal {
	if s.group != 0 {
		if p := f.Path(nil, s.group); p.Exact() {
			return []signal{{by: ByGroup, path: p}}
		}
		return nil
	}
	g := f.all.Of(s.Fn)
	return f.told(s, func(at effects.V) bool { return g.isLast(at) })
}

// passedOn returns the signals that a goroutine gives on every way to its end after it has waited for one of some others.
func (f *View) passedOn(s Start, others []signal) []signal {
	g := f.all.Of(s.Fn)
	in := func(p ident.Path) ident.Path { return f.outside(s.target, p) }
	return f.told(s, func(at effects.V) bool {
		return slices.ContainsFunc(others, func(o signal) bool {
			if g.At(at).How != effects.Deferred {
				return !g.passes(g.cutsOf(o, 0, at, in), 0, at)
			}
			behind := true
			c := g.cutsOf(o, 0, 0, in)
			g.Returns(func(ret effects.V) { behind = behind && !g.passes(c, 0, ret) })
			return behind
		})
	})
}

// told returns the signals that a goroutine gives on every way to its end, by instructions for which good holds, and of which that is known by what.
func (f *View) told(s Start, good func(at effects.V) bool) []signal {
	g := f.all.Of(s.Fn)
	var out []signal
	var given []*cuts // of each
	for _, e := range g.Events() {
		if !e.Tells || e.Case > 0 || !good(e.At) {
			continue
		}
		sig := signal{by: e.By, path: f.outside(s.target, g.Path(nil, e.Obj))}
		if !sig.path.Exact() {
			continue
		}
		i := slices.IndexFunc(out, func(o signal) bool { return o.by == sig.by && o.path.Same(sig.path) })
		if i < 0 {
			i, out, given = len(out), append(out, sig), append(given, newCuts())
		}
		given[i].instrs[e.At] = true
	}
	var always []signal
	for i, sig := range out {
		every := true
		g.Returns(func(ret effects.V) { every = every && !g.passes(given[i], 0, ret) })
		switch {
		case !every, sig.by == ByGroup && !f.addedBefore(sig.path, s.At): // or Wait may not know of the goroutine
			continue
		case sig.by != ByGroup:
			sig.sends = f.sends(sig.path)
		}
		always = append(always, sig)
	}
	return always
}

// isLast reports whether nothing that matters runs behind a signal: behind a call or send, but unlocks and other signals; of
// what is deferred, the same of what has been deferred before.
func (f *View) isLast(sig effects.V) bool {
	deferred := f.At(sig).How == effects.Deferred
	for v := f.First; int(v) < len(f.Code); v++ {
		switch {
		case v == sig:
		case f.At(v).How == effects.Deferred:
			if !(deferred && !f.Reaches(v, sig, nil)) && !f.mayFollow(v) {
				return false
			}
		case !deferred && !f.mayFollow(v) && f.Reaches(sig, v, nil):
			return false
		}
	}
	return true
}

// mayFollow reports whether an instruction may follow a signal: it touches nothing that the goroutine shares but locks, and
// other signals.
func (f *View) mayFollow(v effects.V) bool {
	in := f.At(v)
	switch in.Op {
	case effects.Return, effects.Jump, effects.If, effects.RunDefers, effects.Field, effects.Phi:
		return true
	case effects.Release:
		return in.How != effects.Started
	case effects.Load: // of a variable that is captured
		return f.Op(in.Args[0]) == effects.Free && f.Refers(v)
	}
	return slices.ContainsFunc(eventsAt(f.Func.Func, v), func(e Event) bool { return e.Tells && e.Case == 0 && !e.Alike })
}

// addedBefore reports whether a WaitGroup is added to before a start on every way to it.
func (f *View) addedBefore(group ident.Path, start effects.V) bool {
	for v := f.First; int(v) < len(f.Code); v++ {
		in := f.At(v)
		if in.Op == effects.Add && in.How == effects.AtOnce && f.Before(v, start) && f.Path(nil, in.Args[0]).Same(group) && len(eventsAt(f.Func.Func, v)) == 0 {
			return true
		}
	}
	return false
}
