package threads

import (
	"slices"
	"strconv"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
)

// A change is an operation that changes an atomic variable.
type change struct {
	Spot
	at   object
	from effects.V // CompareAndSwap: what must be there; 0 for the others
	to   effects.V // what is there afterwards; 0 for Add
	add  string    // Add: the constant that is added, "" if it is none, or 0
}

// changeOf returns the change that an instruction makes.
func (s *Scope) changeOf(at Spot) (change, bool) {
	in := at.instr()
	if in.Op != effects.Atomic || in.How != effects.AtOnce || len(in.Args) < 2 {
		return change{}, false
	}
	c := change{Spot: at, at: s.object(at.Fn, in.Args[0])}
	switch name := nameOfCallee(in); {
	case strings.HasPrefix(name, "CompareAndSwap"):
		c.from, c.to = in.Args[1], in.Args[2]
	case strings.HasPrefix(name, "Swap"), strings.HasPrefix(name, "Store"):
		c.to = in.Args[1]
	case strings.HasPrefix(name, "Add"):
		if k := at.Fn.At(in.Args[1]); k.Op == effects.Const && k.Sym != "0" {
			c.add = k.Sym
		}
	}
	return c, true
}

// A prize is what one goroutine of all can get: to be the one that changes an atomic variable from a value, or to a
// number.
type prize struct {
	at    object
	value string // from which; "" if it is a number
	add   string // what each adds, if it is a number
}

// A won is a prize, and the branch behind which a goroutine has it.
type won struct {
	prize
	by Spot
}

// prizes returns those with which a goroutine comes to a point, or to the call that leads to it.
func (s *Scope) prizes(x Point) []won {
	var out []won
	for i := len(x.Way); i >= 0; i-- {
		at := x.At(i)
		at.Fn.Branches(at.instr().Block, func(cond effects.V, taken bool) {
			if p, ok := s.prize(at.Fn, cond, taken); ok {
				out = append(out, won{p, Spot{at.Fn, cond}})
			}
		})
		if i > 0 && x.Way[i-1].Kind.Starts() {
			break
		}
	}
	return out
}

// prize returns what is got where a branch on a value is taken or not.
func (s *Scope) prize(fn *effects.Func, v effects.V, taken bool) (prize, bool) {
	for fn.Op(v) == effects.Not {
		v, taken = fn.At(v).Args[0], !taken
	}
	in := fn.At(v)
	if in.Op != effects.Compare {
		c, ok := s.changeOf(Spot{fn, v})
		switch {
		case !ok:
		case c.from != 0 && taken && fn.Op(c.from) == effects.Const:
			return prize{at: c.at, value: fn.At(c.from).Sym}, true
		case c.from == 0 && c.to != 0: // what Swap returns
			return prize{at: c.at, value: strconv.FormatBool(taken)}, true
		}
		return prize{}, false
	}
	c, ok := s.changeOf(Spot{fn, in.Args[0]})
	switch y := fn.At(in.Args[1]); {
	case !ok || taken != (in.Sym == "==") || in.Sym != "==" && in.Sym != "!=":
	case y.Op == effects.Const && c.from == 0 && c.to != 0:
		return prize{at: c.at, value: y.Sym}, true
	case c.add != "" && s.steady(fn, in.Args[1]):
		return prize{at: c.at, add: c.add}, true
	}
	return prize{}, false
}

// steady reports whether a number is the same for all goroutines: a constant, or a length or a variable from outside.
func (s *Scope) steady(fn *effects.Func, v effects.V) bool {
	switch in := fn.At(v); in.Op {
	case effects.Const:
		return true
	case effects.Opaque:
		return in.Sym == "convert" && len(in.Args) == 1 && s.steady(fn, in.Args[0])
	case effects.Builtin:
		return (in.Sym == "len" || in.Sym == "cap") && s.steady(fn, in.Args[0])
	case effects.Load:
		return s.variable(fn, in.Args[0]).Single() != 0
	}
	return false
}

