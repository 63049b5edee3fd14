package threads

import (
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
)

// A scope enters functions of the same package: those that its members start, and those that they call which start goroutines or by which
// goroutines order themselves. Each call gets an instance of its own (effects.Func.Instance), so that what a parameter is is known, as
// in call strings of bounded length (M. Sharir, A. Pnueli: Two Approaches to Interprocedural Data Flow Analysis, 1981). Who follows an object
// enters what it is given to ([Scope.Enter]).

const (
	maxEnterDepth = 4      // of calls in calls
	maxInstances  = 48     // entered since they order goroutines
	maxFollowed   = 96     // entered in all
	maxCode       = 30_000 // instructions of all instances
)

// entered is what a scope has entered.
type entered struct {
	depth    map[*effects.Func]int
	at       map[callTo][]*Run
	n, size  int
	bySource map[Spot]bool   // calls of functions that are entered since they order goroutines
	sites    map[Spot][]*Run // of literals

	instances map[*effects.Func][]*effects.Func // of literals, see split
}

type callTo struct {
	Spot
	id int // of the function
}

func newEntered() entered {
	return entered{depth: map[*effects.Func]int{}, at: map[callTo][]*Run{}, bySource: map[Spot]bool{}, sites: map[Spot][]*Run{}, instances: map[*effects.Func][]*effects.Func{}}
}

// enterAll enters what the members start, and what they call that matters to order.
func (s *Scope) enterAll() {
	for i := 0; i < len(s.Members); i++ { // it grows
		fn := s.Members[i]
		if s.depth[fn] >= maxEnterDepth {
			continue
		}
		each(fn, func(v effects.V) {
			at := Spot{fn, v}
			for _, r := range s.runsAt(at) {
				if s.n < maxInstances && (r.Kind.Starts() || s.m.orders[r.Fn.ID]) {
					s.bySource[at] = s.enter(r) || s.bySource[at]
				}
			}
		})
	}
}

// Enter returns the runs of the functions of the package that a call calls or starts: literals of the scope, and instances of others; none
// if it is not followed.
func (s *Scope) Enter(at Spot) []*Run {
	out := slices.Clone(s.sites[at])
	for _, r := range s.runsAt(at) {
		e := callTo{at, r.Fn.ID}
		if s.at[e] == nil && s.depth[at.Fn] < maxEnterDepth && s.n < maxFollowed {
			s.enter(r)
		}
		out = append(out, s.at[e]...)
	}
	return out
}

// enter makes an instance of the function that a run is of, and a member of the scope.
func (s *Scope) enter(r *Run) bool {
	e := callTo{r.Site, r.Fn.ID}
	if s.at[e] != nil || s.size+len(r.Fn.Code) > maxCode || s.recursive(r) {
		return false
	}
	s.n++
	s.size += len(r.Fn.Code)
	r.Fn = r.Fn.Instance()
	s.at[e] = []*Run{r}
	s.runs[r.Fn] = []*Run{r}
	if !r.Kind.Starts() && s.m.orders[r.Fn.ID] {
		s.here[r.Site] = append(s.here[r.Site], r.Fn)
	}
	s.add(r.Fn, s.depth[r.Site.Fn]+1)
	if fs := s.passed(r); len(fs) > 0 {
		s.consts[r.Fn] = fs
	}
	return true
}

// passed returns what is known of the parameters of what a run runs: constants, what is never nil, and what is known of the
// parameters of the caller.
func (s *Scope) passed(r *Run) facts {
	var fs facts
	by := s.view(r.Site.Fn)
	for i, a := range r.Args {
		if i >= len(r.Fn.Params) || a == 0 {
			continue
		}
		p := r.Fn.Params[i]
		switch in := by.At(a); {
		case in.Op == effects.Const && in.Type != nil && in.Type.Kind == effects.Bool:
			fs = fs.with(r.Fn, effects.Condition{Value: p}, in.Sym == "true")
		case in.Op == effects.Const:
			fs = fs.with(r.Fn, effects.Condition{Value: p, Equals: "=" + in.Sym}, true)
		case by.NeverNil(a):
			fs = fs.with(r.Fn, effects.Condition{Value: p, Equals: "=nil"}, false)
		}
		for _, f := range s.consts[r.Site.Fn] {
			if f.Value == a {
				fs = fs.with(r.Fn, effects.Condition{Value: p, Equals: f.Equals}, f.holds)
			}
		}
	}
	return fs
}

