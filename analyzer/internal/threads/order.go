package threads

import (
	"fmt"
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// A Chance is what is known of whether two points can be reached at the same time, from the one that certainly is not up.
type Chance uint8

const (
	Never     Chance = iota // something orders them
	Perhaps                 // a join on some of the paths, or a call that may be one; a winner that others may undo
	Served                  // a request must come in time
	Elsewhere               // a goroutine waits for something that is not seen
	Timed                   // a timer must run out in time
	Requests                // two requests at the same time
	Always                  // nothing orders them
)

// A ReasonKind is what orders two points, or may.
type ReasonKind uint8

const (
	Nothing  ReasonKind = iota
	Sequence            // one goroutine comes to both, or one point does not come after the start of the other's goroutine
	Join                // At waits until the goroutine is past the first point
	Await               // At, before the first point, waits for what the other goroutine gives after the second
	Winner              // only one goroutine of all gets by the branch at At
	LastOne             // by At comes only who is the last to count, the other point being before a count
	OnlyOnce            // a sync.Once runs both
	Limit               // the group runs one goroutine at a time
	Returned            // the subtest runs when the function has returned, or before it goes on
)

// A Reason is what orders two points, or may.
type Reason struct {
	Kind ReasonKind
	At   Spot // if there is one place
}

// String says it in words.
func (r Reason) String() string {
	s := [...]string{
		Nothing: "nothing orders them", Sequence: "one does not run after the other's start", Join: "joined", Await: "the goroutine waits for the other",
		Winner: "only one gets there", LastOne: "only the last gets there", OnlyOnce: "run once", Limit: "one at a time", Returned: "the subtest runs apart",
	}[r.Kind]
	if r.At.V > 0 {
		s += fmt.Sprintf(" at %d:%d", r.At.Pos().Line, r.At.Pos().Col)
	}
	return s
}

// An Order tells whether one point can be reached while the other is, and what orders them if not.
type Order struct {
	Chance Chance
	Why    Reason
}

// least returns what is known if both are needed.
func least(a, b Order) Order {
	if b.Chance < a.Chance {
		return b
	}
	return a
}

// most returns what is known if one of the two is enough.
func most(a, b Order) Order {
	if b.Chance > a.Chance {
		return b
	}
	return a
}

func never(k ReasonKind, at Spot) Order { return Order{Never, Reason{k, at}} }

// A Point is an instruction, and the runs by which a goroutine comes there from a function: the common one, if two are compared.
type Point struct {
	Spot
	Way  []*Run
	When effects.V // what it happens before, if not at V
}

// At returns the instruction by which the function at depth k of the way comes to the point.
func (p Point) At(k int) Spot {
	if k < len(p.Way) {
		return p.Way[k].Site
	}
	return p.Spot
}

// comes returns the same, or what the point itself happens before.
func (p Point) comes(k int) Spot {
	if k >= len(p.Way) && p.When != 0 {
		return Spot{p.Fn, p.When}
	}
	return p.At(k)
}

// Start returns the depth of the first start of a goroutine from depth k; -1 if there is none.
func (p Point) Start(k int) int {
	for i := k; i < len(p.Way); i++ {
		if p.Way[i].Kind.Starts() {
			return i
		}
	}
	return -1
}

// goesOn returns the instructions behind which the function at depth k of the way goes on when it has come to
// the point: what is deferred runs where the function ends.
func (p Point) goesOn(k int) []Spot {
	at := p.comes(k)
	if k < len(p.Way) && p.Way[k].Kind == Deferred {
		return runDefers(at.Fn)
	}
	return []Spot{at}
}

func runDefers(fn *effects.Func) []Spot {
	var out []Spot
	each(fn, func(v effects.V) {
		if fn.Op(v) == effects.RunDefers {
			out = append(out, Spot{fn, v})
		}
	})
	return out
}

// Common returns how many runs two points have in common.
func Common(x, y Point) int {
	k := 0
	for k < len(x.Way) && k < len(y.Way) && x.Way[k] == y.Way[k] {
		k++
	}
	return k
}

// A Who tells who comes to two points.
type Who uint8

const (
	Parent  Who = iota // a goroutine, and the function that has started it
	Sibling            // two goroutines
	Self               // goroutines that the same place starts
)

// A Meeting is the answer to whether two points can be reached at the same time.
type Meeting struct {
	Order
	Who    Who
	YFirst bool // the goroutine of y is the one that is started first
}

// Meet tells whether two goroutines can be at two points at the same time. The points are ways from one function; made is the
// instruction there that makes what the points have in common, each time anew, 0 if there is none.
func (s *Scope) Meet(x, y Point, made effects.V) Meeting {
	base := Spot{x.At(0).Fn, made}
	if o := s.excluded(base, x, y); o.Chance == Never {
		return Meeting{Order: o}
	} else {
		m := s.meet(x, y, base)
		m.Order = least(m.Order, o)
		return m
	}
}

func (s *Scope) meet(x, y Point, made Spot) Meeting {
	m := Meeting{Order: never(Nothing, Spot{})}
	try := func(o Order, who Who, yFirst bool) {
		if o.Chance > m.Chance || m.Chance == Never && m.Why.Kind == Nothing {
			m = Meeting{o, who, yFirst}
		}
	}
	k := Common(x, y)
	for i := range k { // two rounds of the same start
		try(s.twice(x, y, i, made), Self, false)
	}
	if x.Spot == y.Spot && k == len(x.Way) || k == len(x.Way) && k == len(y.Way) {
		return m
	}
	xs, ys := x.Start(k), y.Start(k)
	switch {
	case xs < 0 && ys < 0:
		try(never(Sequence, Spot{}), Parent, false)
	case ys < 0:
		try(s.beside(x, y, k, made), Parent, false)
	case xs < 0:
		try(s.beside(y, x, k, made), Parent, true)
	default:
		try(s.beside(x, y, k, made), Sibling, false)
		try(s.beside(y, x, k, made), Sibling, true)
	}
	return m
}

// twice weighs two points in two goroutines that the same instruction at depth i has led to.
func (s *Scope) twice(x, y Point, i int, made Spot) Order {
	start := x.Start(i)
	if start < 0 || start >= len(y.Way) || x.Way[start] != y.Way[start] {
		return never(Sequence, Spot{})
	}
	r := x.Way[start]
	o := Order{Chance: Always}
	switch r.Kind {
	case Handler:
		o.Chance = Requests
		if x.Fn.Test {
			o.Chance = Served
		}
	case Timer:
		o.Chance = Timed
	case Subtest:
		if !afterParallel(x, start) || !afterParallel(y, start) {
			return never(Returned, r.Site)
		}
	case Group:
		if s.limited(r) {
			return never(Limit, r.Site)
		}
	}
	if chosen(x) || chosen(y) {
		o = least(o, Order{Chance: Perhaps})
	}
	if onceIn(x, i) && onceIn(y, i) {
		return never(OnlyOnce, r.Site)
	}
	if i == start && (r.Kind == Handler || r.Kind == Parallel) {
		return o
	}
	return least(o, s.beside(x, y, i, made))
}

// onceIn reports whether a sync.Once runs a point, from depth i of its way.
func onceIn(x Point, i int) bool {
	return slices.ContainsFunc(x.Way[i:], func(r *Run) bool { return r.Once })
}

// afterParallel reports whether a point runs beside other subtests.
func afterParallel(x Point, start int) bool {
	at := x.comes(start + 1)
	found := false
	each(at.Fn, func(v effects.V) { found = found || isParallel(at.Fn.At(v)) && at.Fn.Before(v, at.V) })
	return found
}

// chosen reports whether a point is reached only if some value equals a constant: perhaps
// that is so in one of the goroutines only.
func chosen(x Point) bool {
	found := false
	x.Fn.Branches(x.instr().Block, func(cond effects.V, taken bool) {
		test := x.Fn.At(cond)
		if test.Op != effects.Compare || (test.Sym != "==" || !taken) && (test.Sym != "!=" || taken) {
			return
		}
		switch t := x.Fn.At(test.Args[0]).Type; {
		case t != nil && (t.Kind == effects.Other || t.Kind == effects.Bool || t.Kind == effects.String):
			found = true
		}
	})
	return found
}

// limited reports whether a group runs one goroutine at a time.
func (s *Scope) limited(r *Run) bool {
	in := r.Site.instr()
	if !hasReceiver(in) {
		return false
	}
	group := s.object(r.Site.Fn, in.Args[0])
	found := false
	for _, fn := range s.Members {
		each(fn, func(v effects.V) {
			in := fn.At(v)
			if in.Op == effects.Call && nameOfCallee(in) == "SetLimit" && fn.IsInt(in.Args[len(in.Args)-1], "1") {
				found = found || s.object(fn, in.Args[0]).meets(group)
			}
		})
	}
	return found
}
