package waits

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
)

// V is the number of an instruction and of its value.
type V = effects.V

// A node is a value, or a place that holds one.
type node int32

// unknown is the node of all that is not in view.
const unknown node = 0

// A role tells what of a function, or which place, a node is.
type role uint8

const (
	value  role = iota // of an instruction
	cell               // content of a local variable that is in memory
	result             // of the function, by number
	part               // of the results of a call, by number
)

// A valueKey finds the node of something in a function.
type valueKey struct {
	fn   *effects.Func
	v    V
	role role
	i    int
}

// An object of the analysis: a channel or context by where it is made, or a function.
type item struct {
	obj *Object       // nil of a function
	fn  *effects.Func // nil of a channel or context
}

// outside stands for all objects that are not in view, endless for contexts that never end.
const (
	outside = iota
	endless
)

// A flow is the analysis while it runs.
type flow struct {
	facts  *resolve.Facts
	inside map[*effects.Func]*effects.Func // functions in view -> the one that stands for it
	main   bool                            // of package main: nobody else can name what it has
	funcs  []*effects.Func

	values  map[valueKey]node
	classes map[string]node
	edges   []map[node]bool
	points  []map[int]bool // node -> items
	queue   []pointed

	items  []item
	itemOf map[valueKey]int
	calls  map[node][]call // by the function value that is called
	known  map[callee]bool // targets of calls that have been bound
	callee map[point][]*effects.Func
	kept   map[*effects.Func]bool // others may call it
	views  map[*effects.Func]*resolve.Func

	cancels map[point][]*Object // calls of functions that cancel a context
	invoked map[string]bool     // methods that are called through interfaces
	boxed   map[string]bool     // types that are made interfaces
}

type pointed struct {
	at   node
	item int
}

// A point is an instruction of a function.
type point = Spot

type call struct {
	point
	args []V
}

type callee struct {
	point
	to *effects.Func
}

func newFlow(in Input) *flow {
	f := &flow{
		facts: in.Facts, inside: map[*effects.Func]*effects.Func{}, values: map[valueKey]node{}, classes: map[string]node{},
		items: []item{outside: {}, endless: {}}, itemOf: map[valueKey]int{}, calls: map[node][]call{}, known: map[callee]bool{}, callee: map[point][]*effects.Func{},
		kept: map[*effects.Func]bool{}, views: map[*effects.Func]*resolve.Func{},
		cancels: map[point][]*Object{}, invoked: map[string]bool{}, boxed: map[string]bool{},
	}
	f.newNode()
	f.put(unknown, outside)
	standsFor := map[effects.Pos]*effects.Func{}
	for _, fn := range in.Funcs {
		f.funcs = append(f.funcs, fn)
		f.inside[fn] = fn
		f.main = f.main || fn.Unit.Name == "main"
		if fn.Pos.IsValid() && !fn.Made {
			standsFor[fn.Pos] = fn
		}
	}
	for _, fn := range in.Twins {
		if f.inside[fn] == nil && fn.Pos.IsValid() {
			if twin := standsFor[fn.Pos]; twin != nil {
				f.inside[fn] = twin
			}
		}
	}
	return f
}

// in returns the function in view that stands for one, nil if it is not in view. A wrapper is in view of its user.
func (f *flow) in(fn *effects.Func) *effects.Func {
	if fn == nil || len(fn.Blocks) == 0 {
		return nil
	}
	if to := f.inside[fn]; to != nil {
		return to
	}
	if fn.Wrapper {
		f.inside[fn] = fn
		f.funcs = append(f.funcs, fn)
		return fn
	}
	return nil
}

func (f *flow) newNode() node {
	f.edges = append(f.edges, nil)
	f.points = append(f.points, nil)
	return node(len(f.points) - 1)
}

func (f *flow) node(k valueKey) node {
	n, ok := f.values[k]
	if !ok {
		n = f.newNode()
		f.values[k] = n
	}
	return n
}

func (f *flow) val(fn *effects.Func, v V) node { return f.node(valueKey{fn, v, value, 0}) }

func (f *flow) class(c string) node {
	n, ok := f.classes[c]
	if !ok {
		n = f.newNode()
		f.classes[c] = n
	}
	return n
}

// put adds an item to a node.
func (f *flow) put(n node, item int) {
	if f.points[n] == nil {
		f.points[n] = map[int]bool{}
	}
	if !f.points[n][item] {
		f.points[n][item] = true
		f.queue = append(f.queue, pointed{n, item})
	}
}

