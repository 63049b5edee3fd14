package held

import (
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
)

// Two locks of one class that are found through two arguments are taken in the order of the arguments. If nothing in the
// function tells which comes first, and anybody may call it, two calls can have the two the other way round:
//
//	func Transfer(from, to *Account, n int) { from.mu.Lock(); to.mu.Lock(); ... }

// anyOrder reports whether two locks are reached alike from two parameters, whose order callers choose.
func (w *walker) anyOrder(from, to ident.Path) bool {
	if from.Kind != ident.Param || to.Kind != ident.Param || from.Ref == to.Ref || !from.Alike(to) || !from.Exact() || !to.Exact() || from.Indexed() {
		return false
	}
	if w.fn.Parent != nil || !w.fn.Exported || w.fn.Test || w.fn.Unit.Name == "main" {
		return false
	}
	i, j := from.Index(), to.Index()
	if max(i, j) >= len(w.Params) || w.At(w.Params[i]).Type != w.At(w.Params[j]).Type {
		return false
	}
	return !w.compares(i, j)
}

// compares reports whether a branch of the function depends on both of two parameters: other than by whether they are one.
func (w *walker) compares(i, j int) bool {
	from := make([]uint8, len(w.Code))
	from[w.Params[i]] |= 1
	from[w.Params[j]] |= 2
	for range 2 { // once more for what loops carry around
		for v := w.fn.First; int(v) < len(w.Code); v++ {
			in := w.At(v)
			for _, a := range in.Args {
				from[v] |= from[a]
			}
			if in.Op == effects.Compare && (in.Sym == "==" || in.Sym == "!=") && w.isParam(in.Args[0]) && w.isParam(in.Args[1]) {
				from[v] = 0
			}
			if in.Op == effects.If && from[v] == 3 {
				return true
			}
		}
	}
	return false
}

func (w *walker) isParam(v V) bool { return w.ParamIndex(v) >= 0 }
