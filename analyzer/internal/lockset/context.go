package lockset

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// An entry is what holds whenever a function is called.
type entry struct {
	known bool             // false: no call seen yet (everything holds)
	held  []lockgraph.Gate // sorted by class
	fresh uint64           // parameters whose object nobody else has seen
	lent  uint64           // the same, or only goroutines that it is lent to have
}

// contexts finds, for each function that only known callers call, the locks held at
// every call and the parameters that are unpublished objects there. It is the
// greatest solution of: what holds at a function is what all its calls have in common,
// a call having what it sees itself and what holds at its own function.
func (e *Engine) contexts() {
	n := len(e.funcs)
	e.entries = make([]entry, n)
	type call struct {
		caller int
		held   []lockgraph.Gate
		at     *flow.Context
	}
	calls := make([][]call, n)
	open := e.openFuncs()
	for i, r := range e.results {
		if r == nil {
			continue
		}
		for k := range r.Contexts {
			c := &r.Contexts[k]
			j, ok := e.index[c.Callee]
			if !ok {
				continue
			}
			if e.inTest(e.funcs[i]) && !e.inTest(c.Callee) {
				continue // tests call what the program calls under a lock
			}
			if c.Site == nil {
				open[j] = true
				continue
			}
			held := union(gatesOf(c.Held, ident.Path{}, ident.Path{}), e.required(i, c.Released))
			calls[j] = append(calls[j], call{i, held, c})
		}
	}
	for i := range e.entries {
		if open[i] || len(calls[i]) == 0 {
			e.entries[i].known = true
		}
	}
	for changed := true; changed; {
		changed = false
		for j := range e.entries {
			if open[j] || len(calls[j]) == 0 {
				continue
			}
			var now entry
			for _, c := range calls[j] {
				from := e.entries[c.caller]
				if !from.known {
					continue
				}
				held := union(from.held, c.held)
				fresh, lent := from.passes(c.at)
				if !now.known {
					now = entry{known: true, held: held, fresh: fresh, lent: lent}
				} else {
					now.held = intersect(now.held, held)
					now.fresh &= fresh
					now.lent &= lent
				}
			}
			old := e.entries[j]
			if now.known && (!old.known || len(now.held) != len(old.held) || now.fresh != old.fresh || now.lent != old.lent) {
				e.entries[j] = now
				changed = true
			}
		}
	}
}

// passes returns which arguments of a call are objects that nobody else has seen, or that are at most lent, where the
// caller is called as the entry tells.
func (ent *entry) passes(c *flow.Context) (fresh, lent uint64) {
	fresh, lent = c.Fresh, c.Lent
	for _, p := range c.Passed {
		if ent.fresh&(1<<p.Param) != 0 && !p.Lent {
			fresh |= 1 << p.Arg
		}
		if ent.lent&(1<<p.Param) != 0 {
			lent |= 1 << p.Arg
		}
	}
	return fresh, lent
}

// required returns the locks that the callers of a function must hold since every
// way out of it releases them, without those that have been released.
func (e *Engine) required(i int, released []summary.Lock) []lockgraph.Gate {
	var held []summary.Held
	for k, x := range e.sums[i].Exits {
		if k == 0 {
			for _, l := range x.Released {
				if !slices.ContainsFunc(released, func(r summary.Lock) bool { return r.Path.Class == l.Path.Class }) {
					held = append(held, summary.Held{Lock: l, Must: true})
				}
			}
			continue
		}
		held = slices.DeleteFunc(held, func(h summary.Held) bool { return !slices.Contains(x.Released, h.Lock) })
	}
	return gatesOf(held, ident.Path{}, ident.Path{})
}

// gatesOf turns held locks into gates. A gate is one lock for everyone if it is a
// package variable or belongs to the same object as one of the locks ordered.
func gatesOf(hs []summary.Held, from, to ident.Path) []lockgraph.Gate {
	var gs []lockgraph.Gate
	for _, h := range hs {
		if h.Path.Class == "" {
			continue
		}
		g := lockgraph.Gate{Class: lockgraph.Class(h.Path.Class), Mode: h.Mode}
		g.Shared = h.Path.Kind == ident.Global && !strings.Contains(h.Path.Steps, "^") && h.Path.Exact() ||
			sameOwner(h.Path, from) || sameOwner(h.Path, to)
		gs = append(gs, g)
	}
	return union(gs, nil)
}

func sameOwner(p, q ident.Path) bool {
	a, ok1 := p.Owner()
	b, ok2 := q.Owner()
	return ok1 && ok2 && a.Same(b)
}

// union returns the gates of both, one a class, sorted; write mode and shared win.
func union(a, b []lockgraph.Gate) []lockgraph.Gate {
	all := slices.Concat(a, b)
	slices.SortFunc(all, func(x, y lockgraph.Gate) int {
		if c := strings.Compare(string(x.Class), string(y.Class)); c != 0 {
			return c
		}
		if x.Mode != y.Mode {
			return int(x.Mode) - int(y.Mode)
		}
		if x.Shared != y.Shared {
			if x.Shared {
				return -1
			}
			return 1
		}
		return 0
	})
	return slices.CompactFunc(all, func(x, y lockgraph.Gate) bool { return x.Class == y.Class })
}

