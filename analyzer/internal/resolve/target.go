package resolve

import (
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
)

// A Target is a function that a call reaches, with what it is given.
type Target struct {
	Fn       *effects.Func // nil if the function is not in view: then
	Pkg, Key string        // tell which it is
	Args     []V           // receiver first; 0 where unknown
	Free     []V           // captured variables; 0 where unknown
	Held     []V           // what captured variables hold, where that is known but not the variable
	Conf     int           // 1 to 100

	Owner V          // the object in whose container what is called was found, 0 if it is not known that it leads back there
	Parts []KeptPart // by which fields of the receiver

	Dynamic bool // resolved by what may flow here, not by what is in plain sight
}

// Summary returns the summary of a target, nil if it is not known.
func (f *Func) Summary(t Target) *summary.Func {
	if t.Fn != nil {
		return f.Facts.Summary(t.Fn)
	}
	return f.Facts.External(t.Pkg, t.Key)
}

// maxFanOut bounds the functions a dynamic call may reach; above it the call
// counts as unknown.
const maxFanOut = 8

// dynamicConf is the confidence in a call by the number of functions it may
// reach: 100 divided by its square root.
var dynamicConf = [maxFanOut + 1]int{0, 95, 70, 57, 50, 44, 40, 37, 35}

// Targets returns the functions that a Call or Invoke reaches, none if they are unknown.
func (f *Func) Targets(v V) []Target {
	in := f.At(v)
	switch {
	case in.Op == effects.Invoke:
		return f.dynamic(v, in.Args)
	case in.Op != effects.Call:
		return nil
	case in.Flags&effects.Dynamic == 0:
		t := Target{Fn: in.Fn, Pkg: in.Class, Key: in.Sym, Args: in.Args, Conf: 100}
		if in.Fn != nil && in.Fn.Recv {
			f.place(&t, in.Args[0])
		}
		return []Target{t}
	}
	if t, ok := f.Function(in.Args[0]); ok {
		t.Args = in.Args[1:]
		return []Target{t}
	}
	return f.dynamic(v, in.Args[1:])
}

// Followed reports whether a call that may reach some functions is taken to reach them, and is not unknown.
func Followed(fns []*effects.Func) bool { return len(fns) > 0 && len(fns) <= maxFanOut }

func (f *Func) dynamic(v V, args []V) []Target {
	fns := f.Func.Targets[v]
	if !Followed(fns) {
		return nil
	}
	var ts []Target
	for _, fn := range fns {
		if len(fn.Params) == len(args) {
			t := Target{Fn: fn, Args: args, Conf: dynamicConf[len(fns)], Dynamic: true}
			if f.place(&t, f.At(v).Args[0]) {
				t.Conf = dynamicConf[1]
			}
			ts = append(ts, t)
		}
	}
	return ts
}

// guessConf is the confidence in a call that only other programs can make reach a function.
const guessConf = 70

// Guesses returns what an Invoke reaches if other programs put what they can into the interface. Of such calls only what happens to what
// they are given counts, as nobody may ever do so with other objects.
func (f *Func) Guesses(v V) []Target {
	if f.Facts.Guesses == nil {
		return nil
	}
	args := f.At(v).Args
	var ts []Target
	for _, fn := range f.Facts.Guesses(f.Func, v) {
		if len(fn.Params) == len(args) {
			ts = append(ts, Target{Fn: fn, Args: args, Conf: guessConf, Dynamic: true})
		}
	}
	return ts
}

// Function returns the function that a value is, as far as this function and the one around it tell.
func (f *Func) Function(v V) (Target, bool) { return f.function(v, 0) }

func (f *Func) function(v V, depth int) (Target, bool) {
	if depth > 8 {
		return Target{}, false
	}
	in := f.At(v)
	switch in.Op {
	case effects.FuncOf:
		return Target{Fn: in.Fn, Pkg: in.Class, Key: in.Sym, Conf: 100}, true
	case effects.Closure:
		return Target{Fn: in.Fn, Free: in.Args, Conf: 100}, in.Fn != nil
	case effects.Box:
		return f.function(in.Args[0], depth+1)
	case effects.Convert:
		if in.Flags&effects.Through == 0 {
			return f.function(in.Args[0], depth+1)
		}
	case effects.Call:
		return f.returned(in)
	case effects.Load:
		switch f.Op(in.Args[0]) {
		case effects.Alloc:
			if val := f.cells[in.Args[0]].Single(); val != 0 {
				return f.function(val, depth+1)
			}
		case effects.Free:
			return f.freeFunction(in.Args[0])
		case effects.Field:
			return f.keptFunction(f.At(in.Args[0]))
		}
	}
	return Target{}, false
}

