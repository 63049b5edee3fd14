package threads

import (
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/model"
)

// An op is what an instruction does to something by which goroutines wait for each other.
type op struct {
	at     object
	signal bool
	wait   bool
	weak   bool // as a wait: it may be one
	value  bool // as a signal: a function value is called
	ctx    bool // as a wait: only for the end of a context
	all    bool // as a wait: for all goroutines to end or to block, without a signal
	sends  bool // it sends to a channel
	takes  bool // it receives from a channel
	frees  bool // it receives from a channel with room for more than one value
	fills  bool // as a wait: it sends to such a channel until that is full
	state  int  // case of a select, from 1; 0 otherwise
}

// satisfies reports whether a signal may be what a wait waits for.
func (o *op) satisfies(wait *op) bool {
	if (o.sends || o.takes) && len(wait.at.way) > len(o.at.way) || (wait.sends || wait.takes) && len(o.at.way) > len(wait.at.way) {
		return false // what was received from the channel
	}
	if wait.fills {
		return o.frees && o.at.meets(wait.at)
	}
	if o.sends && wait.sends || o.takes && wait.takes { // who sends is waited for by who receives, and the reverse
		return false
	}
	if o.value && (len(o.at.way) > len(wait.at.way) || wait.weak && strings.HasSuffix(o.at.way, ".#")) { // a function that was received: another one each time
		return false
	}
	return o.signal && wait.wait && (!wait.ctx || o.value) && o.at.meets(wait.at)
}

// opsOf returns what an instruction does, with the literals that it runs in place.
func (s *Scope) opsOf(at Spot) []op {
	ops, ok := s.ops[at]
	if ok {
		return ops
	}
	in := at.instr()
	switch {
	case in.How == effects.Started, !in.Op.Calls() && in.Op != effects.Send && in.Op != effects.Recv && in.Op != effects.Select:
		return nil
	}
	s.ops[at] = nil // literals that call each other
	for _, e := range eventsAt(at.Fn, at.V) {
		if !e.Alike {
			ops = append(ops, s.opOf(at.Fn, e))
		}
	}
	if len(ops) == 0 {
		for _, lit := range s.here[at] {
			ops = append(ops, s.opsIn(lit)...)
			ops = append(ops, s.fillsHere(lit)...)
		}
		if !s.bySource[at] || in.Flags&effects.Dynamic != 0 || in.Op != effects.Call {
			ops = append(ops, s.callOps(at)...)
		}
	}
	s.ops[at] = ops
	return ops
}

// opsIn returns what all instructions of a literal do.
func (s *Scope) opsIn(lit *effects.Func) []op {
	var out []op
	each(lit, func(v effects.V) {
		for _, o := range s.opsOf(Spot{lit, v}) {
			o.state = 0
			out = append(out, o)
		}
	})
	return out
}

// opOf returns what an event does. Unless a channel has room for more than one value, a send also waits for a receive.
func (s *Scope) opOf(fn *effects.Func, e Event) op {
	o := op{at: s.object(fn, e.Obj), signal: e.Tells, wait: !e.Tells, state: e.Case}
	if e.By != BySend {
		return o
	}
	o.sends, o.takes = e.Tells, !e.Tells
	if mk := o.at.root(); mk.Op == effects.MakeChan {
		if size := o.at.fn.At(mk.Args[0]); size.Op != effects.Const || size.Sym != "0" && size.Sym != "1" {
			o.frees = !e.Tells
			return o
		}
	}
	o.signal, o.wait = true, true
	return o
}

