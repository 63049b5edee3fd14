package decide

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// Places in the code at which locks are locked: the engine looks at the calls themselves.

//go:noinline
func here() uintptr {
	var pcs [1]uintptr
	runtime.Callers(2, pcs[:])
	return pcs[0]
}

//go:noinline
func placeA() uintptr { return here() + 0*same }

//go:noinline
func placeB() uintptr { return here() + 0*same }

//go:noinline
func placeC() uintptr { return here() + 0*same }

//go:noinline
func placeG() uintptr { return here() + 0*same }

//go:noinline
func placeR() uintptr { return here() + 0*same }

//go:noinline
func placeS() uintptr { return here() + 0*same }

//go:noinline
func placeP() uintptr { return here() + 0*same }

//go:noinline
func placeQ() uintptr { return here() + 0*same }

var (
	same     uintptr // keeps calls from being the last in a function
	anything = here  // what is called through a variable may lock anything
)

//go:noinline
func placeX() uintptr { return anything() + 0*same }

var places = map[byte]uintptr{
	'a': placeA(), 'b': placeB(), 'c': placeC(), 'g': placeG(), 'r': placeR(), 's': placeS(),
	'p': placeP(), 'q': placeQ(), 'x': placeX(),
}

// A sim is a recorder in slow motion: it does what a script says and tells the engine. Steps of the script
// are
//
//	1+a2    goroutine 1 locks a2, lock 2 of class a, at the place of class a; 1+a2@q at place q
//	1r+r1   it read-locks r1
//	1?+a1   it acquires a1 by an attempt, 1r?+r1 for reading
//	1-a1    it unlocks a1
//	2<1     goroutine 2 begins, started by goroutine 1
//	2!w     goroutine 2 calls Done on WaitGroup w
//	1=w     goroutine 1 has waited for w
//	name:a1=NAME  the source has a name for the class of a1
//
// Classes r and s have readers.
type sim struct {
	t      testing.TB
	e      *Engine
	locks  map[string]*simLock
	by     map[uintptr]string
	gs     map[uint64]*simGoroutine
	now    uint64
	founds []*Finding
}

type simLock struct {
	addr        uintptr
	class, inst uint32
}

type simGoroutine struct {
	kin  []Kin
	heir bool
	held []Held
}

func newSim(t testing.TB) *sim {
	return &sim{t: t, e: New(), locks: make(map[string]*simLock), by: make(map[uintptr]string), gs: make(map[uint64]*simGoroutine)}
}

func (s *sim) goroutine(id uint64) *simGoroutine {
	g := s.gs[id]
	if g == nil {
		s.now++
		g = &simGoroutine{kin: []Kin{{Goroutine: id, Born: s.now}}}
		s.gs[id] = g
	}
	return g
}

func (s *sim) lock(name string) *simLock {
	l := s.locks[name]
	if l == nil {
		l = &simLock{addr: uintptr(0x1000 + 64*len(s.locks))}
		s.locks[name] = l
		s.by[l.addr] = name
	}
	return l
}

// run runs a script and returns what was found, in words.
func (s *sim) run(script string) (out []string) {
	for _, step := range strings.Fields(script) {
		for _, f := range s.step(step) {
			s.founds = append(s.founds, f)
			out = append(out, s.words(f))
		}
	}
	return out
}

func (s *sim) step(step string) []*Finding {
	if rest, ok := strings.CutPrefix(step, "name:"); ok {
		lock, name, _ := strings.Cut(rest, "=")
		return s.e.Named(s.lock(lock).class, name)
	}
	i := strings.IndexAny(step, "r?+-<!=")
	var id uint64
	fmt.Sscan(step[:i], &id)
	op := step[i:]
	var mode Mode
	if op[0] == 'r' {
		mode, op = mode|Read, op[1:]
	}
	if op[0] == '?' {
		mode, op = mode|Try, op[1:]
	}
	arg := op[1:]
	switch op[0] {
	case '+':
		return s.acquire(id, arg, mode)
	case '-':
		g := s.goroutine(id)
		for i := len(g.held) - 1; i >= 0; i-- {
			if g.held[i].Lock == s.lock(arg).addr {
				g.held = slices.Delete(g.held, i, i+1)
				return nil
			}
		}
		s.t.Fatalf("%s: not held", step)
	case '<':
		var parent uint64
		fmt.Sscan(arg, &parent)
		p := s.goroutine(parent)
		s.now++
		g := &simGoroutine{kin: append([]Kin{{Goroutine: id, Parent: parent, Born: s.now}}, p.kin...)}
		s.gs[id] = g
		if len(p.held) > 0 {
			g.heir = true
			s.e.Inherit(id, State{Goroutine: parent, Held: slices.Clone(p.held)})
		}
	case '!':
		s.now++
		s.e.Done(uintptr(arg[0]), id, s.now)
	case '=':
		s.now++
		return s.e.Joined(uintptr(arg[0]), State{Goroutine: id, Held: slices.Clone(s.goroutine(id).held)}, s.now)
	default:
		s.t.Fatalf("what is %q", step)
	}
	return nil
}

func (s *sim) acquire(id uint64, arg string, mode Mode) []*Finding {
	name, at, ok := strings.Cut(arg, "@")
	if !ok {
		at = name[:1]
	}
	g, l, pc := s.goroutine(id), s.lock(name), places[at[0]]
	r := &Request{
		Goroutine: id, Kin: g.kin, Now: s.now, Heir: g.heir,
		Lock: l.addr, Class: l.class, Instance: l.inst, Mode: mode, PC: pc,
		RW: name[0] == 'r' || name[0] == 's', Held: slices.Clone(g.held), Stack: []uintptr{pc},
	}
	out := s.e.Learn(r)
	l.class, l.inst = r.Class, r.Instance
	g.held = append(g.held, Held{Lock: l.addr, Class: l.class, Instance: l.inst, Mode: mode, PC: pc})
	return out
}

// words tells a finding: "inversion a1 b1", from the alphabetically first lock on; with a star if
// instances meet all around, with "same" if it is about instances.
func (s *sim) words(f *Finding) string {
	var parts []string
	for _, h := range f.Hops {
		w := s.by[h.From.Lock]
		if h.Waiter != 0 {
			w += fmt.Sprintf("(%d for %d)", h.Waiter, h.Goroutine)
		}
		parts = append(parts, w)
	}
	i := slices.Index(parts, slices.Min(parts))
	parts = append(parts[i:], parts[:i]...)
	kind := map[Kind]string{Inversion: "inversion", Recursion: "recursion", SelfDeadlock: "self", NotLocked: "not locked", Standstill: "standstill"}[f.Kind]
	out := kind + " " + strings.Join(parts, " ")
	if f.Same {
		out += " same"
	}
	if f.Closed {
		out += " *"
	}
	if f.Writer != nil {
		out += " writer"
	}
	return out
}
