package objects

import (
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/model"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
	"github.com/lockcheck/lockcheck/analyzer/internal/threads"
)

const (
	maxSteps  = 3000 // uses that are followed
	maxLength = 8    // steps of a place
)

// A follower follows one object.
type follower struct {
	*Object
	scope *threads.Scope
	facts *resolve.Facts
	seen  map[state]bool
	noted map[state]bool
	loose map[Place]bool // places that hold a pointer which is not always the same
}

type state struct {
	fn    *effects.Func
	v     V
	place Place
}

// first reports whether a value is seen for the first time.
func (f *follower) first(fn *effects.Func, v V, place Place) bool {
	if f.seen == nil {
		f.seen, f.noted, f.loose = map[state]bool{}, map[state]bool{}, map[Place]bool{}
	}
	s := state{fn, v, place}
	if f.seen[s] || len(f.seen) > maxSteps {
		f.Leaks = f.Leaks || !f.seen[s]
		return false
	}
	f.seen[s] = true
	return true
}

// pointer follows the uses of a pointer to a place.
func (f *follower) pointer(fn *effects.Func, v V, place Place) {
	if !f.first(fn, v, place) {
		return
	}
	if strings.Count(string(place), ".")+strings.Count(string(place), "^")+strings.Count(string(place), "[") > maxLength {
		f.Leaks = true
		return
	}
	last := V(0)
	for _, u := range fn.Uses(v) {
		if u == last {
			continue
		}
		last = u
		in := fn.At(u)
		switch in.Op {
		case effects.Store:
			switch {
			case in.Args[0] == v:
				f.stored(fn, u, v, place)
			case place == "" && f.settle(fn, u, v):
				f.Leaks = true
			default:
				f.kept(fn, in.Args[0], v, func(by *effects.Func, load V) { f.pointer(by, load, place) })
			}
		case effects.Load:
			if in.Sym != "_" || in.Type.Kind != effects.Array { // which a range over its indices seems to read
				f.add(fn, u, place, false)
			}
			f.loaded(fn, u, v, place)
		case effects.Field:
			if !synchronizes(in.Type) {
				f.pointer(fn, u, place+Place("."+in.Sym))
			}
		case effects.Elem:
			f.pointer(fn, u, place+f.index(fn, in.Args[1]))
		case effects.Slice:
			f.slice(fn, u, place, true)
		case effects.Phi:
			f.Copied = f.Copied || place == ""
			f.Leaks = true
		case effects.Convert:
			if in.Type != nil && in.Type.Kind == effects.Pointer && in.Flags&effects.Through == 0 {
				f.pointer(fn, u, place)
			} else {
				f.Leaks = true
			}
		case effects.Box:
			f.boxed(fn, u, place)
		case effects.Compare, effects.If:
		case effects.MapUpdate:
			f.Leaks = true
			if place == "" {
				f.settle(fn, u, v)
			}
		case effects.Atomic:
			if in.Args[0] != v {
				f.Leaks = true
				if place == "" {
					f.settle(fn, u, v)
				}
				continue
			}
			f.Atomic = append(f.Atomic, place)
		default:
			f.passed(fn, u, v, place, func(by *effects.Func, p V) { f.pointer(by, p, place) })
		}
	}
}

// stored notes an assignment to a place. A return of a named result by its name is none.
func (f *follower) stored(fn *effects.Func, u, addr V, place Place) {
	if load := fn.At(fn.At(u).Args[1]); load.Op == effects.Load && load.Args[0] == addr {
		return
	}
	if place == "" {
		f.Sets++
	}
	f.add(fn, u, place, true)
}

// kept follows a value into a variable that holds nothing else; elsewhere it is given up.
func (f *follower) kept(fn *effects.Func, addr, v V, follow func(by *effects.Func, load V)) {
	if fn.Op(addr) != effects.Alloc || resolve.CellOf(fn, addr).Single() != v {
		f.Leaks = true
		return
	}
	f.loads(fn, addr, 0, follow)
}

// loads calls follow for the loads of a variable, here and in the literals that capture it.
func (f *follower) loads(fn *effects.Func, addr V, depth int, follow func(by *effects.Func, load V)) {
	if depth > 8 {
		f.Leaks = true
		return
	}
	for _, u := range fn.Uses(addr) {
		switch in := fn.At(u); in.Op {
		case effects.Load:
			follow(fn, u)
		case effects.Closure:
			for i, b := range in.Args {
				if b != addr || in.Fn == nil || i >= len(in.Fn.Free) {
					continue
				}
				for _, lit := range f.scope.Instances(in.Fn) {
					f.loads(lit, lit.Free[i], depth+1, follow)
				}
			}
		}
	}
}

