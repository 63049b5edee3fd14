package sharedvar

import (
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/threads"
)

// An access is a read or a write of a captured variable.
type access struct {
	threads.Spot
	place string // "" the variable, ".f" a field of it; with "[]" what a map there holds
	write bool

	when effects.V // before which it happens, if not where it is: see evaluated
}

// holdsContent reports whether a place is what a map holds.
func holdsContent(place string) bool { return strings.HasSuffix(place, "[]") }

// content reports whether the access is to what a map holds, and returns the place of the map, or that of the access.
func (a *access) content() (place string, ok bool) { return strings.CutSuffix(a.place, "[]") }

// A variable is a local variable that literals capture.
type variable struct {
	alloc  effects.V
	in     *effects.Func
	sites  []*access
	sets   int  // assignments to the variable itself
	atomic bool // also used by functions of sync/atomic
	leaks  bool // its address goes elsewhere
	copied bool // a loop makes it anew by copying it
}

// variables returns the captured variables that a function declares.
func variables(fn *effects.Func) []*variable {
	var out []*variable
	for a := fn.First; int(a) < len(fn.Code); a++ {
		if in := fn.At(a); in.Op != effects.Alloc || in.Sym == "" || synchronizes(in.Type) {
			continue
		}
		if !slices.ContainsFunc(fn.Uses(a), func(u effects.V) bool { return fn.Op(u) == effects.Closure }) {
			continue
		}
		v := &variable{alloc: a, in: fn}
		v.collect(fn, a, "", 0)
		out = append(out, v)
	}
	return out
}

// synchronizes reports whether what a pointer type points to is made to be shared.
func synchronizes(t *effects.Type) bool {
	t = t.To()
	return t != nil && (t.Sync == effects.Mutex || t.Sync == effects.RWMutex || t.Pkg == "sync" || t.Pkg == "sync/atomic")
}

// maxDepth bounds the fields, and the literals in literals, that are followed.
const maxDepth = 12

// collect gathers the accesses through an address that fn has of the variable.
func (v *variable) collect(fn *effects.Func, addr effects.V, place string, depth int) {
	if depth > maxDepth {
		v.leaks = true
		return
	}
	for _, u := range fn.Uses(addr) {
		switch in := fn.At(u); in.Op {
		case effects.Elem:
		case effects.Store:
			switch load := fn.At(in.Args[1]); {
			case in.Args[0] != addr:
				v.leaks = true
			case load.Op == effects.Load && load.Args[0] == addr: // a return of a named result by its name
			default:
				v.sets += b2i(place == "")
				v.add(fn, u, place, true)
			}
		case effects.Load:
			v.add(fn, u, place, false)
			v.content(fn, u, place+"[]")
		case effects.Field:
			if !synchronizes(in.Type) {
				v.collect(fn, u, place+"."+in.Sym, depth+1)
			}
		case effects.Closure:
			for i, b := range in.Args {
				if b == addr && in.Fn != nil {
					v.collect(in.Fn, in.Fn.Free[i], place, depth+1)
				}
			}
		case effects.Phi:
			v.copied = true
		default:
			v.leaks = true
			v.atomic = v.atomic || in.Op == effects.Atomic
		}
	}
}

// add adds an access, unless it is what a function does with its results after it has panicked.
func (v *variable) add(fn *effects.Func, at effects.V, place string, write bool) {
	if int(fn.At(at).Block) == fn.Recover {
		return
	}
	a := &access{Spot: threads.Spot{Fn: fn, V: at}, place: place, write: write}
	if fn.Op(at) == effects.Load {
		a.when = evaluated(fn, at)
	}
	v.sites = append(v.sites, a)
}

// content adds the accesses to what a loaded map holds.
func (v *variable) content(fn *effects.Func, m effects.V, place string) {
	if t := fn.At(m).Type; t == nil || t.Kind != effects.Map {
		return
	}
	for _, u := range fn.Uses(m) {
		in := fn.At(u)
		if in.Args[0] != m {
			continue
		}
		switch {
		case in.Op == effects.MapUpdate, in.Op == effects.Builtin && (in.Sym == "delete" || in.Sym == "clear"):
			v.add(fn, u, place, true)
		case in.Op == effects.Lookup, in.Op == effects.Range, in.Op == effects.Builtin && in.Sym == "len":
			v.add(fn, u, place, false)
		}
	}
}

// evaluated returns the instruction before which a load happens. In
//
//	return n, g.Wait()
//
// the language leaves open whether n is read before or after the call. SSA form reads it before, compilers after,
// and those who write it count on that: nobody is told of it.
func evaluated(fn *effects.Func, load effects.V) effects.V {
	at := load
	last := fn.Blocks[fn.At(load).Block].Last
	ret := fn.At(last)
	if ret.Op != effects.Return || !ret.Pos.IsValid() || before(fn.At(load).Pos, ret.Pos) < 0 {
		return at
	}
	for v := load + 1; v < last; v++ {
		in := fn.At(v)
		if slices.Contains(in.Args, load) && in.Op.Calls() && in.Op != effects.Builtin {
			break // which needs the value
		}
		if waits := in.Op == effects.Recv || in.Op.Calls() && in.Op != effects.Builtin && in.How == effects.AtOnce; waits && before(in.Pos, ret.Pos) > 0 {
			at = v + 1
		}
	}
	return at
}

// overlap reports whether two places share memory.
func overlap(a, b string) bool {
	if holdsContent(a) || holdsContent(b) {
		return a == b
	}
	return a == b || strings.HasPrefix(a, b+".") || strings.HasPrefix(b, a+".")
}
