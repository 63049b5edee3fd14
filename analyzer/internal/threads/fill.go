package threads

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// A channel with room for n values is a semaphore: who starts a goroutine sends first, and the goroutine receives when
// it has done its work. Who then sends n more has waited for all of them, since by
//
//	https://go.dev/ref/mem#chan
//
// the k-th receive from the channel is before the end of the send k+n.

// A filling is a loop that fills a channel up: it sends once in each of as many rounds as the channel has room.
type filling struct {
	at    object
	send  effects.V
	exits []effects.Edge // by which it ends since the channel is full
}

// fills returns what a loop fills up. The loop tests the number of rounds in front of each, or behind, and then once
// more before the first.
func (s *Scope) fills(fn *effects.Func, l *effects.Loop) (filling, bool) {
	for b := range fn.Blocks {
		test := int32(b)
		if !l.Body[test] {
			continue
		}
		x, n, ok := fn.Below(test)
		succs := fn.Blocks[test].Succs
		if !ok || !l.Body[succs[0]] || l.Body[succs[1]] || !l.EachRound(test) {
			continue
		}
		exits := []effects.Edge{{From: test, To: succs[1]}}
		switch in := fn.At(x); in.Op {
		case effects.Phi:
			ok = counter(fn, x) && test == l.Header
		case effects.Opaque:
			ok = len(in.Args) == 2 && fn.At(in.Args[0]).Block == l.Header && counter(fn, in.Args[0]) && slices.Contains(fn.At(in.Args[0]).Args, x)
			exits = append(exits, l.PassedBy()...)
		default:
			ok = false
		}
		if at, send := s.sentTo(fn, l, n); ok && send != 0 {
			return filling{at, send, exits}, true
		}
	}
	return filling{}, false
}

// sentTo returns the channel to which each round of a loop sends and that has room for n values.
func (s *Scope) sentTo(fn *effects.Func, l *effects.Loop, n effects.V) (at object, send effects.V) {
	each(fn, func(v effects.V) {
		if send != 0 || !l.Has(v) || fn.Op(v) != effects.Send && fn.Op(v) != effects.Call || fn.At(v).How != effects.AtOnce || !l.EachRound(fn.At(v).Block) {
			return
		}
		for _, o := range s.opsOf(Spot{fn, v}) {
			if o.sends && o.state == 0 && s.room(o.at, fn, n) {
				at, send = o.at, v
			}
		}
	})
	return at, send
}

// counter reports whether a variable of a loop is 0 in the first round, and one more in each that follows.
func counter(fn *effects.Func, phi effects.V) bool {
	in := fn.At(phi)
	if in.Op != effects.Phi || len(in.Args) != 2 {
		return false
	}
	zero, one := false, false
	for _, e := range in.Args {
		switch x := fn.At(e); x.Op {
		case effects.Const:
			zero = x.Sym == "0"
		case effects.Opaque:
			one = x.Sym == "+" && len(x.Args) == 2 && x.Args[0] == phi && fn.IsInt(x.Args[1], "1")
		}
	}
	return zero && one
}

// room reports whether a number is that of the values which a channel made here has room for.
func (s *Scope) room(at object, fn *effects.Func, n effects.V) bool {
	mk := at.root()
	if mk.Op != effects.MakeChan || at.way != "" {
		return false
	}
	in := fn.At(n)
	switch in.Op {
	case effects.Builtin:
		return in.Sym == "cap" && s.object(fn, in.Args[0]) == at
	case effects.Const:
		return at.fn.IsInt(mk.Args[0], in.Sym)
	}
	return s.object(fn, n) == s.object(at.fn, mk.Args[0])
}

// fillsHere returns a wait for each loop of a literal that fills a channel up whenever the literal runs.
func (s *Scope) fillsHere(lit *effects.Func) []op {
	var out []op
	for _, l := range lit.Loops() {
		fill, ok := s.fills(lit, &l)
		if !ok {
			continue
		}
		full, always := newCuts(), true
		for _, e := range fill.exits {
			full.edges[e] = fill.send
		}
		lit.Returns(func(v effects.V) {
			by, _ := s.reaches(lit, 0, v, full)
			always = always && !by
		})
		if always {
			out = append(out, op{at: fill.at, wait: true, fills: true})
		}
	}
	return out
}

// bounded reports whether a goroutine is started only behind a send to a channel, one for each, and so holds one of
// its places until it receives.
func (s *Scope) bounded(r *Run, at object) bool {
	sends, fn := newCuts(), r.Site.Fn
	each(fn, func(v effects.V) {
		if fn.At(v).How == effects.Deferred {
			return
		}
		for _, o := range s.opsOf(Spot{fn, v}) {
			switch {
			case !o.sends || o.at != at:
			case o.state == 0:
				sends.instrs[v] = true
			default:
				if e, ok := fn.CaseEdge(v, o.state); ok {
					sends.edges[e] = v
				}
			}
		}
	})
	first, _ := s.reaches(fn, 0, r.Site.V, sends)
	again, _ := s.reaches(fn, r.Site.V, r.Site.V, sends)
	return !first && !again
}
