package blocking

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/waits"
)

// seldom reports whether there is a reason to think that a channel with room never gets full: the sender tests a field, and sets it, before it
// sends, so that it does not send again until somebody sets it back; or whoever receives ends with that, so that one value is all that is
// ever sent.
func seldom(b circle) bool {
	return flagged(b.at) || !slices.ContainsFunc(b.ends, func(e end) bool { return again(e) })
}

// flagged reports whether an instruction is behind a test of a field that its function sets in between.
func flagged(at waits.Spot) bool {
	fn, found := at.Fn, false
	fn.Branches(at.At().Block, func(cond V, _ bool) {
		for fn.Op(cond) == effects.Not {
			cond = fn.At(cond).Args[0]
		}
		if fn.Op(cond) == effects.Compare {
			cond = fn.At(cond).Args[0]
		}
		if fn.Op(cond) != effects.Load || fn.Op(fn.At(cond).Args[0]) != effects.Field {
			return
		}
		class := fn.At(fn.At(cond).Args[0]).Class
		for v := fn.First; int(v) < len(fn.Code); v++ {
			st := fn.At(v)
			if st.Op == effects.Store && fn.Op(st.Args[0]) == effects.Field && fn.At(st.Args[0]).Class == class && fn.Before(cond, v) && fn.Before(v, at.V) {
				found = true
			}
		}
	})
	return found
}

// again reports whether who ends a wait may come to do so again.
func again(e end) bool {
	fn, in := e.at.Fn, e.at.At()
	if in.Op != effects.Select {
		return fn.Reaches(e.at.V, e.at.V, nil) || !fn.Graph().Loop[in.Block] && fn.Parent == nil
	}
	for i := 0; 2*i+1 < len(in.Args); i++ {
		if in.Args[2*i] != e.on {
			continue
		}
		edge, ok := fn.CaseEdge(e.at.V, i+1)
		if !ok || edge.To == in.Block || fn.Reaches(fn.Blocks[edge.To].First, e.at.V, nil) {
			return true
		}
	}
	return false
}
