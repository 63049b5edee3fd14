package threads

import (
	"slices"
	"strings"

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
	case effects.Release, effects.Send, effects.Close, effects.Done:
		return in.How != effects.Started
	case effects.Load: // of a variable that is captured
		return f.Op(in.Args[0]) == effects.Free && f.Refers(v)
	}
	return false
}

// addedBefore reports whether a WaitGroup is added to before a start on every way to it.
func (f *View) addedBefore(group ident.Path, start effects.V) bool {
	for v := f.First; int(v) < len(f.Code); v++ {
		if in := f.At(v); in.Op == effects.Add && in.How == effects.AtOnce && f.Before(v, start) && f.Path(nil, in.Args[0]).Same(group) && !f.lowers(in) {
			return true
		}
	}
	return false
}

// lowers reports whether an Add is of a negative number.
func (f *View) lowers(in *effects.Instr) bool {
	n := f.At(in.Args[1])
	return n.Op == effects.Const && strings.HasPrefix(n.Sym, "-")
}

// many stands for more sends than can be counted.
const many = 1 << 20

// sends returns how many values may be sent on a channel.
func (f *View) sends(ch ident.Path) int {
	made := effects.V(0)
	if ch.Kind == ident.Value && ch.Len() == 0 {
		made = effects.V(ch.Index())
	}
	if made != 0 && f.Op(made) == effects.MakeChan {
		c := sendCount{all: f.all, seen: map[Spot]bool{}}
		c.count(f.Func.Func, made, false)
		return c.n
	}
	return f.all.sentIn(f.Unit, ch.Class)
}

// sentIn returns how many values a unit may send on the channel in a field or variable of one object. A function that is given the channel itself is
// not seen to send on it.
func (w *Views) sentIn(u *effects.Unit, class string) int {
	if class == "" {
		return many
	}
	sent := w.sent[u]
	if sent == nil {
		sent = map[string][]Spot{}
		for _, fn := range u.Funcs {
			for v := fn.First; int(v) < len(fn.Code); v++ {
				eachSend(fn, v, func(ch effects.V) {
					if c := classOf(fn, ch); c != "" {
						sent[c] = append(sent[c], Spot{fn, v})
					}
				})
			}
		}
		w.sent[u] = sent
	}
	if len(sent[class]) > 0 {
		return many
	}
	return 0
}

// eachSend calls visit for the channels that an instruction may send to.
func eachSend(fn *effects.Func, v effects.V, visit func(ch effects.V)) {
	switch in := fn.At(v); in.Op {
	case effects.Send:
		visit(in.Args[0])
	case effects.Select:
		for i := 0; i < len(in.Args); i += 2 {
			if in.Args[i+1] != 0 {
				visit(in.Args[i])
			}
		}
	}
}

// classOf returns the class of the place that a value is read from.
func classOf(fn *effects.Func, v effects.V) string {
	in := fn.At(v)
	if in.Op == effects.Load {
		in = fn.At(in.Args[0])
	}
	return in.Class
}

// A sendCount counts what is sent on a channel that is made in view.
type sendCount struct {
	all  *Views
	n    int
	seen map[Spot]bool
}

func (c *sendCount) add(n int) { c.n = min(c.n+n, many) }

// count counts what is sent on the channel that a value of a function is, or that a variable holds; looped tells whether the function may
// run more than once.
func (c *sendCount) count(fn *effects.Func, v effects.V, looped bool) {
	if c.seen[Spot{fn, v}] {
		return
	}
	c.seen[Spot{fn, v}] = true
	for _, u := range fn.Uses(v) {
		in := fn.At(u)
		again := looped || fn.Graph().Loop[in.Block]
		switch {
		case in.Op == effects.Recv, in.Op == effects.Close, in.Op == effects.Compare, in.Op == effects.Builtin && (in.Sym == "len" || in.Sym == "cap"):
		case in.Op == effects.Send && in.Args[1] != v, in.Op == effects.Select && !sendsValue(in, v):
			eachSend(fn, u, func(ch effects.V) {
				switch {
				case ch == v && again:
					c.add(many)
				case ch == v:
					c.add(1)
				}
			})
		case in.Op == effects.Load, in.Op == effects.Convert:
			c.count(fn, u, looped)
		case in.Op == effects.Store && in.Args[0] == v:
		case in.Op == effects.Store && fn.Op(in.Args[0]) == effects.Alloc:
			c.count(fn, in.Args[0], looped)
		case in.Op == effects.Store && fn.Op(in.Args[0]) == effects.Field:
			c.add(c.all.sentIn(fn.Unit, fn.At(in.Args[0]).Class))
		case in.Op == effects.Closure && in.Fn != nil:
			c.given(in.Fn, in.Args, in.Fn.Free, v, again || len(fn.Uses(u)) > 1)
		case in.Op == effects.Call && in.Flags&effects.Dynamic == 0 && in.Fn != nil:
			c.given(in.Fn, in.Args, in.Fn.Params, v, again)
		case in.Op == effects.Call && in.Args[0] != v && fn.Op(in.Args[0]) == effects.Closure && fn.At(in.Args[0]).Fn != nil:
			lit := fn.At(in.Args[0]).Fn
			c.given(lit, in.Args[1:], lit.Params, v, again)
		default:
			c.add(many)
		}
	}
}

// sendsValue reports whether a Select sends a value.
func sendsValue(in *effects.Instr, v effects.V) bool {
	for i := 1; i < len(in.Args); i += 2 {
		if in.Args[i] == v {
			return true
		}
	}
	return false
}

// given goes on with a function that is given the channel.
func (c *sendCount) given(fn *effects.Func, args, leaves []effects.V, v effects.V, looped bool) {
	if len(fn.Blocks) == 0 || len(args) != len(leaves) {
		c.add(many)
		return
	}
	for i, a := range args {
		if a == v {
			c.count(fn, leaves[i], looped)
		}
	}
}
