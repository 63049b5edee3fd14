package threads

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
)

// beside weighs whether y can be reached after the goroutine of x was started and before that has told that it has
// done x. Both have the first k runs in common. These are the ways in which the common function H, where the two part, and those that
// lead from there to x and y, may have put them in order:
//
//  1. H does not get from the start to what leads to y, without making anew what the two are about;
//  2. on such a path there is a join: something that waits for a signal which the goroutine gives after x;
//  3. the goroutine waits, before x, for a signal that is given after y.
func (s *Scope) beside(x, y Point, k int, made Spot) Order {
	start, t := x.Start(k), y.Start(k)
	o := s.kinds(x, y, start, t)
	if o.Chance == Never {
		return o
	}
	alike := t >= 0 && x.Way[start] == y.Way[t]
	given := s.signals
	if alike {
		given = s.signalsToLike
	}
	signals, waits := given(x), s.waits(x, start)
	if alike { // what each of the two makes for itself is not waited for by the other
		signals = slices.DeleteFunc(signals, func(o op) bool {
			return (o.at.kind == ident.Alloc || o.at.kind == ident.Value) && slices.ContainsFunc(x.Way[start:], func(r *Run) bool { return r.Fn == o.at.fn })
		})
	}
	switch {
	case t >= 0 && matched(given(y), waits, false):
		return never(Await, x.comes(start+1)) // y comes first
	case alike:
		waits = nil // who both wait for the same are not put in order by it
	}
	for i := start; i > k && o.Chance > Never; i-- { // from the start to where the common function goes on
		o = least(o, s.leaves(x.goesOn(i), signals))
	}
	again := effects.V(0)
	if h := x.comes(k).Fn; h == made.Fn {
		again = made.V
	}
	at := Order{}
	for i, from := range x.goesOn(k) {
		if after := s.after(x, y, k, from, signals, waits, again); i == 0 {
			at = after
		} else {
			at = most(at, after)
		}
	}
	o = least(o, at)
	for i := k + 1; i <= len(y.Way) && o.Chance > Never; i++ {
		at := y.comes(i)
		ends := []Spot{at}
		if i < len(y.Way) && y.Way[i].Kind == Deferred {
			ends = runDefers(at.Fn)
			o = least(o, s.between(at.Fn, at.V, ends, signals, 0))
		}
		o = least(o, s.between(at.Fn, 0, ends, signals, 0))
	}
	return o
}

// kinds weighs the ways in which two goroutines are started.
func (s *Scope) kinds(x, y Point, start, t int) Order {
	o := Order{Chance: Always}
	kind := x.Way[start].Kind
	switch {
	case (kind == Subtest) != (t >= 0 && y.Way[t].Kind == Subtest): // one waits for the function to return
		return never(Returned, x.Way[start].Site)
	case kind == Subtest && (!afterParallel(x, start) || !afterParallel(y, t)):
		return never(Returned, x.Way[start].Site)
	case kind == Parallel, t >= 0 && y.Way[t].Kind == Parallel:
		return never(Returned, x.Way[start].Site)
	case kind == Timer:
		o.Chance = Timed
	case kind == Handler:
		o.Chance = Served
	}
	if t >= 0 && (y.Way[t].Kind == Timer || y.Way[t].Kind == Handler) {
		o = least(o, Order{Chance: Timed})
	}
	return o
}

// after weighs whether the function at depth k of both, which from has led to the goroutine of x, comes to y before
// that has told that it has done x.
func (s *Scope) after(x, y Point, k int, from Spot, signals, waits []op, again effects.V) Order {
	h, to := from.Fn, y.comes(k)
	ends := []Spot{to}
	o := Order{Chance: Always}
	if k < len(y.Way) && y.Way[k].Kind == Deferred {
		if d := s.joinedAfter(to, signals); d != 0 {
			return never(Join, Spot{h, d})
		}
		ends = runDefers(h)
		if x.Way[k].Kind == Deferred { // what is deferred later runs earlier
			switch ok, _ := s.reaches(h, to.V, x.comes(k).V, &cuts{again: again}); {
			case !ok:
				return never(Sequence, Spot{})
			case len(waits) > 0:
				return Order{Chance: Elsewhere}
			}
			return o
		}
		if ok, _ := s.reaches(h, to.V, from.V, nil); !ok { // deferred after the start, if at all
			o = least(s.between(h, from.V, []Spot{to}, signals, again), s.between(h, to.V, ends, signals, again))
		}
	}
	o = least(o, s.between(h, from.V, ends, signals, again))
	for i := 0; i < len(waits) && o.Chance > Never; i++ {
		o = least(o, s.released(from, ends, &waits[i], signals, again))
	}
	return o
}

