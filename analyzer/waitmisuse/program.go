package waitmisuse

import (
	"slices"
	"strconv"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
)

// A program is the functions of one package, and what is known of all of them.
type program struct {
	input
	inside map[*effects.Func]bool
	views  map[*effects.Func]*resolve.Func
	ops    map[*effects.Func][]op
	starts []start
	sites  map[*effects.Func][]point // calls of a function, at once or deferred
	kept   map[*effects.Func]bool    // used as a value other than by calling it
	refs   map[*effects.Func][]*effects.Func
	users  map[*effects.Func][]*effects.Func // the other way

	touched map[*effects.Func]map[key]bool // see touches
	syncing map[*effects.Func]bool         // see syncs
	own     map[*effects.Func]bool         // see stray
}

// A start is a go statement whose function is known.
type start struct {
	at point
	to *activation
}

// An op is an operation on a WaitGroup, a Cond or a Once.
type op struct {
	point
	kind effects.Op // Add, Done, Wait, Start, CondWait, Signal or Once
	recv V
	n    int64 // Add: what is added, 0 if that is no constant; Done: how often
	arg  V     // Add: the number; Start and Once: the function
}

// opOf returns the operation that an instruction is; its kind is None if it is none.
func opOf(fn *effects.Func, v V) op {
	in := fn.At(v)
	o := op{point: point{fn, v}, kind: in.Op}
	switch in.Op {
	case effects.Add:
		o.arg = in.Args[1]
		if c := fn.At(o.arg); c.Op == effects.Const {
			o.n, _ = strconv.ParseInt(c.Sym, 10, 64)
		}
		if o.n < 0 {
			o.kind, o.n = effects.Done, -o.n
		}
	case effects.Done:
		o.n = 1
	case effects.Wait, effects.Start:
		if !isWaitGroup(fn.At(in.Args[0]).Type) {
			return op{}
		}
	case effects.CondWait, effects.Signal, effects.Once:
	default:
		return op{}
	}
	o.recv = in.Args[0]
	for _, c := range fn.Callbacks[v] {
		o.arg = c.Arg
	}
	return o
}

// isWaitGroup reports whether a type is that of pointers to a sync.WaitGroup.
func isWaitGroup(t *effects.Type) bool {
	return t != nil && t.Kind == effects.Pointer && t.Elem != nil && t.Elem.Name == "sync.WaitGroup"
}

// newProgram returns nil if the functions have none of the operations.
func newProgram(in input) *program {
	p := &program{
		input: in, inside: map[*effects.Func]bool{}, views: map[*effects.Func]*resolve.Func{}, ops: map[*effects.Func][]op{},
		sites: map[*effects.Func][]point{}, kept: map[*effects.Func]bool{},
		refs: map[*effects.Func][]*effects.Func{}, users: map[*effects.Func][]*effects.Func{},
	}
	facts := *in.facts
	facts.Sibling = func(string) (resolve.Sibling, bool) { return resolve.Sibling{}, false } // a Cond is not its lock here
	p.facts = &facts
	found := false
	for _, fn := range in.funcs {
		p.inside[fn] = true
		each(fn, func(v V) {
			found = found || makesOnce(fn.At(v))
		})
		found = found || len(p.opsOf(fn)) > 0
	}
	if !found {
		return nil
	}
	for _, fn := range in.funcs {
		p.link(fn)
	}
	p.touch()
	p.synchronize()
	return p
}

// each calls f for the instructions of a function.
func each(fn *effects.Func, f func(V)) {
	for v := fn.First; int(v) < len(fn.Code); v++ {
		f(v)
	}
}

// opsOf returns the operations in a function, in order.
func (p *program) opsOf(fn *effects.Func) []op {
	ops, ok := p.ops[fn]
	if !ok {
		each(fn, func(v V) {
			if o := opOf(fn, v); o.kind != effects.None {
				ops = append(ops, o)
			}
		})
		p.ops[fn] = ops
	}
	return ops
}

