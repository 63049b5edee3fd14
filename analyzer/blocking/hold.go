package blocking

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
	"github.com/lockcheck/lockcheck/analyzer/internal/waits"
)

// A hold is a lock that is certainly held at a wait, on one way there.
type hold struct {
	summary.Held
	fn  *effects.Func // that holds it, and in whose terms its path is
	way []waits.Spot  // the calls from there to the wait, which is the last
	on  []ident.Path  // what is waited for in terms of fn; Unknown if that cannot be told

	start waits.Spot // of the goroutine that begins with fn, if it is always that
	depth int        // of waits for others who wait
}

// maxCalls bounds the calls that are followed from a lock to a wait.
const maxCalls = 5

// holds returns the locks that are held at a wait, each with the shortest way from where it is taken.
func (c *checker) holds(w wait) []hold {
	var out []hold
	add := func(h hold) {
		if !slices.ContainsFunc(out, func(o hold) bool { return o.Path.Class == h.Path.Class }) {
			out = append(out, h)
		}
	}
	type frame struct {
		way      []waits.Spot
		on       []ident.Path
		released []string
	}
	var on []ident.Path
	for _, v := range w.on {
		on = append(on, c.place(w.at.Fn, v))
	}
	level := []frame{{[]waits.Spot{w.at}, on, nil}}
	if r := c.Engine.Results[w.at.Fn.ID]; r != nil {
		for _, h := range r.Waits[w.at.V] {
			add(hold{Held: h, fn: w.at.Fn, way: level[0].way, on: level[0].on, start: c.startOf(w.at.Fn)})
		}
	}
	for depth := 0; depth < maxCalls && len(level) > 0; depth++ {
		var next []frame
		for _, f := range level {
			fn := f.way[0].Fn
			released := slices.Concat(f.released, c.released(f.way[0]))
			for _, at := range c.m.Callers(fn) {
				if c.m.Starts(at) || at.At().How != effects.AtOnce || slices.ContainsFunc(f.way, func(s waits.Spot) bool { return s.Fn == at.Fn }) || !c.passes(at, f.way) {
					continue
				}
				up := frame{slices.Concat([]waits.Spot{at}, f.way), nil, released}
				for _, p := range f.on {
					up.on = append(up.on, c.up(at, fn, p))
				}
				next = append(next, up)
				for _, h := range c.heldAt(at, fn) {
					if !slices.Contains(released, h.Path.Class) {
						add(hold{Held: h, fn: at.Fn, way: up.way, on: up.on, start: c.startOf(at.Fn)})
					}
				}
			}
		}
		level = next[:min(len(next), 64)]
	}
	return out
}

// startOf returns the go statement by which alone a function runs; none if there are others, or calls.
func (c *checker) startOf(fn *effects.Func) waits.Spot {
	by := c.m.Callers(fn)
	if c.m.Open(fn) || len(by) != 1 || !c.m.Starts(by[0]) {
		return waits.Spot{}
	}
	return by[0]
}

// passes reports whether a call comes to the rest of a way: it hands on the function that is called there, if that is a parameter.
func (c *checker) passes(at waits.Spot, way []waits.Spot) bool {
	return len(way) < 2 || c.m.Passes(at, way[0], way[1].Fn)
}

// released returns the classes of the locks of the caller that may have been released before an instruction.
func (c *checker) released(at waits.Spot) []string {
	if l := c.Engine.LocksAt(at.Fn, at.V); l != nil {
		return l.Released
	}
	return nil
}

// heldAt returns the locks that are certainly held at a call of a function.
func (c *checker) heldAt(at waits.Spot, fn *effects.Func) []summary.Held {
	r := c.Engine.Results[at.Fn.ID]
	if r == nil {
		return nil
	}
	var out []summary.Held
	for _, x := range r.Contexts {
		if x.Site == at.V && x.Callee.Pos == fn.Pos {
			for _, h := range x.Held {
				if h.Must && h.Path.Class != "" {
					out = append(out, h)
				}
			}
		}
	}
	return out
}
