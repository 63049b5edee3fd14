package tell

import (
	"runtime"

	"github.com/lockcheck/lockcheck/runtime/internal/decide"
	"github.com/lockcheck/lockcheck/runtime/internal/name"
)

func init() {
	decide.Source.Lone = lone
	decide.Source.Ranked = func(first, second []uintptr) string { return name.Ranked(sites(first), sites(second)) }
}

// lone reports whether a goroutine that holds a lock and acquires another cannot be stopped by anybody, or stop anybody, since one of the two
// is in an object that it has made and that nobody else knows: whenever the function that made it takes the two, which it does itself, or
// holds the first from above. What a function does with objects that it is given is meant for those that others know, too.
func lone(from, to []uintptr) bool {
	first, second := sites(from), sites(to)
	if len(first) == 0 {
		return false
	}
	if m := name.Unshared(second, nil); m >= 0 {
		for _, s := range second[m:] {
			if s.Func == first[0].Func {
				return true
			}
		}
	}
	return name.Unshared(first, second) == 0
}

// sites returns what package name needs of a stack, without lockcheck's frames at its top; nil for none.
func sites(pcs []uintptr) []name.Site {
	if len(pcs) == 0 {
		return nil
	}
	var out []name.Site
	it := runtime.CallersFrames(pcs)
	for {
		f, more := it.Next()
		if f.Function != "" && !(len(out) == 0 && own(f.Function)) && !ownFile(f.File) {
			out = append(out, name.Site{Func: f.Function, File: f.File, Line: f.Line})
		}
		if !more {
			return out
		}
	}
}
