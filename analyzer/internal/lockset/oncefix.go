package lockset

import (
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/fix"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
)

// OnceFixes returns the fix of a double check, in a function, of a package variable that gets its value once: to make it by
// sync.OnceValue. The value is certainly not nil, with which the function would try again.
func (e *Engine) OnceFixes(fn *effects.Func, place, lock string) []report.Fix {
	f := e.Source(fn)
	if f == nil {
		return nil
	}
	var made effects.V
	for i := range fn.Code {
		if in := &fn.Code[i]; in.Op == effects.Store && fn.At(in.Args[0]).Class == place && fn.Op(in.Args[0]) == effects.Global {
			made = in.Args[1]
		}
	}
	n := &nonNil{unit: fn.Unit, values: map[value]bool{}, funcs: map[*effects.Func]bool{}}
	if made == 0 || !n.value(fn, made) {
		return nil
	}
	return fix.One(e.Sources.Once(f, place, lock))
}

// A nonNil proves values not to be nil, looking into the functions of one package. What it is about to prove, it
// takes for proved: a value that comes from itself has to come from elsewhere first.
type nonNil struct {
	unit   *effects.Unit
	values map[value]bool
	funcs  map[*effects.Func]bool
}

type value struct {
	fn *effects.Func
	v  effects.V
}

func (n *nonNil) value(fn *effects.Func, v effects.V) bool {
	if n.values[value{fn, v}] {
		return true
	}
	n.values[value{fn, v}] = true
	switch in := fn.At(v); in.Op {
	case effects.Alloc, effects.Field, effects.Elem, effects.Global, effects.FuncOf, effects.MakeMap, effects.MakeSlice, effects.MakeChan, effects.Closure, effects.Box:
		return true
	case effects.Slice:
		return n.value(fn, in.Args[0])
	case effects.Convert:
		return in.Flags&effects.Through == 0 && n.value(fn, in.Args[0])
	case effects.Phi:
		for _, a := range in.Args {
			if !n.value(fn, a) {
				return false
			}
		}
		return true
	case effects.Call:
		return in.Fn != nil && in.Fn.Unit == n.unit && n.results(in.Fn)
	}
	return false
}

// results reports whether a function returns what is not nil, or does not return. One that panics, or may recover
// from that, is not: who calls it again may have better luck, while sync.OnceValue panics again.
func (n *nonNil) results(fn *effects.Func) bool {
	if n.funcs[fn] {
		return true
	}
	n.funcs[fn] = true
	if len(fn.Blocks) == 0 || fn.Recover >= 0 {
		return false
	}
	for i := range fn.Code {
		switch in := &fn.Code[i]; in.Op {
		case effects.Panic:
			return false
		case effects.Return:
			if len(in.Args) != 1 || !n.value(fn, in.Args[0]) {
				return false
			}
		}
	}
	return true
}
