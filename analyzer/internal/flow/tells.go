package flow

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/model"
)

// A signalKind is how a goroutine tells that it has ended.
type signalKind uint8

const (
	groupSignal signalKind = iota // Done of a WaitGroup, or the return of what a group has started
	closeSignal                   // of a channel
	sendSignal
)

// A signal is what a goroutine does last, in terms of the function that starts it.
type signal struct {
	kind signalKind
	path ident.Path // of the WaitGroup or channel
	at   ssa.Instruction
}

// many stands for more sends than can be counted.
const many = 1 << 20

// signalsOf returns the signals of a goroutine, and those of others that wait for it before they give them.
func (w *walker) signalsOf(s start) []signal {
	out := w.tells(s)
	EachInstr(w.fn, func(instr ssa.Instruction) {
		g, ok := instr.(*ssa.Go)
		if !ok || g == s.site {
			return
		}
		starts, ok := w.startOf(g)
		if !ok {
			return
		}
		o := starts[0]
		in := w.within(o.t.fn)
		waits := func(at ssa.Instruction, p ident.Path) (found bool) {
			_, deferred := at.(*ssa.Defer)
			EachInstr(in.fn, func(i ssa.Instruction) {
				call, ok := i.(*ssa.Call)
				if !ok || !Before(call, at) && !(deferred && in.onEveryWay(call)) {
					return
				}
				found = found || slices.ContainsFunc(in.waitsOf(call, 0), func(q ident.Path) bool { return w.outside(o.t, q).Same(p) })
			})
			return found
		}
		for _, sig := range w.tells(o) {
			if slices.ContainsFunc(out, func(x signal) bool {
				return x.kind == groupSignal && (s.group != nil || w.addedBefore(x.path, s.site)) && waits(sig.at, x.path)
			}) {
				out = append(out, sig)
			}
		}
	})
	return out
}

// tells returns what a goroutine does on every way to its end, behind everything else: the last instruction, or a deferred
// call before which nothing but unlocks has been deferred.
func (w *walker) tells(s start) []signal {
	if s.group != nil {
		return w.exact(nil, signal{groupSignal, w.path(s.group), s.site})
	}
	var out []signal
	in := w.within(s.t.fn)
	EachInstr(in.fn, func(instr ssa.Instruction) {
		kind, v := signalAt(instr)
		if v == nil || !in.onEveryWay(instr) || !in.isLast(instr) {
			return
		}
		out = w.exact(out, signal{kind, w.outside(s.t, in.path(v)), instr})
	})
	return out
}

// outside expresses here what a target calls by a path of its own; the path is unknown if it is of something that the target
// has made.
func (w *walker) outside(t target, p ident.Path) ident.Path {
	switch p.Kind {
	case ident.Param, ident.Free:
		return w.subst(t, p)
	case ident.Global:
		return p
	}
	return p.Forget()
}

// exact adds a signal if it is known by what it is given.
func (w *walker) exact(out []signal, sig signal) []signal {
	if sig.path.Kind == ident.Unknown || !sig.path.Exact() {
		return out
	}
	return append(out, sig)
}

// signalAt returns the signal that an instruction gives, or defers, and the WaitGroup or channel; nil if it gives none.
func signalAt(instr ssa.Instruction) (signalKind, ssa.Value) {
	switch x := instr.(type) {
	case *ssa.Send:
		return sendSignal, x.Chan
	case *ssa.Go:
	case ssa.CallInstruction:
		c := x.Common()
		if b, ok := c.Value.(*ssa.Builtin); ok && b.Name() == "close" {
			return closeSignal, c.Args[0]
		}
		if methodOfSync(c, "WaitGroup", "Done") {
			return groupSignal, c.Args[0]
		}
	}
	return 0, nil
}

// onEveryWay reports whether no return can be reached without an instruction.
func (w *walker) onEveryWay(instr ssa.Instruction) bool {
	for _, b := range w.fn.Blocks {
		if _, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && b != w.fn.Recover && !instr.Block().Dominates(b) {
			return false
		}
	}
	return true
}

// isLast reports whether nothing that matters runs behind a signal: behind a call or send, but unlocks and other signals; of
// what is deferred, the same of what has been deferred before.
func (w *walker) isLast(sig ssa.Instruction) bool {
	_, deferred := sig.(*ssa.Defer)
	last := true
	EachInstr(w.fn, func(instr ssa.Instruction) {
		if instr == sig || !last {
			return
		}
		if d, ok := instr.(*ssa.Defer); ok {
			if later := deferred && !comesTo(d, sig); !later {
				last = quietLast(d)
			}
			return
		}
		if !deferred && comesTo(sig, instr) {
			last = quietLast(instr)
		}
	})
	return last
}

// comesTo reports whether control can get from one instruction to another.
func comesTo(from, to ssa.Instruction) bool { return (&joins{}).avoidable(from, to, nil) }

