package threads

import (
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
)

// An object is where something comes from by which goroutines wait for each other: a variable, a parameter, a call or an object that
// is made, and the fields on the way, any element standing for all. Two that meet may be the same. That is looser than the
// paths of package resolve, of which it is made: who waits for something that may be the signal is believed to wait for it.
type object struct {
	fn   *effects.Func // nil of a package variable
	kind ident.Kind
	ref  string
	way  string
}

// object follows a value back to where it comes from, out of literals to the function around them. What is loaded from a place that
// changes comes from that place; the results of one call have one origin, and the channel that a method returns has that of the
// receiver: ctx.Done().
func (s *Scope) object(fn *effects.Func, v effects.V) object {
	p := s.view(fn).Path(nil, v)
	for range 24 {
		from, next, step, rest := s.origin(fn, p)
		if next == 0 {
			break
		}
		f := s.view(from)
		base := f.Path(nil, next)
		base.Steps += step
		fn, p = from, f.Rewire(nil, base.Extend(ident.Path{Steps: rest}))
	}
	o := object{fn, p.Kind, p.Ref, loose(p.Steps)}
	if p.Kind == ident.Global {
		o.fn = nil
	}
	return o
}

// origin returns what the root of a path comes from: a value of a function, and the steps behind it; 0 if it comes from nothing else.
func (s *Scope) origin(fn *effects.Func, p ident.Path) (from *effects.Func, v effects.V, step, rest string) {
	switch p.Kind {
	case ident.Free:
		if i := p.Index(); i < len(fn.Free) {
			return fn.Parent, resolve.Binding(fn, fn.Free[i]), "", p.Steps
		}
	case ident.Param:
		return s.argument(fn, p)
	case ident.Alloc:
		a := effects.V(p.Index())
		if val := s.view(fn).Cell(a).Single(); val != 0 && fn.At(val).Type.Refers() {
			return fn, val, "", strings.TrimPrefix(p.Steps, "^")
		}
	case ident.Value:
		if by, v := s.returned(Spot{fn, effects.V(p.Index())}); v != 0 {
			return by, v, "", p.Steps
		}
		v, step := within(fn, effects.V(p.Index()))
		return fn, v, step, p.Steps
	}
	return nil, 0, "", ""
}

// returned returns what the result of a call that the scope has entered is in the function that is called, if all its returns, but those of nil,
// return the same.
func (s *Scope) returned(at Spot) (by *effects.Func, v effects.V) {
	in, i := at.instr(), int32(0)
	if in.Op == effects.Extract {
		at, i = Spot{at.Fn, in.Args[0]}, in.Index
		in = at.instr()
	}
	if in.Op != effects.Call || in.How != effects.AtOnce || !s.bySource[at] || len(s.sites[at]) > 0 {
		return nil, 0
	}
	for _, r := range s.runsAt(at) {
		for _, run := range s.at[callTo{at, r.Fn.ID}] {
			by = run.Fn
		}
	}
	if by == nil {
		return nil, 0
	}
	f, same := s.view(by), true
	by.Returns(func(ret effects.V) {
		if args := by.At(ret).Args; int(i) < len(args) {
			switch w := f.Content(args[i]); {
			case f.IsNil(w):
			case v == 0 || v == w:
				v = w
			default:
				same = false
			}
		}
	})
	if !same {
		return nil, 0
	}
	return by, v
}

// within returns what a value is part of, or got from, and by which step.
func within(fn *effects.Func, v effects.V) (of effects.V, step string) {
	switch in := fn.At(v); in.Op {
	case effects.Load:
		return in.Args[0], "^"
	case effects.FieldOf:
		return in.Args[0], "." + in.Sym
	case effects.ElemOf, effects.Lookup, effects.Recv:
		return in.Args[0], "[*]"
	case effects.Extract, effects.Convert, effects.Box, effects.Assert, effects.Slice:
		return in.Args[0], ""
	case effects.Opaque:
		if in.Sym == "convert" && len(in.Args) == 1 {
			return in.Args[0], ""
		}
	case effects.Call, effects.Invoke, effects.Known:
		if in.Type != nil && in.Type.Kind == effects.Chan && hasReceiver(in) {
			return in.Args[0], ""
		}
	}
	return 0, ""
}

// hasReceiver reports whether the first operand of a call is what a method is called on.
func hasReceiver(in *effects.Instr) bool {
	return in.Op == effects.Invoke || in.Flags&effects.Dynamic == 0 && len(in.Args) > 0 && strings.HasPrefix(in.Sym, "(")
}

// argument returns what a literal that runs at one place only is given for a parameter.
func (s *Scope) argument(fn *effects.Func, p ident.Path) (*effects.Func, effects.V, string, string) {
	r := s.OnlyRun(fn)
	if i := p.Index(); r != nil && i < len(r.Args) {
		return r.Site.Fn, r.Args[i], "", p.Steps
	}
	return nil, 0, "", ""
}

// loose returns steps without the pointers that are followed, any element standing for all.
func loose(steps string) string {
	steps = strings.ReplaceAll(steps, "^", "")
	for {
		i := strings.IndexByte(steps, '[')
		if i < 0 {
			return steps
		}
		n := strings.IndexByte(steps[i:], ']')
		if n < 0 {
			return steps[:i] + ".#"
		}
		steps = steps[:i] + ".#" + steps[i+n+1:]
	}
}

// meets reports whether one object may be the other, or lead to it.
func (o object) meets(p object) bool {
	if o.kind == ident.Unknown || o.fn != p.fn || o.kind != p.kind || o.ref != p.ref {
		return false
	}
	return o.way == p.way || strings.HasPrefix(o.way, p.way+".") || strings.HasPrefix(p.way, o.way+".")
}

// root returns the instruction that an object comes from.
func (o object) root() *effects.Instr {
	switch o.kind {
	case ident.Param:
		if i := index(o.ref); i < len(o.fn.Params) {
			return o.fn.At(o.fn.Params[i])
		}
	case ident.Alloc, ident.Value:
		return o.fn.At(effects.V(index(o.ref)))
	}
	return &effects.Instr{}
}

func index(ref string) int { return ident.Path{Ref: ref}.Index() }

// mayWait reports whether something of a type can wait for a goroutine, or tell that it is done: it
// is or holds a channel, a function, a lock, an atomic, or an object that is not known.
func mayWait(t *effects.Type, depth int) bool {
	if t == nil {
		return false
	}
	switch t.Pkg {
	case "sync", "sync/atomic":
		return true
	case "testing", "time", "log", "log/slog", "net/url", "bytes", "strings":
		return false
	case "context":
		return t.Kind == effects.Signature
	}
	switch t.Kind {
	case effects.Chan, effects.Signature:
		return true
	case effects.Interface:
		return t.Name != "" && !t.Error
	case effects.Pointer:
		return mayWait(t.Elem, depth)
	case effects.SliceOf, effects.Array, effects.Map:
		return mayWait(t.Elem, depth+1)
	case effects.Struct:
		if t.Name != "" && len(t.Fields) == 0 {
			return true // behind another pointer: not told
		}
		for _, f := range t.Fields {
			if depth > 4 || mayWait(f.Type, depth+1) {
				return true
			}
		}
	}
	return false
}