// variable returns the local variable that an address is of; nil if it is none, or only part of one.
func (s *Scope) variable(fn *effects.Func, addr effects.V) *resolve.Cell {
	for fn != nil && fn.Op(addr) == effects.Free {
		addr, fn = resolve.Binding(fn, addr), fn.Parent
	}
	if fn == nil {
		return nil
	}
	return s.view(fn).Cell(addr)
}

// onces returns the sync.Once by which a goroutine comes to a point.
func (s *Scope) onces(x Point) []object {
	var out []object
	for i := len(x.Way); i > 0; i-- {
		r := x.Way[i-1]
		if r.Once {
			out = append(out, s.object(r.Site.Fn, r.Site.instr().Args[0]))
		}
		if r.Kind.Starts() {
			break
		}
	}
	return out
}

// excluded reports whether only one goroutine of all gets to both points, or whether one of the two is reached when
// all goroutines have counted down, or up, what the other one comes before; or perhaps so: others can change the atomic, too.
func (s *Scope) excluded(made Spot, x, y Point) Order {
	o := Order{Chance: Always}
	for _, a := range s.onces(x) {
		if slices.ContainsFunc(s.onces(y), a.meets) {
			return never(OnlyOnce, Spot{})
		}
	}
	for _, side := range [][2]Point{{x, y}, {y, x}} {
		if by, ok := s.lost(made, side[0], side[1]); ok {
			return never(Winner, by)
		}
		if by, ok := s.emptied(side[0], side[1]); ok {
			return never(Join, by)
		}
	}
	xs, ys := s.prizes(x), s.prizes(y)
	for _, p := range xs {
		if slices.ContainsFunc(ys, func(q won) bool { return q.prize == p.prize }) {
			o = least(o, Order{s.once(made, p.prize), Reason{Winner, p.by}})
		}
	}
	for _, side := range []struct {
		ps    []won
		other Point
	}{{ys, x}, {xs, y}} {
		for _, p := range side.ps {
			if o.Chance > Never && p.add != "" && s.once(made, p.prize) == Never && s.counts(p.prize, side.other) {
				o = never(LastOne, p.by)
			}
		}
	}
	return o
}

// lost reports whether a goroutine gets to x only when it has lost a prize for which there is one other goroutine, that of y, which comes
// by y before it tries: it has won, and what it has done is told by the atomic.
func (s *Scope) lost(made Spot, x, y Point) (by Spot, ok bool) {
	start := slices.IndexFunc(x.Way, func(r *Run) bool { return r.Kind.Starts() })
	other := slices.IndexFunc(y.Way, func(r *Run) bool { return r.Kind.Starts() })
	if start != 0 || other != 0 || x.Way[0] == y.Way[0] || looped(x.Way[0].Site) || looped(y.Way[0].Site) || len(x.Way) > 1 || len(y.Way) > 1 {
		return by, false
	}
	x.Fn.Branches(x.instr().Block, func(cond effects.V, taken bool) {
		for x.Fn.Op(cond) == effects.Not {
			cond, taken = x.Fn.At(cond).Args[0], !taken
		}
		own, is := s.changeOf(Spot{x.Fn, cond})
		if ok || taken || !is || own.from == 0 || x.Fn.Op(own.from) != effects.Const || looped(own.Spot) {
			return
		}
		p := prize{at: own.at, value: x.Fn.At(own.from).Sym}
		tries, behind := 0, false
		for _, fn := range s.Members {
			each(fn, func(v effects.V) {
				if ch, is := s.changeOf(Spot{fn, v}); is && ch.at.meets(p.at) {
					tries++
					behind = behind || fn == y.Fn && ch.from != 0 && fn.At(ch.from).Sym == p.value && fn.Before(y.V, v) && !looped(ch.Spot)
				}
			})
		}
		if tries == 2 && behind && s.once(made, p) == Never {
			by, ok = own.Spot, true
		}
	})
	return by, ok
}

// looped reports whether an instruction is in a loop.
func looped(at Spot) bool { return at.Fn.Graph().Loop[at.instr().Block] }

