package waits

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
)

// Input is the functions of one package.
type Input struct {
	Funcs []*effects.Func // in a fixed order, literals and wrappers among them
	Twins []*effects.Func // those of a test variant that stand for the same source as others in Funcs
	Facts *resolve.Facts
}

// A Model is what is known of the waits of a package.
type Model struct {
	Objects []*Object // in the order of the functions that make them
	Groups  []*Group  // by class

	flow    *flow
	spread  []spread // by item
	funcs   []*effects.Func
	callers map[*effects.Func][]Spot // calls and starts in view
	calls   map[*effects.Func][]Spot // instructions of a function that come to functions in view
	live    map[*effects.Func]bool
}

// New finds what a package waits for. It returns nil if the package has nothing of the kind.
func New(in Input) *Model {
	if !slices.ContainsFunc(in.Funcs, waiting) {
		return nil
	}
	f := newFlow(in)
	f.interfaces()
	f.solve()
	f.sort()
	m := &Model{flow: f, funcs: f.funcs, callers: map[*effects.Func][]Spot{}, calls: map[*effects.Func][]Spot{}, live: map[*effects.Func]bool{}}
	m.link()
	m.reach()
	m.collect()
	m.spreads()
	m.groups()
	return m
}

// sort puts in order what was found in that of a map.
func (f *flow) sort() {
	byID := func(a, b *effects.Func) int { return cmp.Or(a.ID-b.ID, strings.Compare(a.Name, b.Name)) }
	slices.SortStableFunc(f.funcs, byID)
	for _, to := range f.callee {
		slices.SortFunc(to, byID)
	}
	for _, objs := range f.cancels {
		slices.SortFunc(objs, func(a, b *Object) int { return compareSpots(a.Made, b.Made) })
	}
}

// waiting reports whether a function does anything to a channel, WaitGroup or Cond.
func waiting(fn *effects.Func) bool {
	for v := fn.First; int(v) < len(fn.Code); v++ {
		switch fn.Op(v) {
		case effects.MakeChan, effects.Send, effects.Recv, effects.Close, effects.Select, effects.Wait, effects.CondWait:
			return true
		}
	}
	return false
}

// link turns the calls around.
func (m *Model) link() {
	for _, fn := range m.funcs {
		for i := range fn.Code {
			at := Spot{fn, V(i)}
			to := m.flow.callee[at]
			if len(to) > 0 {
				m.calls[fn] = append(m.calls[fn], at)
			}
			for _, t := range to {
				m.callers[t] = append(m.callers[t], at)
			}
		}
	}
}

// reach finds the live functions.
func (m *Model) reach() {
	var work []*effects.Func
	mark := func(fn *effects.Func) {
		if !m.live[fn] {
			m.live[fn] = true
			work = append(work, fn)
		}
	}
	for _, fn := range m.funcs {
		if m.flow.kept[fn] || fn.Made && fn.Parent == nil && !fn.Wrapper {
			mark(fn)
		}
	}
	for len(work) > 0 {
		fn := work[len(work)-1]
		work = work[:len(work)-1]
		for _, at := range m.calls[fn] {
			for _, t := range m.flow.callee[at] {
				mark(t)
			}
		}
	}
}

// Live reports whether code can come to a function.
func (m *Model) Live(fn *effects.Func) bool { return m.live[fn] }

// Open reports whether code that is not in view may call a function.
func (m *Model) Open(fn *effects.Func) bool { return m.flow.kept[fn] }

// Callers returns the calls and starts of a function that are in view, in the order of the functions.
func (m *Model) Callers(fn *effects.Func) []Spot { return m.callers[fn] }

// Callees returns the functions in view that an instruction calls or starts.
func (m *Model) Callees(at Spot) []*effects.Func { return m.flow.callee[at] }

