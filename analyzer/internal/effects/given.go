package effects

// A Condition is that a boolean value is true, or that a value equals a constant.
type Condition struct {
	Value  V
	Equals string // "=" and the constant as text; "" for a boolean value
}

// ConditionOf returns the condition that a branch on a value tests, and whether it holds if the branch is taken or not.
func (f *Func) ConditionOf(v V, taken bool) (c Condition, holds bool) {
	for {
		in := f.At(v)
		switch {
		case in.Op == Not:
			v, taken = in.Args[0], !taken
			continue
		case in.Op == Compare && (in.Sym == "==" || in.Sym == "!=") && f.Op(in.Args[1]) == Const:
			return Condition{in.Args[0], "=" + f.At(in.Args[1]).Sym}, taken == (in.Sym == "==")
		}
		return Condition{v, ""}, taken
	}
}

// Branches calls visit for the conditions of the branches that dominate a block, nearest first, and tells on which side it is.
func (f *Func) Branches(b int32, visit func(cond V, taken bool)) {
	g := f.Graph()
	for d := g.Idom(b); d >= 0; d = g.Idom(d) {
		br := f.At(f.Blocks[d].Last)
		if br.Op != If || !f.splits(d) {
			continue
		}
		for i, s := range f.Blocks[d].Succs {
			if len(f.Blocks[s].Preds) == 1 && g.Dominates(s, b) {
				visit(br.Args[0], i == 0)
			}
		}
	}
}

// Given returns the conditions that hold whenever a block runs: those of the branches that dominate it.
func (f *Func) Given(b int32) map[Condition]bool { return f.given(b, -1) }

// given returns the conditions that hold whenever a block runs, and if to is a block goes on there.
func (f *Func) given(b, to int32) map[Condition]bool {
	known := map[Condition]bool{}
	learn := func(cond V, taken bool) {
		c, holds := f.ConditionOf(cond, taken)
		if _, nearer := known[c]; !nearer {
			known[c] = holds
		}
	}
	if br := f.At(f.Blocks[b].Last); br.Op == If && to >= 0 && f.splits(b) {
		learn(br.Args[0], f.Blocks[b].Succs[0] == to)
	}
	f.Branches(b, learn)
	return known
}

// splits reports whether a branch leads to two different blocks.
func (f *Func) splits(b int32) bool { return f.Blocks[b].Succs[0] != f.Blocks[b].Succs[1] }

// Possible returns the values that a Phi can have where an instruction runs: without those that come in by an edge which is taken
// only if a condition does not hold that is known to hold at the instruction.
func (f *Func) Possible(phi, at V) []V {
	in := f.At(phi)
	if !f.Graph().Dominates(in.Block, f.At(at).Block) {
		return in.Args
	}
	known := f.Given(f.At(at).Block)
	var out []V
	for i, p := range f.Blocks[in.Block].Preds {
		if !f.contradicts(f.given(p, in.Block), known, in.Block) {
			out = append(out, in.Args[i])
		}
	}
	return out
}

// contradicts reports whether two sets of conditions cannot both be true, of which the first is that of a way into a
// block. The values must be leaves, or computed before the block, to be the same at both.
func (f *Func) contradicts(a, b map[Condition]bool, block int32) bool {
	for c, holds := range a {
		other, ok := b[c]
		if !ok || other == holds {
			continue
		}
		if at := f.At(c.Value).Block; at < 0 || at != block && f.Graph().Dominates(at, block) {
			return true
		}
	}
	return false
}

// Excludes reports whether no call of the function runs both of two instructions: branches on one value, which is computed once, lead to
// one or the other.
func (f *Func) Excludes(a, b V) bool {
	x, y := f.At(a).Block, f.At(b).Block
	if x == y || x < 0 || y < 0 {
		return false
	}
	known := f.Given(y)
	for c, holds := range f.Given(x) {
		if other, ok := known[c]; !ok || other == holds {
			continue
		}
		if at := f.At(c.Value).Block; at < 0 || !f.Graph().Loop[at] {
			return true
		}
	}
	return false
}
