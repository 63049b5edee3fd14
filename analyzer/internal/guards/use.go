package guards

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
	"github.com/lockcheck/lockcheck/analyzer/internal/threads"
)

// A UseKind is how a function is used.
type UseKind uint8

const (
	Called  UseKind = iota // in place, or by a deferred call
	Handed                 // given to a call, which may call it, keep it or start it
	Started                // by a go statement, or by what starts goroutines
	Kept                   // stored, returned or sent
)

// A Use is one place where a function is called or used as a value.
type Use struct {
	Site     threads.Spot
	Fn       *effects.Func // nil if it is not in the program: then
	Pkg, Key string        // tell which it is
	Kind     UseKind
	Loop     bool   // Started on a cycle, so perhaps many times
	Fresh    uint64 // bit i: argument i is an object that nobody else has seen
	Free     uint64 // the same for the captured variables
	Made     uint64 // bit i: argument i is an object that the user of the function has made
	Behind   uint64 // bit i: argument i is found behind an object that the user of the function has made
	New      uint64 // bit i: argument i is what a constructor has returned, and nobody has got from the user of the function
	Conf     int    // 1 to 100: less for one of several targets
	Args     []int  // for each argument the parameter of the caller that is passed on, or -1

	Into  *effects.Func // Handed: the function of the package that gets it
	Param int           // and as which parameter
}

// uses calls emit for the functions that a function calls or uses as values.
func uses(f *threads.View, emit func(Use)) {
	for i := range f.Code {
		v := effects.V(i)
		in := f.At(v)
		switch in.Op {
		case effects.Call, effects.Invoke:
			kind := Called
			if in.How == effects.Started {
				kind = Started
			}
			for _, t := range f.Targets(v) {
				emit(useOf(f, v, t, kind))
			}
		case effects.FuncOf, effects.Closure:
			t := resolve.Target{Fn: in.Fn, Pkg: in.Class, Key: in.Sym, Conf: 100}
			if in.Op == effects.Closure {
				t.Free = in.Args
			}
			for _, u := range f.Uses(v) {
				valueUse(f, u, v, t, emit)
			}
		}
		if in.Op.Calls() {
			boxedUses(f, v, in, emit)
		}
	}
}

// boxedUses gives the uses of methods of what is made an interface for a call.
func boxedUses(f *threads.View, at effects.V, in *effects.Instr, emit func(Use)) {
	args := in.Args
	if in.Op == effects.Invoke || in.Op == effects.Call && in.Flags&effects.Dynamic != 0 {
		args = args[1:]
	}
	for _, a := range args {
		for _, name := range effects.CalledBack {
			if t, ok := f.MethodOf(a, name); ok {
				emit(useOf(f, at, t, Handed))
			}
		}
	}
}

// valueUse gives the use of a function value v by an instruction.
func valueUse(f *threads.View, u, v effects.V, t resolve.Target, emit func(Use)) {
	in := f.At(u)
	kind := Kept
	switch {
	case in.Op == effects.Store && f.Cell(in.Args[0]).Single() == v && calledThrough(f, in.Args[0]):
		return // its calls are seen
	case in.Op == effects.Convert && (in.Type == nil || in.Type.Kind != effects.Interface), in.Op == effects.Box:
		for _, r := range f.Uses(u) {
			valueUse(f, r, u, t, emit)
		}
		return
	case in.Op == effects.Call && in.Flags&effects.Dynamic != 0 && in.Args[0] == v:
		return // called
	case in.Op.Calls():
		kind = Handed
		for _, c := range f.Callbacks[u] {
			if c.Arg == v && c.Started {
				kind = Started
			}
		}
		if in.How == effects.Started {
			kind = Started
		}
	}
	use := useOf(f, u, t, kind)
	if kind == Handed && in.Op == effects.Call && in.How == effects.AtOnce {
		if ts := f.Targets(u); len(ts) == 1 && ts[0].Fn != nil && ts[0].Fn.Unit == f.Unit {
			use.Into, use.Param = ts[0].Fn, slices.Index(ts[0].Args, v)
		}
	}
	emit(use)
}

// calledThrough reports whether what a local variable holds is only called.
func calledThrough(f *threads.View, a effects.V) bool {
	for _, u := range f.Uses(a) {
		if f.Op(u) != effects.Load {
			continue
		}
		for _, r := range f.Uses(u) {
			if in := f.At(r); in.Op != effects.Call || in.How == effects.Started || in.Flags&effects.Dynamic == 0 || in.Args[0] != u {
				return false
			}
		}
	}
	return true
}

func useOf(f *threads.View, at effects.V, t resolve.Target, kind UseKind) Use {
	u := Use{Site: threads.Spot{Fn: f.Func.Func, V: at}, Fn: t.Fn, Pkg: t.Pkg, Key: t.Key, Kind: kind, Conf: max(t.Conf, 1), Loop: f.Graph().Loop[f.At(at).Block]}
	if t.Fn != nil {
		u.Pkg, u.Key = t.Fn.Unit.Path, t.Fn.Key
	}
	for i, a := range t.Args {
		from := -1
		if a != 0 {
			if p := f.Path(nil, a); p.Kind == ident.Param && p.Len() == 0 {
				from = p.Index()
			}
			if i < 64 && f.Refers(a) {
				u.Fresh |= bit(i, kind == Called && yes(f.Owned(a, at)))
				u.New |= bit(i, kind == Called && yes(f.Constructed(a, at)))
				u.Made |= bit(i, f.MadeHere(a))
				u.Behind |= bit(i, f.BehindNew(a))
			}
		}
		u.Args = append(u.Args, from)
	}
	if kind == Started || kind == Kept {
		return u // seen from now on
	}
	for i, b := range t.Free {
		if val := f.Cell(b).Single(); val != 0 {
			b = val
		}
		u.Free |= bit(i, b != 0 && i < 64 && yes(f.Owned(b, at)))
	}
	return u
}

func bit(i int, set bool) uint64 {
	if !set {
		return 0
	}
	return 1 << i
}

func yes(_ threads.Proof, ok bool) bool { return ok }
