package threads

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
)

// many stands for more sends than can be counted.
const many = 1 << 20

// sends returns how many values may be sent on a channel.
func (f *View) sends(ch ident.Path) int {
	if made := effects.V(ch.Index()); ch.Kind == ident.Value && ch.Len() == 0 && f.Op(made) == effects.MakeChan {
		return f.all.sendsOn(map[Spot]int{}, f.Func.Func, made)
	}
	return f.all.sendsIn(f.Unit, ch.Class)
}

// sendsIn returns how many values a unit may send on the channel in a field or variable of one object: none, or many. A function that is given the channel itself is
// not seen to send on it.
func (w *Views) sendsIn(u *effects.Unit, class string) int {
	sent := w.sent[u]
	if sent == nil {
		sent = map[string]bool{"": true}
		for _, fn := range u.Funcs {
			for v := fn.First; int(v) < len(fn.Code); v++ {
				eachSend(fn, v, func(ch effects.V) { sent[classOf(fn, ch)] = true })
			}
		}
		w.sent[u] = sent
	}
	if sent[class] {
		return many
	}
	return 0
}

// eachSend calls visit for the channels that an instruction may send to.
func eachSend(fn *effects.Func, v effects.V, visit func(ch effects.V)) {
	for _, e := range eventsAt(fn, v) {
		if e.By == BySend && e.Tells {
			visit(e.Obj)
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

// sendsOn returns how many values one run of a function may send on the channel that a value is, or that a variable holds. What is counted by then
// is in known.
func (w *Views) sendsOn(known map[Spot]int, fn *effects.Func, v effects.V) int {
	if n, ok := known[Spot{fn, v}]; ok {
		return n
	}
	known[Spot{fn, v}] = many // if it comes to itself
	n := 0
	for _, u := range fn.Uses(v) {
		k := w.sendsBy(known, fn, u, v)
		if k > 0 && fn.Graph().Loop[fn.At(u).Block] {
			k = many
		}
		n = min(n+k, many)
	}
	known[Spot{fn, v}] = n
	return n
}

// sendsBy returns how many values may be sent on a channel, or on that in a variable, since an instruction uses it.
func (w *Views) sendsBy(known map[Spot]int, fn *effects.Func, u, v effects.V) int {
	in := fn.At(u)
	switch in.Op {
	case effects.Recv, effects.Close, effects.Compare:
		return 0
	case effects.Builtin:
		if in.Sym == "len" || in.Sym == "cap" {
			return 0
		}
	case effects.Send, effects.Select:
		n := 0
		eachSend(fn, u, func(ch effects.V) {
			if ch == v {
				n++
			}
		})
		for i := 1; i < len(in.Args); i += 2 {
			if in.Args[i] == v {
				return many // it is sent itself
			}
		}
		return n
	case effects.Load, effects.Convert:
		return w.sendsOn(known, fn, u)
	case effects.Store:
		switch to := fn.At(in.Args[0]); {
		case in.Args[0] == v:
			return 0
		case to.Op == effects.Alloc:
			return w.sendsOn(known, fn, in.Args[0])
		case to.Op == effects.Field:
			return w.sendsIn(fn.Unit, to.Class)
		}
	case effects.Closure:
		n := w.sendsOfGiven(known, in.Fn, in.Args, true, v)
		if n > 0 && len(fn.Uses(u)) > 1 {
			return many
		}
		return n
	case effects.Call:
		lit := fn.At(in.Args[0])
		switch {
		case in.Flags&effects.Dynamic == 0:
			return w.sendsOfGiven(known, in.Fn, in.Args, false, v)
		case lit.Op == effects.Closure && !slices.Contains(in.Args[:1], v):
			return w.sendsOfGiven(known, lit.Fn, in.Args[1:], false, v)
		}
	}
	return many
}

// sendsOfGiven returns how many values a function may send on a channel that it is given, or has captured.
func (w *Views) sendsOfGiven(known map[Spot]int, fn *effects.Func, args []effects.V, captured bool, v effects.V) int {
	if fn == nil || len(fn.Blocks) == 0 {
		return many
	}
	leaves := fn.Params
	if captured {
		leaves = fn.Free
	}
	if len(leaves) != len(args) {
		return many
	}
	n := 0
	for i, a := range args {
		if a == v {
			n = min(n+w.sendsOn(known, fn, leaves[i]), many)
		}
	}
	return n
}
