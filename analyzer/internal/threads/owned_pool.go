package threads

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// A sync.Pool gives an object to one who asks, and gets it back from the last who has it: between Get and the first that
// shares it, and right before Put, nobody else has it.

func isPool(in *effects.Instr, method string) bool {
	return in.Op == effects.Call && in.How == effects.AtOnce && in.Class == "sync" && in.Sym == "(*sync.Pool)."+method
}

// fromPool reports whether a value is what a pool has given, with its type told.
func (f *View) fromPool(v effects.V) bool {
	if in := f.At(v); in.Op == effects.Extract && in.Index == 0 {
		v = in.Args[0]
	}
	in := f.At(v)
	return in.Op == effects.Assert && f.poolGives(in.Args[0], 0)
}

// poolGives reports whether an interface holds what a pool has given, or a new object where it has given none.
func (f *View) poolGives(v effects.V, depth int) bool {
	switch in := f.At(v); in.Op {
	case effects.Call:
		return isPool(in, "Get")
	case effects.Box:
		return f.Op(in.Args[0]) == effects.Alloc
	case effects.Phi:
		return depth < 3 && !slices.ContainsFunc(in.Args, func(e effects.V) bool { return !f.poolGives(e, depth+1) })
	}
	return false
}

// pooled reports whether what v points to is given to a pool behind an instruction, with nothing in between that may wait
// for others to let go of it.
func (f *View) pooled(v, at effects.V) (Proof, bool) {
	puts := newCuts()
	for _, u := range f.Uses(v) {
		if f.Op(u) != effects.Box {
			continue
		}
		for _, put := range f.Uses(u) {
			if isPool(f.At(put), "Put") {
				puts.instrs[put] = true
			}
		}
	}
	if !puts.some() {
		return nil, false
	}
	proof := Proof{{f.Func.Func, puts.first(), "gives it to a pool"}}
	for _, u := range f.Uses(v) { // a channel beside the pool
		if f.Op(u) == effects.Select {
			puts.instrs[u] = true
		}
	}
	for u := f.First; int(u) < len(f.Code); u++ {
		waits := u != at && !puts.instrs[u] && (maybeWaits(f.Func.Func, u, 0) || f.Op(u) == effects.Send || f.startsAny(u))
		if (waits || f.Op(u) == effects.Return) && f.passes(puts, at, u) {
			return nil, false
		}
	}
	return proof, true
}
