package threads

import (
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
)

// A RunKind is how a function comes to run.
type RunKind uint8

const (
	InPlace  RunKind = iota // called, also by a function that calls it before it returns
	Deferred                // at the end of the function
	Go                      // by a go statement
	Group                   // by a function that others wait for: errgroup, WaitGroup.Go
	Timer                   // by time.AfterFunc and the like
	Handler                 // by a server, for each request
	Parallel                // by several goroutines, before the call returns
	Subtest                 // by a parallel subtest, after the function has returned
)

// Starts reports whether the function runs in another goroutine.
func (k RunKind) Starts() bool { return k >= Go }

// A Spot is an instruction of a function.
type Spot struct {
	Fn *effects.Func
	V  effects.V
}

func (s Spot) instr() *effects.Instr { return s.Fn.At(s.V) }

// Pos returns where a spot is in source.
func (s Spot) Pos() effects.Pos { return s.instr().Pos }

// A Run is one place that makes a function run.
type Run struct {
	Kind RunKind
	Site Spot          // the call, defer or start
	Fn   *effects.Func // that runs
	Args []effects.V   // of the function, in terms of the site; nil if the site does not tell
	Once bool          // by a sync.Once
}

const (
	maxWays  = 8 // of one literal; more are not looked at
	maxDepth = 6 // of literals in literals
)

// A Scope is a function with its literals, and the functions that they call or start as far as these matter (enter.go), among which order is
// found. It is used by one goroutine at a time.
type Scope struct {
	Members []*effects.Func // the function first

	m       *Model
	runs    map[*effects.Func][]*Run
	unknown map[*effects.Func]bool // may also run in ways that are not seen
	here    map[Spot][]*effects.Func
	views   *Views
	ops     map[Spot][]op

	entered

	searches
}

// Scope returns a function with its literals and what it enters.
func (m *Model) Scope(top *effects.Func) *Scope {
	s := &Scope{
		m: m, runs: map[*effects.Func][]*Run{}, unknown: map[*effects.Func]bool{},
		here: map[Spot][]*effects.Func{}, views: NewViews(m.in.Facts), ops: map[Spot][]op{}, entered: newEntered(),
		searches: searches{consts: map[*effects.Func]facts{}},
	}
	s.add(top, 0)
	s.enterAll()
	return s
}

// add makes a function and its literals members of the scope. They are instances, or all of them are not.
func (s *Scope) add(top *effects.Func, depth int) {
	family := members(top, nil)
	s.Members = append(s.Members, family...)
	of := map[int]*effects.Func{}
	for _, fn := range family {
		of[fn.ID] = fn
		s.depth[fn] = depth
	}
	for _, fn := range family[1:] {
		rs := s.runsOfLiteral(fn, of)
		again := slices.ContainsFunc(rs, func(r *Run) bool { return inside(r.Site.Fn, fn) }) // by itself
		if len(rs) > 1 && len(fn.Params) > 0 && !again && !s.unknown[fn] && s.n+len(rs) < maxInstances {
			s.split(fn, rs, depth)
			continue
		}
		for _, r := range rs {
			s.note(r)
		}
	}
}

// runsOfLiteral returns the runs of a literal, by functions of its family.
func (s *Scope) runsOfLiteral(fn *effects.Func, of map[int]*effects.Func) []*Run {
	var rs []*Run
	us := s.m.users[fn.ID]
	for _, u := range us {
		if u.may && slices.ContainsFunc(us, func(o use) bool { return !o.may && o.by == u.by && o.at == u.at }) {
			continue // it is certain
		}
		by := of[u.by.ID]
		if by == nil || u.by.ID < 0 { // of which there may be no body any more
			s.unknown[fn] = true
			continue
		}
		u.by, u.fn = by, fn
		r, ok := runOf(u)
		if !ok {
			s.unknown[fn] = true
			continue
		}
		rs = append(rs, r)
	}
	return rs
}

// split makes an instance of a literal for each of its runs, which give it something else each.
func (s *Scope) split(fn *effects.Func, rs []*Run, depth int) {
	for _, r := range rs {
		r.Fn = fn.Instance()
		s.n++
		s.size += len(fn.Code)
		s.instances[fn] = append(s.instances[fn], r.Fn)
		s.note(r)
		s.add(r.Fn, depth)
	}
}

