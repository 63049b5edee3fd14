package capture

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
	"github.com/lockcheck/lockcheck/analyzer/internal/model"
)

// A RunKind is how a function literal comes to run.
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

// Starts reports whether the literal runs in another goroutine.
func (k RunKind) Starts() bool { return k >= Go }

// A Run is one place that makes a function literal run.
type Run struct {
	Kind RunKind
	Site ssa.CallInstruction
	Args []ssa.Value // of the literal; nil if the site does not tell
	Once bool        // by a sync.Once
}

// A context is a chain of runs, from the function that declares a variable.
type context []*Run

const (
	maxContexts = 8 // of one literal; more are not looked at
	maxDepth    = 6 // of literals in literals
)

// family is a function with its literals.
type family struct {
	in      *Input
	made    map[*ssa.Function]*ssa.MakeClosure // nil where more than one place makes it
	runs    map[*ssa.Function][]*Run
	unknown map[*ssa.Function]bool              // may also run in ways that are not seen
	here    map[ssa.Instruction][]*ssa.Function // call or defer -> literals that it runs
	members []*ssa.Function
	cells   map[*ssa.Alloc][]*ssa.Store
	ops     map[ssa.Instruction][]op
	loops   map[*ssa.Function][]flow.Loop
	steps   int // of searches so far
}

func newFamily(in *Input, top *ssa.Function) *family {
	f := &family{
		in: in, made: map[*ssa.Function]*ssa.MakeClosure{}, runs: map[*ssa.Function][]*Run{}, unknown: map[*ssa.Function]bool{},
		cells: map[*ssa.Alloc][]*ssa.Store{}, ops: map[ssa.Instruction][]op{}, loops: map[*ssa.Function][]flow.Loop{},
		here: map[ssa.Instruction][]*ssa.Function{}, members: members(top, nil),
	}
	for _, fn := range f.members {
		flow.EachInstr(fn, func(instr ssa.Instruction) {
			if mc, ok := instr.(*ssa.MakeClosure); ok {
				lit := mc.Fn.(*ssa.Function)
				if _, again := f.made[lit]; again {
					f.made[lit], f.unknown[lit] = nil, true
					return
				}
				f.made[lit] = mc
			}
		})
	}
	for _, fn := range f.members {
		flow.EachInstr(fn, func(instr ssa.Instruction) {
			if st, ok := instr.(*ssa.Store); ok {
				if a := f.cell(st.Addr); a != nil {
					f.cells[a] = append(f.cells[a], st)
				}
			}
		})
	}
	for _, fn := range f.members {
		if mc := f.made[fn]; mc != nil {
			f.follow(fn, mc, 0)
		}
	}
	return f
}

// members returns a function and all literals in it.
func members(fn *ssa.Function, to []*ssa.Function) []*ssa.Function {
	to = append(to, fn)
	for _, lit := range fn.AnonFuncs {
		to = members(lit, to)
	}
	return to
}

// cell returns the variable that an address is of; nil if it is none, or only part of one.
func (f *family) cell(addr ssa.Value) *ssa.Alloc {
	for range maxDepth {
		switch v := addr.(type) {
		case *ssa.Alloc:
			return v
		case *ssa.FreeVar:
			addr = f.binding(v)
		default:
			return nil
		}
	}
	return nil
}

// binding returns what a literal has captured as v.
func (f *family) binding(v *ssa.FreeVar) ssa.Value {
	mc := f.made[v.Parent()]
	if mc == nil {
		return nil
	}
	return mc.Bindings[slices.Index(v.Parent().FreeVars, v)]
}

// follow finds the runs of a literal by the uses of a value that is it.
func (f *family) follow(lit *ssa.Function, v ssa.Value, depth int) {
	if depth > maxDepth || v.Referrers() == nil {
		f.unknown[lit] = true
		return
	}
	for _, ref := range *v.Referrers() {
		switch x := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.ChangeType:
			f.follow(lit, x, depth+1)
		case *ssa.Store:
			a, ok := x.Addr.(*ssa.Alloc)
			if !ok || x.Val != v || len(f.cells[a]) != 1 {
				f.unknown[lit] = true
				continue
			}
			f.loads(lit, a, depth+1)
		case ssa.CallInstruction:
			f.called(lit, v, x)
		default:
			f.unknown[lit] = true
		}
	}
}

