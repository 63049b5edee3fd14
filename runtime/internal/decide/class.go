package decide

import (
	"runtime"
	"strconv"
	"strings"
	"unsafe"

	"github.com/lockcheck/lockcheck/lockgraph"
)

// A class is a set of call sites at which one lock declaration is locked. Classes are
// merged, so their numbers are looked up in a union-find forest:
//
// R. E. Tarjan, "Efficiency of a Good But Not Linear Set Union Algorithm", Journal of the ACM 22(2), 1975.
// https://doi.org/10.1145/321879.321884
type class struct {
	parent    uint32    // itself for a root
	sites     []uintptr // direct call sites, at most maxSites
	first     uintptr   // where the first lock of it was locked first
	instances int       // locks seen
	handed    bool      // a lock of it was unlocked by another goroutine than its holder
	asked     bool      // its name was asked for
}

const maxSites = 16

type site struct {
	class    uint32
	indirect bool // the call is through an interface: it may lock anything
}

// classify returns the class of a lock that is locked at pc, given the one it has, or 0
// if it was never locked before.
func (e *Engine) classify(c uint32, pc uintptr) uint32 {
	s := e.sites[pc]
	if s == nil {
		s = &site{indirect: indirect(pc)}
		e.sites[pc] = s
	}
	switch {
	case c == 0 && (s.class == 0 || s.indirect):
		// An indirect site says nothing about the lock, which gets a class of its own.
		c = uint32(len(e.classes))
		e.classes = append(e.classes, class{parent: c, first: pc, instances: 1})
		if !s.indirect {
			s.class = c
			e.classes[c].sites = []uintptr{pc}
		}
	case c == 0:
		c = s.class
		e.classes[e.root(c)].instances++
	case s.indirect:
	case s.class == 0:
		s.class = c
		r := &e.classes[e.root(c)]
		if len(r.sites) < maxSites {
			r.sites = append(r.sites, pc)
		}
	default:
		e.merge(c, s.class)
	}
	return c
}

func (e *Engine) root(c uint32) uint32 {
	for e.classes[c].parent != c {
		p := e.classes[c].parent
		e.classes[c].parent = e.classes[p].parent
		c = e.classes[c].parent
	}
	return c
}

// merge makes two classes one.
func (e *Engine) merge(a, b uint32) {
	a, b = e.root(a), e.root(b)
	if a == b {
		return
	}
	if a > b { // the older one stays
		a, b = b, a
	}
	x, y := &e.classes[a], &e.classes[b]
	y.parent = a
	for _, pc := range y.sites {
		if len(x.sites) < maxSites {
			x.sites = append(x.sites, pc)
		}
	}
	x.instances += y.instances
	x.handed = x.handed || y.handed
	x.asked = x.asked && y.asked
	e.stale = true
}

// unnamed puts classes on the list of those that are to be named.
func (e *Engine) unnamed(list []Held) {
	for _, h := range list {
		if c := e.root(h.Class); h.Class != 0 && !e.classes[c].asked {
			e.classes[c].asked = true
			e.toName = append(e.toName, c)
		}
	}
}

// ToName returns classes whose names are of use, each once.
func (e *Engine) ToName() []uint32 {
	list := e.toName
	e.toName = nil
	return list
}

// Named tells the engine that the source has a name for the locks of class c, which are locked at
// several places that no lock has in common. Classes of one name become one. That
// may lead to findings.
func (e *Engine) Named(c uint32, name string) []*Finding {
	if o, ok := e.names[name]; ok {
		e.merge(o, c)
	} else {
		e.names[name] = c
	}
	if !e.stale {
		return nil
	}
	return append(e.redraw(), e.judge()...)
}

// Handed notes that a lock of class c was unlocked by another goroutine than its holder.
func (e *Engine) Handed(c uint32) { e.classes[e.root(c)].handed = true }

// graphClass is the name that lockgraph knows a class by.
func (e *Engine) graphClass(c uint32) lockgraph.Class {
	return lockgraph.Class(strconv.Itoa(int(e.root(c))))
}

// indirect reports whether the call that returns to pc is one by which nothing is said of the lock: its target is not in the
// instruction, or its function stands for several. On processors where that is not known, no call is taken to be.
func indirect(pc uintptr) bool {
	if fn := runtime.FuncForPC(pc - 1); fn != nil {
		// All method values of Lock have one wrapper, and the instances of a generic function of which the types look alike one body.
		if name := fn.Name(); strings.HasSuffix(name, "-fm") || strings.Contains(name, "[...]") {
			return true
		}
	}
	switch runtime.GOARCH {
	case "amd64", "386":
		return pc < 5 || *(*byte)(code(pc - 5)) != 0xE8 // CALL rel32
	case "arm64":
		return pc < 4 || *(*uint32)(code(pc - 4))>>26 != 0x25 // BL
	}
	return false
}

// code returns a pointer to an instruction.
//
//go:nocheckptr
func code(pc uintptr) unsafe.Pointer { return unsafe.Add(nil, pc) }
