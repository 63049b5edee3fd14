package threads

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
)

// maxAwait bounds the calls that are followed to where something is waited for.
const maxAwait = 2

// Awaited returns the classes of what has been waited for on every way to an instruction, sorted: by the function itself, and by calls. Of what is called the ways to those
// returns count which fit to what is known of the last result at the instruction, as in "if err := t.await(); err != nil { return }".
func (f *View) Awaited(at effects.V) []string {
	var out []string
	for _, p := range f.awaited(at, 0) {
		if p.Class != "" {
			out = append(out, p.Class)
		}
	}
	return compact(out)
}

// awaited returns the places of what has been waited for.
func (f *View) awaited(at effects.V, depth int) []ident.Path {
	var out []ident.Path
	for _, e := range f.Events() {
		if e.Tells || f.At(e.At).How != effects.AtOnce {
			continue
		}
		if v := f.over(e); v != 0 && (v == at && e.Case > 0 || f.Before(v, at)) {
			out = append(out, f.place(e))
		}
	}
	if depth >= maxAwait {
		return out
	}
	for _, v := range f.waiting() {
		if f.Before(v, at) {
			out = append(out, f.awaitedBy(v, f.all.Of(f.callee(v)), at, depth)...)
		}
	}
	return out
}

// waiting returns the calls of functions in view that may wait, themselves or in another call.
func (f *View) waiting() []effects.V {
	if f.waits == nil {
		f.waits = []effects.V{}
		for v := f.First; int(v) < len(f.Code); v++ {
			if g := f.callee(v); g != nil && waitsSomewhere(g, maxAwait) {
				f.waits = append(f.waits, v)
			}
		}
	}
	return f.waits
}

// callee returns the one function in view that a call which returns before the next instruction calls; nil if it is none.
func (f *View) callee(v effects.V) *effects.Func {
	in := f.At(v)
	if in.Op != effects.Call || in.How != effects.AtOnce || in.Flags&effects.Dynamic != 0 || in.Fn == nil || len(in.Fn.Blocks) == 0 {
		return nil
	}
	return in.Fn
}

// waitsSomewhere reports whether a function, or one that it calls, has a wait; it looks at no more than it must, since it is asked for each call.
func waitsSomewhere(fn *effects.Func, depth int) bool {
	for i := range fn.Code {
		switch in := &fn.Code[i]; in.Op {
		case effects.Recv, effects.Select, effects.Wait:
			return true
		case effects.Call, effects.Invoke:
			if in.Flags&effects.Joins != 0 || depth > 1 && in.Op == effects.Call && in.How == effects.AtOnce && in.Fn != nil && in.Flags&effects.Dynamic == 0 && waitsSomewhere(in.Fn, depth-1) {
				return true
			}
		}
	}
	return false
}

// awaitedBy returns what a call of g has waited for.
func (f *View) awaitedBy(call effects.V, g *View, at effects.V, depth int) []ident.Path {
	known := f.resultAt(call, at)
	var out []ident.Path
	first := true
	g.Returns(func(ret effects.V) {
		if !g.fits(ret, known) {
			return
		}
		before := g.awaited(ret, depth+1)
		if first {
			out, first = before, false
			return
		}
		out = slices.DeleteFunc(out, func(p ident.Path) bool { return !slices.Contains(before, p) })
	})
	for i, p := range out {
		out[i] = f.outside(f.Targets(call)[0], p)
	}
	return out
}

// A known is a condition and whether it holds.
type known struct {
	effects.Condition
	holds bool
}

// resultAt returns what is known, at an instruction, of the last result of a call; without a value if nothing is.
func (f *View) resultAt(call, at effects.V) known {
	last := int32(0)
	if t := f.At(call).Type; t != nil && t.Kind == effects.Tuple {
		last = int32(len(t.Results) - 1)
	}
	given := f.Given(f.At(at).Block)
	for v := effects.V(1); int(v) < len(f.Code); v++ { // in a fixed order
		of := v
		if in := f.At(v); in.Op == effects.Extract && in.Index == last {
			of = in.Args[0]
		}
		if of != call {
			continue
		}
		for c, holds := range given {
			if c.Value == v {
				return known{c, holds}
			}
		}
	}
	return known{}
}

// fits reports whether a return may give what is known of the last result.
func (f *View) fits(ret effects.V, k known) bool {
	args := f.At(ret).Args
	if k.Value == 0 || len(args) == 0 {
		return true
	}
	r := args[len(args)-1]
	in := f.At(r)
	switch {
	case in.Op != effects.Const:
		return !k.holds || k.Equals != "=nil" || !f.failure(r)
	case k.Equals == "":
		return (in.Sym == "true") == k.holds
	}
	return ("="+in.Sym == k.Equals) == k.holds
}

// failure reports whether an error is not nil: one that is made here, a variable of a package, such as io.EOF, or what a
// context tells of its end.
func (f *View) failure(v effects.V) bool {
	switch in := f.At(v); in.Op {
	case effects.Box:
		return true
	case effects.Load:
		return f.Op(in.Args[0]) == effects.Global
	case effects.Invoke:
		return in.Sym == "Err" && in.Class == "context"
	case effects.Call, effects.Known:
		return in.Sym == "errors.New" || in.Sym == "fmt.Errorf"
	}
	return false
}