// loaded follows what is read from a place.
func (f *follower) loaded(fn *effects.Func, u, addr V, place Place) {
	if !behind(fn.At(u).Type) {
		return
	}
	a := fn.At(addr)
	switch a.Op {
	case effects.Alloc:
		if val := resolve.CellOf(fn, addr).Single(); val != 0 && fn.At(val).Op != effects.Load && (f.At == addr && f.In == fn) {
			return // the object that it holds is followed by itself
		}
	case effects.Free:
		if f.In.Op(f.At) == effects.Alloc && place == "" {
			if val := resolve.CellOf(f.In, f.At).Single(); val != 0 && f.In.At(val).Op != effects.Load {
				return
			}
		}
	case effects.Field, effects.Global:
		if a.Class != "" && f.facts.Mutable(fn, a.Class) {
			f.loose[place+"^"] = true
		}
	}
	f.value(fn, u, place)
}

// value follows the uses of a pointer, map or slice that is in a place.
func (f *follower) value(fn *effects.Func, v V, place Place) {
	switch t := fn.At(v).Type; t.Kind {
	case effects.Pointer:
		if v == f.At && fn == f.In {
			f.pointer(fn, v, place) // the object is what it points to
		} else {
			f.pointer(fn, v, place+"^")
		}
	case effects.Map:
		f.mapped(fn, v, place+"^")
	case effects.SliceOf:
		f.sliced(fn, v, place+"^", false)
	}
}

// boxed follows a pointer that has been made an interface, to what calls its methods.
func (f *follower) boxed(fn *effects.Func, box V, place Place) {
	uses := fn.Uses(box)
	for len(uses) == 1 && fn.Op(uses[0]) == effects.Convert {
		uses = fn.Uses(uses[0])
	}
	for _, u := range uses {
		known := false
		for _, c := range fn.Callbacks[u] {
			if c.Fn == nil && c.Recv == fn.At(box).Args[0] {
				writes, is := model.Changes(c.Pkg, c.Key)
				if known = is; is {
					f.add(fn, u, place, writes).Call = true
				}
			}
		}
		f.Leaks = f.Leaks || !known
	}
}

// passed follows a value into what a call runs, or a literal captures.
func (f *follower) passed(fn *effects.Func, u, v V, place Place, follow func(by *effects.Func, param V)) {
	in := fn.At(u)
	switch {
	case in.Op == effects.Closure:
		f.captured(fn, u, v, follow)
		return
	case in.Op == effects.Builtin || in.Op == effects.Panic:
		return
	case !in.Op.Calls():
		f.Leaks = true
		return
	}
	runs := f.scope.Enter(threads.Spot{Fn: fn, V: u})
	for _, r := range runs {
		f.given(r, v, follow)
	}
	switch {
	case len(runs) > 0:
	case in.Flags&(effects.Mutates|effects.Reads) != 0 && in.Args[0] == v:
		f.add(fn, u, place, in.Flags&effects.Mutates != 0).Call = true
	default:
		f.Leaks = true
	}
}

// given follows a value into the parameters of what a run runs.
func (f *follower) given(r *threads.Run, v V, follow func(by *effects.Func, param V)) {
	for i, a := range r.Args {
		if a == v && i < len(r.Fn.Params) {
			follow(r.Fn, r.Fn.Params[i])
		}
	}
}

// captured follows a value into a literal, or into the method of a method value.
func (f *follower) captured(fn *effects.Func, closure, v V, follow func(by *effects.Func, free V)) {
	in := fn.At(closure)
	if in.Fn == nil {
		f.Leaks = true
		return
	}
	if in.Fn.Parent != nil {
		for i, b := range in.Args {
			if b != v || i >= len(in.Fn.Free) {
				continue
			}
			for _, lit := range f.scope.Instances(in.Fn) {
				follow(lit, lit.Free[i])
			}
		}
		return
	}
	for _, u := range fn.Uses(closure) {
		runs := f.scope.Enter(threads.Spot{Fn: fn, V: u})
		for _, r := range runs {
			f.given(r, v, follow)
		}
		f.Leaks = f.Leaks || len(runs) == 0
	}
}

// add notes an access, unless it is what a function does with its results after it has panicked.
func (f *follower) add(fn *effects.Func, at V, place Place, write bool) *Access {
	a := &Access{Spot: threads.Spot{Fn: fn, V: at}, Place: place, Write: write}
	if int(fn.At(at).Block) == fn.Recover || f.noted[state{fn, at, place}] {
		return a
	}
	f.noted[state{fn, at, place}] = true
	for p := range f.loose {
		a.Loose = a.Loose || strings.HasPrefix(string(place), string(p))
	}
	if fn.Op(at) == effects.Load {
		a.When = evaluated(fn, at)
	}
	f.Sites = append(f.Sites, a)
	return a
}