// returned resolves a function that a call returns, such as an iterator: the callee's
// only return is of one literal over its parameters.
func (f *Func) returned(call *effects.Instr) (Target, bool) {
	callee := call.Fn
	if callee == nil || call.Flags&effects.Dynamic != 0 || len(callee.Results) != 1 {
		return Target{}, false
	}
	var made *effects.Instr
	for i := range callee.Blocks {
		ret := callee.At(callee.Blocks[i].Last)
		if ret.Op != effects.Return || i == callee.Recover {
			continue
		}
		v := ret.Args[0]
		if callee.Op(v) == effects.Convert {
			v = callee.At(v).Args[0]
		}
		if callee.Op(v) != effects.Closure || made != nil {
			return Target{}, false
		}
		made = callee.At(v)
	}
	if made == nil || made.Fn == nil {
		return Target{}, false
	}
	n := len(made.Args)
	t := Target{Fn: made.Fn, Free: make([]V, n), Held: make([]V, n), Conf: 100}
	param := func(v V) V {
		if k := index(callee.Params, v); k >= 0 && k < len(call.Args) {
			return call.Args[k]
		}
		return 0
	}
	for i, b := range made.Args {
		if callee.Op(b) == effects.Alloc {
			t.Held[i] = param(cellOf(callee, b).Single())
		} else {
			t.Free[i] = param(b)
		}
		if t.Held[i] == 0 && t.Free[i] == 0 {
			return Target{}, false
		}
	}
	return t, true
}

// freeFunction resolves a captured variable that holds one function, such as a
// recursive function literal.
func (f *Func) freeFunction(v V) (Target, bool) {
	val := captured(f.Func, v)
	if val == 0 {
		return Target{}, false
	}
	in := f.Parent.At(val)
	if in.Op == effects.FuncOf {
		return Target{Fn: in.Fn, Pkg: in.Class, Key: in.Sym, Conf: 100}, true
	}
	t := Target{Fn: in.Fn, Free: make([]V, len(in.Args)), Conf: 100}
	for i, b := range in.Args {
		for k, fv := range f.Func.Free {
			if binding(f.Func, k) == b {
				t.Free[i] = fv
			}
		}
	}
	return t, in.Fn != nil
}

// captured returns the function that the captured variable v of a literal holds, as a value of the function around it; 0 if that is
// not one function.
func captured(fn *effects.Func, v V) V {
	a := Binding(fn, v)
	if a == 0 || fn.Parent.Op(a) != effects.Alloc {
		return 0
	}
	val := cellOf(fn.Parent, a).Single()
	if val == 0 {
		return 0
	}
	if op := fn.Parent.Op(val); op != effects.FuncOf && op != effects.Closure {
		return 0
	}
	return val
}

// Captured returns the function of the program that a value loaded from a captured variable is, nil if that is not known.
func Captured(fn *effects.Func, v V) *effects.Func {
	in := fn.At(v)
	if in.Op != effects.Load || fn.Op(in.Args[0]) != effects.Free {
		return nil
	}
	if val := captured(fn, in.Args[0]); val != 0 {
		return fn.Parent.At(val).Fn
	}
	return nil
}

// MethodOf returns the method of an operand that was made an interface in plain sight.
func (f *Func) MethodOf(v V, name string) (Target, bool) {
	for in := f.At(v); in.Op == effects.Convert && in.Type != nil && in.Type.Kind == effects.Interface; in = f.At(v) {
		v = in.Args[0]
	}
	box := f.At(v)
	if box.Op != effects.Box {
		return Target{}, false
	}
	for _, m := range f.Callbacks[v] {
		if m.Method == name {
			t := Target{Fn: m.Fn, Pkg: m.Pkg, Key: m.Key, Args: []V{box.Args[0]}, Conf: 100}
			if m.Fn != nil {
				t.Args = make([]V, max(1, len(m.Fn.Params)))
				t.Args[0] = box.Args[0]
			}
			return t, true
		}
	}
	return Target{}, false
}