// edge makes all that is in a node be in another one. Nothing but that it is unknown comes out of the unknown.
func (f *flow) edge(from, to node) {
	if from == to {
		return
	}
	if f.edges[from] == nil {
		f.edges[from] = map[node]bool{}
	}
	if f.edges[from][to] {
		return
	}
	f.edges[from][to] = true
	if from == unknown {
		f.put(to, outside)
		return
	}
	for i := range f.points[from] {
		f.put(to, i)
	}
}

// both makes two nodes one.
func (f *flow) both(a, b node) {
	f.edge(a, b)
	f.edge(b, a)
}

// solve works off what is new.
func (f *flow) solve() {
	for i := 0; i < len(f.funcs); i++ { // wrappers are added
		f.scan(f.funcs[i])
	}
	for scanned := len(f.funcs); len(f.queue) > 0; {
		p := f.queue[len(f.queue)-1]
		f.queue = f.queue[:len(f.queue)-1]
		if p.at != unknown {
			for to := range f.edges[p.at] {
				f.put(to, p.item)
			}
		}
		for _, c := range f.calls[p.at] {
			f.bindItem(c, p.item)
		}
		if p.at == unknown && p.item != outside && f.items[p.item].fn != nil {
			f.keep(f.items[p.item].fn)
		}
		for ; scanned < len(f.funcs); scanned++ {
			f.scan(f.funcs[scanned])
		}
	}
}

// keep notes that code which is not in view may call a function.
func (f *flow) keep(fn *effects.Func) {
	if f.kept[fn] {
		return
	}
	f.kept[fn] = true
	for _, p := range fn.Params {
		if tracked(fn.At(p).Type) {
			f.edge(unknown, f.val(fn, p))
		}
	}
	for i, t := range fn.Results {
		if tracked(t) {
			f.edge(f.result(fn, i), unknown)
		}
	}
}

func (f *flow) result(fn *effects.Func, i int) node { return f.node(valueKey{fn, 0, result, i}) }

// bindItem binds a call of a function value to a function that it may be.
func (f *flow) bindItem(c call, i int) {
	if i == outside {
		f.escapeArgs(c.Fn, c.args)
		f.unknownResults(c.Fn, c.V)
		return
	}
	if fn := f.items[i].fn; fn != nil {
		f.bind(c.point, fn, c.args)
		return
	}
	if f.items[i].obj == nil || slices.Contains(f.cancels[c.point], f.items[i].obj) {
		return
	}
	f.cancels[c.point] = append(f.cancels[c.point], f.items[i].obj)
}

// bind moves the arguments of a call to the parameters of a function, and its results back.
func (f *flow) bind(at point, to *effects.Func, args []V) {
	k := callee{at, to}
	if f.known[k] {
		return
	}
	f.known[k] = true
	f.callee[at] = append(f.callee[at], to)
	for i, a := range args {
		if a != 0 && i < len(to.Params) && tracked(at.Fn.At(a).Type) {
			f.edge(f.val(at.Fn, a), f.val(to, to.Params[i]))
		}
	}
	in := at.Fn.At(at.V)
	if !in.Op.Calls() || in.How != effects.AtOnce || in.Type == nil {
		return
	}
	for i, t := range to.Results {
		if tracked(t) {
			f.edge(f.result(to, i), f.resultAt(at, i))
		}
	}
}

// resultAt returns the node of a result of a call: the value itself, or what is extracted from the tuple.
func (f *flow) resultAt(at point, i int) node {
	if t := at.Fn.At(at.V).Type; t != nil && t.Kind == effects.Tuple {
		return f.node(valueKey{at.Fn, at.V, part, i})
	}
	return f.val(at.Fn, at.V)
}

func (f *flow) escapeArgs(fn *effects.Func, args []V) {
	for _, a := range args {
		if a != 0 && tracked(fn.At(a).Type) {
			f.edge(f.val(fn, a), unknown)
		}
	}
}

// unknownResults makes what a call gives unknown.
func (f *flow) unknownResults(fn *effects.Func, v V) {
	in := fn.At(v)
	switch {
	case in.Type == nil:
	case in.Type.Kind == effects.Tuple:
		for _, u := range fn.Uses(v) {
			if ex := fn.At(u); ex.Op == effects.Extract && tracked(ex.Type) {
				f.edge(unknown, f.resultAt(point{fn, v}, int(ex.Index)))
			}
		}
	case tracked(in.Type):
		f.edge(unknown, f.val(fn, v))
	}
}

// tracked reports whether values of a type are followed.
func tracked(t *effects.Type) bool {
	return t != nil && (t.Kind == effects.Chan || t.Kind == effects.Signature || t.Sync == effects.Context)
}

// view returns a function as package resolve sees it.
func (f *flow) view(fn *effects.Func) *resolve.Func {
	v := f.views[fn]
	if v == nil {
		v = resolve.New(f.facts, fn)
		f.views[fn] = v
	}
	return v
}