func intersect(a, b []lockgraph.Gate) []lockgraph.Gate {
	var out []lockgraph.Gate
	for _, x := range a {
		i := slices.IndexFunc(b, func(y lockgraph.Gate) bool { return y.Class == x.Class })
		if i < 0 {
			continue
		}
		if b[i].Mode == lockgraph.Read {
			x.Mode = lockgraph.Read
		}
		x.Shared = x.Shared && b[i].Shared
		out = append(out, x)
	}
	return out
}

// openFuncs marks the functions that code outside this analysis, or a value kept
// somewhere, may call.
func (e *Engine) openFuncs() []bool {
	open := make([]bool, len(e.funcs))
	for i, fn := range e.funcs {
		if o, ok := fn.Object().(*types.Func); !ok || o.Exported() || fn.Synthetic != "" || fn.Signature.Recv() == nil && (o.Name() == "init" || o.Name() == "main") {
			open[i] = true
		}
		if fn.Parent() != nil {
			open[i] = false // its uses tell
		}
		eachUse(fn, func(used *ssa.Function, called bool) {
			if j, ok := e.index[used]; ok && !called {
				open[j] = true
			}
		})
	}
	return open
}

// inTest reports whether fn is declared in a test file.
func (e *Engine) inTest(fn *ssa.Function) bool {
	return fn.Pos().IsValid() && strings.HasSuffix(e.in.Fset.Position(fn.Pos()).Filename, "_test.go")
}

// eachUse calls f for the functions that fn refers to; called tells a static call in
// place from any other use, go statements included.
func eachUse(fn *ssa.Function, f func(used *ssa.Function, called bool)) {
	var space [16]*ssa.Value
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			_, isGo := instr.(*ssa.Go)
			var callee *ssa.Value
			if c, ok := instr.(ssa.CallInstruction); ok && !isGo {
				callee = &c.Common().Value
			}
			for _, op := range instr.Operands(space[:0]) {
				used, ok := (*op).(*ssa.Function)
				if !ok {
					continue
				}
				if mc, ok := instr.(*ssa.MakeClosure); ok {
					f(used, flow.CalledOnly(mc))
				} else {
					f(used, op == callee)
				}
			}
		}
	}
}

// markThreads names, for the functions of a main package, the one goroutine that runs
// them: main, or one that main starts once, outside of any loop. What more than one
// can reach, and everything in other packages, may run in any number of goroutines.
func (e *Engine) markThreads() {
	const many = "*"
	e.threads = make([]string, len(e.funcs))
	var work []int
	mark := func(i int, name string) {
		switch old := e.threads[i]; {
		case old == name || old == many:
			return
		case old != "":
			name = many
		}
		e.threads[i] = name
		work = append(work, i)
	}
	boxed := e.boxedTypes()
	once := map[*ssa.Function]string{} // started by one go statement in main
	for i, fn := range e.funcs {
		if !inMain(fn) {
			mark(i, many)
			continue
		}
		if recv := fn.Signature.Recv(); recv != nil && boxed[typeName(recv.Type())] || isTest(fn) {
			mark(i, many)
		}
		if fn.Parent() == nil && fn.Signature.Recv() == nil && (fn.Name() == "main" || strings.HasPrefix(fn.Name(), "init")) {
			mark(i, "main")
			flow.Spawns(fn, func(started *ssa.Function, line int) {
				if once[started] != "" {
					once[started] = many
				} else {
					once[started] = fmt.Sprintf("goroutine:%d", line)
				}
			})
		}
	}
	for _, fn := range e.funcs {
		if !inMain(fn) {
			continue
		}
		eachUse(fn, func(used *ssa.Function, called bool) {
			if j, ok := e.index[used]; ok && !called {
				name := once[used]
				if name == "" || fn.Name() != "main" && !strings.HasPrefix(fn.Name(), "init") {
					name = many
				}
				mark(j, name)
			}
		})
	}
	for len(work) > 0 {
		i := work[len(work)-1]
		work = work[:len(work)-1]
		for _, c := range e.callees[i] {
			if once[e.funcs[c]] == "" || e.threads[i] != "main" {
				mark(c, e.threads[i])
			}
		}
	}
	for i, name := range e.threads {
		if name == many {
			e.threads[i] = ""
		}
	}
}

func isTest(fn *ssa.Function) bool {
	for _, prefix := range []string{"Test", "Benchmark", "Fuzz", "Example"} {
		if strings.HasPrefix(fn.Name(), prefix) {
			return true
		}
	}
	return false
}

// boxedTypes returns the named types of main packages of which a value is made an
// interface: anything may call their methods.
func (e *Engine) boxedTypes() map[string]bool {
	boxed := map[string]bool{}
	for _, fn := range e.funcs {
		if !inMain(fn) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if mi, ok := instr.(*ssa.MakeInterface); ok {
					boxed[typeName(mi.X.Type())] = true
				}
			}
		}
	}
	return boxed
}

func typeName(t types.Type) string {
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	if n, ok := t.(*types.Named); ok {
		return ident.TypeName(n)
	}
	return t.String()
}

func inMain(fn *ssa.Function) bool {
	fn = flow.Outermost(fn)
	return fn.Pkg != nil && fn.Pkg.Pkg.Name() == "main"
}