// all calls f for the operations of a kind in the package.
func (p *program) all(kind effects.Op, f func(op)) {
	for _, fn := range p.funcs {
		for _, o := range p.opsOf(fn) {
			if o.kind == kind {
				f(o)
			}
		}
	}
}

// view returns a function in view of the program.
func (p *program) view(fn *effects.Func) *resolve.Func {
	f := p.views[fn]
	if f == nil {
		f = resolve.New(p.facts, fn)
		p.views[fn] = f
	}
	return f
}

// link notes whom fn calls, starts and refers to.
func (p *program) link(fn *effects.Func) {
	refer := func(to *activation) {
		if to != nil && p.inside[to.Fn] {
			p.refs[fn] = append(p.refs[fn], to.Fn)
			p.users[to.Fn] = append(p.users[to.Fn], fn)
		}
	}
	a := of(fn)
	for i := range fn.Code {
		v := V(i)
		in := fn.At(v)
		switch in.Op {
		case effects.Call:
			t := p.callee(a, v)
			if t == nil {
				break
			}
			refer(t)
			if in.How == effects.Started {
				p.starts = append(p.starts, start{point{fn, v}, t})
			} else {
				p.sites[t.Fn] = append(p.sites[t.Fn], point{fn, v})
			}
		case effects.Closure, effects.FuncOf:
			t := p.enter(resolve.Target{Fn: in.Fn, Free: in.Args}, a, a)
			refer(t)
			if t != nil && !p.calledOnly(fn, v, 0) {
				p.kept[t.Fn] = true
			}
		}
	}
}

// calledOnly reports whether a function value is only called, deferred or started, here or in literals, perhaps by a variable that
// holds nothing else.
func (p *program) calledOnly(fn *effects.Func, v V, depth int) bool {
	return depth < maxChain && !slices.ContainsFunc(fn.Uses(v), func(u V) bool {
		in := fn.At(u)
		switch {
		case in.Op == effects.Call && in.Flags&effects.Dynamic != 0:
			return in.Args[0] != v || slices.Contains(in.Args[1:], v)
		case in.Op == effects.Store && p.view(fn).Cell(in.Args[0]).Single() == v:
			return !p.loadedOnly(fn, in.Args[0], depth+1)
		}
		return true
	})
}

// loadedOnly reports whether what a variable holds is only called.
func (p *program) loadedOnly(fn *effects.Func, cell V, depth int) bool {
	return !slices.ContainsFunc(fn.Uses(cell), func(u V) bool {
		switch in := fn.At(u); in.Op {
		case effects.Store:
			return false // the only one
		case effects.Load:
			return !p.calledOnly(fn, u, depth)
		case effects.Closure:
			i := slices.Index(in.Args, cell)
			return in.Fn == nil || i >= len(in.Fn.Free) || depth >= maxChain || !p.loadedOnly(in.Fn, in.Fn.Free[i], depth+1)
		}
		return true
	})
}

// maxDepth bounds the calls that are followed to an operation.
const maxDepth = 2

// eachOp calls f for the operations of a function and of those it calls, if these count a WaitGroup. That of a method value is where
// this is called.
func (p *program) eachOp(a *activation, depth int, f func(op, *activation)) {
	for _, o := range p.opsOf(a.Fn) {
		f(o, a)
	}
	if depth >= maxDepth {
		return
	}
	each(a.Fn, func(v V) {
		if a.Fn.At(v).How == effects.Started {
			return
		}
		switch t := p.callee(a, v); {
		case t == nil || t.Fn == a.Fn:
		case t.Fn.Wrapper:
			for _, o := range p.opsOf(t.Fn) {
				o.point = point{a.Fn, v}
				f(o, t)
			}
		case len(p.touched[t.Fn]) > 0:
			p.eachOp(t, depth+1, f)
		}
	})
}

// first returns the first operation of a kind on w in a function or in one that it calls.
func (p *program) first(a *activation, w object, kind effects.Op) (first op, ok bool) {
	p.eachOp(a, 0, func(o op, e *activation) {
		if !ok && o.kind == kind && p.object(e, o.recv).same(w) {
			first, ok = o, true
		}
	})
	return first, ok
}
