package fold

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// branches folds the branches of a function that go one way only.
func branches(fn *effects.Func) {
	changed := rounds(fn)
	for i := range fn.Blocks {
		last := fn.At(fn.Blocks[i].Last)
		if last.Op != effects.If {
			continue
		}
		if val, ok := truth(fn, last.Args[0], 0); ok {
			goOn(fn, int32(i), val)
			changed = true
		}
	}
	if changed {
		fn.Renew()
	}
}

// maxNots bounds negations of negations.
const maxNots = 4

// truth returns the value of a condition, if it is the same always.
func truth(fn *effects.Func, v effects.V, depth int) (val, ok bool) {
	in := fn.At(v)
	switch in.Op {
	case effects.Not:
		if depth < maxNots {
			val, ok = truth(fn, in.Args[0], depth+1)
		}
		return !val, ok
	case effects.Compare:
		if in.Sym != "==" && in.Sym != "!=" {
			return false, false
		}
		x, xok := constant(fn, in.Args[0])
		y, yok := constant(fn, in.Args[1])
		return (x == y) == (in.Sym == "=="), xok && yok
	}
	text, ok := constant(fn, v)
	return text == "true", ok && (text == "true" || text == "false")
}

// constant returns the constant that a value is.
func constant(fn *effects.Func, v effects.V) (text string, ok bool) {
	in := fn.At(v)
	switch in.Op {
	case effects.Const:
		return in.Sym, true
	case effects.Load:
		if zero := zeroOf(in.Type); zero != "" && untouched(fn, in.Args[0], v) {
			return zero, true
		}
	}
	return "", false
}

// zeroOf returns the zero value of a type as text, "" if it has none that is compared.
func zeroOf(t *effects.Type) string {
	switch {
	case t == nil:
	case t.Kind == effects.Bool:
		return "false"
	case t.Kind == effects.Other && t.Sync == effects.NoSync:
		return "0"
	case t.Refers():
		return "nil"
	}
	return ""
}

// untouched reports whether nothing is done with a new variable between where it is made and where it is read, in one block.
func untouched(fn *effects.Func, addr, load effects.V) bool {
	made := fn.At(addr)
	if made.Op != effects.Alloc || made.Block != fn.At(load).Block || addr > load {
		return false
	}
	for v := addr + 1; v < load; v++ {
		if slices.Contains(fn.At(v).Args, addr) && fn.Op(v) != effects.Load {
			return false
		}
	}
	return true
}

// goOn makes a branch a jump to its first successor, or to its second.
func goOn(fn *effects.Func, b int32, first bool) {
	block := &fn.Blocks[b]
	to, not := block.Succs[0], block.Succs[1]
	if !first {
		to, not = not, to
	}
	last := fn.At(block.Last)
	last.Op, last.Args = effects.Jump, nil
	block.Succs = []int32{to}
	if to == not {
		cut(fn, b, not, 1)
	} else {
		cut(fn, b, not, 0)
	}
}

// cut takes a way into a block away, with what comes in by it. Of several ways from one block the first keep stay.
func cut(fn *effects.Func, from, to int32, keep int) {
	block := &fn.Blocks[to]
	for i, p := range block.Preds {
		if p != from {
			continue
		}
		if keep > 0 {
			keep--
			continue
		}
		block.Preds = slices.Delete(slices.Clone(block.Preds), i, i+1)
		for v := block.First; v <= block.Last; v++ {
			if in := fn.At(v); in.Op == effects.Phi && i < len(in.Args) {
				in.Args = slices.Delete(slices.Clone(in.Args), i, i+1)
			}
		}
		return
	}
}