// counts reports whether the goroutine that comes to a point makes its own count behind.
func (s *Scope) counts(p prize, x Point) bool {
	for i := len(x.Way); i > 0; i-- {
		at := x.comes(i)
		counts := false
		at.Fn.Follow(at.V, func(v effects.V) bool {
			if c, ok := s.changeOf(Spot{at.Fn, v}); ok && c.at == p.at && c.add == p.add {
				before, _ := s.reaches(at.Fn, v, at.V, nil)
				counts = counts || !before
			}
			return true
		})
		if counts {
			return true
		}
		if x.Way[i-1].Kind.Starts() {
			break
		}
	}
	return false
}

// once tells whether a prize can be got more than once as long as there is one instance of what is made: the atomic is not made
// anew, all its changes are in view, and none leads back.
func (s *Scope) once(made Spot, p prize) Chance {
	c := Perhaps
	switch p.at.kind {
	case ident.Alloc:
		root := effects.V(index(p.at.ref))
		if !inside(p.at.fn, made.Fn) {
			return Always
		}
		if p.at.fn == made.Fn {
			if again, _ := s.reaches(made.Fn, root, root, &cuts{again: made.V}); again {
				return Always
			}
		}
		if s.plain(p.at.fn, root, p.at.way, 0) {
			c = Never
		}
	case ident.Param:
		if !inside(p.at.fn, made.Fn) {
			return Always
		}
	case ident.Global:
	default:
		return Always
	}
	for _, fn := range s.Members {
		each(fn, func(v effects.V) {
			if ch, is := s.changeOf(Spot{fn, v}); is && ch.at.meets(p.at) && !s.onward(made, p, &ch) {
				c = Always
			}
		})
	}
	return c
}

// inside reports whether a function is another one, or a literal inside.
func inside(fn, outer *effects.Func) bool {
	for ; fn != nil; fn = fn.Parent {
		if fn == outer {
			return true
		}
	}
	return false
}

// onward reports whether a change does not make it possible to get a prize again.
func (s *Scope) onward(made Spot, p prize, c *change) bool {
	if c.at != p.at {
		return false
	}
	if p.value == "" {
		return c.add != "" && (c.add[0] == '-') == (p.add[0] == '-') || c.Fn == made.Fn && s.beforeStarts(c.Spot)
	}
	switch to := c.Fn.At(c.to); to.Op {
	case effects.Alloc, effects.Free, effects.Field, effects.Elem, effects.Global: // an address
		return p.value == "nil"
	case effects.Const:
		return to.Sym != p.value
	}
	return false
}

// beforeStarts reports whether no goroutine has been started before an instruction by its function.
func (s *Scope) beforeStarts(at Spot) bool {
	for _, fn := range s.Members { // in order: searches are counted
		for _, r := range s.runs[fn] {
			if r.Site.Fn == at.Fn && r.Kind.Starts() {
				if after, _ := s.reaches(at.Fn, r.Site.V, at.V, nil); after {
					return false
				}
			}
		}
	}
	return true
}

// plain reports whether the address of an atomic variable, at a path of fields behind an address, goes only to package
// sync/atomic.
func (s *Scope) plain(fn *effects.Func, addr effects.V, way string, depth int) bool {
	if depth > maxDepth {
		return false
	}
	for _, u := range fn.Uses(addr) {
		switch in := fn.At(u); in.Op {
		case effects.Atomic:
		case effects.Load:
			if in.Type != nil && in.Type.Kind == effects.Pointer && !s.plain(fn, u, way, depth+1) {
				return false
			}
		case effects.Field:
			if rest, ok := strings.CutPrefix(way, "."+in.Sym); ok && (rest == "" || rest[0] == '.') && !s.plain(fn, u, rest, depth+1) {
				return false
			}
		case effects.Store:
			if in.Args[1] != addr {
				if fn.At(in.Args[1]).Type.Refers() && s.variable(fn, addr).Single() != 0 {
					continue // the pointer that is followed
				}
				return false
			}
			if fn.Op(in.Args[0]) != effects.Alloc || !s.plain(fn, in.Args[0], way, depth+1) {
				return false
			}
		case effects.Closure:
			for i, b := range in.Args {
				if b == addr && (in.Fn == nil || in.Fn.Made || !s.plain(in.Fn, in.Fn.Free[i], way, depth+1)) {
					return false
				}
			}
		default:
			return false
		}
	}
	return true
}
