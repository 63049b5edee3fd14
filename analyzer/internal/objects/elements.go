package objects

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// index returns the step to an element.
func (f *follower) index(fn *effects.Func, i V) Place {
	switch in := fn.At(i); {
	case in.Op == effects.Const:
		return Place("[" + in.Sym + "]")
	case visitsAll(fn, i):
		return Place(fmt.Sprintf("[*%d.%d]", fn.ID, i))
	}
	return "[*]"
}

// visitsAll reports whether an index takes all values from 0 up to a length, one after the other.
func visitsAll(fn *effects.Func, i V) bool {
	phi := i
	if in := fn.At(i); in.Op == effects.Opaque && len(in.Args) > 0 { // a range counts before its body
		phi = in.Args[0]
	}
	if fn.Op(phi) != effects.Phi {
		return false
	}
	for b := range fn.Blocks {
		if x, n, ok := fn.Below(int32(b)); ok && (x == i || x == phi) {
			if in := fn.At(n); in.Op == effects.Builtin && in.Sym == "len" {
				return true
			}
		}
	}
	return false
}

// mapped notes what is done with a map; place is what it holds.
func (f *follower) mapped(fn *effects.Func, v V, place Place) {
	if !f.first(fn, v, place) {
		return
	}
	all := place + "[]"
	for _, u := range fn.Uses(v) {
		in := fn.At(u)
		switch in.Op {
		case effects.MapUpdate:
			if in.Args[0] == v {
				f.add(fn, u, all, true)
			} else {
				f.Leaks = true
			}
		case effects.Lookup:
			f.add(fn, u, all, false)
			if behind(in.Type) {
				f.value(fn, u, place+f.key(fn, in.Args[1]))
			}
		case effects.Range:
			f.add(fn, u, all, false)
			for _, n := range fn.Uses(u) {
				if fn.Op(n) == effects.Next {
					f.add(fn, n, all, false)
				}
			}
		case effects.Builtin:
			switch in.Sym {
			case "delete", "clear":
				f.add(fn, u, all, true)
			case "len":
				f.add(fn, u, all, false)
			}
		case effects.Store:
			f.kept(fn, in.Args[0], v, func(by *effects.Func, load V) { f.mapped(by, load, place) })
		case effects.Compare, effects.If:
		case effects.Phi:
			f.Leaks = true
		case effects.Convert:
			f.mapped(fn, u, place)
		default:
			f.passed(fn, u, v, place, func(by *effects.Func, p V) { f.holder(by, p, place, f.mapped) })
		}
	}
}

// holder follows a parameter, which is the value itself, or a captured variable, which holds it.
func (f *follower) holder(fn *effects.Func, p V, place Place, follow func(*effects.Func, V, Place)) {
	if fn.Op(p) == effects.Param {
		follow(fn, p, place)
	}
}

// sliced notes what is done with a slice; place is what it holds. Of a part it is not known which elements are meant.
func (f *follower) sliced(fn *effects.Func, v V, place Place, part bool) {
	if !f.first(fn, v, place) {
		return
	}
	all := place + "[]"
	if part {
		all = place + "[*]"
	}
	for _, u := range fn.Uses(v) {
		in := fn.At(u)
		switch in.Op {
		case effects.Elem:
			i := f.index(fn, in.Args[1])
			if part {
				i = "[*]"
			}
			f.pointer(fn, u, place+i)
		case effects.Builtin:
			f.builtin(fn, u, v, place, all)
		case effects.Slice:
			f.slice(fn, u, place, part)
		case effects.Store:
			if in.Args[1] == v {
				f.kept(fn, in.Args[0], v, func(by *effects.Func, load V) { f.sliced(by, load, place, part) })
			}
		case effects.Compare, effects.If:
		case effects.Opaque: // a string made of it
			if in.Sym == "convert" {
				f.add(fn, u, all, false)
			}
		case effects.Phi:
			f.Leaks = true
		case effects.Convert:
			f.sliced(fn, u, place, part)
		default:
			f.passed(fn, u, v, place, func(by *effects.Func, p V) {
				f.holder(by, p, place, func(by *effects.Func, p V, place Place) { f.sliced(by, p, place, part) })
			})
		}
	}
}

// slice follows a part of a slice or array, all of it if there are no bounds.
func (f *follower) slice(fn *effects.Func, u V, place Place, part bool) {
	in := fn.At(u)
	if in.Type == nil || in.Type.Kind != effects.SliceOf {
		return
	}
	whole := (in.Args[1] == 0 || fn.IsInt(in.Args[1], "0")) && in.Args[2] == 0
	if t := fn.At(in.Args[0]).Type; t.Kind == effects.Pointer { // an array
		part = false
		whole = whole || in.Args[1] == 0 && fn.IsInt(in.Args[2], strconv.FormatInt(t.Elem.Len, 10))
	}
	f.sliced(fn, u, place, part || !whole)
}

// key returns the step to the element of a map.
func (f *follower) key(fn *effects.Func, k V) Place {
	if in := fn.At(k); in.Op == effects.Const && !strings.ContainsAny(in.Sym, "[].^") {
		return Place("[" + in.Sym + "]")
	}
	return "[*]"
}

// builtin notes what append, copy and clear do with the elements of a slice.
func (f *follower) builtin(fn *effects.Func, u, v V, place, all Place) {
	in := fn.At(u)
	switch in.Sym {
	case "append":
		if in.Args[0] == v {
			f.add(fn, u, place+"[+]", true)
			f.add(fn, u, all, false) // if it makes room for more
		}
		if len(in.Args) > 1 && in.Args[1] == v {
			f.add(fn, u, all, false)
		}
	case "copy":
		f.add(fn, u, all, in.Args[0] == v)
	case "clear":
		f.add(fn, u, all, true)
	}
}