// waits returns what the goroutine of x, started at a depth, waits for before the point.
func (s *Scope) waits(x Point, start int) []op {
	var out []op
	for i := start + 1; i <= len(x.Way); i++ {
		out = append(out, s.waitsBefore(x.comes(i))...)
	}
	return out
}

// between weighs the paths from one instruction to others without a join.
func (s *Scope) between(fn *effects.Func, from effects.V, ends []Spot, signals []op, again effects.V) Order {
	best := never(Sequence, Spot{})
	for i, to := range ends {
		o := s.path(fn, from, to.V, signals, again)
		if i == 0 {
			best = o
		} else {
			best = most(best, o)
		}
	}
	return best
}

// path weighs the paths between two instructions without a join.
func (s *Scope) path(fn *effects.Func, from, to effects.V, signals []op, again effects.V) Order {
	strong := s.cutsOf(fn, signals, false, from, to)
	strong.again = again
	if ok, by := s.reaches(fn, from, to, strong); !ok {
		if by == 0 {
			return never(Sequence, Spot{})
		}
		return never(Join, Spot{fn, by})
	}
	weak := s.cutsOf(fn, signals, true, from, to)
	weak.again = again
	if ok, by := s.reaches(fn, from, to, weak); !ok {
		return Order{Perhaps, Reason{Join, Spot{fn, by}}}
	}
	o := Order{Chance: Always}
	each(fn, func(join effects.V) { // on some of the paths
		if o.Chance < Always || !strong.instrs[join] || fn.Op(join) == effects.Select {
			return
		}
		here, _ := s.reaches(fn, from, join, &cuts{again: again})
		if !here {
			return
		}
		if on, _ := s.reaches(fn, join, to, &cuts{again: again}); on {
			o = Order{Perhaps, Reason{Join, Spot{fn, join}}}
		}
	})
	return o
}

// leaves weighs whether a function can end after it has started a goroutine, without waiting for it.
func (s *Scope) leaves(starts []Spot, signals []op) Order {
	best := never(Sequence, Spot{})
	for _, start := range starts {
		var ends []Spot
		each(start.Fn, func(v effects.V) {
			if start.Fn.Op(v) == effects.Return {
				ends = append(ends, Spot{start.Fn, v})
			}
		})
		if o := s.between(start.Fn, start.V, ends, signals, 0); best.Chance == Never {
			best = o
		} else {
			best = most(best, o)
		}
	}
	return best
}

// joinedAfter returns a join among the calls that are deferred later, and so run earlier; 0 if there is none.
func (s *Scope) joinedAfter(d Spot, signals []op) effects.V {
	found := effects.V(0)
	d.Fn.Follow(d.V, func(v effects.V) bool {
		if found == 0 && d.Fn.At(v).How == effects.Deferred && matched(signals, s.opsOf(Spot{d.Fn, v}), true) {
			found = v
		}
		return found == 0
	})
	return found
}

// released weighs the paths to the ends from where the common function gives what the goroutine waits for.
func (s *Scope) released(from Spot, ends []Spot, wait *op, signals []op, again effects.V) Order {
	h := from.Fn
	best, seen := never(Sequence, Spot{}), false
	each(h, func(v effects.V) {
		if !heard(s.opsOf(Spot{h, v}), wait) {
			return
		}
		seen = true
		starts := []Spot{{h, v}}
		if h.At(v).How == effects.Deferred {
			starts = runDefers(h)
		}
		for _, start := range starts {
			if ok, _ := s.reaches(h, from.V, start.V, &cuts{again: again}); !ok {
				if before, _ := s.reaches(h, start.V, from.V, nil); !before {
					continue // on another way
				}
				start = from
			}
			best = most(best, s.between(h, start.V, ends, signals, again))
		}
	})
	switch {
	case seen && best.Chance == Never:
		return never(Await, from)
	case seen:
		return best
	case s.outside(wait.at):
		return Order{Chance: Always}
	}
	return Order{Chance: Elsewhere}
}

// outside reports whether a wait is for time, for the end of the caller's context, or for somebody else's channel.
func (s *Scope) outside(at object) bool {
	switch in := at.root(); in.Op {
	case effects.Param:
		return in.Type != nil && (in.Type.Sync == effects.Context || in.Type.Kind == effects.Chan && at.way == "" && at.fn == s.Members[0])
	case effects.Call, effects.Known:
		return in.Class == "time" && in.Flags&effects.Dynamic == 0
	}
	return false
}
