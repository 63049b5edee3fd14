package lockset

import (
	"cmp"
	"slices"
)

// A condenser finds the strongly connected components of a part of the call graph, callees first
// (Tarjan 1972, without recursion). What it has returned once is not returned again.
type condenser struct {
	callees   [][]int
	in        func(fn int) bool // the part
	num, low  []int
	done      []bool
	count     int
	stack     []int
	component [][]int // of the present search
}

func newCondenser(callees [][]int, in func(int) bool) *condenser {
	n := len(callees)
	return &condenser{callees: callees, in: in, num: make([]int, n), low: make([]int, n), done: make([]bool, n)}
}

// A visit is a function on the way of the search, and the next callee to look at.
type visit struct{ fn, next int }

// from returns the components that can be reached from a function.
func (c *condenser) from(root int) [][]int {
	c.component = nil
	if c.num[root] != 0 || !c.in(root) {
		return nil
	}
	for way := []visit{c.enter(root)}; len(way) > 0; {
		v := &way[len(way)-1]
		if v.next < len(c.callees[v.fn]) {
			to := c.callees[v.fn][v.next]
			v.next++
			switch {
			case !c.in(to) || c.done[to]:
			case c.num[to] == 0:
				way = append(way, c.enter(to))
			default:
				c.low[v.fn] = min(c.low[v.fn], c.num[to])
			}
			continue
		}
		fn := v.fn
		way = way[:len(way)-1]
		if len(way) > 0 {
			up := way[len(way)-1].fn
			c.low[up] = min(c.low[up], c.low[fn])
		}
		if c.low[fn] == c.num[fn] {
			c.component = append(c.component, c.pop(fn))
		}
	}
	return c.component
}

func (c *condenser) enter(fn int) visit {
	c.count++
	c.num[fn], c.low[fn] = c.count, c.count
	c.stack = append(c.stack, fn)
	return visit{fn: fn}
}

// pop takes the component that ends with fn from the stack.
func (c *condenser) pop(fn int) []int {
	i := len(c.stack) - 1
	for c.stack[i] != fn {
		i--
	}
	comp := slices.Clone(c.stack[i:])
	c.stack = c.stack[:i]
	for _, x := range comp {
		c.done[x] = true
	}
	return comp
}

// components returns the relevant functions in strongly connected components, callees first.
func (e *Engine) components() [][]int {
	c := newCondenser(e.callees, func(i int) bool { return e.relevant[i] })
	var out [][]int
	for i := range e.funcs {
		out = append(out, c.from(i)...)
	}
	return out
}

// inOrder returns a component with callees before callers as far as that goes. The order is that of the program, not
// that of the search which found it: what a round of a fixpoint learns depends on it.
func (e *Engine) inOrder(comp []int) []int {
	if len(comp) < 2 {
		return comp
	}
	slices.SortFunc(comp, func(a, b int) int {
		x, y := e.funcs[a], e.funcs[b]
		return cmp.Or(cmp.Compare(e.name(x), e.name(y)), cmp.Compare(x.Pos(), y.Pos()), cmp.Compare(a, b))
	})
	in := map[int]bool{}
	for _, i := range comp {
		in[i] = true
	}
	out := make([]int, 0, len(comp))
	for way := []visit{{fn: comp[0]}}; len(way) > 0; {
		v := &way[len(way)-1]
		delete(in, v.fn)
		if v.next == len(e.callees[v.fn]) {
			out = append(out, v.fn)
			way = way[:len(way)-1]
			continue
		}
		to := e.callees[v.fn][v.next]
		v.next++
		if in[to] {
			way = append(way, visit{fn: to})
		}
	}
	return out
}

// recursive reports whether a function of a component calls itself, by whatever way.
func (e *Engine) recursive(comp []int) bool {
	return len(comp) > 1 || slices.Contains(e.callees[comp[0]], comp[0])
}
