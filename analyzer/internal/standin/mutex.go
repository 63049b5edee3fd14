package standin

import (
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// callsOf returns who calls functions statically; nobody does if one is ever started in a goroutine of its own.
func callsOf(fns []*effects.Func) map[*effects.Func][]site {
	calls := map[*effects.Func][]site{}
	started := map[*effects.Func]bool{}
	for _, fn := range fns {
		for v := fn.First; int(v) < len(fn.Code); v++ {
			in := fn.At(v)
			if in.Op != effects.Call || in.Fn == nil || in.Fn.Parent != nil || in.Fn.Unit != fn.Unit {
				continue
			}
			calls[in.Fn] = append(calls[in.Fn], site{fn, v})
			if in.How == effects.Started {
				started[in.Fn] = true
			}
		}
	}
	for fn := range started {
		delete(calls, fn)
	}
	return calls
}

// A site is an instruction of a function.
type site struct {
	fn *effects.Func
	at effects.V
}

// A section is what a function and the literals that run in it do with a channel.
type section struct {
	fn                 *effects.Func
	acquires, releases []site
}

// lone reports whether a function does one of both only.
func (s *section) lone() bool { return len(s.acquires) == 0 || len(s.releases) == 0 }

// maxHelpers bounds the calls of calls in which a channel is acquired or released.
const maxHelpers = 4

// isMutex reports whether all that is done with a channel is to acquire and to release it.
func (ch *channel) isMutex(calls map[*effects.Func][]site) bool {
	if ch.filled && ch.empty {
		return false
	}
	for _, o := range ch.ops {
		if of := o.fn.At(o.at); o.out != ch.filled && o.arm >= 0 && (len(of.Args) != 2 || of.Flags&effects.Blocking != 0) {
			return false // a release must not be one of several things
		}
	}
	var sections []*section
	helpers := map[*effects.Func]*section{} // functions that are a part of their callers
	for range maxHelpers {
		sections = ch.sections(calls, helpers)
		before := len(helpers)
		clear(helpers)
		for _, s := range sections {
			if s.lone() && len(calls[s.fn]) > 0 {
				helpers[s.fn] = s
			}
		}
		if len(helpers) == before {
			break
		}
	}
	for _, s := range sections {
		switch {
		case !s.lone():
			if !s.inOrder() {
				return false
			}
		case helpers[s.fn] != nil:
		case s.fn.Parent != nil || !locker(s.fn, len(s.acquires) > 0):
			return false
		}
	}
	return true
}

// sections returns what functions do with a channel, where calls of helpers are what those do.
func (ch *channel) sections(calls map[*effects.Func][]site, helpers map[*effects.Func]*section) (order []*section) {
	in := map[*effects.Func]*section{}
	add := func(s site, acquires bool) {
		fn := around(s.fn)
		if in[fn] == nil {
			in[fn] = &section{fn: fn}
			order = append(order, in[fn])
		}
		if acquires {
			in[fn].acquires = append(in[fn].acquires, s)
		} else {
			in[fn].releases = append(in[fn].releases, s)
		}
	}
	for _, o := range ch.ops {
		add(site{o.fn, o.at}, o.out == ch.filled)
	}
	for i := 0; i < len(order); i++ { // helpers of helpers are at the end
		h := helpers[order[i].fn]
		if h == nil {
			continue
		}
		for _, c := range calls[h.fn] {
			if around(c.fn) != h.fn {
				add(c, len(h.acquires) > 0)
			}
		}
	}
	return order
}

// around returns the function in which an instruction runs: that around the literals that run in it, and a literal that is a goroutine or
// that somebody else calls.
func around(fn *effects.Func) *effects.Func {
	for fn.Parent != nil && inPlace(fn) {
		fn = fn.Parent
	}
	return fn
}

// inPlace reports whether a literal runs nowhere but in the function around it.
func inPlace(fn *effects.Func) bool {
	if len(fn.Free) > 0 {
		return fn.InPlace()
	}
	in := fn.Parent
	for v := effects.V(1); int(v) < len(in.Code); v++ {
		if by := in.At(v); by.Fn == fn && (by.Op != effects.Call || by.How == effects.Started) {
			return false
		}
	}
	return true
}

// inOrder reports whether each release of a function comes after an acquire, or is in a literal or deferred.
func (s *section) inOrder() bool {
	for _, r := range s.releases {
		if r.fn != s.fn || r.fn.At(r.at).How == effects.Deferred {
			continue
		}
		after := false
		for _, a := range s.acquires {
			after = after || a.fn == r.fn && a.fn.Before(a.at, r.at)
		}
		if !after {
			return false
		}
	}
	return true
}

// locker reports whether a function is one of the methods by which a type says that it can be locked.
func locker(fn *effects.Func, acquires bool) bool {
	if !fn.Recv {
		return false
	}
	switch fn.Name[strings.LastIndexByte(fn.Name, '.')+1:] {
	case "Lock":
		return acquires && len(fn.Params) == 1
	case "TryLock":
		return acquires
	case "Unlock":
		return !acquires && len(fn.Params) == 1
	}
	return false
}

// A marker gives the places where a mutex is a type that tells so.
type marker struct {
	u   *effects.Unit
	typ *effects.Type // mutex of a channel, as soon as there is one
	ptr *effects.Type // its address
}

// mark marks the places of a class.
func (m *marker) mark(class string, of *effects.Type) {
	if m.typ == nil || m.typ.Elem != of.Elem {
		m.typ = m.add(effects.Type{Kind: effects.Chan, Sync: effects.Mutex, Elem: of.Elem})
		m.ptr = m.add(effects.Type{Kind: effects.Pointer, Elem: m.typ})
	}
	dot := strings.LastIndexByte(class, '.')
	for _, t := range m.u.Types {
		if t.Kind != effects.Struct || t.Name != class[:dot] {
			continue
		}
		for i := range t.Fields {
			if t.Fields[i].Name == class[dot+1:] {
				t.Fields[i].Type = m.typ
			}
		}
	}
	for _, fn := range m.u.Funcs {
		for v := effects.V(1); v < fn.First; v++ {
			if in := fn.At(v); in.Op == effects.Global && in.Class == class {
				in.Type = m.ptr
			}
		}
	}
}

func (m *marker) add(t effects.Type) *effects.Type {
	t.ID = len(m.u.Types)
	m.u.Types = append(m.u.Types, &t)
	return &t
}

// convert makes an operation on a lock of one on a channel.
func (o op) convert(filled bool) {
	in := o.fn.At(o.at)
	switch {
	case o.arm >= 0 && o.out != filled: // nothing else can be chosen unless the lock is not held
		is := o.fn.At(o.is)
		is.Args = []effects.V{is.Args[1], is.Args[1]}
		in.Op, in.Flags, in.Args = effects.Release, 0, in.Args[:1:1]
	case o.arm >= 0:
		is := o.fn.At(o.is)
		is.Op, is.Sym, is.Args, is.Pos = effects.TryAcquire, "", []effects.V{in.Args[2*o.arm]}, in.Pos
	case o.out == filled:
		in.Op, in.Flags, in.Args, in.Type = effects.Acquire, 0, in.Args[:1:1], nil
	default:
		in.Op, in.Flags, in.Args, in.Type = effects.Release, 0, in.Args[:1:1], nil
	}
	o.fn.Renew()
}
