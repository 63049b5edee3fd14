package resolve

import (
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
)

// A publication is an instruction by which another goroutine may come to see an object.
//
// An object is lent if that goroutine takes no locks but those of the object itself, and shows it to others only in
// the same way. Whoever waits for such a lock then holds nothing that others wait for: an order of a lock of the
// object and one that is not of it can be in no deadlock before the object is published to more.
type publication struct {
	at   V
	lent bool
}

// Unordered reports whether no deadlock can come from holding one of two locks while the other is taken: one is of an
// object that this call has made and at most lent, the other is not of that object.
func (f *Func) Unordered(from, to ident.Path, at V) bool {
	lent := func(p ident.Path) bool {
		v := rootOf(p)
		return v != 0 && f.MadeOrLent(v) && f.AtMostLent(v, at)
	}
	return (from.Kind != to.Kind || from.Ref != to.Ref) && (lent(from) || lent(to))
}

// MadeOrLent reports whether v is an object made by this call, and at most lent when it was made.
func (f *Func) MadeOrLent(v V) bool {
	return f.madeBy(v, func(s *summary.Func) uint64 { return s.Lent })
}

// AtMostLent reports whether the object v is not published before an instruction, or only lent.
func (f *Func) AtMostLent(v, at V) bool {
	return !f.publishedBy(v, at, func(p publication) bool { return !p.lent })
}

// lentTo reports whether a go statement that gets an object as an argument lends it.
func (f *Func) lentTo(start, v V) bool {
	in := f.At(start)
	if in.Op != effects.Call {
		return false
	}
	fn, args := in.Fn, in.Args
	if in.Flags&effects.Dynamic != 0 {
		lit := f.At(args[0])
		if lit.Op != effects.Closure && lit.Op != effects.FuncOf {
			return false
		}
		fn, args = lit.Fn, args[1:]
	}
	for i, a := range args {
		if a == v && !f.keepsTo(fn, ident.Param, i) {
			return false
		}
	}
	return true
}

// lentBy reports whether a literal that has captured an object, or the variable that holds it, is only called and
// started, and lends it.
func (f *Func) lentBy(c, v V) bool {
	for _, u := range f.Uses(c) {
		in := f.At(u)
		switch {
		case in.Op == effects.Call && in.Flags&effects.Dynamic != 0 && in.Args[0] == c && !slices.Contains(in.Args[1:], c):
		case in.Op.Calls() && in.Op >= effects.Acquire && f.onlyRuns(u, c):
		default:
			return false
		}
	}
	made := f.At(c)
	for i, b := range made.Args {
		if b == v && !f.keepsTo(made.Fn, ident.Free, i) {
			return false
		}
	}
	return true
}

// onlyRuns reports whether a call that the model knows does no more with a literal than to call or start it.
func (f *Func) onlyRuns(call, c V) bool {
	return slices.ContainsFunc(f.Callbacks[call], func(b effects.Callback) bool { return b.Arg == c && b.Method == "" })
}

// keepsTo reports whether a function takes no locks but those of the object that it is given as its i-th parameter or
// captured variable, and publishes it to nobody who does not do the same.
func (f *Func) keepsTo(fn *effects.Func, kind ident.Kind, i int) bool {
	if fn == nil || i >= 64 || len(fn.Blocks) == 0 {
		return false
	}
	s := f.Facts.Summary(fn)
	if s == nil || s.Truncated {
		return false
	}
	for _, e := range s.Events {
		p := e.Lock.Path
		if e.Kind != summary.Acquire || p.Kind != kind || p.Index() != i || strings.Contains(strings.TrimPrefix(p.Steps, "^"), "^") {
			return false
		}
	}
	if kind == ident.Param {
		return s.Publishes&(1<<i) == 0 || s.Lends&(1<<i) != 0
	}
	kept := true
	f.published(fn, i, func(p publication) { kept = kept && p.lent })
	return kept
}

// published calls pub for the instructions of a literal that publish what it has captured as its i-th variable.
func (f *Func) published(lit *effects.Func, i int, pub func(publication)) {
	if i < len(lit.Free) {
		f.within(lit).publishers(lit.Free[i], pub, map[V]bool{})
	}
}

// within returns a literal in view of the same program.
func (f *Func) within(lit *effects.Func) *Func {
	in := f.inner[lit]
	if in == nil {
		in = New(f.Facts, lit)
		if f.inner == nil {
			f.inner = map[*effects.Func]*Func{}
		}
		f.inner[lit] = in
	}
	return in
}

// calledPublishes notes the calls of a literal which publish what it has captured, where it is only called and deferred.
func (f *Func) calledPublishes(c, v V, pub func(publication)) {
	made := f.At(c)
	if made.Fn == nil || len(made.Fn.Blocks) == 0 {
		return
	}
	some, lent := false, true
	for i, b := range made.Args {
		if b == v {
			f.published(made.Fn, i, func(p publication) { some, lent = true, lent && p.lent })
		}
	}
	if !some {
		return
	}
	for _, u := range f.Uses(c) {
		if in := f.At(u); in.Op.Calls() && in.How == effects.AtOnce {
			pub(publication{u, lent})
		}
	}
}

// Content returns the value that a variable in memory holds, if v is what is read from one that is set once, and v otherwise.
func (f *Func) Content(v V) V {
	if load := f.At(v); load.Op == effects.Load && f.Op(load.Args[0]) == effects.Alloc {
		if val := f.cells[load.Args[0]].Single(); val != 0 {
			return val
		}
	}
	return v
}

// holds reports whether v is the address of a variable in memory that is followed: one of this function, or one that it has
// captured and does not set.
func (f *Func) holds(v V) bool {
	switch f.Op(v) {
	case effects.Alloc:
		return true
	case effects.Free:
		return !storesFree(f.Func, f.FreeIndex(v), 0)
	}
	return false
}
