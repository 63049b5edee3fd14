package decide

import "github.com/lockcheck/lockcheck/lockgraph"

// An Engine is all that is known of one process.
type Engine struct {
	classes []class // 0 is none
	sites   map[uintptr]*site
	names   map[string]uint32 // a class of each name
	toName  []uint32

	chains []*chain
	byKey  map[string]*chain
	key    []byte // scratch

	graph *lockgraph.Graph
	next  map[uint32][]uint32 // edges by roots
	stale bool                // classes were merged: graph and next are to be made anew

	stacks map[uint64]stack
	kin    map[uint64]*kin

	children map[uint64][]uint64 // see survive
	steps    int                 // of before
	groups   map[uintptr][]done
	heirs    map[uint64]*heir

	count      uint32 // instances
	order      *lockgraph.Order
	nodes      map[uint32]lockgraph.Node // of instances that are in order
	numbers    map[lockgraph.Node]uint32 // the other way
	pairs      map[[2]uint32]*run
	near       map[uint32]map[uint32]bool // instances in a pair with it
	recursions map[uint32]*run            // by root of the class
	reported   map[string]bool
	lones      map[path]bool // see retire
	stats      Stats
}

// Stats counts what was learned, and what could not be.
type Stats struct {
	Classes, Chains, Pairs int
	LostChains, LostPairs  int // beyond the limits
}

const (
	maxChains = 1 << 16
	maxPairs  = 1 << 18
)

// New returns an engine that knows nothing.
func New() *Engine {
	return &Engine{
		classes:    make([]class, 1),
		sites:      make(map[uintptr]*site),
		names:      make(map[string]uint32),
		byKey:      make(map[string]*chain),
		graph:      lockgraph.New(),
		next:       make(map[uint32][]uint32),
		stacks:     make(map[uint64]stack),
		kin:        make(map[uint64]*kin),
		children:   make(map[uint64][]uint64),
		groups:     make(map[uintptr][]done),
		heirs:      make(map[uint64]*heir),
		order:      lockgraph.NewOrder(),
		nodes:      make(map[uint32]lockgraph.Node),
		numbers:    make(map[lockgraph.Node]uint32),
		pairs:      make(map[[2]uint32]*run),
		near:       make(map[uint32]map[uint32]bool),
		recursions: make(map[uint32]*run),
		reported:   make(map[string]bool),
		lones:      make(map[path]bool),
	}
}

// Stats returns how much the engine knows.
func (e *Engine) Stats() Stats {
	s := e.stats
	s.Classes, s.Chains, s.Pairs = len(e.classes)-1, len(e.chains), len(e.pairs)
	return s
}

// Sites returns call sites at which locks of class c are locked, the first ever first.
func (e *Engine) Sites(c uint32) []uintptr {
	if c == 0 || int(c) >= len(e.classes) {
		return nil
	}
	r := &e.classes[e.root(c)]
	out := []uintptr{r.first}
	for _, pc := range r.sites {
		if pc != r.first {
			out = append(out, pc)
		}
	}
	return out
}

// once reports whether something is reported for the first time.
func (e *Engine) once(key string) bool {
	if e.reported[key] {
		return false
	}
	e.reported[key] = true
	return true
}
