package calls

import (
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// A node is the number of a place where functions and interfaces can be: 0 is none.
type node = int32

// An object is what comes to nodes: a function, or a type of which values are made interfaces.
type object struct {
	fn    *effects.Func
	typ   *effects.Type  // of the function
	boxed *effects.Boxed // nil for a function
}

// A graph tells what comes from where.
type graph struct {
	fns   []*effects.Func
	first []node // of the values of a function, by ID: see value
	of    []node // the node of a value; values of a function are beside each other
	res   [][]node
	count node

	places  map[place]node
	types   types
	from    []node // edges
	to      []node
	filters map[node]*effects.Type // nodes to which only what implements an interface comes
	starts  []start

	objects  []object
	byFunc   map[*effects.Func]int32
	byKey    map[[2]string]int32
	byType   map[string]int32
	outside  map[[2]string]*effects.Func
	implied  map[implied]bool
	sites    []site
	sets     *sets
	at       []set // by node
	resolved map[callee][]target
}

// A place is a node that several values share.
type place struct {
	kind byte // see the constants
	name string
	of   *effects.Type // of a field without class
}

const (
	inField  = 'f' // and package variables
	inPart   = 'p' // a field of a struct without a name
	inSlice  = 's'
	inMap    = 'm'
	inKey    = 'k'
	inChan   = 'c'
	inMemory = '*' // behind pointers to pointers
	inPanic  = '!'
)

// A start is an object that is at a node from the beginning.
type start struct {
	at node
	ob int32
}

func newGraph(fns []*effects.Func) *graph {
	g := &graph{
		fns: fns, first: make([]node, len(fns)), res: make([][]node, len(fns)), places: map[place]node{}, types: types{map[*effects.Type]string{}}, filters: map[node]*effects.Type{},
		byFunc: map[*effects.Func]int32{}, byKey: map[[2]string]int32{}, byType: map[string]int32{}, outside: map[[2]string]*effects.Func{}, implied: map[implied]bool{},
	}
	units := map[*effects.Unit]bool{}
	total := 0
	for i, f := range fns {
		g.first[i] = node(total)
		total += len(f.Code)
		if u := f.Unit; !units[u] {
			units[u] = true
			for k := range u.Boxed {
				g.box(u, &u.Boxed[k])
			}
		}
	}
	g.of = make([]node, total)
	for i, f := range fns {
		for v := range f.Code {
			if t, depth := holds(f.Code[v].Type); t != nil && depth <= 1 && !shares(f, effects.V(v)) {
				g.of[int(g.first[i])+v] = g.fresh()
			}
		}
		for _, r := range f.Results {
			n := node(0)
			if t, depth := holds(r); t != nil && depth <= 1 {
				n = g.fresh()
			}
			g.res[i] = append(g.res[i], n)
		}
	}
	return g
}

func (g *graph) fresh() node {
	g.count++
	return g.count
}

// shares reports whether a value is an address of which all that lead to the same place are one node.
func shares(f *effects.Func, v effects.V) bool {
	switch in := f.At(v); in.Op {
	case effects.Field, effects.Elem, effects.Global, effects.FieldOf:
		return true
	}
	return false
}

func (g *graph) box(u *effects.Unit, b *effects.Boxed) {
	s := g.types.text(b.Type, u)
	if _, ok := g.byType[s]; !ok {
		g.byType[s] = g.object(object{boxed: b})
	}
}

func (g *graph) object(o object) int32 {
	g.objects = append(g.objects, o)
	return int32(len(g.objects) - 1)
}

// function returns the object of a function, by the instruction that has it as a value.
func (g *graph) function(in *effects.Instr) (int32, bool) {
	fn := in.Fn
	if fn == nil {
		if in.Sym == "" || in.Op != effects.FuncOf {
			return 0, false
		}
		fn = g.stub(in.Class, in.Sym)
	}
	o, ok := g.byFunc[fn]
	if !ok {
		o = g.object(object{fn: fn, typ: in.Type})
		g.byFunc[fn] = o
	}
	return o, true
}

// stub returns what stands for a function that is not in the program.
func (g *graph) stub(pkg, key string) *effects.Func {
	k := [2]string{pkg, key}
	f := g.outside[k]
	if f == nil {
		f = &effects.Func{ID: -1, Unit: &effects.Unit{Path: pkg}, Name: nameOf(pkg, key), Key: key, Recover: -1, Code: make([]effects.Instr, 1), First: 1}
		g.outside[k] = f
	}
	return f
}

// shared returns the node of a place.
func (g *graph) shared(p place) node {
	n := g.places[p]
	if n == 0 {
		n = g.fresh()
		g.places[p] = n
	}
	return n
}

// element returns the node of what containers of one kind have, by its type.
func (g *graph) element(f *effects.Func, kind byte, t *effects.Type) node {
	in, depth := holds(t)
	switch {
	case in == nil:
		return 0
	case depth > 1:
		return g.shared(place{inMemory, g.types.text(in, f.Unit), nil})
	}
	return g.shared(place{kind, g.types.text(t, f.Unit), nil})
}

// value returns the node of a value, 0 if it is nothing that is followed.
func (g *graph) value(f *effects.Func, v effects.V) node {
	if v == 0 {
		return 0
	}
	if n := g.of[int(g.first[f.ID])+int(v)]; n != 0 {
		return n
	}
	in := f.At(v)
	t, depth := holds(in.Type)
	if t == nil {
		return 0
	}
	n := node(0)
	switch {
	case depth > 1:
		n = g.shared(place{inMemory, g.types.text(t, f.Unit), nil})
	case in.Op == effects.Global:
		n = g.shared(place{inField, in.Class, nil})
	case in.Op == effects.Field || in.Op == effects.FieldOf:
		n = g.field(f, in)
	case in.Op == effects.Elem:
		n = g.element(f, inSlice, in.Type.Elem)
	}
	g.of[int(g.first[f.ID])+int(v)] = n
	return n
}

func (g *graph) field(f *effects.Func, in *effects.Instr) node {
	if in.Class != "" {
		return g.shared(place{inField, in.Class, nil})
	}
	return g.shared(place{inPart, in.Sym, f.At(in.Args[0]).Type.To()})
}

func (g *graph) edge(from, to node) {
	if from != 0 && to != 0 && from != to {
		g.from = append(g.from, from)
		g.to = append(g.to, to)
	}
}

// flow says that a value of a type comes from one node to another. What a pointer leads to is one.
func (g *graph) flow(t *effects.Type, from, to node) {
	g.edge(from, to)
	if t != nil && t.Kind == effects.Pointer {
		g.edge(to, from)
	}
}