// callOps returns what a call does by itself.
func (s *Scope) callOps(at Spot) []op {
	in := at.instr()
	one := func(o op) []op {
		o.at = s.object(at.Fn, in.Args[0])
		return []op{o}
	}
	switch in.Op {
	case effects.Acquire, effects.TryAcquire, effects.Release:
		if in.Flags&effects.Shared != 0 {
			return nil // readers do not wait for each other
		}
	}
	switch in.Op {
	case effects.Add:
		if at.Fn.Op(in.Args[1]) == effects.Const {
			return nil // more to wait for
		}
		return one(op{signal: true})
	case effects.Signal, effects.Release:
		return one(op{signal: true})
	case effects.CondWait:
		return one(op{wait: true})
	case effects.Acquire, effects.TryAcquire:
		return one(op{wait: true, weak: true})
	case effects.Once:
		return one(op{signal: true, wait: true})
	case effects.Atomic:
		return one(op{signal: true, wait: true, weak: true})
	case effects.Start, effects.Builtin, effects.RLocker, effects.NewCond:
		return nil
	}
	switch {
	case in.Flags&effects.Dynamic != 0:
		return append(s.opaque(at, in.Args[1:]), one(op{signal: true, wait: true, weak: true, value: true})...)
	case in.Class == "sync" && hasReceiver(in): // a Map or Pool
		return one(op{signal: true, wait: true, weak: true})
	case strings.HasSuffix(in.Class, "/synctest") && nameOfCallee(in) == "Wait":
		return []op{{wait: true, all: true}}
	case in.Op == effects.Call && in.Fn != nil && in.Fn.ID >= 0 && s.m.quiet[in.Fn.ID]:
		return nil
	case model.ApartIn(in.Class) && !(in.Class == "fmt" && strings.HasPrefix(nameOfCallee(in), "F")), s.spawns(at):
		return nil
	}
	return s.opaque(at, in.Args)
}

// spawns reports whether a call that the model knows starts what it is given.
func (s *Scope) spawns(at Spot) bool {
	return slices.ContainsFunc(at.Fn.Callbacks[at.V], func(c effects.Callback) bool { return c.Started })
}

// opaque returns what a function that is not known may do to what it is given. It may call literals, and may come
// back only if one of them has found what it waits for.
func (s *Scope) opaque(at Spot, args []effects.V) []op {
	fn := at.Fn
	var ops []op
	add := func(v effects.V) {
		switch t := fn.At(v).Type; {
		case t != nil && t.Sync == effects.Context:
			ops = append(ops, op{at: s.object(fn, v), wait: true, weak: true, ctx: true})
		case mayWait(t, 0):
			ops = append(ops, op{at: s.object(fn, v), signal: true, wait: true, weak: true})
		}
	}
	for _, a := range args {
		for fn.Op(a) == effects.Box || fn.Op(a) == effects.Convert && fn.At(a).Type.Kind != effects.Interface {
			a = fn.At(a).Args[0]
		}
		t, ok := s.view(fn).Function(a)
		lit := ok && slices.Contains(s.Members[1:], t.Fn)
		if len(t.Free) == 0 && !lit {
			add(a)
			continue
		}
		for _, b := range t.Free {
			if b != 0 {
				add(b)
			}
		}
		if !lit {
			continue // a method value
		}
		for _, o := range s.opsIn(t.Fn) {
			o.weak = true
			ops = append(ops, o)
		}
	}
	return ops
}

// signals returns the signals that the goroutine of a point gives after it, with those that others
// give who wait for one of these.
func (s *Scope) signals(x Point) []op { return s.passedOn(s.given(x)) }

// signalsToLike returns those by which a goroutine may put another one in order that the same place starts. Who receives from
// a channel lets the sender go on, to whichever goroutine receives next: several that receive do not wait for each other.
func (s *Scope) signalsToLike(x Point) []op {
	out := s.given(x)
	on := slices.DeleteFunc(slices.Clone(out), func(o op) bool { return o.takes })
	return append(out, s.passedOn(on)...)
}