// quietLast reports whether an instruction may follow a signal: it touches nothing that the goroutine shares but locks, and
// other signals.
func quietLast(instr ssa.Instruction) bool {
	if _, v := signalAt(instr); v != nil {
		return true
	}
	switch x := instr.(type) {
	case *ssa.Return, *ssa.Jump, *ssa.If, *ssa.RunDefers, *ssa.DebugRef, *ssa.FieldAddr, *ssa.Phi:
		return true
	case *ssa.UnOp: // of a variable that is captured
		_, ok := x.X.(*ssa.FreeVar)
		return ok && x.Op == token.MUL && pointerLike(x.Type())
	case *ssa.Go:
		return false
	case ssa.CallInstruction:
		e := modelled(x.Common())
		return e != nil && (e.Op == model.Unlock || e.Op == model.RUnlock)
	}
	return false
}

// waitsOf returns the WaitGroups, or other groups, for which a call waits: it is Wait, or, at depth 0, of a function that
// calls it on every way to its end.
func (w *walker) waitsOf(call *ssa.Call, depth int) []ident.Path {
	callee := call.Call.StaticCallee()
	if callee == nil {
		return nil
	}
	if callee.Name() == "Wait" && callee.Signature.Recv() != nil && startsToo(callee) {
		return []ident.Path{w.path(call.Call.Args[0])}
	}
	ts := w.targets(call.Common(), call)
	if depth > 0 || len(ts) != 1 || ts[0].dynamic || modelled(call.Common()) != nil || !waitsSomewhere(ts[0].fn) {
		return nil
	}
	var out []ident.Path
	in := w.within(ts[0].fn)
	EachInstr(in.fn, func(instr ssa.Instruction) {
		if inner, ok := instr.(*ssa.Call); ok && in.onEveryWay(inner) {
			for _, p := range in.waitsOf(inner, depth+1) {
				out = append(out, w.outside(ts[0], p))
			}
		}
	})
	return out
}

// waitsSomewhere reports whether a function calls a method Wait.
func waitsSomewhere(fn *ssa.Function) bool {
	found := false
	EachInstr(fn, func(instr ssa.Instruction) {
		if call, ok := instr.(*ssa.Call); ok && !found {
			callee := call.Call.StaticCallee()
			found = callee != nil && callee.Name() == "Wait" && callee.Signature.Recv() != nil
		}
	})
	return found
}

// startsToo reports whether the receiver of a method Wait is a WaitGroup, or a group that runs functions by a modelled method Go.
func startsToo(wait *ssa.Function) bool {
	if wait.Pkg == nil {
		return false
	}
	if p := wait.Pkg.Pkg.Path(); p == "sync" {
		return methodOfSync(&ssa.CallCommon{Value: wait}, "WaitGroup", "Wait")
	}
	m, _, _ := types.LookupFieldOrMethod(wait.Signature.Recv().Type(), true, wait.Pkg.Pkg, "Go")
	fn, ok := m.(*types.Func)
	if !ok {
		return false
	}
	e := model.Lookup(fn)
	return e != nil && len(e.Spawns) > 0
}

// sends returns how many values may be sent on a channel, by w.fn and the goroutines that it starts.
func (w *walker) sends(ch ident.Path) int {
	n := 0
	count := func(in *walker, path func(ident.Path) ident.Path, looped bool) {
		EachInstr(in.fn, func(instr ssa.Instruction) {
			var chans []ssa.Value
			switch x := instr.(type) {
			case *ssa.Send:
				chans = append(chans, x.Chan)
			case *ssa.Select:
				for _, st := range x.States {
					if st.Dir == types.SendOnly {
						chans = append(chans, st.Chan)
					}
				}
			}
			for _, c := range chans {
				if !path(in.path(c)).Same(ch) {
					continue
				}
				n++
				if looped || in.info.loop[instr.Block().Index] {
					n = many
				}
			}
		})
	}
	count(w, func(p ident.Path) ident.Path { return p }, false)
	EachInstr(w.fn, func(instr ssa.Instruction) {
		if call, ok := instr.(ssa.CallInstruction); ok {
			for _, s := range w.startsBy(call) {
				count(w.within(s.t.fn), func(p ident.Path) ident.Path { return w.outside(s.t, p) }, w.info.loop[instr.Block().Index])
			}
		}
	})
	return min(n, many)
}

// startsBy returns the starts that a call is, whatever it is given.
func (w *walker) startsBy(call ssa.CallInstruction) []start {
	switch x := call.(type) {
	case *ssa.Go:
		s, _ := w.startOf(x)
		return s
	case *ssa.Call:
		for _, a := range x.Call.Args {
			if mc, ok := a.(*ssa.MakeClosure); ok {
				if s, ok := groupStart(x, mc); ok {
					return []start{s}
				}
			}
		}
	}
	return nil
}

func receives(x *ssa.UnOp) bool { return x.Op == token.ARROW }

// closedEdge returns the edge that is taken if a receive has found the channel closed, as where a range over it ends.
func closedEdge(x *ssa.UnOp) (edge [2]*ssa.BasicBlock, ok bool) {
	if !x.CommaOk {
		return edge, false
	}
	for _, ref := range *x.Referrers() {
		ex, isEx := ref.(*ssa.Extract)
		if !isEx || ex.Index != 1 {
			continue
		}
		for _, use := range *ex.Referrers() {
			if br, isIf := use.(*ssa.If); isIf && br.Block().Succs[0] != br.Block().Succs[1] {
				return [2]*ssa.BasicBlock{br.Block(), br.Block().Succs[1]}, true
			}
		}
	}
	return edge, false
}
