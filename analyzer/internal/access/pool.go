package access

import (
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
)

// A sync.Pool gives an object to one who asks, and gets it back from the last who has it: between Get and the first that
// shares it, and right before Put, nobody else has it.

// ofPool reports whether an instruction calls a method of sync.Pool.
func ofPool(in *effects.Instr, method string) bool {
	return in.Op == effects.Call && in.Class == "sync" && in.Sym == "(*sync.Pool)."+method
}

// fromPool reports whether a value is what a pool has given, with its type told.
func fromPool(f *resolve.Func, v V) bool {
	in := f.At(v)
	if in.Op == effects.Extract && in.Index == 0 {
		in = f.At(in.Args[0])
	}
	return in.Op == effects.Assert && poolGives(f, in.Args[0], 0)
}

// poolGives reports whether an interface holds what a pool has given, or a new object where it has given none.
func poolGives(f *resolve.Func, v V, depth int) bool {
	switch in := f.At(v); in.Op {
	case effects.Call:
		return ofPool(in, "Get")
	case effects.Box:
		return f.Op(in.Args[0]) == effects.Alloc
	case effects.Phi:
		return depth < 3 && !slices.ContainsFunc(in.Args, func(e V) bool { return !poolGives(f, e, depth+1) })
	}
	return false
}

// pooled reports whether what v points to is given to a pool behind an instruction, with nothing in between that may wait
// for others to let go of it.
func pooled(f *resolve.Func, v, at V) bool {
	puts := map[V]bool{}
	for _, u := range f.Uses(v) {
		if f.Op(u) != effects.Box {
			continue
		}
		for _, put := range f.Uses(u) {
			if in := f.At(put); ofPool(in, "Put") && in.How == effects.AtOnce {
				puts[put] = true
			}
		}
	}
	if len(puts) == 0 {
		return false
	}
	for _, u := range f.Uses(v) { // a channel beside the pool
		if f.Op(u) == effects.Select {
			puts[u] = true
		}
	}
	quiet := true
	f.Follow(at, func(u V) bool {
		if quiet && !puts[u] && (f.Op(u) == effects.Return || u != at && mayWait(f.Func, u, 0)) {
			quiet = false
		}
		return quiet && !puts[u]
	})
	return quiet
}

// mayWait reports whether an instruction may wait for goroutines or start one, as far as one look into what it calls tells.
func mayWait(fn *effects.Func, at V, depth int) bool {
	in := fn.At(at)
	switch {
	case in.How == effects.Started:
		return true
	case in.Op == effects.Call && in.How == effects.AtOnce && in.Flags&effects.Dynamic == 0:
		if depth > 2 || strings.HasSuffix(in.Sym, ".Wait") {
			return true
		}
		if in.Fn != nil {
			for v := in.Fn.First; int(v) < len(in.Fn.Code); v++ {
				if mayWait(in.Fn, v, depth+1) {
					return true
				}
			}
		}
		return false
	}
	switch in.Op {
	case effects.Recv, effects.Select, effects.Send, effects.Wait, effects.CondWait, effects.Start:
		return true
	case effects.Call, effects.Invoke:
		return in.How == effects.AtOnce
	}
	return false
}