// Possible reports whether the functions that a way has entered come to where it goes on, with what they are given.
func (s *Scope) Possible(x Point) bool {
	for i := len(x.Way); i >= 0; i-- {
		at := x.At(i)
		if len(s.consts[at.Fn]) == 0 {
			continue
		}
		if ok := s.Reaches(at.Fn, 0, at.V, nil); !ok {
			return false
		}
	}
	return true
}

// Chosen reports whether a goroutine comes to a point only if a function that is entered finds that something is of some type: what is
// given to it may never be.
func (s *Scope) Chosen(x Point) bool {
	found := false
	for i := range len(x.Way) + 1 {
		at := x.At(i)
		if s.depth[at.Fn] == 0 {
			continue
		}
		at.Fn.Branches(at.instr().Block, func(cond effects.V, taken bool) {
			if in := at.Fn.At(cond); in.Op == effects.Extract && in.Index == 1 && at.Fn.Op(in.Args[0]) == effects.Assert {
				found = true
			}
		})
	}
	return found
}

// Entered calls visit for the functions that the scope has entered.
func (s *Scope) Entered(visit func(fn *effects.Func)) {
	for _, fn := range s.Members {
		if fn.Parent == nil && s.depth[fn] > 0 {
			visit(fn)
		}
	}
}

// Helper reports whether a function is only called in place, by functions of its package: these tell what it is given.
func (m *Model) Helper(fn *effects.Func) bool {
	us := m.users[fn.ID]
	if open(fn) || entry(fn) || len(us) == 0 {
		return false
	}
	return !slices.ContainsFunc(us, func(u use) bool { return u.kind != called || u.may || u.by.Unit != fn.Unit || u.by.Outermost() == fn })
}

// recursive reports whether the function of a run is already on the way to it.
func (s *Scope) recursive(r *Run) bool {
	fn := r.Site.Fn.Outermost()
	for range maxEnterDepth + 1 {
		if fn.ID == r.Fn.ID {
			return true
		}
		rs := s.runs[fn]
		if len(rs) == 0 {
			return false
		}
		fn = rs[0].Site.Fn.Outermost()
	}
	return false
}

// runsAt returns the runs of declared functions of the package that an instruction calls or starts, of their originals.
func (s *Scope) runsAt(at Spot) []*Run {
	in := at.instr()
	f := s.view(at.Fn)
	var out []*Run
	add := func(t resolve.Target, kind RunKind, once bool) {
		if t, ok := declared(t); ok && t.Fn.ID >= 0 && t.Fn.Unit == at.Fn.Unit && len(t.Fn.Code) > 1 {
			out = append(out, &Run{Kind: kind, Site: at, Fn: t.Fn, Args: t.Args, Once: once})
		}
	}
	switch {
	case in.Op == effects.Call:
		if ts := f.Targets(at.V); len(ts) == 1 && !ts[0].Dynamic {
			add(ts[0], [...]RunKind{effects.AtOnce: InPlace, effects.Deferred: Deferred, effects.Started: Go}[in.How], false)
		}
	case in.How == effects.AtOnce:
		for _, c := range at.Fn.Callbacks[at.V] {
			t, ok := resolve.Target{Fn: c.Fn, Args: []effects.V{c.Recv}}, c.Fn != nil
			if c.Method == "" {
				t, ok = f.Function(c.Arg)
				t.Args = nil
			}
			switch {
			case !ok:
			case c.Started:
				add(t, startKind(in), false)
			default:
				add(t, InPlace, in.Op == effects.Once)
			}
		}
	}
	return out
}

