package resolve

import "github.com/lockcheck/lockcheck/analyzer/internal/effects"

// A Cell is a local variable that lives in memory since literals capture it or its address is taken.
type Cell struct {
	Stores  []V  // of values
	Escapes bool // literals store to it, or its address leaves the function
}

// Single returns the only value ever stored in the cell, or 0.
func (c *Cell) Single() V {
	if c == nil || c.Escapes || len(c.Stores) != 1 {
		return 0
	}
	return c.Stores[0]
}

// Cell returns the cell of a variable; nil if v is none.
func (f *Func) Cell(v V) *Cell { return f.cells[v] }

// CellOf returns how a local variable in memory is stored to.
func CellOf(fn *effects.Func, a V) *Cell { return cellOf(fn, a) }

// cellOf returns how a local variable in memory is stored to.
func cellOf(fn *effects.Func, a V) *Cell {
	c := &Cell{}
	for _, u := range fn.Uses(a) {
		switch in := fn.At(u); in.Op {
		case effects.Store:
			if in.Args[0] == a {
				c.Stores = append(c.Stores, in.Args[1])
			}
			if in.Args[1] == a {
				c.Escapes = true
			}
		case effects.Load, effects.Field, effects.Elem:
		case effects.Closure:
			for i, b := range in.Args {
				if b == a && storesFree(in.Fn, i, 0) {
					c.Escapes = true
				}
			}
		default:
			c.Escapes = true
		}
	}
	return c
}

// storesFree reports whether literal fn, or one inside it, stores to its i-th captured variable.
func storesFree(fn *effects.Func, i, depth int) bool {
	if depth > 8 || fn == nil || i >= len(fn.Free) {
		return true
	}
	v := fn.Free[i]
	for _, u := range fn.Uses(v) {
		switch in := fn.At(u); in.Op {
		case effects.Store:
			return true
		case effects.Closure:
			for j, b := range in.Args {
				if b == v && storesFree(in.Fn, j, depth+1) {
					return true
				}
			}
		}
	}
	return false
}

// binding returns what literal fn's i-th captured variable is in the function around it, if every place that makes the literal
// agrees; else 0.
func binding(fn *effects.Func, i int) V {
	if fn.Parent == nil || i < 0 {
		return 0
	}
	var v V
	for _, at := range fn.MadeAt() {
		if args := fn.Parent.At(at).Args; i < len(args) {
			if v != 0 && v != args[i] {
				return 0
			}
			v = args[i]
		}
	}
	return v
}

// index returns which of some leaves v is, or -1.
func index(leaves []V, v V) int {
	if len(leaves) == 0 || v < leaves[0] || v > leaves[len(leaves)-1] {
		return -1
	}
	for i, l := range leaves {
		if l == v {
			return i
		}
	}
	return -1
}

// FreeIndex returns which captured variable v is, or -1.
func (f *Func) FreeIndex(v V) int { return index(f.Func.Free, v) }

// ParamIndex returns which parameter v is, or -1.
func (f *Func) ParamIndex(v V) int { return index(f.Params, v) }

// StoresFree reports whether the function, or a literal in it, stores to its i-th captured variable.
func (f *Func) StoresFree(i int) bool { return storesFree(f.Func, i, 0) }

// Binding returns what a captured variable of a literal is in the function around it, 0 if that is not one thing.
func Binding(fn *effects.Func, v V) V { return binding(fn, index(fn.Free, v)) }
