package lockset

import (
	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
	"github.com/lockcheck/lockcheck/analyzer/internal/held"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
)

// The walks stand on effects, the checks still on the SSA form: here what the walks have found is told in terms of that.

// bridge is what was found in one function.
type bridge struct {
	e  *Engine
	fn *effects.Func
}

func (b bridge) instr(v effects.V) ssa.Instruction {
	if v == 0 {
		return nil
	}
	return b.e.extractor.Instr(b.fn, v)
}

func (b bridge) list(vs []effects.V) []ssa.Instruction {
	out := make([]ssa.Instruction, len(vs))
	for i, v := range vs {
		out[i] = b.instr(v)
	}
	return out
}

// bridged returns what the walk of the i-th function found, nil if it was not walked.
func (e *Engine) bridged(i int) *flow.Result {
	r := e.prog.Results[i]
	if r == nil {
		return nil
	}
	b := bridge{e, r.Fn}
	fn := e.funcs[i]
	out := &flow.Result{Fn: fn, Summary: r.Summary, Edges: r.Edges, Writers: r.Writers, LocksAt: func(instr ssa.Instruction) *held.Locks {
		return r.Locks[e.extractor.V(instr)]
	}}
	for _, d := range r.Doubles {
		out.Doubles = append(out.Doubles, flow.Double{
			Held: d.Held, Mode: d.Mode, Path: d.Path, Chain: d.Chain, Always: d.Always, All: d.All, Correlated: d.Correlated, Conf: d.Conf,
			Fn: fn, Instr: b.instr(d.Instr), First: b.instr(d.First), Others: d.Others,
		})
	}
	for _, k := range r.Keeps {
		out.Keeps = append(out.Keeps, flow.Keep{
			Held: k.Held, Of: r.Fn, Fn: fn, First: b.instr(k.First), Exit: b.instr(k.Exit), All: k.All, Decided: k.Decided, Elsewhere: b.instr(k.Elsewhere), Told: k.Told,
		})
	}
	for _, s := range r.Slips {
		out.Slips = append(out.Slips, flow.Slip{
			Kind: s.Kind, Fn: fn, Instr: b.instr(s.Instr), At: b.instr(s.At), Path: s.Path, Mode: s.Mode, First: b.instr(s.First), Since: b.instr(s.Since),
		})
	}
	out.Freed = map[ssa.Instruction][]ssa.Instruction{}
	for first, freed := range r.Freed {
		out.Freed[b.instr(first)] = b.list(freed)
	}
	out.Taken = map[ssa.Instruction]ident.Path{}
	for v, p := range r.Taken {
		out.Taken[b.instr(v)] = p
	}
	for _, t := range r.Trace {
		out.Trace = append(out.Trace, flow.HeldAt{Instr: b.instr(t.Instr), States: t.States})
	}
	return out
}
