package calls

import (
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// A node is the number of a place where functions and interfaces can be: 0 is none.
type node = int32

// An object is what comes to nodes: a function, or a type of which values are made interfaces.
type object struct {
	fn    *effects.Func  // nil if it is a type, or what other programs have
	sig   string         // of the function
	build string         // that the signature is of, see builds
	boxed *effects.Boxed // nil for a function
}

// A filter tells what of all that leads to a node comes there: what implements an interface, or functions that have a signature.
type filter struct {
	face face
	sig  string
}

// A graph tells what comes from where.
type graph struct {
	fns   []*effects.Func
	first []node // of the values of a function, by ID: see value
	of    []node // the node of a value; values of a function are beside each other
	res   [][]node
	count node

	builds   builds
	places   map[place]node
	types    types
	from, to []node // edges
	filters  map[node]filter
	starts   []start
	sites    []site
	hubs     map[hubKey]*hub
	hubOrder []hubKey
	fields   map[string][]part // what fields of generic types are containers of, by class
	stores   []stored
	joined   map[[2]node]bool

	objects []object
	outer   int32 // what other programs have
	byFunc  map[funcKey]int32
	byType  map[*effects.Type]int32
	byText  map[string][]int32
	byName  map[string][]int32 // by names of methods
	outside map[[2]string]*effects.Func
	implied map[implied]bool
}

type funcKey struct {
	fn         *effects.Func
	sig, build string
}

// A place is a node that several values share.
type place struct {
	kind byte // see the constants
	name string
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

// A stored object is in a field from the beginning, if interfaces and functions in that field are followed, since it is one of a generic type.
type stored struct {
	class string
	ob    int32
}

func newGraph(fns []*effects.Func) *graph {
	g := &graph{
		fns: fns, first: make([]node, len(fns)), res: make([][]node, len(fns)), places: map[place]node{}, types: newTypes(), filters: map[node]filter{},
		hubs: map[hubKey]*hub{}, fields: map[string][]part{}, joined: map[[2]node]bool{},
		byFunc: map[funcKey]int32{}, byType: map[*effects.Type]int32{}, byText: map[string][]int32{}, byName: map[string][]int32{}, outside: map[[2]string]*effects.Func{}, implied: map[implied]bool{},
	}
	g.builds = newBuilds(fns)
	units := map[*effects.Unit]bool{}
	total := 0
	for i, f := range fns {
		g.first[i] = node(total)
		total += len(f.Code)
		if u := f.Unit; !units[u] {
			units[u] = true
			for _, a := range u.Args {
				g.types.args[a.Param] = append(g.types.args[a.Param], a.Arg)
			}
			for k := range u.Boxed {
				g.box(&u.Boxed[k])
			}
		}
	}
	for p, args := range g.types.args {
		slices.Sort(args)
		g.types.args[p] = slices.Compact(args)
	}
	g.of = make([]node, total)
	for i, f := range fns {
		for v := range f.Code {
			if in := &f.Code[v]; in.Type != nil && !shares(in) && followed(in.Type) {
				g.of[int(g.first[i])+v] = g.fresh()
			}
		}
		if len(f.Results) > 0 {
			g.res[i] = make([]node, len(f.Results))
			for k, r := range f.Results {
				if followed(r) {
					g.res[i][k] = g.fresh()
				}
			}
		}
	}
	return g
}

func (g *graph) fresh() node {
	g.count++
	return g.count
}

// shares reports whether a value is an address of which all that lead to the same place are one node.
func shares(in *effects.Instr) bool {
	switch in.Op {
	case effects.Field, effects.Elem, effects.Global, effects.FieldOf:
		return true
	}
	return false
}

// box makes an object of a type, unless it is that of another package.
func (g *graph) box(b *effects.Boxed) {
	id := b.Identity()
	if id != "" {
		for _, o := range g.byText[id] {
			if sameMethods(g.objects[o].boxed, b) {
				g.byType[b.Type] = o
				return
			}
		}
	}
	o := g.object(object{boxed: b})
	g.byType[b.Type] = o
	g.byText[id] = append(g.byText[id], o)
	for _, m := range b.Methods {
		name := methodName(m.Sig)
		g.byName[name] = append(g.byName[name], o)
	}
}

// sameMethods reports whether two types of one name are the same: a package and its variant for tests have functions of their own.
func sameMethods(a, b *effects.Boxed) bool {
	if len(a.Methods) != len(b.Methods) {
		return false
	}
	for i := range a.Methods {
		if a.Methods[i] != b.Methods[i] {
			return false
		}
	}
	return true
}

func (g *graph) object(o object) int32 {
	g.objects = append(g.objects, o)
	return int32(len(g.objects) - 1)
}

// function returns the object of a function, by the instruction that has it as a value.
func (g *graph) function(f *effects.Func, in *effects.Instr) (int32, bool) {
	fn := in.Fn
	if fn == nil {
		if in.Sym == "" || in.Op != effects.FuncOf {
			return 0, false
		}
		fn = g.stub(in.Class, in.Sym)
	}
	k := funcKey{fn: fn}
	if in.Type != nil {
		k.sig = in.Type.Text
		k.build = g.builds.of(f.Build, k.sig)
	}
	o, ok := g.byFunc[k]
	if !ok {
		o = g.object(object{fn: fn, sig: k.sig, build: k.build})
		g.byFunc[k] = o
	}
	return o, true
}

// stub returns what stands for a function that is not in the program.
func (g *graph) stub(pkg, key string) *effects.Func {
	k := [2]string{pkg, key}
	f := g.outside[k]
	if f == nil {
		f = effects.Outside(&effects.Unit{Path: pkg}, nameOf(pkg, key), key)
		f.ID = -1
		g.outside[k] = f
	}
	return f
}

// nameOf returns the name of a function by its key.
func nameOf(pkg, key string) string {
	if strings.HasPrefix(key, pkg) {
		return key
	}
	return pkg + "." + strings.Replace(key, pkg+".", "", 1)
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
		return g.shared(place{inMemory, g.name(f.Build, g.types.text(in))})
	}
	return g.shared(place{kind, g.name(f.Build, g.types.text(t))})
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
		n = g.shared(place{inMemory, g.name(f.Build, g.types.text(t))})
	case in.Op == effects.Global:
		n = g.shared(place{inField, g.name(f.Build, in.Class)})
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
		return g.shared(place{inField, g.name(f.Build, in.Class)})
	}
	return g.shared(place{inPart, in.Sym + " " + g.name(f.Build, g.types.text(f.At(in.Args[0]).Type.To()))})
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

// narrow says what comes to a node that has a type which may be narrower than what leads there.
func (g *graph) narrow(n node, t *effects.Type) {
	switch {
	case n == 0 || t == nil:
	case t.Kind == effects.Signature && t.Text != "":
		g.filters[n] = filter{sig: t.Text}
	case t.Kind == effects.Interface:
		if f := g.types.face(t); f != 0 {
			g.filters[n] = filter{face: f}
		}
	}
}
