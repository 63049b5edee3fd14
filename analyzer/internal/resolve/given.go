package resolve

import "github.com/lockcheck/lockcheck/analyzer/internal/effects"

// A Condition is that a boolean value is true, or that a value equals a constant.
type Condition struct {
	Value  V
	Equals string // the constant with "=" before it; "" for a boolean value
}

// conditionOf returns the condition that a branch tests, and whether it holds if the branch is taken or not.
func conditionOf(fn *effects.Func, v V, taken bool) (c Condition, holds bool) {
	for fn.Op(v) == effects.Not {
		v, taken = fn.At(v).Args[0], !taken
	}
	if in := fn.At(v); in.Op == effects.Compare && (in.Sym == "==" || in.Sym == "!=") {
		if k := fn.At(in.Args[1]); k.Op == effects.Const {
			return Condition{in.Args[0], "=" + k.Sym}, taken == (in.Sym == "==")
		}
	}
	return Condition{v, ""}, taken
}

// Given returns the conditions that hold whenever a block runs: those of the branches that dominate it.
func Given(fn *effects.Func, b int32) map[Condition]bool { return given(fn, b, -1) }

// given is the same for when a block goes on to another one; that may be -1.
func given(fn *effects.Func, b, to int32) map[Condition]bool {
	known := map[Condition]bool{}
	learn := func(at, next int32) {
		br, succs := fn.At(fn.Blocks[at].Last), fn.Blocks[at].Succs
		if br.Op != effects.If || succs[0] == succs[1] {
			return
		}
		c, holds := conditionOf(fn, br.Args[0], succs[0] == next)
		if _, nearer := known[c]; !nearer {
			known[c] = holds
		}
	}
	if to >= 0 {
		learn(b, to)
	}
	g := fn.Graph()
	for d := g.Idom(b); d >= 0; d = g.Idom(d) {
		for _, s := range fn.Blocks[d].Succs {
			if len(fn.Blocks[s].Preds) == 1 && g.Dominates(s, b) {
				learn(d, s)
			}
		}
	}
	return known
}

// Possible returns the values that a phi can have where an instruction runs: without those that come in by an edge which is
// taken only if a condition does not hold that is known to hold at the instruction.
func Possible(fn *effects.Func, phi, at V) []V {
	in, block := fn.At(phi), fn.At(at).Block
	if !fn.Graph().Dominates(in.Block, block) {
		return in.Args
	}
	known := Given(fn, block)
	var out []V
	for i, p := range fn.Blocks[in.Block].Preds {
		if !contradicts(fn, given(fn, p, in.Block), known, in.Block) {
			out = append(out, in.Args[i])
		}
	}
	return out
}

// contradicts reports whether two sets of conditions cannot both be true, of which the first is that of a way into a
// block: the values are computed before the block, and so are the same at both.
func contradicts(fn *effects.Func, a, b map[Condition]bool, block int32) bool {
	for c, holds := range a {
		other, ok := b[c]
		if !ok || other == holds {
			continue
		}
		if at := fn.At(c.Value).Block; at >= 0 && at != block && fn.Graph().Dominates(at, block) {
			return true
		}
	}
	return false
}
