package objects

import (
	"cmp"
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// evaluated returns the instruction before which a load happens. In
//
//	return n, g.Wait()
//
// the language leaves open whether n is read before or after the call. SSA form reads it before, compilers after,
// and those who write it count on that: nobody is told of it.
func evaluated(fn *effects.Func, load V) V {
	at := load
	last := fn.Blocks[fn.At(load).Block].Last
	ret := fn.At(last)
	if ret.Op != effects.Return || !ret.Pos.IsValid() || Before(fn.At(load).Pos, ret.Pos) < 0 {
		return at
	}
	for v := load + 1; v < last; v++ {
		in := fn.At(v)
		if slices.Contains(in.Args, load) && in.Op.Calls() && in.Op != effects.Builtin {
			break // which needs the value
		}
		if waits := in.Op == effects.Recv || in.Op.Calls() && in.Op != effects.Builtin && in.How == effects.AtOnce; waits && Before(in.Pos, ret.Pos) > 0 {
			at = v + 1
		}
	}
	return at
}

// Before compares two positions in one function.
func Before(a, b effects.Pos) int {
	return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col))
}