// loads follows what is loaded from a variable that holds a literal.
func (f *family) loads(lit *ssa.Function, addr ssa.Value, depth int) {
	if depth > maxDepth {
		f.unknown[lit] = true
		return
	}
	for _, ref := range *addr.Referrers() {
		switch x := ref.(type) {
		case *ssa.Store, *ssa.DebugRef:
		case *ssa.UnOp:
			f.follow(lit, x, depth+1)
		case *ssa.MakeClosure:
			inner := x.Fn.(*ssa.Function)
			for i, b := range x.Bindings {
				if b == addr {
					f.loads(lit, inner.FreeVars[i], depth+1)
				}
			}
		default:
			f.unknown[lit] = true
		}
	}
}

// called adds the run by a call that has the literal as its function or among its arguments.
func (f *family) called(lit *ssa.Function, v ssa.Value, site ssa.CallInstruction) {
	c := site.Common()
	if c.Value == v && !c.IsInvoke() {
		r := &Run{Site: site, Args: c.Args}
		switch site.(type) {
		case *ssa.Go:
			r.Kind = Go
		case *ssa.Defer:
			r.Kind = Deferred
		}
		f.add(lit, r)
		return
	}
	_, plain := site.(*ssa.Call)
	fn := calleeObject(c)
	e := model.Lookup(fn)
	if plain && lit.Synthetic == "range-over-func yield" { // the body of a loop
		f.add(lit, &Run{Kind: InPlace, Site: site})
		return
	}
	if e == nil || !plain {
		f.unknown[lit] = true
		return
	}
	i := slices.Index(c.Args, v)
	r := &Run{Site: site}
	switch {
	case slices.Contains(e.Calls, i):
		r.Once = fn.Pkg().Path() == "sync"
		if isTesting(fn) && fn.Name() == "Run" && callsParallel(lit) {
			r.Kind = Subtest
		}
	case slices.Contains(e.Spawns, i):
		r.Kind = startKind(fn)
	default:
		f.unknown[lit] = true
		return
	}
	f.add(lit, r)
}

func (f *family) add(lit *ssa.Function, r *Run) {
	f.runs[lit] = append(f.runs[lit], r)
	if !r.Kind.Starts() {
		f.here[r.Site] = append(f.here[r.Site], lit)
	}
}

// startKind tells how a function of the model runs what it is given.
func startKind(fn *types.Func) RunKind {
	switch fn.Pkg().Path() {
	case "time", "context":
		return Timer
	case "net/http":
		return Handler
	case "testing":
		return Parallel
	}
	return Group
}

// callsParallel reports whether a subtest lets others run beside it.
func callsParallel(lit *ssa.Function) bool {
	found := false
	flow.EachInstr(lit, func(instr ssa.Instruction) { found = found || isParallel(instr) })
	return found
}

func isParallel(instr ssa.Instruction) bool {
	call, ok := instr.(*ssa.Call)
	if !ok {
		return false
	}
	fn := calleeObject(&call.Call)
	return fn != nil && isTesting(fn) && fn.Name() == "Parallel"
}

func isTesting(fn *types.Func) bool { return fn.Pkg() != nil && fn.Pkg().Path() == "testing" }

// calleeObject returns the function that a call names, nil if it is a value.
func calleeObject(c *ssa.CallCommon) *types.Func {
	if c.IsInvoke() {
		return c.Method
	}
	fn := c.StaticCallee()
	if fn == nil {
		return nil
	}
	o, _ := flow.Canon(fn).Object().(*types.Func)
	return o
}

// contexts returns the chains of runs by which a member of the family runs, from the function
// that declares a variable.
func (f *family) contexts(fn, from *ssa.Function) []context { return f.chains(fn, from, 0) }

func (f *family) chains(fn, from *ssa.Function, depth int) []context {
	if fn == from {
		return []context{nil}
	}
	if depth > maxDepth {
		return nil
	}
	var out []context
	for _, r := range f.runs[fn] {
		for _, c := range f.chains(r.Site.Parent(), from, depth+1) {
			if len(out) < maxContexts {
				out = append(out, append(slices.Clone(c), r))
			}
		}
	}
	return out
}
