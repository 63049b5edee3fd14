package capture

import (
	"go/constant"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
)

// A channel with room for n values is a semaphore: who starts a goroutine sends first, and the goroutine receives when
// it has done its work. Who then sends n more has waited for all of them, since by
//
//	https://go.dev/ref/mem#chan
//
// the k-th receive from the channel is before the end of the send k+n.

// A filling is a loop that fills a channel up: it sends once in each of as many rounds as the channel has room.
type filling struct {
	at    origin
	exits [][2]*ssa.BasicBlock // the edges by which it ends since the channel is full
}

// fills returns what a loop fills up. The loop tests the number of rounds in front of each, or behind, and then once
// more before the first.
func (f *family) fills(l flow.Loop) (filling, bool) {
	for test := range l.Body {
		cmp, ok := flow.Below(test)
		if !ok || !l.Body[test.Succs[0]] || l.Body[test.Succs[1]] || !eachRound(l, test) {
			continue
		}
		exits := [][2]*ssa.BasicBlock{{test, test.Succs[1]}}
		switch x := cmp.X.(type) {
		case *ssa.Phi:
			ok = counter(x) && test == l.Header
		case *ssa.BinOp:
			phi, isPhi := x.X.(*ssa.Phi)
			ok = isPhi && phi.Block() == l.Header && counter(phi) && isInt(x.Y, 1) && slices.Contains(phi.Edges, ssa.Value(x))
			exits = append(exits, l.PassedBy()...)
		default:
			ok = false
		}
		if at, sent := f.sentTo(l, cmp.Y); ok && sent {
			return filling{at, exits}, true
		}
	}
	return filling{}, false
}

// sentTo returns the channel to which each round of a loop sends and that has room for n values.
func (f *family) sentTo(l flow.Loop, n ssa.Value) (origin, bool) {
	for b := range l.Body {
		for _, instr := range b.Instrs {
			if send, ok := instr.(*ssa.Send); ok && eachRound(l, b) {
				if at := f.origin(send.Chan); f.room(at, n) {
					return at, true
				}
			}
		}
	}
	return origin{}, false
}

// counter reports whether a variable of a loop is 0 in the first round, and one more in each that follows.
func counter(phi *ssa.Phi) bool {
	zero, one := false, false
	for _, e := range phi.Edges {
		switch x := e.(type) {
		case *ssa.Const:
			zero = isInt(x, 0)
		case *ssa.BinOp:
			one = x.Op == token.ADD && x.X == phi && isInt(x.Y, 1)
		}
	}
	return zero && one && len(phi.Edges) == 2
}

func isInt(v ssa.Value, n int64) bool {
	k, ok := v.(*ssa.Const)
	return ok && k.Value != nil && k.Value.Kind() == constant.Int && k.Int64() == n
}

// eachRound reports whether each round of a loop passes a block.
func eachRound(l flow.Loop, b *ssa.BasicBlock) bool {
	return !slices.ContainsFunc(l.Header.Preds, func(p *ssa.BasicBlock) bool { return l.Body[p] && !b.Dominates(p) })
}

// room reports whether a number is that of the values which a channel made here has room for.
func (f *family) room(at origin, n ssa.Value) bool {
	mk, ok := at.root.(*ssa.MakeChan)
	if !ok || at.path != "" {
		return false
	}
	if call, ok := n.(*ssa.Call); ok {
		b, ok := call.Call.Value.(*ssa.Builtin)
		return ok && b.Name() == "cap" && f.origin(call.Call.Args[0]) == at
	}
	if k, ok := n.(*ssa.Const); ok {
		return k.Value != nil && k.Value.Kind() == constant.Int && isInt(mk.Size, k.Int64())
	}
	return f.origin(n) == f.origin(mk.Size)
}

// fillsHere returns a wait for each loop of a literal that fills a channel up whenever the literal runs.
func (f *family) fillsHere(lit *ssa.Function) []op {
	var out []op
	for _, l := range f.loopsOf(lit) {
		fill, ok := f.fills(l)
		if !ok {
			continue
		}
		full, always := &cuts{edges: map[[2]*ssa.BasicBlock]bool{}}, true
		for _, e := range fill.exits {
			full.edges[e] = true
		}
		flow.EachInstr(lit, func(in ssa.Instruction) {
			if _, ok := in.(*ssa.Return); ok && in.Block() != lit.Recover {
				always = always && !f.reaches(lit, nil, in, full)
			}
		})
		if always {
			out = append(out, op{at: fill.at, wait: true, fills: true, state: -1})
		}
	}
	return out
}

// bounded reports whether a goroutine is started only behind a send to a channel, one for each, and so holds one of
// its places until it receives.
func (f *family) bounded(r *Run, at origin) bool {
	sends := &cuts{instrs: map[ssa.Instruction]bool{}, edges: map[[2]*ssa.BasicBlock]bool{}}
	flow.EachInstr(r.Site.Parent(), func(in ssa.Instruction) {
		if _, ok := in.(*ssa.Defer); ok {
			return
		}
		for _, o := range f.opsOf(in) {
			switch {
			case !o.sends || o.at != at:
			case o.state < 0:
				sends.instrs[in] = true
			default:
				if br := caseBranch(in.(*ssa.Select), o.state); br != nil && br.Block().Succs[0] != br.Block().Succs[1] {
					sends.edges[[2]*ssa.BasicBlock{br.Block(), br.Block().Succs[0]}] = true
				}
			}
		}
	})
	return !f.reaches(r.Site.Parent(), nil, r.Site, sends) && !f.reaches(r.Site.Parent(), r.Site, r.Site, sends)
}

// inLoop reports whether an instruction may run more than once in one call of its function.
func (f *family) inLoop(instr ssa.Instruction) bool {
	return slices.ContainsFunc(f.loopsOf(instr.Parent()), func(l flow.Loop) bool { return l.Body[instr.Block()] })
}
