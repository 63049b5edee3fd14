package access

import "github.com/lockcheck/lockcheck/analyzer/internal/effects"

// guardable reports whether a place of a type needs a guard: locks, channels and
// what synchronizes itself do not.
func guardable(t *effects.Type) bool {
	if t == nil || t.IsLock() || t.Kind == effects.Chan {
		return false
	}
	if t = t.To(); t == nil {
		return true
	}
	switch t.Pkg {
	case "sync", "sync/atomic", "context", "testing":
		return false
	}
	return true
}

// hasLock reports whether a struct has a lock among its fields, or gets one by embedding.
func hasLock(t *effects.Type) bool { return lockIn(t, 0) }

func lockIn(t *effects.Type, depth int) bool {
	if t = t.To(); t == nil || t.Kind != effects.Struct || depth > 3 {
		return false
	}
	for _, f := range t.Fields {
		if f.Type.IsLock() || f.Embedded && lockIn(f.Type, depth+1) {
			return true
		}
	}
	return false
}

// Owned returns the structs of a package that have a lock or handle HTTP requests, and those that they lead to:
// whose values they contain, point to, or keep in maps, slices and arrays.
func Owned(u *effects.Unit) map[*effects.Type]bool {
	set := map[*effects.Type]bool{}
	var add func(t *effects.Type, depth int)
	add = func(t *effects.Type, depth int) {
		if t == nil || depth > 3 || t.Kind != effects.Pointer && t.Name != "" && t.Pkg != u.Path {
			return
		}
		switch t.Kind {
		case effects.Pointer, effects.SliceOf, effects.Array, effects.Map:
			add(t.Elem, depth)
		case effects.Struct:
			if !set[t] {
				set[t] = true
				for _, f := range t.Fields {
					add(f.Type, depth+1)
				}
			}
		}
	}
	for _, t := range u.Types {
		if t.Kind == effects.Struct && hasLock(t) {
			add(t, 0)
		}
	}
	for _, fn := range u.Funcs {
		if fn.Recv && fn.Serves() {
			add(fn.At(fn.Params[0]).Type, 0)
		}
	}
	return set
}
