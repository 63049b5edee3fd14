package access

import (
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
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
	By     *effects.Func
	At     V
	Callee *effects.Func // nil if it is not in the program: then
	Pkg    string        // tell which it is
	Key    string
	Kind   UseKind
	Loop   bool   // Started on a cycle, so perhaps many times
	Fresh  uint64 // bit i: argument i is an object that nobody else has seen
	Free   uint64 // the same for the captured variables
	Made   uint64 // bit i: argument i is an object that the user of the function has made
	Conf   int    // 1 to 100: less for one of several targets
	Args   []int  // for each argument the parameter of the caller that is passed on, or -1
}

// Uses calls f for the functions that the function calls or uses as values.
func (s *Scan) Uses(f func(Use)) {
	for i := range s.f.Code {
		v := V(i)
		in := s.f.At(v)
		switch in.Op {
		case effects.Call, effects.Invoke:
			kind := Called
			if in.How == effects.Started {
				kind = Started
			}
			for _, t := range s.f.Targets(v) {
				f(useOf(s.f, v, t, kind))
			}
		case effects.FuncOf, effects.Closure:
			t := resolve.Target{Fn: in.Fn, Pkg: in.Class, Key: in.Sym, Conf: 100}
			if in.Op == effects.Closure {
				t.Free = in.Args
			}
			for _, u := range s.f.Uses(v) {
				valueUse(s.f, u, v, t, f)
			}
		}
		if in.Op.Calls() {
			boxedUses(s.f, v, in, f)
		}
	}
}

// boxedUses gives the uses of methods of what is made an interface for a call.
func boxedUses(f *resolve.Func, at V, in *effects.Instr, emit func(Use)) {
	args := in.Args
	if in.Op == effects.Invoke || in.Op == effects.Call && in.Flags&effects.Dynamic != 0 {
		args = args[1:]
	}
	for _, a := range args {
		for x := f.At(a); x.Op == effects.Convert && x.Type != nil && x.Type.Kind == effects.Interface; x = f.At(a) {
			a = x.Args[0]
		}
		if f.Op(a) != effects.Box {
			continue
		}
		for _, m := range f.Callbacks[a] {
			if !effects.IsCalledBack(m.Method) {
				continue
			}
			t := resolve.Target{Fn: m.Fn, Pkg: m.Pkg, Key: m.Key, Args: []V{m.Recv}, Conf: 100}
			if m.Fn != nil {
				t.Args = append(t.Args, make([]V, max(0, len(m.Fn.Params)-1))...)
			}
			emit(useOf(f, at, t, Handed))
		}
	}
}

// valueUse gives the use of a function value v by an instruction.
func valueUse(f *resolve.Func, u, v V, t resolve.Target, emit func(Use)) {
	in := f.At(u)
	switch {
	case in.Op == effects.Store && f.Op(in.Args[0]) == effects.Alloc && f.Cell(in.Args[0]).Single() == v && calledThrough(f, in.Args[0]):
		return // its calls are seen
	case in.Op == effects.Convert && in.Flags&effects.Through == 0 && (in.Type == nil || in.Type.Kind != effects.Interface):
		for _, r := range f.Uses(u) {
			valueUse(f, r, u, t, emit)
		}
		return
	case in.Op.Calls():
		if in.Op == effects.Call && in.Flags&effects.Dynamic != 0 && in.Args[0] == v {
			return // called
		}
		kind := Handed
		for _, c := range f.Callbacks[u] {
			if c.Arg == v && c.Started {
				kind = Started
			}
		}
		if in.How == effects.Started {
			kind = Started
		}
		emit(useOf(f, u, t, kind))
		return
	}
	emit(useOf(f, u, t, Kept))
}

// calledThrough reports whether what a local variable holds is only called.
func calledThrough(f *resolve.Func, a V) bool {
	for _, u := range f.Uses(a) {
		if f.Op(u) != effects.Load {
			continue
		}
		for _, r := range f.Uses(u) {
			in := f.At(r)
			if in.Op != effects.Call || in.How == effects.Started || in.Flags&effects.Dynamic == 0 || in.Args[0] != u {
				return false
			}
		}
	}
	return true
}

func useOf(f *resolve.Func, at V, t resolve.Target, kind UseKind) Use {
	u := Use{By: f.Func, At: at, Callee: t.Fn, Pkg: t.Pkg, Key: t.Key, Kind: kind, Conf: max(t.Conf, 1), Loop: f.Graph().Loop[f.At(at).Block]}
	for i, a := range t.Args {
		from := -1
		if a != 0 {
			if p := f.Path(nil, a); p.Kind == ident.Param && p.Len() == 0 {
				from = p.Index()
			}
			if i < 64 && f.Refers(a) {
				if kind == Called && unseen(f, a, at) {
					u.Fresh |= 1 << i
				}
				if ownObject(f, a) {
					u.Made |= 1 << i
				}
			}
		}
		u.Args = append(u.Args, from)
	}
	if kind == Started || kind == Kept {
		return u // seen from now on
	}
	for i, b := range t.Free {
		if b == 0 || i >= 64 {
			continue
		}
		if val := f.Cell(b).Single(); val != 0 {
			b = val
		}
		if unseen(f, b, at) {
			u.Free |= 1 << i
		}
	}
	return u
}