// declared returns the declared function that a target is, or which a method value calls; false if it is a literal.
func declared(t resolve.Target) (resolve.Target, bool) {
	if t.Fn == nil || t.Fn.Parent != nil {
		return t, false
	}
	if len(t.Fn.Free) == 0 {
		return t, true
	}
	if !t.Fn.Wrapper || len(t.Free) != 1 {
		return t, false
	}
	var method *effects.Func
	each(t.Fn, func(v effects.V) {
		if in := t.Fn.At(v); in.Op == effects.Call && in.Flags&effects.Dynamic == 0 && len(in.Args) > 0 && in.Args[0] == t.Fn.Free[0] {
			method = in.Fn
		}
	})
	if method == nil {
		return t, false
	}
	return resolve.Target{Fn: method, Args: append([]effects.V{t.Free[0]}, t.Args...), Conf: t.Conf}, true
}

// Starts reports whether a declared function, or what it calls in its package, starts goroutines.
func (m *Model) Starts(fn *effects.Func) bool { return m.starts[fn.ID] }

// ordering finds the functions by which goroutines may order themselves, and those that start some, by themselves or by functions of
// the package that they call; and those that do nothing of the kind, whatever they are given.
func (m *Model) ordering() {
	n := len(m.in.Funcs)
	m.orders, m.starts, m.quiet = make([]bool, n), make([]bool, n), make([]bool, n)
	callers := make([][]int32, n)
	var work []int32
	mark := func(set []bool, id int) {
		if !set[id] {
			set[id] = true
			work = append(work, int32(id))
		}
	}
	spread := func(set []bool) {
		for len(work) > 0 {
			id := work[len(work)-1]
			work = work[:len(work)-1]
			for _, c := range callers[id] {
				mark(set, int(c))
			}
		}
	}
	loud := make([]bool, n)
	for _, fn := range m.in.Funcs {
		own := fn.Outermost()
		each(fn, func(v effects.V) {
			in := fn.At(v)
			if in.Op == effects.Call && in.Fn != nil && in.Flags&effects.Dynamic == 0 && in.How != effects.Started && in.Fn.ID >= 0 && in.Fn.Unit == fn.Unit {
				callers[in.Fn.ID] = append(callers[in.Fn.ID], int32(own.ID))
			}
		})
	}
	pass := func(set []bool, has func(fn *effects.Func, v effects.V) bool) {
		for _, fn := range m.in.Funcs {
			if own := fn.Outermost(); own.ID >= 0 && !set[own.ID] {
				each(fn, func(v effects.V) {
					if !set[own.ID] && has(fn, v) {
						mark(set, own.ID)
					}
				})
			}
		}
		spread(set)
	}
	pass(m.starts, startsHere)
	pass(m.orders, ordersHere)
	pass(loud, loudHere)
	for i := range loud {
		m.quiet[i] = !loud[i] && !m.orders[i] && len(m.in.Funcs[i].Blocks) > 0
	}
}

// startsHere reports whether an instruction starts a goroutine, or makes a subtest one.
func startsHere(fn *effects.Func, v effects.V) bool {
	return fn.At(v).How == effects.Started || isParallel(fn.At(v)) || slices.ContainsFunc(fn.Callbacks[v], func(c effects.Callback) bool { return c.Started })
}

// ordersHere reports whether goroutines may order themselves by an instruction, by something else than locks and atomics.
func ordersHere(fn *effects.Func, v effects.V) bool {
	switch in := fn.At(v); in.Op {
	case effects.Send, effects.Recv, effects.Select, effects.Close, effects.Add, effects.Done, effects.Wait, effects.CondWait, effects.Signal, effects.Once, effects.Start:
		return true
	default:
		return in.Flags&effects.Joins != 0 || startsHere(fn, v)
	}
}

// loudHere reports whether an instruction calls something of which it is not known what that does, or locks.
func loudHere(fn *effects.Func, v effects.V) bool {
	switch in := fn.At(v); in.Op {
	case effects.Invoke, effects.Acquire, effects.TryAcquire, effects.Release, effects.Atomic:
		return true
	case effects.Call:
		return in.Flags&effects.Dynamic != 0 || in.Fn == nil || in.Fn.Unit != fn.Unit && !strings.HasSuffix(in.Fn.Name, ".init")
	case effects.Known:
		return len(fn.Callbacks[v]) > 0
	}
	return false
}