// Instances returns the literal itself, or its instances if it runs in several ways.
func (s *Scope) Instances(fn *effects.Func) []*effects.Func {
	if is := s.instances[fn]; len(is) > 0 {
		return is
	}
	return []*effects.Func{fn}
}

// note notes a run.
func (s *Scope) note(r *Run) {
	s.runs[r.Fn] = append(s.runs[r.Fn], r)
	s.sites[r.Site] = append(s.sites[r.Site], r)
	if !r.Kind.Starts() {
		s.here[r.Site] = append(s.here[r.Site], r.Fn)
	}
}

// members returns a function and all literals in it.
func members(fn *effects.Func, to []*effects.Func) []*effects.Func {
	to = append(to, fn)
	for _, lit := range fn.Literals {
		to = members(lit, to)
	}
	return to
}

// runOf returns the run that a use is.
func runOf(u use) (*Run, bool) {
	in := u.by.At(u.at)
	r := &Run{Site: Spot{u.by, u.at}, Fn: u.fn}
	switch {
	case u.kind == kept || u.may:
		return nil, false
	case in.Op == effects.Call && u.fn.Made: // the body of a loop
		return r, true
	case in.Op == effects.Call:
		r.Kind = [...]RunKind{effects.AtOnce: InPlace, effects.Deferred: Deferred, effects.Started: Go}[in.How]
		r.Args = in.Args
		if in.Flags&effects.Dynamic != 0 {
			r.Args = in.Args[1:]
		}
		return r, true
	case in.How != effects.AtOnce:
		return nil, false
	case u.kind == started:
		r.Kind = startKind(in)
	case in.Class == "testing" && nameOfCallee(in) == "Run" && callsParallel(u.fn):
		r.Kind = Subtest
	}
	r.Once = in.Op == effects.Once
	return r, true
}

// startKind tells how a call that the model knows runs what it starts.
func startKind(in *effects.Instr) RunKind {
	switch in.Class {
	case "time", "context", "runtime": // a finalizer, which runs when it may
		return Timer
	case "net/http":
		return Handler
	case "testing":
		return Parallel
	}
	return Group
}

// nameOfCallee returns the name of the function or method that a call names, without package and type; "" if it calls a value.
func nameOfCallee(in *effects.Instr) string {
	if in.Flags&effects.Dynamic != 0 {
		return ""
	}
	return in.Sym[strings.LastIndexByte(in.Sym, '.')+1:]
}

// callsParallel reports whether a subtest lets others run beside it.
func callsParallel(lit *effects.Func) bool {
	found := false
	each(lit, func(v effects.V) { found = found || isParallel(lit.At(v)) })
	return found
}

func isParallel(in *effects.Instr) bool {
	return in.Op.Calls() && in.Class == "testing" && nameOfCallee(in) == "Parallel"
}

// each calls visit for the instructions of a function.
func each(fn *effects.Func, visit func(effects.V)) {
	for v := fn.First; int(v) < len(fn.Code); v++ {
		visit(v)
	}
}

// Starts reports whether a member of the scope is started.
func (s *Scope) Starts() bool {
	for _, rs := range s.runs {
		if slices.ContainsFunc(rs, func(r *Run) bool { return r.Kind.Starts() }) {
			return true
		}
	}
	return false
}

// OnlyRun returns the only way in which a member of the scope comes to run, nil if there are others.
func (s *Scope) OnlyRun(fn *effects.Func) *Run {
	if rs := s.runs[fn]; len(rs) == 1 && !s.unknown[fn] {
		return rs[0]
	}
	return nil
}

// Ways returns the chains of runs by which one member of the scope makes another run.
func (s *Scope) Ways(from, fn *effects.Func) [][]*Run { return s.ways(from, fn, 0) }

func (s *Scope) ways(from, fn *effects.Func, depth int) [][]*Run {
	if fn == from {
		return [][]*Run{nil}
	}
	if depth > maxDepth {
		return nil
	}
	var out [][]*Run
	for _, r := range s.runs[fn] {
		for _, way := range s.ways(from, r.Site.Fn, depth+1) {
			if len(out) < maxWays {
				out = append(out, append(slices.Clone(way), r))
			}
		}
	}
	return out
}

// view returns a function in view of the program.
func (s *Scope) view(fn *effects.Func) *resolve.Func { return s.views.Of(fn).Func }