// collect finds the objects and what is done to them.
func (m *Model) collect() {
	f := m.flow
	for _, fn := range m.funcs {
		for i := range fn.Code {
			v := V(i)
			if k, ok := f.itemOf[valueKey{fn, v, value, 0}]; ok {
				obj := f.items[k].obj
				obj.Complete = !f.points[unknown][k]
				obj.Size = 0
				if obj.Context {
					obj.Complete = obj.Complete && m.endless(fn, fn.At(v).Args[0])
				} else {
					obj.Size = m.size(fn, fn.At(v).Args[0], 0)
				}
				m.Objects = append(m.Objects, obj)
			}
		}
	}
	for _, fn := range m.funcs {
		for v := fn.First; int(v) < len(fn.Code); v++ {
			eachOp(fn, v, func(op Op, ch V) {
				objs, _ := m.Of(fn, ch)
				for _, o := range objs {
					o.Ops = append(o.Ops, op)
				}
			})
			if in := fn.At(v); in.Op == effects.Builtin && in.Sym == "len" {
				objs, _ := m.Of(fn, in.Args[0])
				for _, o := range objs {
					o.Asked = true
				}
			}
			for _, o := range f.cancels[Spot{fn, v}] {
				o.Ops = append(o.Ops, Op{Spot{fn, v}, Close, 0})
			}
		}
	}
}

// endless reports whether a context certainly never ends.
func (m *Model) endless(fn *effects.Func, v V) bool {
	n, ok := m.flow.values[valueKey{fn, v, value, 0}]
	return ok && len(m.flow.points[n]) == 1 && m.flow.points[n][endless]
}

// Of returns the objects that a value may be, and whether it is certainly one of them, of which all is in view, or nil.
func (m *Model) Of(fn *effects.Func, v V) (objs []*Object, all bool) {
	n, ok := m.flow.values[valueKey{fn, v, value, 0}]
	if !ok {
		return nil, false
	}
	all = true
	for i := range m.flow.points[n] {
		switch it := m.flow.items[i]; {
		case i == endless:
		case it.obj == nil:
			all = false
		default:
			objs = append(objs, it.obj)
			all = all && it.obj.Complete
		}
	}
	slices.SortFunc(objs, func(a, b *Object) int { return compareSpots(a.Made, b.Made) })
	return objs, all && len(objs) > 0
}

func compareSpots(a, b Spot) int {
	if a.Fn != b.Fn {
		return a.Fn.ID - b.Fn.ID
	}
	return int(a.V - b.V)
}

// Channel returns the channel of an operation.
func (o Op) Channel() V {
	if o.Case > 0 {
		return o.At().Args[2*(o.Case-1)]
	}
	return o.At().Args[0]
}

// MayBe reports whether a value may be a function.
func (m *Model) MayBe(fn *effects.Func, v V, target *effects.Func) bool {
	n, ok := m.flow.values[valueKey{fn, v, value, 0}]
	if !ok {
		return false
	}
	for i := range m.flow.points[n] {
		if i == outside || m.flow.items[i].fn == target {
			return true
		}
	}
	return false
}

// Passes reports whether a call hands on what its callee calls: a call by which control comes to the function that another one reaches,
// which calls a parameter of its function, must have an argument that may be the function.
func (m *Model) Passes(outer, inner Spot, target *effects.Func) bool {
	in := inner.At()
	if in.Op != effects.Call || in.Flags&effects.Dynamic == 0 {
		return true
	}
	i := indexOf(inner.Fn.Params, in.Args[0])
	if i < 0 {
		return true
	}
	args := argsOf(outer.At())
	return i < len(args) && m.MayBe(outer.Fn, args[i], target)
}

// Starts reports whether an instruction starts what it calls in a goroutine of its own.
func (m *Model) Starts(at Spot) bool {
	in := at.At()
	if in.How == effects.Started || in.Op == effects.Start {
		return true
	}
	return slices.ContainsFunc(at.Fn.Callbacks[at.V], func(cb effects.Callback) bool { return cb.Started })
}