// given returns the signals that the goroutine of a point gives after it.
func (s *Scope) given(x Point) []op {
	var out []op
	at := x.Spot
	take := func(v effects.V) bool {
		for _, o := range s.opsOf(Spot{at.Fn, v}) {
			if o.signal || o.frees && !at.Fn.Graph().Loop[at.Fn.At(v).Block] {
				out = append(out, o)
			}
		}
		return true
	}
	for i := len(x.Way); ; i-- {
		deferred := i < len(x.Way) && x.Way[i].Kind == Deferred
		if !deferred {
			at.Fn.Follow(at.V, take)
		}
		each(at.Fn, func(v effects.V) {
			if at.Fn.At(v).How == effects.Deferred && (!deferred || v != at.V && at.Fn.Reaches(v, at.V, nil)) { // what is deferred earlier runs later
				take(v)
			}
		})
		if i == 0 {
			break
		}
		r := x.Way[i-1]
		if r.Once {
			out = append(out, op{at: s.object(r.Site.Fn, r.Site.instr().Args[0]), signal: true})
		}
		if r.Kind.Starts() {
			out = slices.DeleteFunc(out, func(o op) bool { return !o.signal && !s.bounded(r, o.at) })
			out = append(out, s.done(r)...)
			break
		}
		at = r.Site
	}
	return out
}

// done returns the signals by which a goroutine tells that it has ended.
func (s *Scope) done(r *Run) []op {
	if r.Kind == Go {
		return nil
	}
	at := r.Site
	out := []op{{at: s.object(at.Fn, at.V), signal: true}}
	for _, a := range at.instr().Args {
		if at.Fn.Op(a) != effects.Closure {
			out = append(out, op{at: s.object(at.Fn, a), signal: true, value: true})
		}
	}
	return out
}

// passedOn adds the signals that members of the scope give after they have waited for one of those
// given, and what goroutines that are not literals may.
func (s *Scope) passedOn(out []op) []op {
	done := map[Spot]bool{}
	for changed := true; changed; {
		changed = false
		for _, fn := range s.Members {
			each(fn, func(v effects.V) {
				at := Spot{fn, v}
				in := fn.At(v)
				if done[at] || in.How == effects.Deferred || in.How == effects.Started && s.bySource[at] {
					return
				}
				if in.How == effects.Started && !s.bySource[at] {
					args := in.Args
					if in.Flags&effects.Dynamic != 0 {
						args = args[1:]
					}
					if ops := s.opaque(at, args); matched(out, ops, true) {
						done[at], changed = true, true
						out = append(out, ops...)
					}
					return
				}
				if !matched(out, s.opsOf(at), false) {
					return
				}
				done[at], changed = true, true
				fn.Follow(v, func(v effects.V) bool {
					for _, o := range s.opsOf(Spot{fn, v}) {
						if o.signal {
							out = append(out, o)
						}
					}
					return true
				})
			})
		}
	}
	return out
}

// waitsBefore returns the waits that every path to an instruction passes.
func (s *Scope) waitsBefore(to Spot) []op {
	var out []op
	fn := to.Fn
	each(fn, func(v effects.V) {
		in := fn.At(v)
		if v == to.V || in.How == effects.Deferred {
			return
		}
		for _, o := range s.opsOf(Spot{fn, v}) {
			switch {
			case o.state > 0:
				e, ok := fn.CaseEdge(v, o.state)
				if o.wait && ok && len(fn.Blocks[e.To].Preds) == 1 && fn.Graph().Dominates(e.To, fn.At(to.V).Block) {
					out = append(out, o)
				}
			case o.wait && !o.weak && !o.all && fn.Before(v, to.V):
				out = append(out, o)
			}
		}
	})
	return out
}

// matched reports whether one of the signals is what one of the waits waits for.
func matched(signals, waits []op, weak bool) bool {
	for i := range waits {
		if waits[i].wait && (weak || !waits[i].weak) && (waits[i].all || heard(signals, &waits[i])) {
			return true
		}
	}
	return false
}

func heard(signals []op, wait *op) bool {
	for k := range signals {
		if signals[k].satisfies(wait) {
			return true
		}
	}
	return false
}
