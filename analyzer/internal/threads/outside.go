package threads

import (
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
)

// What a goroutine of one scope tells or awaits, and what a function that anybody may call meanwhile does, can be compared if both
// have to do with one object, or with package variables: by the way from that object.

// A Tie is something by which goroutines order themselves, by the way from an object, or with the package variable in front.
type Tie struct {
	Way   string
	Sends bool // a channel is sent to, or closed
	Takes bool // a channel is received from
}

// Ties returns those of some operations that belong to the object which a function has as a value, 0 for none, and to package variables.
func (s *Scope) ties(ops []op, fn *effects.Func, v effects.V) []Tie {
	var base object
	if v != 0 {
		base = s.object(fn, v)
	}
	var out []Tie
	for _, o := range ops {
		add := func(way string) { out = append(out, Tie{Way: way, Sends: o.sends, Takes: o.takes}) }
		if o.at.kind == ident.Global {
			add(o.at.ref + o.at.way)
			continue
		}
		if way, ok := o.at.from(base); ok && v != 0 {
			add(way)
		}
		s.storedAt(o.at, func(to object) { // what was made for a field of it
			if to.kind == ident.Global {
				add(to.ref + to.way + o.at.way)
			} else if way, ok := to.from(base); ok && v != 0 {
				add(way + o.at.way)
			}
		})
	}
	return out
}

// from returns the way from another object to one.
func (o object) from(base object) (way string, ok bool) {
	if o.fn != base.fn || o.kind != base.kind || o.ref != base.ref {
		return "", false
	}
	return strings.CutPrefix(o.way, base.way)
}

// storedAt calls visit for the places that a new object, or what a call has returned, is stored to.
func (s *Scope) storedAt(o object, visit func(object)) {
	if o.kind != ident.Value && o.kind != ident.Alloc {
		return
	}
	root := effects.V(index(o.ref))
	for _, u := range o.fn.Uses(root) {
		in := o.fn.At(u)
		if in.Op != effects.Store || in.Args[1] != root {
			continue
		}
		if op := o.fn.Op(in.Args[0]); op == effects.Field || op == effects.Global {
			visit(s.object(o.fn, in.Args[0]))
		}
	}
}

// Tells returns by what the goroutine of a point tells others that it is past it.
func (s *Scope) Tells(x Point, fn *effects.Func, v effects.V) []Tie {
	return s.ties(s.signals(x), fn, v)
}

// TellsEachRound returns by what it does so before it comes there again, if it does in a loop.
func (s *Scope) TellsEachRound(x Point, fn *effects.Func, v effects.V) []Tie {
	var ops []op
	for i := len(x.Way); i > x.Start(0); i-- {
		at := x.comes(i)
		g := at.Fn.Graph()
		each(at.Fn, func(v effects.V) {
			if in := at.Fn.At(v); in.Block >= 0 && g.Comp[in.Block] == g.Comp[at.instr().Block] {
				for _, o := range s.opsOf(Spot{at.Fn, v}) {
					if o.signal || o.frees {
						ops = append(ops, o)
					}
				}
			}
		})
	}
	return s.ties(ops, fn, v)
}

// Awaits returns what a goroutine or function certainly waits for before it comes to a point; it waits from where it was started.
func (s *Scope) Awaits(x Point, fn *effects.Func, v effects.V) []Tie {
	var ops []op
	for i := max(x.Start(0), 0); i <= len(x.Way); i++ {
		ops = append(ops, s.waitsBefore(x.comes(i))...)
	}
	return s.ties(ops, fn, v)
}

// Repeats reports whether a goroutine may come to a point more than once.
func (s *Scope) Repeats(x Point) bool {
	for i := x.Start(0) + 1; i <= len(x.Way); i++ {
		at := x.comes(i)
		if at.Fn.Graph().Loop[at.instr().Block] {
			return true
		}
	}
	return false
}

// Meets reports whether one of the ties is what one of the others waits for, or may be.
func Meets(told, awaited []Tie) bool {
	return slices.ContainsFunc(told, func(t Tie) bool {
		return slices.ContainsFunc(awaited, func(w Tie) bool {
			if t.Sends && w.Sends || t.Takes && w.Takes {
				return false
			}
			return t.Way == w.Way || strings.HasPrefix(t.Way, w.Way+".") || strings.HasPrefix(w.Way, t.Way+".")
		})
	})
}
